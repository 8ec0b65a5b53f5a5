"""How many SQL statements each page takes, whatever the number of its rows."""

from datetime import date

import pytest

from projects.models import Project, ProjectCountry
from tests.databases import undone
from tests.factories import (
    CountryFactory,
    DocumentFactory,
    FundFactory,
    OrganizationFactory,
    ParticipationFactory,
    ProjectFactory,
    booked,
    budget,
    commitment,
    deposit,
    expenditure,
    fund_cost,
    released,
    transfer,
)

pytestmark = pytest.mark.django_db

# SQL statements of each page, whatever the number of its rows.
RECORDED = {
    "/": 15,
    "/projects/": 11,
    "/funds/": 3,
    "/organizations/": 8,
    "/countries/": 5,
    "/vouchers/": 9,
    "/documents/": 7,
    "/reports/": 8,
    "/projects/ended-not-closed/": 13,
    "/project/P1/closure/": 7,
    "/project/P1/revisions/": 4,
    "/loads/": 3,
    "/search/?q=project": 22,
    # What stands nowhere is looked for by its neighbours, too.
    "/search/?q=zzqqxx": 17,
    "/fund/F1/": 19,
    "/fund/F1/?until=2020-12-31": 20,
    "/organization/O1/report/?report_by=project": 3,
    "/contributors/": 4,
    "/contributor/O1/": 9,
    "/contributor/O1/statement/2020/": 9,
    "/contributor/O1/records/?figure=deposit": 9,
    "/contributor/O1/outstanding/?figure=unmatched_deposits": 4,
    "/contributor/O1/notional/?figure=net_funded&fund=F1": 14,
    "/contributors/outstanding/?figure=not_due": 2,
    "/fund/F1/outstanding/?figure=not_due": 3,
    "/fund/F1/statement/": 4,
    "/fund/F1/annual-report/": 10,
    "/fund/F1/report/?report_by=contributor": 4,
    "/fund/F1/report/?report_by=organization": 4,
    "/fund/F1/report/?report_by=country": 4,
    "/fund/F1/report/?report_by=theme": 4,
    "/fund/F1/report/?report_by=project": 6,
    "/fund/F1/report/?report_by=category": 5,
    "/fund/F1/report/?report_by=year": 3,
    "/fund/F1/report/?report_by=flow": 5,
    "/fund/F1/records/?figure=net_funded": 7,
    "/funds/statement/": 3,
    "/funds/flow/": 5,
    "/fund/F1/performance/": 7,
    "/funds/performance/": 6,
    "/fund/F1/performance/first-transfer/": 6,
    "/funds/performance/passed-on/": 5,
    "/funds/records/?figure=net_funded": 6,
    "/organization/O1/": 23,
    "/country/c1/": 17,
    "/project/P1/": 9,
    "/project/P1/vouchers/": 5,
    "/project/P1/documents/": 4,
    "/project/P1/key-figures/": 4,
}


@pytest.fixture(scope="module", params=[1, 30])
def filled(module_db, request):
    """So many of everything, all of it tied to F1, O1, C1 and P1."""
    with undone():
        _fill(request.param)
        yield


def _fill(count):
    fund = FundFactory(code="F1", name="Fund of projects")
    shared = OrganizationFactory(code="O1", name="Organization of projects")
    country = CountryFactory(code="c1", name="Country of projects")
    lines = []
    for number in range(1, count + 1):
        project = ProjectFactory(
            number=f"P{number}", fund=fund, status="on-going", original_end=date(2021, 12, 31)
        )
        own = OrganizationFactory()
        ParticipationFactory(project=project, organization=shared)
        ParticipationFactory(project=project, organization=own)
        ProjectCountry.objects.create(project=project, country=country, share=50)
        ProjectCountry.objects.create(project=project, country=CountryFactory(), share=50)
        DocumentFactory(project=project)
        DocumentFactory(project=Project.objects.get(number="P1"))
        lines += [
            budget(project, 100, organization_id=own.pk),
            transfer(project, number, organization_id=own.pk),
            transfer(Project.objects.get(number="P1"), number, date(2019, 1, number)),
            expenditure(project, 10, organization_id=own.pk),
        ]
        FundFactory()
        booked(
            commitment(fund, 100 + number, contributor_id=own.pk, arrangement=f"A{number}"),
            deposit(fund, 50, contributor_id=own.pk, arrangement=f"A{number}"),
            deposit(fund, 50, contributor_id=shared.pk, arrangement=f"B{number}"),
            fund_cost(fund, "aa-fee", 1),
        )
    released(*lines)


@pytest.mark.parametrize("url", RECORDED)
def test_a_page_takes_as_many_queries_for_thirty_rows_as_for_one(statements, filled, url):
    taken = statements(url)
    assert len(taken) == RECORDED[url], "\n".join(taken)

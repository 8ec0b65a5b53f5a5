"""Every table of the portal by its address, and rows for all of them."""

from datetime import date

from portal.public.views.funds import LABELS
from projects.models import Extension, Office, ProjectCountry
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

NUMBER = "00102004"
TABLES = (
    "/projects/?",
    "/projects/?sort=-expenditure&",
    "/funds/?",
    "/organizations/?",
    "/countries/?",
    "/vouchers/?",
    "/documents/?",
    "/reports/?",
    "/projects/ended-not-closed/?",
    f"/project/{NUMBER}/closure/?",
    f"/project/{NUMBER}/revisions/?",
    "/loads/?",
    "/fund/F1/?",
    "/fund/F1/statement/?",
    "/funds/statement/?",
    "/contributors/?",
    *(f"/organization/O1/report/?report_by={by}&" for by in ("fund", "project", "year")),
    "/contributor/G1/records/?figure=deposit&",
    "/contributor/G1/notional/?figure=total_balance&fund=F1&",
    "/contributor/G1/outstanding/?figure=not_due&",
    "/fund/F1/outstanding/?figure=unmatched_deposits&",
    *(f"/fund/F1/report/?report_by={name}&" for name in LABELS),
    "/organization/O1/?",
    "/country/c1/?",
    "/voucher/{voucher}/?",
    f"/project/{NUMBER}/vouchers/?",
    f"/project/{NUMBER}/documents/?",
    f"/project/{NUMBER}/key-figures/?report_by=organization&",
    f"/project/{NUMBER}/key-figures/?report_by=year&",
    f"/project/{NUMBER}/key-figures/?report_by=category&",
    f"/project/{NUMBER}/key-figures/?report_by=organization-year&",
)


def make_portfolio() -> None:
    """Two of everything, in a sample office."""
    Office.objects.update_or_create(pk=1, defaults={"sample": True, "name": "Office of tests"})
    fund = FundFactory(code="F1", name="=1+1")
    end = date(2021, 12, 31)
    ended = {"fund": fund, "status": "on-going", "original_end": end}
    first = ProjectFactory(number=NUMBER, title="Éducation", **ended)
    second = ProjectFactory(number="00100007", title="=HYPERLINK(1)", **ended)
    for day in (date(2022, 12, 31), date(2023, 12, 31)):
        Extension.objects.create(
            project=first, old_end=end, new_end=day, approved_on=date(2021, 11, 1)
        )
    country = CountryFactory(code="c1", name="Aland")
    organization = OrganizationFactory(code="O1", name="+Organization")
    lines = []
    for project in (first, second):
        ParticipationFactory(project=project, organization=organization)
        ParticipationFactory(project=project)
        ProjectCountry.objects.create(project=project, country=country)
        DocumentFactory(project=project, title="@document")
        lines += [
            budget(project, "10.55", organization_id=organization.pk),
            transfer(project, "1234.56", organization_id=organization.pk),
            transfer(project, "-34.56", date(2021, 1, 2), organization_id=organization.pk),
            expenditure(project, "99.99", 2021, "interim", organization_id=organization.pk),
        ]
    giver = OrganizationFactory(code="G1", name="=giver")
    booked(
        commitment(fund, "900.10", contributor_id=giver.pk, arrangement="=SAA"),
        deposit(fund, "800.05", contributor_id=giver.pk, arrangement="=SAA"),
        deposit(fund, "-5.05", contributor_id=organization.pk),
        fund_cost(fund, "aa-fee", "8.01"),
    )
    released(*lines)

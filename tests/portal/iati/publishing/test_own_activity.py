"""A project of the ledger as the office publishes it: prefix, dates, sides, sums that count."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from documents.models import DocumentType
from finance.models import Load, ProjectStatement
from projects.models import Country, Participation, ProjectCountry, Status
from tests.factories import (
    ContactFactory,
    DocumentFactory,
    FundFactory,
    LoadFactory,
    OrganizationFactory,
    ParticipationFactory,
    ProjectFactory,
    budget,
    expenditure,
    released,
    transfer,
)
from tests.portal.iati.publishing.shared import (
    ORG_ID,
    files_in,
    published,
    publishing_office,
)

pytestmark = pytest.mark.django_db


def project(**values):
    """A project of a fund that the office publishes."""
    publishing_office(email="office@funds.int", phone="+1 2")
    return ProjectFactory(
        number="00102004", fund=FundFactory(code="UNA00", name="The fund"), **values
    )


def test_its_identifier_has_the_prefix_of_the_office_which_reports() -> None:
    activity = published(project())
    assert activity.findtext("iati-identifier") == f"{ORG_ID}-00102004"
    reporting = activity.find("reporting-org")
    assert (reporting.get("ref"), reporting.get("type")) == (ORG_ID, "40")
    assert reporting.findtext("narrative") == "Fund Office"


def test_an_office_without_identifier_publishes_the_number_as_it_is() -> None:
    number = ProjectFactory(number="00102004")
    assert published(number).findtext("iati-identifier") == "00102004"


def test_the_first_transfer_is_the_actual_start_and_an_extension_moves_the_planned_end() -> None:
    one = project(
        planned_start=dt.date(2020, 1, 1),
        original_end=dt.date(2021, 1, 1),
        status=Status.ON_GOING,
    )
    one.extensions.create(
        old_end=dt.date(2021, 1, 1), new_end=dt.date(2021, 7, 1), approved_on=dt.date(2020, 9, 1)
    )
    released(transfer(one, 0, dt.date(2020, 2, 1)), transfer(one, 5, dt.date(2020, 3, 1)))
    dates = {d.get("type"): d.get("iso-date") for d in published(one).iterfind("activity-date")}
    assert dates == {"1": "2020-01-01", "2": "2020-03-01", "3": "2021-07-01"}


def test_one_that_is_over_has_an_actual_end() -> None:
    one = project(
        planned_start=dt.date(2020, 1, 1), original_end=dt.date(2021, 1, 1),
        status=Status.OPERATIONALLY_CLOSED, status_on=dt.date(2021, 2, 1),
    )  # fmt: skip
    ends = [d.get("iso-date") for d in published(one).iterfind("activity-date[@type='4']")]
    assert ends == ["2021-01-01"]


def test_the_fund_pays_the_office_answers_and_organizations_carry_it_out() -> None:
    one = project()
    known = OrganizationFactory(name="Development Programme")
    known.identifiers.create(scheme="IATI", value="XM-DAC-41114")
    ParticipationFactory(project=one, organization=known)
    ParticipationFactory(
        project=one,
        organization=OrganizationFactory(name="A partner"),
        role=Participation.Role.IMPLEMENTING,
    )
    parts = [
        (p.get("role"), p.get("ref"), p.findtext("narrative"))
        for p in published(one).iterfind("participating-org")
    ]
    assert sorted(parts, key=str) == sorted(
        [
            ("1", None, "The fund"),
            ("2", ORG_ID, "Fund Office"),
            ("4", "XM-DAC-41114", "Development Programme"),
            ("4", None, "A partner"),
        ],
        key=str,
    )


def test_a_voucher_names_giver_and_taker_and_the_activity_that_it_is_paid_from() -> None:
    one = project()
    payee = OrganizationFactory(name="Development Programme")
    released(transfer(one, 5, voucher="V-7", organization_id=payee.pk))
    [paid] = published(one).iterfind("transaction")
    assert paid.get("ref") == "V-7"
    assert paid.find("transaction-type").get("code") == "3"
    provider = paid.find("provider-org")
    assert provider.get("ref") == ORG_ID
    assert provider.get("provider-activity-id") == f"{ORG_ID}-00102004"
    assert paid.findtext("receiver-org/narrative") == "Development Programme"


def test_spending_is_what_counts_of_it_not_all_that_was_stated() -> None:
    one = project()
    released(
        expenditure(one, 40, year=2020, state="interim", day=dt.date(2020, 6, 30)),
        expenditure(one, 100, year=2020),
        expenditure(one, 130, year=2021, state="certified"),
    )
    spent = published(one).xpath("transaction[transaction-type/@code='4']/value")
    assert sum(Decimal(value.text) for value in spent) == 130


def test_approved_budgets_are_commitments_and_budgets_where_their_year_is_known() -> None:
    one = project()
    year = {"period_start": dt.date(2020, 1, 1), "period_end": dt.date(2020, 12, 31)}
    long = {"period_start": dt.date(2021, 1, 1), "period_end": dt.date(2023, 12, 31)}
    released(budget(one, 5, **year), budget(one, 6, **year), budget(one, 7, **long))
    activity = published(one)
    [found] = activity.iterfind("budget")
    assert (found.findtext("value"), found.get("status")) == ("11", "2")
    committed = activity.xpath("transaction[transaction-type/@code='2']/value")
    assert sum(Decimal(value.text) for value in committed) == 18


@pytest.mark.parametrize(
    ("shares", "expected"),
    [
        ({}, {"998": None}),
        ({"ML": None}, {"ML": None}),
        ({"ML": 60, "NE": 40}, {"ML": "60", "NE": "40"}),
        ({"ML": 60, "NE": 30}, {"ML": "60", "NE": "30", "998": "10"}),
        ({"ML": None, "NE": 30}, {"998": None}),
    ],
)
def test_what_no_share_names_is_in_no_single_country(shares, expected) -> None:
    one = project()
    for code, share in shares.items():
        ProjectCountry.objects.create(
            project=one, country=Country.objects.get(code=code), share=share
        )
    places = published(one).xpath("recipient-country | recipient-region")
    assert {place.get("code"): place.get("percentage") for place in places} == expected


def test_a_sector_with_a_share_of_nothing_is_not_written() -> None:
    one = project()
    for code, share in {"14030": 60, "12220": 0, "11110": 40}.items():
        one.subjects.create(scheme="sector", code=code, share=share)
    sectors = published(one).iterfind("sector")
    assert {s.get("code"): s.get("percentage") for s in sectors} == {"14030": "60", "11110": "40"}


def test_documents_lie_at_this_site_with_category_and_language(settings) -> None:
    settings.SITE_URL = "https://funds.example"
    one = project()
    kind = DocumentType.objects.first()
    document = DocumentFactory(project=one, type=kind, title="Plan", languages=["fr"], url="")
    [link] = published(one).iterfind("document-link")
    assert link.get("url") == f"https://funds.example/document/{document.pk}/"
    assert link.find("category").get("code") == kind.iati_category
    assert link.find("language").get("code") == "fr"


def test_contacts_are_of_offices_never_of_persons() -> None:
    one = project()
    ContactFactory(
        project=one, organization_name="Country office", office_email="mali@funds.int",
        person_name="Ada Lovelace", person_email="ada@funds.int",
    )  # fmt: skip
    activity = published(one)
    mails = [mail.text for mail in activity.iterfind("contact-info/email")]
    assert mails == ["office@funds.int", "mali@funds.int"]
    assert "Lovelace" not in "".join(activity.itertext())


def test_what_is_still_to_be_transferred_is_planned_by_the_beginning_of_its_period() -> None:
    one = project(status=Status.ON_GOING)
    periods = [
        {"period_start": dt.date(year, 1, 1), "period_end": dt.date(year, 12, 31)}
        for year in (2020, 2021)
    ]
    released(budget(one, 100, **periods[0]), budget(one, 60, **periods[1]), transfer(one, 130))
    [planned] = published(one).iterfind("planned-disbursement")
    assert planned.find("period-start").get("iso-date") == "2021-01-01"
    assert (planned.findtext("value"), planned.find("value").get("currency")) == ("30", "USD")
    one.status = Status.OPERATIONALLY_CLOSED
    one.save()
    assert published(one).find("planned-disbursement") is None


def test_what_a_publishers_file_describes_is_named_by_its_own_identifier(tmp_path) -> None:
    above = project()
    own = ProjectFactory(number="OWN-1", fund=above.fund, parent=above)
    foreign = ProjectFactory(number="XM-DAC-7-P1", fund=above.fund, parent=above)
    alone = ProjectFactory(number="XM-DAC-7-P2", fund=above.fund)
    below = ProjectFactory(number="OWN-2", fund=above.fund, parent=foreign)
    for told in (foreign, alone):
        load = LoadFactory(
            kind=Load.Kind.IATI, state=Load.State.RELEASED, released_at=timezone.now()
        )
        ProjectStatement.objects.create(load=load, project=told, line=1, values={})
    for of in (above, below):
        released(transfer(of, 1))
    roots = files_in(tmp_path)
    named = {each.text for each in roots["all"].iter("iati-identifier")}
    related = {each.get("ref") for each in roots["all"].iter("related-activity")}
    assert {foreign.number, alone.number, f"{ORG_ID}-{own.number}"} <= related
    assert related <= named


def test_what_a_reversed_file_described_is_the_offices_own_again() -> None:
    one, now = project(), timezone.now()
    load = LoadFactory(kind=Load.Kind.IATI, state=Load.State.RELEASED, released_at=now)
    ProjectStatement.objects.create(load=load, project=one, line=1, values={"iati": {}})
    assert published(one).findtext("iati-identifier") == one.number
    LoadFactory(reverses=load, state=Load.State.RELEASED, released_at=now)
    activity = published(one)
    assert activity.findtext("iati-identifier") == f"{ORG_ID}-{one.number}"
    assert activity.find("sector").get("code") == "99810"


def test_it_is_related_to_its_programme_its_parts_and_else_its_fund() -> None:
    above = project()
    part = ProjectFactory(number="00102005", fund=above.fund, parent=above)

    def relations(of):
        return {(r.get("type"), r.get("ref")) for r in published(of).iterfind("related-activity")}

    assert relations(above) == {("1", f"{ORG_ID}-UNA00"), ("2", f"{ORG_ID}-00102005")}
    assert relations(part) == {("1", f"{ORG_ID}-00102004")}
    assert [published(each).get("hierarchy") for each in (above, part)] == ["2", "3"]

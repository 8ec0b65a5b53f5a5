"""What a load reports: nothing that was read is dropped without a word, nothing is guessed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import timezone

from documents.models import Document
from finance.models import BudgetLine, ExpenditureLine, VoucherLine
from portal.iati.load import IatiLoad, IatiReport
from projects.models import Organization, Participation, Project
from tests.factories import OrganizationFactory, SourceFactory
from tests.loading import load_rows
from tests.portal.iati.shared import transaction, written
from tests.real_files import SMALL

pytestmark = pytest.mark.django_db


def activity(identifier: str, *inside: str, attributes: str = "") -> str:
    """Return an activity of one fund."""
    return (
        f'<iati-activity default-currency="USD"{attributes}>'
        f"<iati-identifier>{identifier}</iati-identifier>"
        '<reporting-org ref="XX" type="10"><narrative>The Fund</narrative></reporting-org>'
        f'<activity-status code="2"/>{"".join(inside)}</iati-activity>'
    )


def take(tmp_path: Path, *activities: str, around: str = "") -> IatiReport:
    """Load a file of these activities."""
    text = f'<iati-activities version="2.03"{around}>{"".join(activities)}</iati-activities>'
    return IatiLoad(written(tmp_path, text.encode())).run()


def money(kind: str, amount: object, day: str, more: str = "") -> str:
    """Return a transaction of an amount in US$."""
    return transaction(
        kind=f'<transaction-type code="{kind}"/>',
        day=f'<transaction-date iso-date="{day}"/>',
        value=f'<value value-date="{day}">{amount}</value>',
        more=more,
    )


def codes(report: IatiReport) -> set[str]:
    """Return the kinds of its warnings, as they are kept with the load."""
    kept = set(report.load.remarks.values_list("code", flat=True))
    assert kept == {remark.code for remark in report.remarks}
    return kept


def test_what_an_old_rate_converts_is_warned_of_by_the_day_of_its_value(tmp_path: Path) -> None:
    load_rows("rates", ["2020-01-01,EUR,0.9"], source=SourceFactory())
    told = {}
    for number, value_date in enumerate(("2020-01-31", "2020-06-30"), start=1):
        paid = transaction(
            day='<transaction-date iso-date="2020-03-31"/>',
            value=f'<value currency="EUR" value-date="{value_date}">90</value>',
        )
        report = take(tmp_path, activity(f"A-{number}", paid))
        told[value_date] = [r.message for r in report.remarks if r.code == "old-rate"]
    assert told == {
        "2020-01-31": [],
        "2020-06-30": ["The newest rate of EUR for 2020-06-30 is that of 2020-01-01."],
    }


def test_all_that_is_read_and_not_kept_is_counted_and_named() -> None:
    report = IatiLoad(SMALL / "iati" / "no-currency.xml").run()
    expected = {
        "activity-date": 1,
        "other-identifier": 1,
        "participating-org of role “Implementing”": 1,
        "participating-org without a role": 1,
        "participating-org without identifier and name": 1,
        "transaction/provider-org: its receiver is kept": 1,
        "transaction/provider-org/@provider-activity-id": 1,
        "transaction/receiver-org/@receiver-activity-id": 1,
        "transaction/receiver-org without identifier and name": 1,
        "contact-info/job-title": 1,
        "contact-info/@type": 1,
        "contact-info/telephone, a further one": 1,
        "contact-info/mailing-address": 1,
        "document-link: its address is none of the web": 1,
        "related-activity of type 3": 1,
        "title in a further language: only in our own IATI file": 1,
        "sector: only in our own IATI file": 1,
        "recipient-region of another vocabulary: only in our own IATI file": 1,
        "activity-status not known: only in our own IATI file": 1,
        "iati-activity/@humanitarian: only in our own IATI file": 1,
        "iati-activity/@hierarchy above 1: only in our own IATI file": 1,
    }
    assert dict(report.unplaced) == expected
    assert report.load.report["unplaced"] == expected


def test_what_is_cut_is_counted(tmp_path: Path) -> None:
    long = "x" * 1200
    report = take(
        tmp_path,
        activity(
            "A-1",
            f"<title><narrative>{long}</narrative></title>",
            f'<document-link url="https://x.org/{long}" format="a"><title><narrative>{long}'
            "</narrative></title></document-link>",
            f'<participating-org role="4"><narrative>{long}</narrative></participating-org>',
        ),
    )
    assert {name: n for name, n in report.unplaced.items() if "cut" in name} == {
        "title: cut at 1000 letters": 1,
        "document-link/title: cut at 500 letters": 1,
        "organization/narrative: cut at 500 letters": 1,
    }


def test_documents_get_the_type_of_their_category_or_other() -> None:
    IatiLoad(SMALL / "iati" / "no-currency.xml").run()
    page, minutes = Document.objects.order_by("url")
    assert [page.type.code, minutes.type.code] == ["other", "other"]
    assert (page.iati_categories, page.languages) == (["A12", "B04"], ["fr", "es"])
    assert minutes.iati_categories == ["A04"]


@pytest.mark.parametrize(
    ("category", "kind"),
    [("A02", "project-document"), ("A05", "budget"), ("A07", "evaluation"), ("A09", "mou"),
     ("A04", "other"), ("A08", "other"), ("A12", "other"), ("A01", "other"), ("ZZ", "other")],
)  # fmt: skip
def test_no_category_makes_a_photo_or_an_arrangement(
    tmp_path: Path, category: str, kind: str
) -> None:
    link = f'<document-link url="https://x.org/a"><category code="{category}"/></document-link>'
    take(tmp_path, activity("A-1", link))
    assert Document.objects.get().type.code == kind


def test_a_status_that_is_not_known_is_not_made_up(tmp_path: Path) -> None:
    first = activity("A-1").replace('code="2"', 'code="Implementation"')
    report = take(tmp_path, first, activity("A-2").replace('<activity-status code="2"/>', ""))
    assert set(Project.objects.values_list("status", flat=True)) == {"not-stated"}
    assert codes(report) == {"unknown-status"}


def test_a_currency_in_words_is_refused_with_its_line(tmp_path: Path) -> None:
    bad = activity("A-1").replace('default-currency="USD"', 'default-currency="US Dollars"')
    with pytest.raises(Exception, match="no code of a currency"):
        take(tmp_path, bad)


@pytest.mark.parametrize(
    ("around", "attributes", "state"),
    [
        ("", "", "interim"),
        (' generated-datetime="{now}"', "", "interim"),
        ("", ' last-updated-datetime="{now}"', "interim"),
        (' generated-datetime="{later}"', "", "interim"),
        (' generated-datetime="{later}"', ' last-updated-datetime="{later}"', "interim"),
    ],
)
def test_what_an_undated_source_says_of_this_year_is_interim(
    tmp_path: Path, around: str, attributes: str, state: str
) -> None:
    now = timezone.now()
    spent = [money("4", 10, f"{now.year}-01-01"), money("4", 10, f"{now.year - 3}-01-01")]
    days = {"now": now.isoformat(), "later": now.replace(year=now.year + 2, day=1).isoformat()}
    text = activity("A-1", *spent, attributes=attributes.format(**days))
    take(tmp_path, text, around=around.format(**days))
    states = dict(ExpenditureLine.objects.values_list("year", "state"))
    assert states == {now.year: state, now.year - 3: "reported"}


def budget(start: str, end: str, amount: int, kind: str = "1") -> str:
    """Return a budget."""
    return (
        f'<budget type="{kind}"><period-start iso-date="{start}"/><period-end iso-date="{end}"/>'
        f'<value value-date="{start}">{amount}</value></budget>'
    )


def test_revised_budgets_count_once_and_overlapping_ones_are_warned_of(tmp_path: Path) -> None:
    year = budget("2024-01-01", "2024-12-31", 400)
    revised = budget("2024-01-01", "2025-01-31", 480, "2")
    report = take(tmp_path, activity("A-1", year, revised))
    assert BudgetLine.objects.known_at().get().amount == 480
    assert "overlapping-budgets" not in codes(report)
    assert report.unplaced["budget: replaced by its revision"] == 1
    report = take(tmp_path, activity("A-1", year, budget("2024-07-01", "2025-06-30", 480)))
    assert "overlapping-budgets" in codes(report)


def place(code: str, share: str = "") -> str:
    """Return a country with its share, if any."""
    return f'<recipient-country code="{code}"{f" percentage={share!r}" if share else ""}/>'


@pytest.mark.parametrize(
    ("places", "warned"),
    [
        ((place("ML", "100"), place("NE", "100")), True),
        ((place("ML", "30"), place("NE")), True),
        ((place("ML", "30"),), True),
        ((place("ML", "60"), place("NE", "40")), False),
        ((place("ML", "33.33"), place("NE", "33.33"), place("TD", "33.33")), False),
        ((place("ML"), place("NE")), False),
        ((place("ML", "0"), place("NE", "100")), False),
        ((place("ML", "60"), place("NE", "40"), place("NE")), False),
    ],
)
def test_shares_that_do_not_add_up_are_warned_of(
    tmp_path: Path, places: tuple[str, ...], warned: bool
) -> None:
    report = take(tmp_path, activity("A-1", *places))
    assert ("shares" in codes(report)) == warned


def test_an_end_before_its_start_is_warned_of(tmp_path: Path) -> None:
    dates = (
        '<activity-date type="1" iso-date="2024-01-01"/>'
        '<activity-date type="3" iso-date="2023-01-01"/>'
    )
    assert "ends-before-start" in codes(take(tmp_path, activity("A-1", dates)))


def test_two_levels_that_state_the_same_money_are_warned_of(tmp_path: Path) -> None:
    paid = money("3", 10, "2024-01-01")
    child = '<related-activity ref="A-2" type="2"/>'
    report = take(
        tmp_path,
        activity("A-1", paid, child, attributes=' hierarchy="1"'),
        activity("A-2", paid, attributes=' hierarchy="2"'),
    )
    assert Project.objects.get(number="A-2").parent.number == "A-1"
    told = {remark.message for remark in report.remarks if remark.code == "two-levels"}
    assert len(told) == 2
    assert any("“A-1” and 1 of its parts both state voucher lines" in text for text in told)
    assert any("levels 1, 2" in text for text in told)


def test_plausibility_of_spreadsheets_holds_for_iati_too(tmp_path: Path) -> None:
    dates = (
        '<activity-date type="2" iso-date="2023-01-01"/>'
        '<activity-date type="4" iso-date="2024-12-31"/>'
    )
    report = take(
        tmp_path,
        activity(
            "A-1",
            dates,
            money("11", 200_000_000_000, "2024-01-01"),
            money("3", 100, "2025-06-01"),
            money("3", 900, "2062-02-01"),
            money("4", 5000, "2024-06-30"),
            money("4", 50, "2106-06-30"),
            money("2", 1, "2024-02-01").replace("<value ", '<value currency="EUR" '),
        ),
    )
    found = {"above-net-funded", "after-today", "huge-amount", "outside-project", "without-rate"}
    assert codes(report) == found
    ahead = {remark.value for remark in report.remarks if remark.code == "after-today"}
    assert ahead == {"2062-02-01", "2106"}


def test_names_that_look_alike_are_one_organization(tmp_path: Path) -> None:
    there = OrganizationFactory(name="Côte d’Ivoire Aid")
    names = (
        *("Côte d'Ivoire Aid", "Al Noor\u200f Relief", "Al Noor Relief", "Green\u00adfields"),
        *("Greenfields", "Saint\u2011Jean House", "Saint-Jean House"),
        *("ΟΔΟΣ ΕΛΠΙΔΑΣ", "Οδός Ελπίδας", "\ufb01nance for all", "finance for all"),
    )
    parts = "".join(
        f'<participating-org role="4"><narrative>{name}</narrative></participating-org>'
        for name in names
    )
    take(tmp_path, activity("A-1", parts))
    found = {part.organization for part in Participation.objects.select_related("organization")}
    assert there in found
    assert len(found) == 6
    assert Organization.objects.filter(name="Al Noor Relief").count() == 1


def test_a_value_date_that_repeats_the_day_is_none(tmp_path: Path) -> None:
    other = money("3", 2, "2024-01-01").replace(
        'value-date="2024-01-01"', 'value-date="2024-01-05"'
    )
    take(tmp_path, activity("A-1", money("3", 1, "2024-01-01"), other))
    dates = dict(VoucherLine.objects.values_list("amount", "value_date"))
    assert dates == {Decimal(1): None, Decimal(2): date(2024, 1, 5)}


def test_another_type_of_an_organization_that_is_there_is_counted(tmp_path: Path) -> None:
    inside = "<narrative>Zed</narrative></participating-org>"
    party = '<participating-org role="4" ref="ZZ-1" type="{}">' + inside
    first = take(tmp_path, activity("A-1", party.format("22")))
    assert "organization/@type: another than it has here" not in first.unplaced
    again = take(tmp_path, activity("A-1", party.format("10")))
    assert again.unplaced["organization/@type: another than it has here"] == 1
    assert Organization.objects.get(identifiers__value="ZZ-1").kind == "nngo"

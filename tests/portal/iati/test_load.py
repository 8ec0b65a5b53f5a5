"""IATI files in the database: every transaction and every sum is there."""

import re
from collections import defaultdict
from datetime import date
from decimal import Decimal
from xml.etree import ElementTree as ET

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Count, Sum
from django.test.utils import CaptureQueriesContext

from finance.errors import LoadError
from finance.loading.services import confirm_withdrawal, release_load, reverse_load
from finance.models import (
    BudgetLine,
    Commitment,
    Deposit,
    ExpenditureLine,
    KeyFigure,
    Load,
    OtherFlow,
    ProjectStatement,
    Source,
    VoucherLine,
)
from portal.iati.errors import IatiFileError
from portal.iati.load import IatiLoad
from projects.models import Contact, Fund, Project
from tests.factories import ProjectFactory, SourceFactory, UserFactory, released, transfer
from tests.iati_count import count_transactions
from tests.portal.iati.shared import REAL_FILES, real_file

pytestmark = pytest.mark.django_db
NAMESPACE = 'version="2.03" generated-datetime="2024-06-01T00:00:00Z"'


def in_database():
    """Number and sum by IATI type and currency, from the standing records."""
    sums = defaultdict(lambda: (0, Decimal(0)))
    queries = [
        ("1", Deposit.objects.known_at()),
        ("2", BudgetLine.objects.known_at().filter(period_start__isnull=True)),
        ("3", VoucherLine.objects.known_at()),
        ("4", ExpenditureLine.objects.known_at()),
        ("11", Commitment.objects.known_at().filter(is_pledge=False)),
        ("13", Commitment.objects.known_at().filter(is_pledge=True)),
    ]
    for kind, rows in queries:
        for currency, count, amount in rows.values_list("currency").annotate(
            Count("pk"), Sum("amount")
        ):
            sums[kind, currency] = (count, amount)
    flows = OtherFlow.objects.known_at().values_list("flow_type", "currency")
    for kind, currency, count, amount in flows.annotate(Count("pk"), Sum("amount")):
        sums[kind, currency] = (count, amount)
    return dict(sums)


@pytest.mark.parametrize("name", REAL_FILES)
def test_a_real_file_is_in_the_database_to_the_cent_and_loads_once(name):
    path = real_file(name)
    IatiLoad(path).run()
    expected = {(k, c or "XXX"): v for (k, c), v in count_transactions(path).items()}
    assert in_database() == expected
    again = IatiLoad(path).run()
    assert not {name for name, count in again.records.items() if count} - {"unchanged"}
    assert again.projects["new"] == again.projects["changed"] == 0
    assert in_database() == expected


@pytest.mark.parametrize("name", [name for name in REAL_FILES if name != "acfspain-ph.xml"])
def test_a_corrected_real_file_changes_just_what_differs(tmp_path, name):
    original = real_file(name)
    first = IatiLoad(original).run()
    tree = ET.parse(original)
    value = next(tree.getroot().iter("transaction")).find("value")
    value.text = str(Decimal(value.text.strip()) + Decimal("0.25"))
    path = tmp_path / "corrected.xml"
    tree.write(path, encoding="utf-8", xml_declaration=True)
    report = IatiLoad(path).run()
    assert report.records["changed"] == 1
    assert report.records["new"] == report.records["withdrawn"] == 0
    assert report.records["unchanged"] == first.records["new"] - 1
    expected = {(k, c or "XXX"): v for (k, c), v in count_transactions(path).items()}
    assert in_database() == expected


def iati(*transactions: str, title="A project", extra="", number="XX-1") -> str:
    body = "".join(transactions)
    return (
        f'<iati-activities {NAMESPACE}><iati-activity default-currency="USD" xml:lang="en">'
        f"<iati-identifier>{number}</iati-identifier>"
        '<reporting-org ref="XX" type="10"><narrative>The Fund</narrative></reporting-org>'
        f"<title><narrative>{title}</narrative></title>{extra}{body}"
        "</iati-activity></iati-activities>"
    )


def money(kind, amount, day="2020-02-03", currency="") -> str:
    code = f' currency="{currency}"' if currency else ""
    return (
        f'<transaction><transaction-type code="{kind}"/><transaction-date iso-date="{day}"/>'
        f'<value value-date="{day}"{code}>{amount}</value></transaction>'
    )


@pytest.fixture
def load(tmp_path):
    def take(text: str, name="file.xml"):
        path = tmp_path / name
        path.write_text(text)
        return IatiLoad(path).run()

    return take


def figures() -> dict[str, Decimal]:
    return dict(KeyFigure.objects.values_list("measure").annotate(Sum("base_amount")))


def test_a_corrected_file_changes_just_what_differs(load):
    load(iati(money(3, 100), money(3, 50), money(4, 70)))
    report = load(iati(money(3, 100), money(3, 55), money(4, 70)))
    assert report.records == {"changed": 1, "unchanged": 2, "new": 0, "withdrawn": 0}
    assert figures() == {"transfer": 155, "expenditure": 70}


def test_identical_repeats_are_kept_as_often_as_they_occur(load):
    load(iati(money(3, 100), money(3, 100), money(3, 100)))
    assert figures() == {"transfer": 300}
    report = load(iati(money(3, 100), money(3, 100)))
    assert report.records["withdrawn"] == 1
    assert figures() == {"transfer": 200}


def test_a_negative_disbursement_is_a_refund_or_correction(load):
    load(iati(money(3, 100), money(3, -30)))
    assert figures() == {"transfer": 100, "refund": 30}
    line = VoucherLine.objects.get(amount__lt=0)
    assert line.kind == VoucherLine.Kind.CORRECTION


def test_types_without_a_place_are_kept_and_added_to_nothing(load):
    load(iati(money(5, 3), money(6, 4), money(12, 5)))
    assert OtherFlow.objects.count() == 3
    assert figures() == {}


def test_an_amount_without_a_rate_stays_visible_and_out_of_us_dollars(load):
    load(iati(money(3, 100, currency="EUR"), money(3, 10)))
    line = VoucherLine.objects.get(currency="EUR")
    assert (line.amount, line.base_amount) == (100, None)
    figure = KeyFigure.objects.get(measure="transfer")
    assert (figure.base_amount, figure.unconverted) == (10, 1)


def test_expenditure_is_interim_until_its_deadline_has_passed(load):
    load(iati(money(4, 1, "2022-05-05"), money(4, 2, "2024-03-03")))
    states = dict(ExpenditureLine.objects.values_list("year", "state"))
    assert states == {2022: "reported", 2024: "interim"}


def test_a_field_edited_by_hand_is_left_alone(load):
    load(iati(title="First"))
    Project.objects.update(title="By hand", held_fields=["title"])
    load(iati(title="Second"))
    assert Project.objects.get().title == "By hand"


def test_children_keep_their_parent_whatever_the_order(load, tmp_path):
    relation = '<related-activity ref="XX-P" type="1"/>'
    load(iati(extra=relation, number="XX-C"), "child.xml")
    assert Project.objects.get().parent is None
    child = iati(extra=relation, number="XX-C").partition("<iati-activity ")[2]
    parent = iati(number="XX-P").partition("</iati-activities>")[0]
    load(f"{parent}<iati-activity {child}", "both.xml")
    assert Project.objects.get(number="XX-C").parent.number == "XX-P"


def test_a_persons_address_is_not_shown_as_the_offices(load):
    contact = (
        "<contact-info><organisation><narrative>Office</narrative></organisation>{0}"
        "<email>{1}</email></contact-info>"
    )
    person = "<person-name><narrative>Jo Doe</narrative></person-name>"
    load(
        iati(
            extra=contact.format(person, "info@x.org")
            + contact.format("", "jo.doe@x.org")
            + contact.format("", "info@x.org")
        )
    )
    shown = sorted((c.public_name, c.public_email) for c in Contact.objects.all())
    assert shown == [("", ""), ("", ""), ("", "info@x.org")]


@pytest.mark.parametrize(
    "text",
    [
        iati(money(3, 100))[:-40],
        iati(money(3, 100)).replace("2.03", "1.05"),
        iati(money(3, "12,5")),
        "<!DOCTYPE x [<!ENTITY a 'b'>]>" + iati(),
        "<html></html>",
        "",
    ],
)
def test_a_refused_file_leaves_the_database_as_before(tmp_path, settings, text):
    path = tmp_path / "bad.xml"
    path.write_text(text)
    with pytest.raises(CommandError, match=r"bad\.xml"):
        call_command("load", str(path))
    assert not Load.objects.exists()
    assert not Source.objects.exists()
    assert not Project.objects.exists()
    assert not [f for f in tmp_path.joinpath("media").rglob("*") if f.is_file()]


def test_the_command_prints_a_report(tmp_path, capsys):
    path = tmp_path / "one.xml"
    path.write_text(iati(money(3, 1000), money(1, 5, currency="GBP")))
    call_command("load", str(path))
    text = capsys.readouterr().out
    assert "1 activities" in text
    assert "1,000.00  US$ 1,000.00" in text
    assert "1 without a rate" in text


def activities(count: int, *, before: str = "") -> str:
    """A file of many activities, each with a participant, a place and two payments."""
    around = (
        '<participating-org ref="XX-PO" type="40" role="4"/><recipient-country code="ML"/>'
        '<activity-status code="2"/>'
    )
    ones = (iati(money(3, 100), money(4, 70), number=f"XX-{n}", extra=around) for n in range(count))
    inner = "\n".join(re.search(r"<iati-activity .*</iati-activity>", one)[0] for one in ones)
    return f"<iati-activities {NAMESPACE}>{before}\n{inner}\n</iati-activities>"


def test_a_line_that_only_moved_within_its_file_changes_nothing(load):
    load(activities(3))
    report = load(activities(3, before="\n<!-- exported anew -->\n\n"))
    assert report.projects == {"new": 0, "changed": 0, "unchanged": 3}
    assert report.records == {"new": 0, "changed": 0, "withdrawn": 0, "unchanged": 6}
    assert ProjectStatement.objects.count() == 3


def test_queries_do_not_grow_with_the_activities_of_a_batch(load):
    def queries(count: int) -> int:
        with CaptureQueriesContext(connection) as caught:
            load(activities(count))
        return len(caught)

    load(activities(1))  # makes fund, organization and place
    assert queries(40) == queries(80)  # half of them new, half unchanged


def test_a_project_whose_history_began_with_many_others_has_it_too(load):
    load(activities(5))
    assert Project.objects.filter(events__isnull=False).distinct().count() == 5
    project = Project.objects.get(number="XX-3")
    assert project.participations.get().events.count() == 1
    assert project.status_changes.get().status == "on-going"


def test_the_day_of_the_last_update_is_not_that_of_closure(load):
    closed = '<activity-status code="4"/>'
    load(iati(money(3, 100), extra=closed))
    project = Project.objects.get()
    assert (project.status, project.status_on) == ("closed", None)
    assert not project.status_changes.exists()
    ended = '<activity-date type="4" iso-date="2021-05-05"/>'
    load(iati(money(3, 100), number="XX-2", extra=closed + ended))
    project = Project.objects.get(number="XX-2")
    assert project.status_on == project.status_changes.get().set_on == date(2021, 5, 5)


def test_what_another_source_says_of_a_project_stops_the_file(load):
    project = ProjectFactory(number="XX-1")
    released(transfer(project, 5), source=SourceFactory(name="The ledger"))
    with pytest.raises(LoadError, match="“XX-1” has voucher lines from another source, “The led"):
        load(iati(money(3, 100)))
    assert Load.objects.count() == 1
    assert figures() == {"transfer": 5}


def test_a_load_is_taken_back_to_what_stood_before_it(load):
    status = '<activity-status code="{}"/>'
    load(iati(money(3, 100), extra=status.format(2)))
    second = load(iati(money(3, 120), title="Renamed", extra=status.format(3))).load
    release_load(load=confirmed(reverse_load(load=second, by=None, reason="Wrong file")))
    assert figures() == {"transfer": 100}
    project = Project.objects.get()
    assert (project.title, project.status) == ("A project", "on-going")


def confirmed(load):
    confirm_withdrawal(load=load, by=UserFactory())
    return load


def test_progress_only_grows_and_reaches_its_end(tmp_path):
    path = tmp_path / "file.xml"
    path.write_text(activities(3))
    told = []
    IatiLoad(path, progress=lambda done, size: told.append(done / size)).run()
    assert told == sorted(told)
    assert (told[0] < 1, told[-1]) == (True, 1)


def test_texts_of_what_was_loaded_are_sealed_under_a_salt(load):
    load(iati(money(3, 100)))
    assert VoucherLine.objects.get().salt is not None


def test_a_fund_is_one_however_its_code_is_written(load):
    load(iati(number="A-1").replace('ref="XX"', 'ref="XX-Ab"'))
    load(iati(number="A-2").replace('ref="XX"', 'ref="xx\u2011aB"'), "other.xml")
    assert Fund.objects.count() == 1


def _budget(start: str, end: str) -> str:
    return (
        f'<budget><period-start iso-date="{start}"/><period-end iso-date="{end}"/>'
        f'<value value-date="{start}">100</value></budget>'
    )


@pytest.mark.parametrize(
    "extra",
    [
        _budget("2020-12-31", "2020-01-01"),
        '<activity-date type="1" iso-date="2020-01-01"/>'
        '<activity-date type="4" iso-date="2019-01-01"/>',
    ],
)
def test_whatever_ends_before_it_begins_is_warned_of(load, extra):
    report = load(iati(extra=extra))
    assert [each.code for each in report.remarks].count("ends-before-start") == 1


def test_amounts_too_large_to_be_added_up_are_refused_with_their_line(load):
    with pytest.raises(IatiFileError, match="more than 15 digits before"):
        load(iati(money(3, "999999999999999999"), money(3, "999999999999999999")))
    load(iati(*[money(3, "-999999999999999.99")] * 12))
    assert figures() == {"refund": 12 * Decimal("999999999999999.99")}

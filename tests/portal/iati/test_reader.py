"""The reader gives what files state, with their lines."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest

from portal.iati.described import named
from portal.iati.reader import IatiFile, read_activities
from portal.iati.stated import StatedActivity, StatedDescription, text_in
from tests.iati_count import count_transactions
from tests.portal.iati.shared import (
    REAL_FILES,
    file_of,
    real_file,
    shared_file,
    transaction,
    written,
)


def only(path: Path) -> StatedActivity:
    """Return the one activity of a file."""
    (activity,) = read_activities(path)
    return activity


@pytest.mark.parametrize("name", REAL_FILES)
def test_real_files_give_the_same_sums_as_an_independent_count(name: str) -> None:
    path = real_file(name)
    totals: dict = defaultdict(lambda: (0, Decimal(0)))
    for activity in read_activities(path):
        for stated in activity.transactions:
            number, total = totals[stated.type, stated.value.currency]
            totals[stated.type, stated.value.currency] = (number + 1, total + stated.value.amount)
    assert dict(totals) == count_transactions(path)


@pytest.mark.parametrize("name", REAL_FILES)
def test_every_line_number_points_at_the_element(name: str) -> None:
    path = real_file(name)
    lines = path.read_bytes().decode("utf-8").splitlines()
    for activity in read_activities(path):
        assert "<iati-activity" in lines[activity.line - 1]
        for tag, found in (
            ("<transaction", activity.transactions),
            ("<budget", activity.budgets),
            ("<document-link", activity.documents),
            ("<participating-org", activity.participating_orgs),
            ("<contact-info", activity.contacts),
            ("<sector", activity.sectors),
        ):
            for stated in found:
                assert tag in lines[stated.line - 1]


@pytest.mark.parametrize(
    ("name", "activities", "transactions", "budgets", "documents"),
    [
        ("several-currencies.xml", 2, 7, 2, 2),
        ("one-currency.xml", 1, 4, 1, 1),
        ("who-arg.xml", 157, 871, 1256, 398),
        ("usaid-798.xml", 108, 622, 0, 0),
        ("hdx-foodsecurity-6-publishers/dportal.xml", 7, 63, 16, 0),
        ("finland-mfa-6-activities.xml", 6, 9, 12, 0),
        ("acfspain-ph.xml", 6, 0, 6, 0),
        ("wri-521257057-strategic-plan-2023-2027.xml", 1, 2, 6, 2),
    ],
)
def test_real_files_are_read_whole(
    name: str, activities: int, transactions: int, budgets: int, documents: int
) -> None:
    if name not in REAL_FILES:
        pytest.skip(f"{name} is not among the large files")
    found = list(read_activities(real_file(name)))
    assert len(found) == activities
    assert sum(len(activity.transactions) for activity in found) == transactions
    assert sum(len(activity.budgets) for activity in found) == budgets
    assert sum(len(activity.documents) for activity in found) == documents


def test_usaid_has_92_negative_amounts_and_sectors_only_on_transactions() -> None:
    found = list(read_activities(real_file("usaid-798.xml")))
    moved = [stated for activity in found for stated in activity.transactions]
    assert sum(stated.value.amount < 0 for stated in moved) == 92
    assert all(stated.sectors for stated in moved)
    assert not any(activity.sectors for activity in found)
    assert all(stated.provider is None or not stated.provider.ref for stated in moved)


def test_the_standards_example_is_read_in_every_field() -> None:
    path = shared_file(
        "iati/standard/examples/en/activity-standard/activity-standard-example-annotated.xml"
    )
    activity = only(path)
    assert activity.identifier == "AA-AAA-123456789-ABC123"
    assert activity.titles["fr"] == "Titre de l'activité"
    assert activity.status == "2"
    assert set(activity.dates) == {"1", "2", "3"}
    assert activity.humanitarian is True
    assert [other.ref for other in activity.other_identifiers] == ["ABC123-XYZ"]
    contact = activity.contacts[0]
    assert contact.department and contact.person and contact.job_title and contact.addresses
    assert activity.transactions[0].provider is not None
    assert activity.transactions[0].provider.activity_id
    assert activity.documents[0].document_date == dt.date(2014, 2, 5)
    assert len(list(named(activity.described, "location"))) == 2
    assert {code.tag for code in activity.transactions[0].codes} >= {"aid-type", "flow-type"}
    assert activity.unplaced["participating-org/@crs-channel-code"] == 1


def test_narratives_take_their_language_from_themselves_the_activity_or_the_file(
    tmp_path: Path,
) -> None:
    title = '<title><narrative>Eau</narrative><narrative xml:lang="EN">Water</narrative></title>'
    own = only(file_of(tmp_path, title, attributes=' xml:lang="fr"'))
    assert own.titles == {"fr": "Eau", "en": "Water"}
    root = only(file_of(tmp_path, title, around=' version="2.03" xml:lang="pt"'))
    assert root.titles == {"pt": "Eau", "en": "Water"}
    assert only(file_of(tmp_path, title)).titles == {"": "Eau", "en": "Water"}


def test_a_second_narrative_in_one_language_is_a_paragraph_or_is_counted(tmp_path: Path) -> None:
    twice = "<narrative>One</narrative><narrative>Two</narrative><narrative>One</narrative>"
    activity = only(file_of(tmp_path, f"<title>{twice}</title><description>{twice}</description>"))
    assert activity.titles == {"": "One"}
    assert activity.unplaced["title/narrative"] == 1
    assert activity.descriptions == (StatedDescription(texts={"": "One\n\nTwo\n\nOne"}),)


def test_the_currency_is_the_values_own_or_the_activitys_or_unknown(tmp_path: Path) -> None:
    plain = transaction(value="<value>1</value>")
    both = plain + transaction(value='<value currency="eur">1</value>')
    activity = only(file_of(tmp_path, both, attributes=' default-currency="usd"'))
    assert [stated.value.currency for stated in activity.transactions] == ["USD", "EUR"]
    assert only(file_of(tmp_path, plain)).transactions[0].value.currency is None


@pytest.mark.parametrize(
    "text",
    [
        "2014-03-01",
        " 2014-03-01 ",
        "2014-03-01Z",
        "2014-03-01+02:00",
        "2014-03-01-11:00",
        "2014-03-01T00:00:00",
        "2014-03-01T23:59:59.999Z",
        "2014-03-01T23:30:00-05:00",
    ],
)
def test_a_date_is_the_calendar_date_as_written(tmp_path: Path, text: str) -> None:
    day = f'<transaction-date iso-date="{text}"/>'
    activity = only(file_of(tmp_path, transaction(day=day)))
    assert activity.transactions[0].date == dt.date(2014, 3, 1)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1000.00", "1000.00"),
        (" \n 12.3456 \n", "12.3456"),
        ("-0.01", "-0.01"),
        ("+5", "5"),
        (".5", "0.5"),
        ("5.", "5"),
        ("0", "0"),
        ("-0.00", "0.00"),
        ("000000000000000000007", "7"),
        ("123456789012345", "123456789012345"),
        ("123456789012.123456", "123456789012.123456"),
        ("1.50000000", "1.500000"),
        ("1<!-- thousand -->000", "1000"),
    ],
)
def test_an_amount_is_exact(tmp_path: Path, text: str, amount: str) -> None:
    path = file_of(tmp_path, transaction(value=f"<value>{text}</value>"))
    assert str(only(path).transactions[0].value.amount) == amount


def test_identical_transactions_stay_as_often_as_they_occur(tmp_path: Path) -> None:
    activity = only(file_of(tmp_path, transaction() * 3))
    assert len(activity.transactions) == 3


def test_an_unknown_transaction_type_is_kept_as_stated(tmp_path: Path) -> None:
    path = file_of(tmp_path, transaction(kind='<transaction-type code="99"/>'))
    assert only(path).transactions[0].type == "99"


def test_what_has_no_field_is_counted_and_nothing_else(tmp_path: Path) -> None:
    inside = (
        "<location><unknown/></location><location/><crs-add/>"
        '<recipient-country code="ML" percentage="50"/><recipient-country percentage="50"/>'
        '<sector vocabulary="1" code="11110" percentage=""/>'
        '<activity-date type="9" iso-date="2024-01-01"/>'
        '<x:own xmlns:x="urn:x" a="1"/>'
        '<contact-info xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="hint"/>'
        "<title>Bare text</title>"
    )
    activity = only(
        file_of(tmp_path, inside + transaction(more='<flow-type code="10"/><flow-type code="20"/>'))
    )
    assert activity.unplaced == {
        "location: not as the schema has it": 2,
        "recipient-country": 1,
        "activity-date": 1,
        "x:own": 1,
        "title/text()": 1,
        "crs-add": 1,
        "transaction/flow-type": 1,
    }


def test_elements_beside_the_activities_are_counted(tmp_path: Path) -> None:
    text = (
        '<iati-activities version="2.01"><iati-activity><iati-identifier>A</iati-identifier>'
        "</iati-activity><extra><iati-activity/></extra></iati-activities>"
    )
    file = IatiFile(written(tmp_path, text.encode()))
    assert [activity.identifier for activity in file.activities()] == ["A"]
    assert file.unplaced == {"extra": 1}


def test_the_header_is_read_without_the_activities(tmp_path: Path) -> None:
    around = ' version=" 2.02 " generated-datetime="2024-05-01T10:00:00Z" xml:lang="FR"'
    header = IatiFile(file_of(tmp_path, "<broken", around=around)).header
    assert header.version == "2.02"
    assert header.generated == dt.datetime(2024, 5, 1, 10, tzinfo=dt.UTC)
    assert header.language == "fr"


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "iso-8859-1"])
def test_lines_count_in_every_encoding_and_line_end(
    tmp_path: Path, newline: str, encoding: str
) -> None:
    declared = encoding.removesuffix("-sig").replace("cp", "windows-")
    text = (
        f'<?xml version="1.0" encoding="{declared}"?>\n<iati-activities version="2.03">\n\n'
        "<iati-activity\n default-currency='USD'>\n<iati-identifier>É-1</iati-identifier>\n"
        f"<description><narrative>a\nb</narrative></description>\n{transaction()}\n"
        "</iati-activity>\n</iati-activities>\n"
    )
    path = written(tmp_path, text.replace("\n", newline).encode(encoding))
    activity = only(path)
    assert (activity.line, activity.identifier) == (4, "É-1")
    assert activity.descriptions[0].texts == {"": "a\nb"}
    assert activity.transactions[0].line == 9


def test_line_numbers_are_right_beyond_65535(tmp_path: Path) -> None:
    path = file_of(tmp_path, "\n" * 200_000 + transaction())
    assert only(path).transactions[0].line == 200_004


def test_progress_is_told_up_to_the_whole_size(tmp_path: Path) -> None:
    path = file_of(tmp_path, "\n" * 600_000)
    told: list[tuple[int, int]] = []
    list(read_activities(path, lambda done, size: told.append((done, size))))
    size = path.stat().st_size
    assert told[0][0] < size
    assert told[-1] == (size, size)
    assert told == sorted(told)


def test_text_in_prefers_the_asked_language_then_untagged_then_any() -> None:
    assert text_in({"fr": "Eau", "en": "Water"}, "en") == "Water"
    assert text_in({"fr": "Eau", "": "Aqua"}, "en") == "Aqua"
    assert text_in({"fr": "Eau"}, "en") == "Eau"
    assert text_in({}, "en") == ""


_READ_BIG = """
import resource, sys
from pathlib import Path
from django.conf import settings
settings.configure(USE_I18N=False)
from portal.iati.reader import read_activities
number = sum(len(activity.transactions) for activity in read_activities(Path(sys.argv[1])))
sys.stdout.write(f"{number} {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}")
"""


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    def peak(activities: int) -> int:
        path = tmp_path / "big.xml"
        with path.open("w", encoding="utf-8") as file:
            file.write('<iati-activities version="2.03">\n')
            for number in range(activities):
                file.write(f"<iati-activity><iati-identifier>A-{number}</iati-identifier>\n")
                file.write((transaction() + "\n") * 50 + "</iati-activity>\n")
            file.write("</iati-activities>")
        command = [sys.executable, "-c", _READ_BIG, str(path)]
        root = Path(__file__).resolve().parents[3]
        done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
        transactions, kilobytes = map(int, done.stdout.split())
        assert transactions == activities * 50
        return kilobytes

    assert peak(2000) < peak(100) + 10_000

"""All that is wrong in a file is told at once; a faulty activity can be left out by choice."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from finance.models import Load, VoucherLine
from portal.iati.errors import MAX_FAULTS, SHOWN, IatiFileError
from portal.iati.reader import IatiFile, read_activities
from projects.models import Project
from tests.portal.iati.shared import file_of, transaction, written

NO_CURRENCY = '<value currency="US Dollars" value-date="2024-01-31">10</value>'
NO_AMOUNT = '<value currency="USD" value-date="2024-01-31">ten</value>'


def file_with(tmp_path: Path, *activities: str) -> Path:
    """Write a file of activities, one a line from line 2 on."""
    lines = ['<iati-activities version="2.03">', *activities, "</iati-activities>"]
    return written(tmp_path, "\n".join(lines).encode())


def activity(identifier: str, *inside: str) -> str:
    """Return an activity in one line."""
    return (
        f"<iati-activity><iati-identifier>{identifier}</iati-identifier>{''.join(inside)}"
        "</iati-activity>"
    )


FAULTY = (
    activity("A-1", transaction()),
    activity("A-2", transaction(value=NO_CURRENCY), transaction(day="")),
    activity("A-3", transaction(value=NO_AMOUNT)),
    activity("a-1"),
    activity("A-4", transaction(), '<recipient-country code="ML" percentage="-5"/>'),
)


def test_every_fault_of_every_activity_is_told(tmp_path: Path) -> None:
    with pytest.raises(IatiFileError) as caught:
        list(read_activities(file_with(tmp_path, *FAULTY)))
    told = str(caught.value).splitlines()
    assert [fault.line for fault in caught.value.faults] == [3, 3, 4, 5, 6]
    words = ("US Dollars", "has no date", "ten", "already in line 2", "no percentage")
    assert all(word in line for word, line in zip(words, told, strict=True))


def test_faults_before_the_place_where_the_file_breaks_off_are_told_too(tmp_path: Path) -> None:
    path = file_with(tmp_path, *FAULTY[:3])
    path.write_bytes(path.read_bytes()[:-10])
    with pytest.raises(IatiFileError) as caught:
        list(read_activities(path))
    assert [fault.line for fault in caught.value.faults] == [3, 3, 4, 5]


def test_so_many_faults_are_enough(tmp_path: Path) -> None:
    bad = [activity(f"A-{n}", transaction(day="")) for n in range(MAX_FAULTS + 5)]
    with pytest.raises(IatiFileError) as caught:
        list(read_activities(file_with(tmp_path, *bad)))
    assert len(caught.value.faults) == MAX_FAULTS + 1
    assert str(caught.value).count("\n") == SHOWN


def test_what_is_left_out_by_choice_is_named(tmp_path: Path) -> None:
    file = IatiFile(file_with(tmp_path, *FAULTY), leave_out=True)
    assert [each.identifier for each in file.activities()] == ["A-1"]
    assert [(each.identifier, each.line) for each in file.left_out] == [
        ("A-2", 3), ("A-3", 4), ("a-1", 5), ("A-4", 6),
    ]  # fmt: skip


def test_nothing_is_left_where_all_is_faulty(tmp_path: Path) -> None:
    file = IatiFile(file_with(tmp_path, FAULTY[1]), leave_out=True)
    with pytest.raises(IatiFileError, match="US Dollars"):
        list(file.activities())


@pytest.mark.django_db
def test_the_command_leaves_out_what_it_is_told_to_and_says_so(tmp_path: Path, capsys) -> None:
    path = file_with(tmp_path, *FAULTY)
    with pytest.raises(CommandError, match="US Dollars"):
        call_command("load", str(path))
    assert not Project.objects.exists()
    call_command("load", str(path), leave_out_faulty=True)
    text = capsys.readouterr().out
    assert "left out: A-2, line 3" in text
    assert Project.objects.get().number == "A-1"
    load = Load.objects.get()
    assert load.report["left_out"] == [["A-2", 3], ["A-3", 4], ["a-1", 5], ["A-4", 6]]
    assert set(load.remarks.values_list("code", flat=True)) >= {"left-out"}


@pytest.mark.django_db
def test_records_of_an_activity_that_is_left_out_stay(tmp_path: Path) -> None:
    call_command("load", str(file_with(tmp_path, FAULTY[0], activity("A-2", transaction()))))
    assert VoucherLine.objects.known_at().count() == 2
    call_command("load", str(file_with(tmp_path, *FAULTY)), leave_out_faulty=True)
    assert VoucherLine.objects.known_at().count() == 2


@pytest.mark.parametrize(
    "text",
    [
        b'<iati-activities xmlns="http://iatistandard.org/203" version="2.03"/>',
        b'<iati-activities version="2.03"><iati-activity xmlns="http://x"/></iati-activities>',
        b'<iati-activities version="2.03" xmlns:i="http://x"><i:iati-activity/></iati-activities>',
    ],
)
def test_a_namespace_is_named(tmp_path: Path, text: bytes) -> None:
    with pytest.raises(IatiFileError, match="stands in a namespace"):
        list(read_activities(written(tmp_path, text)))


@pytest.mark.parametrize("identifier", ["X" * 201, ""])
def test_an_identifier_that_cannot_be_kept_is_a_fault(tmp_path: Path, identifier: str) -> None:
    with pytest.raises(IatiFileError, match="identifier"):
        list(read_activities(file_with(tmp_path, activity(identifier))))


def test_signs_that_nobody_sees_are_no_part_of_an_identifier(tmp_path: Path) -> None:
    path = file_of(tmp_path, '<reporting-org ref="\u200bXX-\u00ad1\u200e"/>')
    (read,) = read_activities(path)
    assert read.reporting_org.ref == "XX-1"

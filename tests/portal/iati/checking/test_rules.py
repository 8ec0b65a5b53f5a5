"""The rules of the standard do what their specification says, on its own examples."""

from __future__ import annotations

import csv
import datetime as dt
import json

import pytest
from lxml import etree

from portal.iati.checking.rules import broken_in, rules_of, standard_rules
from portal.iati.standard.files import activities_schema, coded_places
from portal.kit.language.code_lists import code_list
from tests.portal.iati.shared import shared_file

TODAY = dt.date(2026, 6, 1)


def test_all_examples_of_rules_end_as_they_should() -> None:
    expected = shared_file("iati/peer-tests/rulesets/EXPECTED.tsv")
    with expected.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    assert len(rows) > 50
    for row in rows:
        text = (expected.parent / row["rule_json"]).read_text(encoding="utf-8")
        root = etree.parse(expected.parent / row["xml"]).getroot()
        holds = not list(broken_in(root, tuple(rules_of(json.loads(text))), dt.date.today()))
        assert str(holds) == row["expected"], row


def broken(activity: str) -> set[str]:
    """The numbers of the standard's rules that an activity breaks."""
    root = etree.fromstring(f"<iati-activities>{activity}</iati-activities>")
    return {each.rule.number for each in broken_in(root, standard_rules(), TODAY)}


@pytest.mark.parametrize(
    ("inside", "number", "is_broken"),
    [
        ('<sector vocabulary="2" code="151"/>', "102.1.1", True),
        ('<sector vocabulary="1" code="15110"/>', "102.1.1", False),
        ('<activity-date type="2" iso-date="2027-01-01"/>', "11.1.4", True),
        ('<activity-date type="2" iso-date="2026-06-01"/>', "11.1.4", False),
        ('<policy-marker vocabulary="1" code="1"/>', "6.14.1", True),
        ('<policy-marker vocabulary="1" code="1" significance="0"/>', "6.14.1", False),
        ("<title><narrative/></title>", "4.3.1", True),
        ("<title><narrative>Wells</narrative></title>", "4.3.1", False),
    ],
)
def test_rules_are_broken_by_what_breaks_them(inside: str, number: str, is_broken: bool) -> None:
    assert (number in broken(f"<iati-activity>{inside}</iati-activity>")) is is_broken


def test_each_share_of_a_vocabulary_counts_for_itself() -> None:
    shares = "".join(
        f'<sector vocabulary="7" code="{code}" percentage="{share}"/>'
        for code, share in (("5", "33.3333"), ("6", "33.3333"), ("7", "33.3334"))
    )
    assert "2.1.2" not in broken(f"<iati-activity>{shares}</iati-activity>")
    wrong = shares.replace("33.3334", "33.3333")
    assert "2.1.2" in broken(f"<iati-activity>{wrong}</iati-activity>")


def test_a_quote_in_a_code_is_no_way_into_a_path() -> None:
    broken("<iati-activity><sector vocabulary=\"' or '1'='1\" code=\"x\"/></iati-activity>")


def test_the_portal_has_the_standard_whole() -> None:
    assert len(standard_rules()) > 100
    assert len(coded_places()) > 100
    assert code_list("Sector")["15110"][1] == "151"
    assert activities_schema().validate(
        etree.fromstring('<policy-marker code="1" significance="2"/>')
    )

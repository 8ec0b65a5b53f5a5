"""Results, locations, markers and planned disbursements are kept as the standard has them."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.iati.described import as_element, first, named, narrative, said
from portal.iati.reader import read_activities
from portal.iati.stated import StatedActivity
from portal.iati.writer import activity_element
from tests.portal.iati.shared import file_of


def only(path: Path) -> StatedActivity:
    """The one activity of a file."""
    [activity] = read_activities(path)
    return activity


def test_a_tree_reads_back_as_it_was_with_the_language_of_its_activity(tmp_path: Path) -> None:
    inside = (
        '<result type="1"><title><narrative>Wells &amp;amp; pumps</narrative></title>'
        '<indicator measure="1"><title><narrative xml:lang="FR">Puits</narrative></title>'
        '<baseline year="2020" value="3"/></indicator></result>'
    )
    [tree] = only(file_of(tmp_path, inside, attributes=' xml:lang="en"')).described
    assert narrative(first(tree, "title"), "en") == "Wells & pumps"
    indicator = first(tree, "indicator")
    assert indicator is not None
    assert narrative(first(indicator, "title"), "en") == "Puits"
    assert said(first(indicator, "baseline") or tree, "value") == "3"
    assert as_element(tree).find("title/narrative").text == "Wells & pumps"


def test_what_the_schema_does_not_take_is_counted_and_left_out(tmp_path: Path) -> None:
    inside = '<policy-marker significance="1"/><tag code="5" vocabulary="2"/><tag/>'
    activity = only(file_of(tmp_path, inside))
    assert [tree[0] for tree in activity.described] == ["tag"]
    assert activity.unplaced["policy-marker: not as the schema has it"] == 1
    assert activity.unplaced["tag: not as the schema has it"] == 1


def test_who_gets_a_planned_disbursement_is_left_out(tmp_path: Path) -> None:
    inside = (
        '<planned-disbursement><period-start iso-date="2024-01-01"/>'
        '<value currency="USD" value-date="2024-01-01">5</value>'
        '<receiver-org ref="XX-1"/></planned-disbursement>'
    )
    activity = only(file_of(tmp_path, inside))
    assert "XX-1" not in str(activity.described)
    assert activity.unplaced["planned-disbursement/receiver-org"] == 1


@pytest.mark.parametrize("tag", ["activity-scope", "collaboration-type"])
def test_of_what_an_activity_has_once_the_first_counts(tmp_path: Path, tag: str) -> None:
    activity = only(file_of(tmp_path, f'<{tag} code="1"/><{tag} code="2"/>'))
    assert [said(tree, "code") for tree in named(activity.described, tag)] == ["1"]
    assert activity.unplaced[tag] == 1


def test_they_are_written_in_the_order_of_the_schema(tmp_path: Path) -> None:
    inside = (
        '<result type="1"><title><narrative>R</narrative></title>'
        '<indicator measure="5"><title><narrative>I</narrative></title></indicator></result>'
        '<capital-spend percentage="5"/><default-aid-type code="C01"/><tag code="5"'
        ' vocabulary="2"/><location><name><narrative>L</narrative></name></location>'
        '<activity-scope code="4"/><sector code="11110" vocabulary="1"/>'
    )
    tags = [child.tag for child in activity_element(only(file_of(tmp_path, inside)))]
    order = ["activity-scope", "location", "sector", "tag", "default-aid-type",
             "capital-spend", "result"]  # fmt: skip
    assert [tag for tag in tags if tag in order] == order

"""A look at a whole file: each fault counted with the activities that have it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from portal.iati.checking.looking import ERROR, WARNING, look_at
from tests.portal.iati.shared import file_of, written

TODAY = dt.date(2026, 6, 1)


def test_faults_are_counted_by_rule_list_and_schema_with_their_activities(tmp_path: Path) -> None:
    path = file_of(tmp_path, '<sector vocabulary="1" code="1"/><unknown/>')
    look = look_at(path, TODAY)
    issues = {(kind, number): issue for (kind, number), issue in look.issues.items()}
    assert issues["list", "sector/@code: Sector"].message == "1"
    assert issues["rule", "6.11.1"].activities == {"A-1": 1}
    assert any(kind == "schema" for kind, _number in issues)
    assert look.count(ERROR) > 3
    assert look.count(WARNING) >= 0


def test_activities_below_others_are_not_taken_for_activities(tmp_path: Path) -> None:
    inner = "<iati-activity><iati-activity/></iati-activity>"
    text = f'<iati-activities version="2.03">{inner}</iati-activities>'
    assert look_at(written(tmp_path, text.encode()), TODAY).activities == 1


def test_the_score_is_the_mean_of_the_shares_of_all_parts(tmp_path: Path) -> None:
    bare = look_at(file_of(tmp_path), TODAY).completeness
    assert bare.score == 0
    more = look_at(file_of(tmp_path, '<contact-info type="1"/>'), TODAY).completeness
    assert more.having["contact"] == 1
    assert more.score is not None
    assert 0 < more.score < 100

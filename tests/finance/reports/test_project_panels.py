"""Panels of a project's factsheet about money, by their rows."""

from __future__ import annotations

import pytest

from finance.reports.project_money import ProjectMoney
from finance.reports.project_panels import report_table
from tests.factories import ProjectFactory, expenditure, released

pytestmark = pytest.mark.django_db


def test_what_a_year_has_to_date_knows_nothing_of_later_years() -> None:
    project = ProjectFactory()
    released(
        expenditure(project, 60, 2020),
        expenditure(project, 50, 2021, "interim", currency="KRW"),
    )
    first, second = report_table(ProjectMoney(project), "year", {}).rows
    of_2020, of_2021 = first.record.to_date, second.record.to_date
    assert (of_2020.states, of_2021.states) == ({"reported"}, {"reported", "interim"})
    assert (+of_2020.left_out_by_state, +of_2021.left_out_by_state) == ({}, {"interim": 1})

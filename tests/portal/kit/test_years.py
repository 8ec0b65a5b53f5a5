"""Years that money can have: one range for addresses, forms, files and the database."""

from datetime import date

import pytest
from django.urls import NoReverseMatch, reverse

from finance.formats.dates import parse_date
from finance.formats.faults import Unreadable
from portal.kit.years import FIRST_YEAR, LAST_YEAR, is_plausible, year_of


@pytest.mark.parametrize("year", [FIRST_YEAR, LAST_YEAR])
def test_the_first_and_the_last_year_are_taken_by_files_and_addresses_alike(year):
    assert is_plausible(year) and year_of(f" {year} ") == year
    assert parse_date(f"{year}-06-30") == date(year, 6, 30)
    assert reverse("staff-year-end", args=[year]) == f"/staff/year-end/{year}/"


@pytest.mark.parametrize("year", [FIRST_YEAR - 1, LAST_YEAR + 1])
def test_the_years_beside_them_are_not(year):
    assert not is_plausible(year) and year_of(str(year)) is None
    with pytest.raises(Unreadable):
        parse_date(f"{year}-06-30")


@pytest.mark.parametrize("text", [None, "", "24", "02024", "２０２４", "year"])
def test_only_four_digits_name_a_year(text):
    assert year_of(text) is None


@pytest.mark.django_db
def test_the_board_of_a_year_that_cannot_be_is_no_page(admin_client):
    assert admin_client.get("/staff/year-end/1944/").status_code == 404
    board = admin_client.get("/staff/year-end/1945/").content.decode()
    assert "/staff/year-end/1946/" in board
    assert "/staff/year-end/1944/" not in board
    with pytest.raises(NoReverseMatch):
        reverse("staff-year-end", args=[99])

"""What narrow screens make of the rows of a table."""

from django.template.loader import render_to_string

from portal.kit.tables.base import Table
from portal.kit.tables.columns import TextColumn
from tests.portal.kit.sample_table import LINES, SampleTable


class Pairs(Table):
    """Of two columns."""

    title = "Pairs"
    number = TextColumn("Number")
    name = TextColumn("Title", accessor="title")


def drawn(table: Table) -> str:
    """The table on a page."""
    return render_to_string("kit/table.html", {"table": table})


def test_each_row_is_a_card_of_all_columns_that_name_themselves():
    html = drawn(SampleTable(LINES))
    columns = len(SampleTable.base_columns)
    assert html.count(' data-label="') == len(LINES) * (columns - 1)
    assert 'class="frame cards"' in html and "off-card" not in html


def test_a_table_of_two_columns_stays_one():
    html = drawn(Pairs(LINES))
    assert "cards" not in html and "data-label" not in html


def test_what_cannot_be_sorted_offers_no_order_of_cards():
    assert "sort-by" not in drawn(SampleTable(LINES))

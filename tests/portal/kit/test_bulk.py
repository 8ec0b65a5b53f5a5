"""Files are written column by column: each cell is as it would be by itself."""

import csv
import io
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

import pytest

from portal.kit.files.sheet_rows import column_writer, text_writer, texts_writer, value_writer
from portal.kit.files.streams import csv_cell, csv_pieces
from portal.kit.tables.base import Table
from portal.kit.tables.bulk import raws
from portal.kit.tables.columns import (
    BLANK,
    ChoiceColumn,
    DateColumn,
    IntegerColumn,
    ListColumn,
    MoneyColumn,
    TextColumn,
    YearColumn,
)
from portal.kit.tables.parts import NO_PARTS, Parts

TEXTS = [
    ["water", "Wörter & <mehr>", "2 of them"],
    ["water", None, ""],
    ["=1+1", "water", "-5"],
    ["a, b", 'with "quotes"', "two\nlines", "two\r\nlines", "bell\x07"],
    ["end ", " begin", "\u00a0", "\u200e", "اسم"],
    ["w" * 40_000, "water"],
    [True, "water", None],
    [None, None],
    [BLANK, "water"],
]
NUMBERS = [
    [Decimal("1.005"), Decimal("-0.001"), Decimal("7"), None],
    [Decimal(0), Decimal("-0.00")],
    [Decimal("1E+30"), Decimal("1E-9")],
    [Decimal("NaN"), Decimal("Infinity"), Decimal(1)],
    [1, 2.5, "3", ""],
    [5, 6, None],
    [BLANK, Decimal(1)],
]
DAYS = [
    [date(2020, 1, 2), None],
    [date(1899, 1, 1), date(2020, 1, 1)],
    [datetime(2020, 1, 1, 12, 30), date(2020, 1, 1)],
    ["no day", date(2020, 1, 1)],
]
LISTS = [[["a", "b"], []], [["a", 7], None], ["a; b", ""], [(Decimal(1),), ["="]]]
CHOICES = [["x", "y", "", "z"], [None, "x"], [7, "x"]]


class Row(NamedTuple):
    """A row of plain values."""

    value: Any


class Things(Table):
    """One column of each kind, all reading the same."""

    text = TextColumn("Text", accessor="value")
    money = MoneyColumn("Money", accessor="value")
    count = IntegerColumn("Count", accessor="value")
    year = YearColumn("Year", accessor="value")
    day = DateColumn("Day", accessor="value")
    names = ListColumn("Names", accessor="value")
    state = ChoiceColumn("State", accessor="value", choices=[("x", "An x"), ("y", "=y")])


def _column(name: str, records: list[Any]) -> Any:
    return Things(records).columns[name].column


CASES = [
    *[("text", values) for values in TEXTS],
    *[(name, values) for values in NUMBERS for name in ("money", "count")],
    *[("day", values) for values in DAYS],
    *[("names", values) for values in LISTS],
    *[("state", values) for values in CHOICES],
    ("year", [2020, "2021", None, " 2022 ", "-5"]),
]


@pytest.mark.parametrize("make", [Row, lambda value: {"value": value}])
@pytest.mark.parametrize(("name", "values"), CASES)
def test_many_values_are_as_each_by_itself(name, values, make):
    records = [make(value) for value in values]
    column = _column(name, records)
    each = [None if value is BLANK else column.clean(value) for value in values]
    assert str(column.values(records)) == str(each)


def test_what_is_hidden_of_one_is_hidden_of_many():
    rows = [Row(Decimal(0)), Row(Decimal(5)), Row(BLANK)]
    parts = {Decimal(0): Parts(unconverted=2)}
    table = Things(
        rows,
        extra_columns=[
            (
                "sum",
                MoneyColumn(
                    "Sum", accessor="value", parts=lambda row: parts.get(row.value, NO_PARTS)
                ),
            )
        ],
    )
    fields = {field.key: field for field in table.export_fields()}
    assert fields["sum"].values(rows) == [None, Decimal("5.00"), None]
    assert fields["unconverted"].values(rows) == [
        "Sum: plus 2 amounts not converted",
        None,
        None,
    ]


class _Exactly(MoneyColumn):
    def clean(self, raw: Any) -> Any:
        return raw


def test_a_column_that_cleans_otherwise_does_so_with_many_too():
    class Exact(Table):
        value = _Exactly("Value")

    rows = [Row(Decimal("1.005"))]
    assert Exact(rows).columns["value"].column.values(rows) == [Decimal("1.005")]


@pytest.mark.parametrize(
    "values",
    [
        *TEXTS[:-1],
        [Decimal("1.50"), None],
        *NUMBERS[1:4],
        *DAYS,
        [1, None, 2],
        [None, None],
        ["", ""],
    ],
)
def test_csv_is_as_the_module_csv_writes_it(values):
    class Plain(Table):
        value = TextColumn("Value, one")
        other = TextColumn("=Other", accessor="value")

    class Columns(Plain):
        def export_fields(self):
            fields = super().export_fields()
            return [
                type(field)(
                    field.key, field.label, field.kind, lambda rows: [r.value for r in rows]
                )
                for field in fields
            ]

    for exclude in ((), ("other",)):
        table = Columns([Row(value) for value in values], exclude=exclude)
        count = 2 - len(exclude)
        expected = io.StringIO()
        writer = csv.writer(expected)
        writer.writerow(["Value, one", "'=Other"][:count])
        writer.writerows([csv_cell(value)] * count for value in values)
        assert "".join(csv_pieces(table, "")) == "\ufeff" + expected.getvalue()


@pytest.mark.parametrize(
    "values", [*TEXTS[:-1], *NUMBERS[:3], *DAYS, [1, None], [True, 1], ["", "a"]]
)
def test_cells_of_excel_are_as_each_by_itself(values):
    text, texts = text_writer(as_formula=3), texts_writer(as_formula=3)
    write = value_writer(7, text)
    assert column_writer(7, text, texts)(values) == [write(value) for value in values]


class Paid(NamedTuple):
    """A row of plain values that holds what a function reads of an object."""

    named: str
    left_out: int


def named(_record: Any) -> str:
    """What is read of an object."""
    return "read"


def test_a_row_of_plain_values_holds_under_its_name_what_a_function_reads_of_an_object():
    assert raws("", named, [Paid("held", 0), Paid("held, too", 0)]) == ["held", "held, too"]
    assert raws("", named, [object(), Paid("held", 0)]) == ["read", "read"]


@pytest.mark.parametrize("left_out", [[0, 0], [0, 2], [1, 1]])
def test_parts_are_asked_of_each_record_where_any_has_what_they_are_made_of(left_out):
    column = MoneyColumn("Total", parts=parts_left_out, parts_in="left_out")
    records = [Paid("", count) for count in left_out]
    found = column.all_parts(records)
    assert (found or [NO_PARTS] * 2) == [parts_left_out(record) for record in records]
    assert (found is None) == (not any(left_out))


def parts_left_out(record: Any) -> Parts:
    """The amounts that the record's figure leaves out."""
    return Parts(unconverted=record.left_out) if record.left_out else NO_PARTS

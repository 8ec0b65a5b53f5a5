"""The kinds of column.

Every kind is one class: `values(records)` is what Excel, CSV and JSON get, `cell(record)` what
the page, the print view and the PDF show; both start from the same `raw(record)`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from django.utils.html import conditional_escape
from django.utils.translation import gettext

from portal.kit import formatting
from portal.kit.currency import BASE_LABEL, base_label
from portal.kit.language.place_names import place_name
from portal.kit.tables.bulk import (
    Values,
    days,
    each,
    in_bulk,
    integers,
    numbers,
    texts,
)
from portal.kit.tables.cells import BLANK, Cell, Column, ExportField, isolated, link_html, reader
from portal.kit.tables.choice_columns import ChoiceColumn, KindColumn, badge
from portal.kit.tables.lists import ListColumn
from portal.kit.tables.parts import (
    NO_PARTS,
    STATE_HEADINGS,
    Parts,
    marked,
    parts_held,
    state_amount,
    unknown_words,
)

__all__ = [
    "BLANK",
    "AmountColumn",
    "ChoiceColumn",
    "Column",
    "DateColumn",
    "IdentifierColumn",
    "IntegerColumn",
    "KindColumn",
    "LinkColumn",
    "ListColumn",
    "MoneyColumn",
    "NumberColumn",
    "PercentColumn",
    "RateColumn",
    "TextColumn",
    "YearColumn",
    "badge",
]


class TextColumn(Column):
    """Words: a name, a title, a note; an object is shown by its name.

    language: the record's field that says in which language its source wrote them.
    """

    width = 40

    def __init__(self, verbose_name: Any = None, *, language: str = "", **options: Any):
        self.language = language
        super().__init__(verbose_name, **options)

    @in_bulk(texts)
    def clean(self, raw: Any) -> Any:
        if isinstance(raw, bool):
            return gettext("yes") if raw else gettext("no")
        return super().clean(raw)


class PlaceColumn(TextColumn):
    """The name of a country: on pages in their language, in files the one that is kept."""

    def html(self, raw: Any) -> str:
        value = self.clean(raw)
        return "" if value is None else isolated(place_name(value))

    def sorted_by(self, records: Sequence[Any]) -> Values:
        return [value and place_name(value) for value in self.values(records)]


class LinkColumn(TextColumn):
    """Words that lead to the object's own page, unless `link` says otherwise."""

    def __init__(self, verbose_name: Any = None, *, link: Any = True, **options: Any):
        super().__init__(verbose_name, link=link, **options)


class IdentifierColumn(Column):
    """A number that is a name: 00102004 keeps its zeros everywhere."""

    kind = "identifier"
    width = 14


class NumberColumn(Column):
    """What stands to the right and sorts from the greatest.

    parts: function of the record that tells what its figure holds of a state or leaves out;
    the page marks it, files say it in columns of their own. interim: whether expenditure is in
    the figure, of which files say how much is interim, and how much certified. parts_in: the
    attribute without which no record has such parts.
    """

    css = "n"
    descending_first = True
    places = 0

    def __init__(
        self,
        verbose_name: Any = None,
        *,
        parts: Callable[[Any], Parts] | None = None,
        interim: bool = False,
        parts_in: str = "",
        **options: Any,
    ):
        self.parts, self.tells_interim = parts, bool(parts and interim)
        self.parts_in = parts_in
        super().__init__(verbose_name, **options)

    @in_bulk(numbers)
    def clean(self, raw: Any) -> Decimal | None:
        return formatting.half_up(raw, formatting.places_of(raw, self.places))

    def html(self, raw: Any) -> str:
        # From the unrounded value: 0.495 is US$ 0, though it is 0.50 to the cent.
        number = formatting.to_decimal(raw)
        return "" if number is None else self.figure(number)

    def figure(self, number: Decimal) -> str:
        """The figure as shown."""
        return formatting.figure(number, self.places)

    def parts_of(self, record: Any) -> Parts:
        """What the record's figure holds or leaves out."""
        return self.parts(record) if self.parts else NO_PARTS

    def all_parts(self, records: Sequence[Any]) -> list[Parts] | None:
        """What each record's figure holds or leaves out; None where none does."""
        return parts_held(self.parts, self.parts_in, records)

    def hides(self, raw: Any, parts: Parts, /) -> bool:
        """Whether the figure is unknown, for what it leaves out."""
        return parts.hide(raw)

    def words_of(self, parts: Parts) -> str:
        """What the figure leaves out; "" where nothing is."""
        return parts.words

    def values(self, records: Sequence[Any]) -> Values:
        raws = self.raws(records)
        if records and (parts := self.all_parts(records)):
            raws = [
                BLANK if raw is not BLANK and self.hides(raw, held) else raw
                for raw, held in zip(raws, parts, strict=True)
            ]
        return self.cleaned(raws)

    def cell(self, record: Any) -> Cell:
        raw = self.raw(record)
        if raw is BLANK:
            return Cell("", self.css)
        return self.marked_cell(raw, self.url(record, raw), self.parts_of(record))

    def marked_cell(self, raw: Any, url: str | None, parts: Parts) -> Cell:
        if raw is not BLANK and self.hides(raw, parts):
            return Cell(link_html(url, self.words_of(parts)), f"{self.css} unconverted")
        cell = self.cell_of(raw, url=url)
        # What is not there has no part.
        return cell if formatting.to_decimal(raw) is None or not parts else marked(cell, parts)

    def export_fields(self, label: str) -> list[ExportField]:
        """The figure and, where expenditure is in it, how much of it is of which state."""
        fields = super().export_fields(label)
        if self.tells_interim:
            fields += [self.state_field(label, state) for state in STATE_HEADINGS]
        return fields

    def _state_value(self, state: str, record: Any) -> Decimal | None:
        is_there = formatting.to_decimal(self.raw(record)) is not None
        return state_amount(self.parts_of(record), state) if is_there else None

    def state_field(self, label: str, state: str) -> ExportField:
        """For files: how much of the figure is of the state."""
        heading, definition = STATE_HEADINGS[state]
        return ExportField(
            key=f"{self.name}_{state}",
            label=str(heading) % {"column": label},
            kind="money",
            values=each(partial(self._state_value, state)),
            unit=base_label(),
            definition=str(definition),
            width=20,
            number_format="#,##0.00",
        )


class IntegerColumn(NumberColumn):
    """A count."""

    kind = "integer"
    width = 12
    number_format = "#,##0"

    @in_bulk(integers)
    def clean(self, raw: Any) -> Any:
        if type(raw) is int:
            return raw
        number = formatting.half_up(raw, 0)
        return None if number is None else int(number)


class YearColumn(Column):
    """A year: a number in files, with nothing between its digits."""

    kind = "year"
    width = 8
    number_format = "0"

    def clean(self, raw: Any) -> Any:
        text = "" if raw is None else str(raw).strip()
        return int(text) if text.isascii() and text.isdecimal() else text or None


class PercentColumn(NumberColumn):
    """A percentage, shown and exported to one decimal: 94.6 means 94.6 %.

    What one decimal would make nothing has more in files.
    """

    kind = "percent"
    unit = "%"
    width = 12

    def __init__(self, verbose_name: Any = None, *, places: int = 1, **options: Any):
        self.places = places
        decimals = f"0.{'0' * places}####" if places else "0.####"
        self.number_format = f'{decimals}" %"'
        super().__init__(verbose_name, **options)

    def clean(self, raw: Any) -> Decimal | None:
        return formatting.percentage(raw, self.places)

    def figure(self, number: Decimal) -> str:
        return formatting.percent(number, self.places)

    def hides(self, _raw: Any, parts: Parts, /) -> bool:
        """A part of what is not wholly known is no part that could be told."""
        return bool(parts.unconverted)

    def words_of(self, parts: Parts) -> str:
        return unknown_words(parts.unconverted) if parts.unconverted else ""


class RateColumn(NumberColumn):
    """A rate of exchange, to four decimals."""

    kind = "rate"
    width = 14
    places = 4
    number_format = "#,##0.0000"


class MoneyColumn(NumberColumn):
    """The base currency: whole on pages (or `cents=True`), to the cent in files."""

    kind = "money"
    unit = BASE_LABEL
    width = 20
    places = 2
    number_format = "#,##0.00"

    def __init__(
        self,
        verbose_name: Any = None,
        *,
        cents: bool = False,
        **options: Any,
    ):
        self.cents = cents
        super().__init__(verbose_name, **options)

    def figure(self, number: Decimal) -> str:
        return formatting.cents(number) if self.cents else formatting.money(number)


class AmountColumn(NumberColumn):
    """An amount in its own currency; in files the currency has a column of its own.

    currency: path or function of the record that gives the code, "currency" by default.
    """

    kind = "amount"
    width = 20
    places = 2
    number_format = "#,##0.00"

    def __init__(
        self,
        verbose_name: Any = None,
        *,
        currency: Callable[[Any], str] | str = "currency",
        **options: Any,
    ):
        self.currency = currency
        super().__init__(verbose_name, **options)

    def bind(self, table: Any, name: str) -> None:
        """Make ready to read the currency."""
        super().bind(table, name)
        self.currency_of = self.currency if callable(self.currency) else reader(self.currency)

    def cell(self, record: Any) -> Cell:
        raw = self.raw(record)
        if formatting.to_decimal(raw if raw is not BLANK else None) is None:
            return self.cell_of(raw)
        text = formatting.amount(raw, str(self.currency_of(record) or ""))
        return Cell(link_html(self.url(record, raw), str(conditional_escape(text))), self.css)

    def export_fields(self, label: str) -> list[ExportField]:
        """The amount and its currency."""
        return [
            *super().export_fields(label),
            ExportField(
                key=f"{self.name}_currency",
                label=gettext("%(column)s: currency") % {"column": label},
                kind="text",
                values=each(lambda record: str(self.currency_of(record) or "") or None),
                definition=gettext("The currency of the amount, as its ISO 4217 code."),
                width=12,
            ),
        ]


class DateColumn(Column):
    """A day: 15 Sep 2016 on pages, a real date in Excel, 2016-09-15 in CSV and JSON."""

    kind = "date"
    width = 13
    number_format = "d mmm yyyy"
    descending_first = True

    @in_bulk(days)
    def clean(self, raw: Any) -> date | None:
        return formatting.local_day(raw) if isinstance(raw, date) else None

    def html(self, raw: Any) -> str:
        value = self.clean(raw)
        if value is None:
            return ""
        return formatting.day(value).replace(" ", formatting.NO_BREAK)

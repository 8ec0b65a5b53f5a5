"""What a column is: how it reads a record, what it shows, what it gives to files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import Any, NamedTuple

import django_tables2 as tables
from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.db.models.constants import LOOKUP_SEP
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, get_language_bidi

from portal.kit import formatting
from portal.kit.safe import clean_text
from portal.kit.tables.bulk import Values, in_bulk, quick_way, raws, texts

_SCHEMES = ("http:", "https:", "mailto:")


class _Blank:
    """Stands for a cell that means nothing, as in a line that only names a group."""

    def __bool__(self) -> bool:
        return False


BLANK = _Blank()


class Cell(NamedTuple):
    """What stands in one cell of the page."""

    html: str
    css: str = ""
    # Its heading and its part, where a narrow screen shows the row as a card and no table.
    label: str = ""
    role: str = ""

    @property
    def attributes(self) -> SafeString:
        """The attributes of its element."""
        return _attributes(self.css, self.role, self.label)


@lru_cache(maxsize=1000)
def _attributes(css: str, role: str, label: str) -> SafeString:
    """Escaped once: all cells of a column have the same."""
    named = (("class", css), ("role", role), ("data-label", label))
    given = (f' {name}="{conditional_escape(value)}"' for name, value in named if value)
    return mark_safe("".join(given))  # noqa: S308 – escaped one by one


@dataclass(frozen=True)
class ExportField:
    """One column of a file; most columns of a table give one, some two.

    values: of many records, the typed value of each.
    """

    key: str
    label: str
    kind: str
    values: Callable[[Sequence[Any]], Values]
    unit: str = ""
    definition: str = ""
    width: int = 16
    number_format: str = "General"

    def value(self, record: Any) -> Any:
        """The typed value of one record."""
        return self.values([record])[0]


def rows_of(fields: Sequence[ExportField], records: Sequence[Any]) -> Iterable[tuple[Any, ...]]:
    """The typed values of each record, worked out column by column."""
    return zip(*(field.values(records) for field in fields), strict=True)


def address_of(record: Any) -> str:
    """The address of an object's own page; worked out once, for each cell may lead below it."""
    # What is no object of a model may be without attributes of its own.
    known = vars(record) if isinstance(record, models.Model) else {}
    if "_address" not in known:
        known["_address"] = record.get_absolute_url()
    return str(known["_address"])


def escaped(text: Any) -> str:
    """The text as HTML, what is marked safe as it is: `conditional_escape` for what is no lazy
    text of a form, in a third of its time. A page has hundreds."""
    return text if isinstance(text, SafeString) else escape(str(text))


def link_html(url: str | None, html: str) -> SafeString:
    """The text as a link; an address that is no web address is left out."""
    # A page has hundreds: `mark_safe` would ask of each whether it is lazy.
    if url is None or not _is_web_address(url):
        return SafeString(html)
    return SafeString(f'<a href="{escaped(url)}">{html}</a>')


def _is_web_address(url: str) -> bool:
    if url.startswith("/"):
        return True
    head = url.split("/", 1)[0].split("?", 1)[0].split("#", 1)[0]
    return ":" not in head or url.lower().startswith(_SCHEMES)


def isolated(text: str) -> str:
    """Text of users, escaped; what runs the other way than the page upsets nothing beside it."""
    html = escaped(text)
    is_plain = html.isascii() and not get_language_bidi()
    return html if is_plain or not html else f"<bdi>{html}</bdi>"


def _in_language(cell: Cell, stated: str) -> Cell:
    """The cell, marked with the language of its words where the page is in another."""
    if not stated or stated == get_language():
        return cell
    html = f'<span lang="{conditional_escape(stated)}">{cell.html}</span>'
    return cell._replace(html=mark_safe(html))  # noqa: S308 – of a cell, and escaped


def reader(path: str) -> Callable[[Any], Any]:
    """A function that follows `organization__name` from a record, be it an object or a dict."""
    steps = path.split("__")

    def read(record: Any) -> Any:
        if isinstance(record, dict) and path in record:
            return record[path]
        for step in steps:
            if record is None:
                return None
            try:
                record = record[step] if isinstance(record, dict) else getattr(record, step)
            except ObjectDoesNotExist:
                return None
            if callable(record) and not isinstance(record, models.Manager):
                record = record()
        return record

    return read


class Column(tables.Column):
    """A column; `link`, `get` and the like take a function of the record or a table's method name.

    term: anchor in the glossary. definition: what the column means, for the sheet "About".
    link: address for the cell, or True for the object's own page.
    get: reads the value where no path of attributes does (give `order_by` to make it sortable).
    """

    kind = "text"
    css = ""
    language = ""
    unit: Any = ""
    width = 16
    number_format = "General"
    descending_first = False
    # The figure of a catalogue that it shows, if it does.
    of_figure: Any = None

    def __init__(
        self,
        verbose_name: Any = None,
        *,
        term: str = "",
        definition: Any = "",
        unit: Any = None,
        link: Callable[[Any], str | None] | str | bool | None = None,
        get: Callable[[Any], Any] | str | None = None,
        css: str = "",
        **options: Any,
    ):
        self.term, self.definition = term, definition
        self.unit = self.unit if unit is None else unit
        self.get, self.link_to = get, link
        self.css = css or self.css
        if get is not None and "order_by" not in options:
            options.setdefault("orderable", False)
        if self.css:
            options["attrs"] = {"td": {"class": self.css}} | (options.get("attrs") or {})
        options.setdefault("initial_sort_descending", self.descending_first)
        super().__init__(verbose_name, **options)

    def __deepcopy__(self, _memo: Any) -> Column:
        """Each table has columns of its own; what they are made of is shared, and stays."""
        return copy(self)

    def bind(self, table: Any, name: str) -> None:
        """Tie the copy of this column to its table, whose methods it may name."""
        self.name = name
        read = self._method(table, self.get)
        self.path = "" if read else str(self.accessor)
        self.raw: Callable[[Any], Any] = read or reader(str(self.accessor))
        self.address = self._method(table, self.link_to) if self.link_to is not True else None

    @staticmethod
    def _method(table: Any, given: Any) -> Any:
        return getattr(table, given) if isinstance(given, str) else given

    def url(self, record: Any, raw: Any) -> str | None:
        """Where the cell leads to."""
        if self.link_to is True:
            target = raw if hasattr(raw, "get_absolute_url") else record
            return address_of(target) if hasattr(target, "get_absolute_url") else None
        return self.address(record) if self.address else None

    def sort_paths(self) -> list[str]:
        """The fields to sort by, a "-" in front of those that run the other way."""
        paths = self.order_by if self.order_by else (self.accessor,)
        return [str(path).replace(".", LOOKUP_SEP) for path in paths]

    @in_bulk(texts)
    def clean(self, raw: Any) -> Any:
        """The typed value for exports; None where there is none."""
        return None if raw is None else clean_text(str(raw)) or None

    def values(self, records: Sequence[Any]) -> Values:
        """The typed value of each record that goes into files."""
        return self.cleaned(self.raws(records))

    def sorted_by(self, records: Sequence[Any]) -> Values:
        """What lists of objects sort the records by: mostly what goes into files."""
        return self.values(records)

    def raws(self, records: Sequence[Any]) -> Values:
        """What `raw` reads of each record."""
        return raws(self.path, self.raw, records) if records else []

    def cleaned(self, values: Values) -> Values:
        """What `clean` makes of each value that was read."""
        quick = quick_way(type(self).clean)
        done = quick(self, values) if quick else None
        if done is None:
            done = [None if raw is BLANK else self.clean(raw) for raw in values]
        return done

    def html(self, raw: Any) -> str:
        """The value as shown, escaped; "" where there is none."""
        value = self.clean(raw)
        return "" if value is None else isolated(value)

    def cell(self, record: Any) -> Cell:
        """The cell on page and paper."""
        raw = self.raw(record)
        cell = self.cell_of(raw, url=None if raw is BLANK else self.url(record, raw))
        return _in_language(cell, getattr(record, self.language)) if self.language else cell

    def cell_of(self, raw: Any, *, url: str | None = None) -> Cell:
        """The cell for a value that need not come from a record, as a total does."""
        if raw is BLANK:
            return Cell("", self.css)
        html = self.html(raw)
        if not html:
            missing = f'<span class="unknown">{formatting.not_available()}</span>'
            return Cell(mark_safe(missing), self.css)  # noqa: S308
        return Cell(link_html(url, html), self.css)

    def marked_cell(self, raw: Any, url: str | None, parts: Any) -> Cell:  # noqa: ARG002
        """The same with the marks of what it holds; only numbers have such parts."""
        return self.cell_of(raw, url=url)

    def export_fields(self, label: str) -> list[ExportField]:
        """The columns that this one becomes in a file."""
        return [self.export_field(self.name, label, self.values)]

    def export_field(
        self, key: str, label: str, values: Callable[[Sequence[Any]], Values]
    ) -> ExportField:
        """The main column in a file."""
        return ExportField(
            key=key,
            label=label,
            kind=self.kind,
            values=values,
            unit=str(self.unit),
            definition=str(self.definition),
            width=self.width,
            number_format=self.number_format,
        )

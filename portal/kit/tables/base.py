"""One definition of a table for page, print, PDF, Excel, CSV and JSON.

class ProjectTable(Table):
    title = _("Projects")
    number = IdentifierColumn(_("Number"), link=True)
    net_funded = MoneyColumn(_("Net funded"), term="net-funded", link="records_url")

    def records_url(self, record): ...
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from typing import Any

import django_tables2
from django.core.paginator import Page
from django.db import models
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from portal.kit.tables.cells import Cell
from portal.kit.tables.columns import BLANK
from portal.kit.tables.drawn import Head, Row, heads_html, rows_html
from portal.kit.tables.filed import Filed, TotalRow
from portal.kit.tables.ordering import RecordList, RecordQuery
from portal.kit.tables.parts import NO_PARTS

CHUNK = 2000
# The name in an address of each column to show.
COLUMN = "column"
# So many columns a narrow screen shows as a table.
_NARROW = 2
# More keys than a person sorts by only cost time.
_MAX_SORT_KEYS = 3


class Table(Filed, django_tables2.Table):
    """A table; everything but `data` can be stated by the class or for one instance.

    data: a queryset (select_related and prefetches are the caller's), or a list of objects
    or dicts. totals: {column: value}, or a list of TotalRow. wide: scrolls in its own frame.
    query: what the address asks for, which lets the page sort it and choose its columns.
    card: columns of which a narrow screen makes a card of each row; where none are named, all of
    them, if they are more than have room there beside each other.
    optional: columns that are shown only where they are asked for.
    sorts: the columns that it may be sorted by; None for all.
    """

    title: Any = ""
    # The name of its sheet in Excel, where the title is longer than the 31 characters it takes.
    sheet: Any = ""
    caption: Any = ""
    caption_hidden = False
    empty_text: Any = ""
    note: Any = ""
    wide = False
    card: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()

    def __init__(
        self,
        data: Any,
        *,
        query: QueryDict | None = None,
        title: Any = None,
        caption: Any = None,
        caption_hidden: bool | None = None,
        empty_text: Any = None,
        note: Any = None,
        totals: Mapping[str, Any] | Iterable[TotalRow] | None = None,
        wide: bool | None = None,
        id: str | None = None,
        prefix: str = "",
        sorts: Iterable[str] | None = None,
        **options: Any,
    ):
        is_query = isinstance(data, models.QuerySet)
        data = RecordQuery(data) if is_query else RecordList(list(data))
        attrs = dict(options.pop("attrs", None) or {})
        attrs.setdefault("id", id or f"{prefix}table")
        empty_text = self.empty_text if empty_text is None else empty_text
        order_by = options.pop("order_by", None) or self._meta.order_by or ()
        super().__init__(
            data, order_by=(), prefix=prefix, attrs=attrs, empty_text=empty_text or "", **options
        )
        stated = {
            "title": title,
            "caption": caption,
            "caption_hidden": caption_hidden,
            "note": note,
            "wide": wide,
        }
        for name, value in stated.items():
            if value is not None:
                setattr(self, name, value)
        self.query = query
        self.sorts = None if sorts is None else frozenset(sorts)
        self._choose_columns(options.get("exclude") or ())
        self._bind_columns()
        # The setter leaves out unknown and unsortable columns, so the default may stay.
        self.order_by: Any = self._asked_order()
        if not self.order_by:
            self.order_by = order_by
        self.totals = totals
        self.page_obj: Page | None = None
        self._page_rows: list[Row] | None = None
        self._heads: list[Head] | None = None
        self._footer_rows: tuple[Any, list[Row]] | None = None
        self._marks: tuple[list[Row], frozenset[str]] | None = None
        self.title = self.title or self.caption
        self.caption = self.caption or self.title
        self.empty_text = self.empty_text or _("There is nothing here yet.")

    def _asked_order(self) -> list[str]:
        """The sort keys of the address."""
        asked = self.query.get(self.prefixed_order_by_field, "") if self.query else ""
        return [key for key in asked.split(",")[:_MAX_SORT_KEYS] if key.strip("-")]

    def _choose_columns(self, excluded: Iterable[str]) -> None:
        """Leave out what the address does not ask for; the first says what a row is, and stays."""
        asked = self.query.getlist(f"{self.prefix}{COLUMN}") if self.query else ()
        others = list(self.columns.columns)[1:]
        self.chosen = tuple(name for name in others if name in asked)
        left_out = [name for name in others if name not in self.chosen]
        self.exclude = (*excluded, *(left_out if self.chosen else self.optional))

    @property
    def column_choices(self) -> list[tuple[str, str, bool]]:
        """Name and heading of each column that may be chosen, and whether it is shown."""
        shown = self.columns.names()
        others = list(self.columns.columns.items())[1:]
        return [(name, str(bound.header), name in shown) for name, bound in others]

    def _bind_columns(self) -> None:
        """Tie each column to this table; what the data cannot be sorted by gets no link."""
        for bound in self.columns.iterall():
            bound.column.bind(self, bound.name)
            if self.sorts is not None and bound.name not in self.sorts:
                bound.column.orderable = False
            own_order = hasattr(self, f"order_{bound.name}")
            if not own_order and not all(map(self.data.can_sort_by, bound.column.sort_paths())):
                bound.column.orderable = False

    def model_field(self, path: str) -> Any:
        """The model's field at the end of a path, or None."""
        return self.data.model_field(path)

    # --- For subclasses

    def row_class(self, _record: Any) -> str:
        """ "sum" for a line that adds up, "group" for one that names what follows."""
        return ""

    # --- Rows for the page

    @property
    def heads(self) -> list[Head]:
        """The headings with their links; those of a page's list are asked for twice."""
        if self._heads is None:
            self._heads = [self._head(bound) for bound in self.columns]
        return self._heads

    @property
    def sorting_heads(self) -> list[Head]:
        """The headings by which the address can sort it."""
        return [head for head in self.heads if head.sort_url]

    @property
    def heads_html(self) -> SafeString:
        """The headings as drawn on a screen."""
        return heads_html(self.heads, on_paper=False)

    @property
    def paper_heads_html(self) -> SafeString:
        """The headings as drawn on paper."""
        return heads_html(self.heads, on_paper=True)

    @property
    def rows_html(self) -> SafeString:
        """The rows of the page as drawn."""
        return rows_html(self.page_rows, is_card=self.is_card)

    @property
    def footer_html(self) -> SafeString:
        """The totals as drawn; "" where there are none."""
        return rows_html(self.footer_rows, is_card=self.is_card)

    def _head(self, bound: Any) -> Head:
        column = bound.column
        direction = ""
        if bound.is_ordered:
            direction = "descending" if bound.order_by_alias.is_descending else "ascending"
        sortable = bound.orderable and self.query is not None
        url = self._sort_url(bound.order_by_alias.next) if sortable else ""
        return Head(str(bound.header), column.css, column.term, url, direction)

    def _sort_url(self, alias: str) -> str:
        if self.query is None:
            return ""
        query = copy(self.query)
        query[self.prefixed_order_by_field] = alias
        for name in (self.prefixed_page_field, "format"):
            query.pop(name, None)
        return f"?{query.urlencode()}"

    def show_page(self, page: Page) -> None:
        """Draw only the rows of this page of the table's records."""
        self.page_obj = page
        self._page_rows = None

    @property
    def page_rows(self) -> list[Row]:
        """The rows of the page, or all of them; drawn once."""
        if self._page_rows is None:
            records = self.data.data if self.page_obj is None else self.page_obj.object_list
            bounds = list(self.columns)
            self._page_rows = [
                self._on_card(
                    Row(self.row_class(record), [bound.column.cell(record) for bound in bounds])
                )
                for record in records
            ]
        return self._page_rows

    def _on_card(self, row: Row) -> Row:
        """The row with what a card needs: headings beside figures, less that is not asked for."""
        if not self.is_card:
            return row
        cells = [
            Cell(
                cell.html,
                cell.css if on_card else f"{cell.css} off-card".strip(),
                heading if number else "",
                "" if number else "rowheader",
            )
            for number, ((heading, on_card), cell) in enumerate(
                zip(self._card_heads, row.cells, strict=True)
            )
        ]
        return Row(row.css, cells)

    @property
    def is_card(self) -> bool:
        """Whether a narrow screen makes a card of each row."""
        return bool(self.card) or len(self.columns.names()) > _NARROW

    @cached_property
    def _card_heads(self) -> list[tuple[str, bool]]:
        """The heading of each column, and whether a card shows it."""
        shown = {*self.card, *self.chosen} if self.card else self.columns.names()
        return [(str(bound.header), bound.name in shown) for bound in self.columns]

    @property
    def footer_rows(self) -> list[Row]:
        """The totals as drawn below the table; drawn once."""
        if self._footer_rows is None or self._footer_rows[0] is not self.totals:
            rows = [self._on_card(Row("", self._total_cells(total))) for total in self.total_rows]
            self._footer_rows = self.totals, rows
        return self._footer_rows[1]

    @property
    def has_interim(self) -> bool:
        """Whether a figure drawn here is marked as interim in part."""
        return self._has_mark("interim")

    @property
    def has_unconverted(self) -> bool:
        """Whether a figure drawn here leaves amounts out, for no rate of exchange is known."""
        return self._has_mark("unconverted")

    def _has_mark(self, css: str) -> bool:
        """Looked at once; most cells of a column have the same classes."""
        rows = self.page_rows
        if self._marks is None or self._marks[0] is not rows:
            classes = {cell.css for row in (*rows, *self.footer_rows) for cell in row.cells}
            self._marks = rows, frozenset(" ".join(classes).split())
        return css in self._marks[1]

    def _total_cells(self, total: TotalRow) -> list[Cell]:
        cells = []
        for index, bound in enumerate(self.columns):
            if index == 0 and bound.name not in total.values:
                cells.append(Cell(str(total.label)))
                continue
            raw = total.values.get(bound.name, BLANK)
            url, parts = total.links.get(bound.name), total.parts.get(bound.name, NO_PARTS)
            cells.append(bound.column.marked_cell(raw, url, parts))
        return cells

    # --- Rows for files

    def row_count(self) -> int:
        """How many records there are on all pages."""
        return self.data.count()

    def rows_up_to(self, limit: int) -> int:
        """The same where it is at most `limit`; `limit` + 1 where there are more."""
        return self.data.count_up_to(limit)

    def records(self) -> Iterator[Any]:
        """All records in order, a queryset's in chunks, so that memory stays small."""
        return self.data.records(CHUNK)


def any_interim(tables: Iterable[Table]) -> bool:
    """Whether a page with these tables has to explain the mark."""
    return any(table.has_interim for table in tables)

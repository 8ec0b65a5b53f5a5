"""Lines of a load as a table: a changed cell shows what stands and what would stand."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.core.paginator import Page
from django.utils.safestring import mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from finance.loading.content.columns import ShownColumn, columns_of_all
from finance.loading.content.shown import WHAT, ShownCell, ShownLine, shown_lines
from portal.kit.formatting import arrow
from portal.kit.safe import clean_text
from portal.kit.tables.base import Table
from portal.kit.tables.cells import Cell, Column, isolated
from portal.kit.tables.columns import IntegerColumn, KindColumn, TextColumn

AT_ONCE = 500


class LineCellColumn(Column):
    """One column of a file: before and after where they differ."""

    def __init__(self, shown: ShownColumn):
        super().__init__(
            capfirst(str(shown.label)),
            definition=_("As it stands and, where it changes, as it would stand."),
            css="n" if shown.is_number else "",
            orderable=False,
        )
        self.shown = shown

    def _of(self, record: ShownLine) -> ShownCell:
        return record.cells.get(self.shown.name) or ShownCell()

    def values(self, records: Sequence[ShownLine]) -> list[Any]:
        return list(map(self._told, records))

    def _told(self, record: ShownLine) -> str | None:
        cell = self._of(record)
        if not cell.differs:
            return clean_text(cell.after or cell.before) or None
        return clean_text(f"{cell.before} {arrow()} {cell.after}")

    def cell(self, record: ShownLine) -> Cell:
        cell = self._of(record)
        if not cell.differs:
            return Cell(mark_safe(isolated(cell.after or cell.before)), self.css)  # noqa: S308
        parts = [
            f"<{tag}>{isolated(text)}</{tag}>"
            for tag, text in (("del", cell.before), ("ins", cell.after))
            if text
        ]
        return Cell(mark_safe(" ".join(parts)), f"{self.css} differs".strip())  # noqa: S308


class LineTable(Table):
    """Lines that a load would add, change and withdraw."""

    title = _("Lines")
    caption_hidden = True
    wide = True
    empty_text = _("Nothing would change: all that the file states stands already.")
    what = KindColumn(
        choices=WHAT,
        verbose_name=_("What happens"),
        definition=_("Whether the line is new, changed or withdrawn."),
        orderable=False,
    )
    line = IntegerColumn(verbose_name=_("Row"), definition=_("Row of the file."), orderable=False)
    record = TextColumn(
        get=lambda line: capfirst(line.kind),
        verbose_name=_("Kind"),
        definition=_("What the line is."),
    )

    def __init__(self, data: Any, *, models: Iterable[str], **options: Any):
        models = list(models)
        columns = columns_of_all(models)
        options["extra_columns"] = [
            (name, LineCellColumn(column)) for name, column in columns.items()
        ]
        if len(models) == 1:
            options["exclude"] = ("record",)
        # On a narrow screen each line is a card with all its cells.
        self.card = ("what", "line", "record", *columns)
        super().__init__(data, **options)

    def show_page(self, page: Page) -> None:
        """The page's lines with their cells: as many queries for many lines as for few."""
        page.object_list = shown_lines(list(page.object_list))
        super().show_page(page)

    def records(self) -> Iterator[Any]:
        """All lines with their cells, some at a time."""
        waiting: list[Any] = []
        for line in super().records():
            waiting.append(line)
            if len(waiting) == AT_ONCE:
                yield from shown_lines(waiting)
                waiting.clear()
        yield from shown_lines(waiting)

    def row_class(self, record: Any) -> str:
        """What happens to the line."""
        return f"line-{record.what}"

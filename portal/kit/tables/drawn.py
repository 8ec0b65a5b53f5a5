"""Headings and rows of a table as the page draws them.

They are joined here: a template for each cell or heading costs several times as much, and a page
has hundreds.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from portal.kit.tables.cells import Cell, escaped
from portal.kit.tables.terms import term_html


class Row(NamedTuple):
    """A row as the page draws it."""

    css: str
    cells: list[Cell]

    @property
    def html(self) -> SafeString:
        """Its cells one after the other, the first as the heading of the row."""
        first, *others = self.cells
        head = f'<th scope="row"{first.attributes}>{escaped(first.html)}</th>'
        rest = (f"<td{cell.attributes}>{escaped(cell.html)}</td>" for cell in others)
        return mark_safe("".join((head, *rest)))  # noqa: S308 – escaped one by one


class Head(NamedTuple):
    """A heading as the page draws it; `sorted` is ascending, descending or empty."""

    text: str
    css: str
    term: str
    sort_url: str
    sorted: str

    def html(self, *, on_paper: bool) -> str:
        """Its element; paper has no links to sort by."""
        css = f' class="{escaped(self.css)}"' if self.css else ""
        order = f' aria-sort="{self.sorted}"' if self.sorted else ""
        return f'<th scope="col"{css}{order}>{self._content(on_paper=on_paper)}</th>'

    def _content(self, *, on_paper: bool) -> str:
        if self.term:
            named = term_html(self.text, self.term, on_paper=on_paper)
            return (
                named if on_paper else f"<span>{named}{arrow_html(self.text, self.sort_url)}</span>"
            )
        if self.sort_url and not on_paper:
            url = escaped(self.sort_url)
            return f'<a class="sort" href="{url}" rel="nofollow">{escaped(self.text)}</a>'
        return escaped(self.text)


def rows_html(rows: Iterable[Row], *, is_card: bool) -> SafeString:
    """The rows of the body, or of the totals; of cards each says that it is a row."""
    role = ' role="row"' if is_card else ""
    return mark_safe(  # noqa: S308 – escaped one by one
        "\n".join(f"<tr{_class(row.css)}{role}>{row.html}</tr>" for row in rows)
    )


def _class(css: str) -> str:
    return f' class="{escaped(css)}"' if css else ""


def heads_html(heads: Iterable[Head], *, on_paper: bool) -> SafeString:
    """The headings one after the other."""
    return mark_safe("".join(head.html(on_paper=on_paper) for head in heads))  # noqa: S308 – as above


def arrow_html(heading: object, url: str) -> str:
    """The arrow beside a heading that sorts by it; "" where nothing can be sorted."""
    if not url:
        return ""
    label = escaped(_sort_by(get_language()) % {"heading": heading})
    return f'<a class="sort" href="{escaped(url)}" rel="nofollow" aria-label="{label}"></a>'


@lru_cache
def _sort_by(_language: str | None) -> str:
    """In the active language; looked up once for all headings."""
    return gettext("Sort by %(heading)s")

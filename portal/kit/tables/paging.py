"""Pages of rows: only so many rows are counted, and there are pages beyond them.

An address names a page by its number. Of a list that was not counted to its end, the links to
the next page and to the one before also name the row from which it goes on: 401after18231.
"""

import re
from typing import Any

from django.core.paginator import EmptyPage, Page, PageNotAnInteger, Paginator

# Counting more costs more, and tells a reader nothing new.
COUNTED = 10_000
# Beyond it the number of a row is more than the database takes.
_LAST_PAGE = 2**40
_GOING_ON = re.compile(r"(\d{1,13})(after|before)(\d{1,40})", re.ASCII)


def counted(table: Any) -> dict[str, Any]:
    """How many rows a page says that there are, and whether there are more."""
    found = table.rows_up_to(COUNTED)
    return {"count": min(found, COUNTED), "has_more": found > COUNTED}


class OpenPage(Page):
    """A page of a list whose end was not looked for."""

    goes_on = False

    def has_next(self) -> bool:
        """Whether a row follows those of the page."""
        return self.goes_on

    def next_page_number(self) -> Any:
        """The next page, from the last row of this one on."""
        return self._beyond(super().next_page_number(), "after", self.object_list[-1])

    def previous_page_number(self) -> Any:
        """The page before, back from the first row of this one."""
        return self._beyond(super().previous_page_number(), "before", self.object_list[0])

    def _beyond(self, number: int, how: str, row: Any) -> str | int:
        pk = getattr(row, "pk", None)
        return f"{number}{how}{pk}" if isinstance(pk, int) and number > 1 else number

    def end_index(self) -> int:
        """The number of its last row."""
        return self.start_index() + len(self.object_list) - 1


class RowPaginator(Paginator):
    """Pages of a table; where it has more rows than are counted, each page looks one row ahead."""

    def __init__(self, table: Any, per_page: int) -> None:
        super().__init__(table.data.data, per_page)
        self.data = table.data
        found = counted(table)
        self.count, self.has_more = found["count"], found["has_more"]

    def get_page(self, number: Any) -> Page:
        """That page, or one that is there."""
        known = _GOING_ON.fullmatch(str(number))
        if known:
            number = known[1]
        try:
            if self.has_more and known:
                return self._page_beyond(int(known[1]), known[2], int(known[3]))
            return super().get_page(number)
        except EmptyPage:
            return self.page(self.num_pages)

    def page(self, number: int | str) -> Page:
        """The page of that number. Raises EmptyPage or PageNotAnInteger."""
        number = self.validate_number(number)
        if not self.has_more:
            return super().page(number)
        first = (number - 1) * self.per_page
        return self._open(list(self.object_list[first : first + self.per_page + 1]), number)

    def _page_beyond(self, number: int, how: str, pk: int) -> Page:
        """The page that goes on from a row; by its number where that row is not there any more."""
        backwards = how == "before"
        found = self.data.beyond(pk, self.per_page + (not backwards), backwards=backwards)
        if found is None:
            return self.page(number)
        if not backwards:
            return self._open(found, number)
        page = self._open(found[::-1], number)
        page.goes_on = True
        return page

    def _open(self, rows: list[Any], number: int) -> OpenPage:
        if not rows:
            raise EmptyPage(self.error_messages["no_results"])
        page = OpenPage(rows[: self.per_page], number, self)
        page.goes_on = len(rows) > self.per_page
        return page

    def validate_number(self, number: float | str) -> int:
        """Any number where the end is open. Raises EmptyPage or PageNotAnInteger."""
        if not self.has_more:
            return super().validate_number(number)
        try:
            wanted = int(number)
        except (TypeError, ValueError) as error:
            raise PageNotAnInteger(self.error_messages["invalid_page"]) from error
        if 0 < wanted <= _LAST_PAGE:
            return wanted
        raise EmptyPage(self.error_messages["min_page" if wanted < 1 else "no_results"])

    def get_numbers(self, page: Page) -> list[int | str]:
        """The pages to link to; an ellipsis stands for those between, and for an open end."""
        if not self.has_more:
            return list(self.get_elided_page_range(page.number, on_each_side=1, on_ends=1))
        near = range(max(page.number - 1, 1), page.number + 1 + page.has_next())
        gap = [self.ELLIPSIS] if near[0] > 2 else []
        before = [1, *gap] if near[0] > 1 else []
        return [*before, *near, *([self.ELLIPSIS] if page.has_next() else [])]

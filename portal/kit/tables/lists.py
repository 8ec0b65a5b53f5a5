"""The column of several names."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.db import models
from django.utils.html import conditional_escape
from django.utils.translation import ngettext

from portal.kit.language.place_names import shown_name
from portal.kit.safe import clean_text
from portal.kit.tables.bulk import in_bulk, lists
from portal.kit.tables.cells import Column, address_of, isolated, link_html

# Between the names, in files too.
SEPARATOR = "; "


class ListColumn(Column):
    """Several names; `item_link` gives the address of each, True its own page.

    short: attribute with a shorter name for the page, where an item has one; the full name
    then stands in the title, and in files. most: so many are shown on the page.
    For files a text will do, of names that the database has joined.
    """

    width = 40

    def __init__(
        self,
        verbose_name: Any = None,
        *,
        item_link: Callable[[Any], str | None] | bool | None = None,
        separator: str = SEPARATOR,
        short: str = "",
        most: int | None = None,
        **options: Any,
    ):
        self.item_link, self.separator, self.short = item_link, separator, short
        self.most = most
        options.setdefault("orderable", False)
        super().__init__(verbose_name, **options)

    @staticmethod
    def items(raw: Any) -> Iterable[Any]:
        """The things listed; a manager gives what was prefetched."""
        if raw is None:
            return ()
        return raw.all() if isinstance(raw, models.Manager) else raw

    @in_bulk(lists)
    def clean(self, raw: Any) -> str | None:
        if isinstance(raw, str):
            return raw or None
        return self.separator.join(str(item) for item in self.items(raw)) or None

    def html(self, raw: Any) -> str:
        items = list(self.items(raw))
        shown = items[: self.most]
        names: list[str] = [link_html(self._item_url(item), self._name(item)) for item in shown]
        if more := len(items) - len(shown):
            names.append(ngettext("%(count)s more", "%(count)s more", more) % {"count": more})
        return self.separator.join(names)

    def _name(self, item: Any) -> str:
        short = getattr(item, self.short, "") if self.short else ""
        if not short or short == str(item):
            return isolated(shown_name(item))
        full = conditional_escape(clean_text(str(item)))
        return f'<abbr title="{full}">{isolated(clean_text(short))}</abbr>'

    def _item_url(self, item: Any) -> str | None:
        if self.item_link is True:
            return address_of(item)
        return self.item_link(item) if callable(self.item_link) else None

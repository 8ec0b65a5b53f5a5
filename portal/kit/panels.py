"""Panels: the parts that a factsheet is a list of."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest


@dataclass
class Ask:
    """What a reader asks of a page: known when, money until when, and the request itself.

    `memo` holds what several panels share, so that it is read once per page.
    """

    request: HttpRequest
    as_of: datetime | None = None
    until: date | None = None
    memo: dict[str, Any] = field(default_factory=dict)

    @property
    def office(self) -> Any:
        """The office that runs the portal, as the request carries it."""
        return getattr(self.request, "office", None)

    def once(self, key: str, make: Callable[[], Any]) -> Any:
        """The value of `make`, made at most once for this page."""
        if key not in self.memo:
            self.memo[key] = make()
        return self.memo[key]


@dataclass(frozen=True)
class Panel:
    """A part of a factsheet: `build(thing, ask)` gives its context, or None for no panel."""

    anchor: str
    title: Any
    template: str
    build: Callable[[Any, Ask], dict[str, Any] | None]

    def drawn(self, thing: Any, ask: Ask) -> dict[str, Any] | None:
        """What the page's template needs to draw the panel, or None."""
        context = self.build(thing, ask)
        if context is None:
            return None
        return {"anchor": self.anchor, "title": self.title, "template": self.template, **context}

"""Panels: the parts that a factsheet is a list of."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest

from portal.kit.dates import asked_dates


@dataclass
class Ask:
    """What a reader asks of a page: known when, money until when, and the request itself.

    Moment and day are those of the address, unless stated. The request carries its Ask, so
    that banner, files and links say what the page shows; a page without figures makes none.
    `memo` holds what several panels share, so that it is read once per page; `remarks` are
    lines for the banner.
    """

    request: HttpRequest
    as_of: datetime | None = None
    until: date | None = None
    memo: dict[str, Any] = field(default_factory=dict)
    remarks: list[Any] = field(default_factory=list)

    def __post_init__(self) -> None:
        dates = asked_dates(self.request)
        self.as_of = self.as_of or dates.moment
        self.until = self.until or dates.until
        self.request.ask = self  # type: ignore[attr-defined]

    @property
    def is_past(self) -> bool:
        """Whether the page shows anything but today's figures."""
        return self.as_of is not None or self.until is not None

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

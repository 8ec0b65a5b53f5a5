"""Panels: the parts that a page is a list of."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Panel:
    """A part of a page: `build(page)` gives its context, or None for no panel.

    `page` holds what several panels share, read once.
    """

    anchor: str
    title: Any
    template: str
    build: Callable[[Any], dict[str, Any] | None]

    def drawn(self, page: Any) -> dict[str, Any] | None:
        """What the page's template needs to draw the panel, or None."""
        context = self.build(page)
        if context is None:
            return None
        return {"anchor": self.anchor, "title": self.title, "template": self.template, **context}

"""Panels: the parts that a page is a list of."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Panel:
    """A part of a page: `build(page)` gives its context, or None for no panel.

    `page` holds what several panels share, read once. `folded`: a page on screen shows its title
    and `hint`, a line of what is in it, and opens the rest; paper shows all of it.
    """

    anchor: str
    title: Any
    template: str
    build: Callable[[Any], dict[str, Any] | None]
    folded: bool = False
    hint: Callable[[dict[str, Any]], str] = lambda _context: ""

    def drawn(self, page: Any) -> dict[str, Any] | None:
        """What the page's template needs to draw the panel, or None."""
        context = self.build(page)
        if context is None:
            return None
        return {
            "anchor": self.anchor,
            "title": self.title,
            "template": self.template,
            "folded": self.folded,
            "hint": self.hint(context) if self.folded else "",
            **context,
        }

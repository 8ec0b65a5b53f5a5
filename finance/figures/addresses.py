"""From a figure to the records that add up to it, or to what it is worked out from."""

from functools import lru_cache
from typing import Any

from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from finance.figures.catalogue import FIGURES, OF_PROJECTS
from finance.figures.sums import Totals

NONE = "-"  # in addresses: what the source does not state
NOT_STATED = _("Not stated in the source")


def records_url(page: str, figure: str, **where: Any) -> str:
    """The address of the records behind a figure of a page such as /project/00102004/."""
    return subpage_url(page, "records", FIGURES[figure].records_of, **where)


def breakdown_url(page: str, figure: str, whose: Any, **where: Any) -> str | None:
    """The address that tells what a figure of arrangements is made of; None where it is nothing."""
    return subpage_url(page, "outstanding", figure, **where) if getattr(whose, figure) else None


def subpage_url(page: str, what: str, figure: str, **where: Any) -> str:
    """The address of a page below this one that tells what a figure is made of."""
    known = tuple((name, value) for name, value in where.items() if value is not None)
    return f"{page}{what}/?figure={figure}{_asked(known)}"


@lru_cache(maxsize=1000)
def _asked(known: tuple[tuple[str, Any], ...]) -> str:
    """The rest of an address; all figures of a row, and many of a table, ask for the same."""
    return f"&{urlencode(known)}" if known else ""


def figure_link(page: str, totals: Totals, figure: str, **where: Any) -> str | None:
    """Where the records are listed; None where none is behind the figure, or it is none."""
    if not page or figure not in FIGURES:
        return None
    listed = OF_PROJECTS.get(FIGURES[figure].records_of)
    if listed is None or not totals.measures & listed.measures.measures:
        return None
    return records_url(page, figure, **where)

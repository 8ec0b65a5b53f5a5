"""What a search shows: groups of hits, each saying what it is."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from enum import IntEnum
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from finance.figures.catalogue import FIGURES
from finance.figures.sums import Totals
from finance.models import Entry, FundFigure, OrganizationFigure
from finance.models.figures import Measure
from portal.kit.currency import told_in_base
from portal.kit.formatting import money

SHOWN = 8
# Beyond it a count says "more than".
COUNTED = 1000


# Where sums of today are kept, for there may be hundreds of thousands of entries; of an
# organization only those of projects.
_KEPT: dict[str, Any] = {"project_fund": FundFigure, "organization": OrganizationFigure}
_OF_FUNDS = {Measure.DEPOSIT, Measure.COMMITMENT}


class Match(IntEnum):
    """How something was found, the best first."""

    EXACT = 0
    NAME = 1
    NAME_BEGINS = 2
    TITLE = 3
    TITLE_BEGINS = 4
    TEXT = 5
    TEXT_BEGINS = 6


@dataclass(frozen=True)
class Hit:
    """One thing found: its name as shown, its page, its code, and facts to tell it by."""

    name: Any
    url: str
    code: str = ""
    facts: tuple[str, ...] = ()
    # Other pages of the same thing: name and address.
    pages: tuple[tuple[str, str], ...] = ()

    @property
    def told(self) -> list[str]:
        """What tells it from others, its code first."""
        return [part for part in (self.code, *self.facts) if part]


@dataclass
class Group:
    """Hits of one kind, the best first; `count` is how many there are in all, if that is known."""

    kind: str
    title: str
    hits: list[Hit] = field(default_factory=list)
    count: int | None = None
    url: str = ""
    # How its best hit was found, and how many words of the search that hit lacks.
    match: Match = Match.TEXT_BEGINS
    missing: int = 0
    # Words of the search that stand beside the code by which it was found.
    beside: list[str] = field(default_factory=list)

    @property
    def rank(self) -> tuple[int, int]:
        """Groups stand in this order: all words first, then exact ones, names, titles, texts."""
        return (self.missing, self.match)

    @property
    def how_many(self) -> str:
        """The count in words."""
        if self.count is None:
            return ""
        if self.count > COUNTED:
            return _("more than %(count)s") % {"count": f"{COUNTED:,}"}
        return f"{self.count:,}"


def totals_by(key: str, ids: Iterable[int], *measures: Measure) -> dict[int, Totals]:
    """Sums of today, in the base currency, of these measures by project, fund or organization."""
    wanted = Q(**{f"{key}__in": list(ids)}, measure__in=measures)
    kept: Any = Entry if _OF_FUNDS & {*measures} else _KEPT.get(key, Entry)
    totals: dict[int, Totals] = {}
    for row in kept.objects.known().filter(wanted).summed(key, "measure", "state"):
        totals.setdefault(row[key], Totals()).count(
            row["measure"],
            row["state"],
            row["base_amount__sum"],
            row["records__sum"],
            row["unconverted__sum"],
        )
    return totals


def told(figure: str, totals: Totals | None) -> tuple[str, ...]:
    """One figure in words, or nothing where no record is behind it."""
    if totals is None or not totals.has(figure):
        return ()
    amount: Decimal = getattr(totals, figure)
    parts = totals.parts(figure)
    label = str(FIGURES[figure].label)
    if parts.hide(amount):
        return (f"{label}: {parts.words}",)
    words = told_in_base(_("%(label)s: %(currency)s %(amount)s"), label=label, amount=money(amount))
    return (f"{words} ({parts.words})" if parts.words else words,)

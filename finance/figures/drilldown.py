"""From a figure to the records that add up to it: which measures it is made of, and where."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from finance.figures.sums import Totals
from finance.models.figures import Measure

NONE = "-"  # in addresses: what the source does not state
NOT_STATED = _("Not stated in the source")

_NET = {Measure.TRANSFER: 1, Measure.REFUND: -1}
# Each figure as a sum of measures; the delivery rate is made of two sums, see its page.
FIGURES: Mapping[str, Mapping[Measure, int]] = MappingProxyType(
    {
        "approved": {Measure.APPROVED: 1},
        "transfer": {Measure.TRANSFER: 1},
        "refund": {Measure.REFUND: 1},
        "net_funded": _NET,
        "expenditure": {Measure.EXPENDITURE: 1},
        "balance": {**_NET, Measure.EXPENDITURE: -1},
        "delivery_rate": {**_NET, Measure.EXPENDITURE: 1},
        "commitment": {Measure.COMMITMENT: 1},
        "deposit": {Measure.DEPOSIT: 1},
    }
)
OF_EXPENDITURE = frozenset(
    figure for figure, measures in FIGURES.items() if Measure.EXPENDITURE in measures
)
LABELS = MappingProxyType(
    {
        "approved": _("Approved budget"),
        "transfer": _("Transfers"),
        "refund": _("Refunds"),
        "net_funded": _("Net funded amount"),
        "expenditure": _("Expenditure"),
        "balance": _("Balance with organizations"),
        "delivery_rate": _("Delivery rate"),
        "commitment": _("Commitments"),
        "deposit": _("Deposits"),
    }
)


def records_url(page: str, figure: str, **where: Any) -> str:
    """The address of the records behind a figure of a page such as /project/00102004/."""
    return below(page, "records", figure, **where)


def below(page: str, what: str, figure: str, **where: Any) -> str:
    """The address of a page below this one that tells what a figure is made of."""
    known = {name: value for name, value in where.items() if value is not None}
    return f"{page}{what}/?{urlencode({'figure': figure, **known})}"


def figure_link(page: str, totals: Totals, figure: str, **where: Any) -> str | None:
    """The same; None where no record is behind the figure, or it is none."""
    if not page or figure not in FIGURES or not totals.measures & FIGURES[figure].keys():
        return None
    return records_url(page, figure, **where)

"""What outstanding amounts, exchange differences and deposits without a commitment are made of.

No record states these figures: they follow from the schedule of each arrangement and from what
was paid (`finance/contributors/arrangements.py`). These pages show each step and lead to the
records.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from finance.contributors.arrangement_tables import (
    DifferenceTable,
    DueRow,
    OutstandingTable,
)
from finance.contributors.arrangements import Arrangement, arrangements
from finance.figures.addresses import NONE
from finance.figures.catalogue import WORKED_OUT
from portal.kit.currency import told_in_base
from portal.kit.dates import WrongQuery
from portal.kit.filters import CodesField, codes_of
from portal.kit.formatting import cents, day
from portal.kit.tables.base import Table, TotalRow
from portal.kit.tables.parts import NO_PARTS, Parts
from portal.kit.views import TableView
from portal.kit.web.asked import one_of
from portal.public.entry_filters import known_arrangements, known_currencies
from portal.public.views.contributor_records import ContributorChildList
from portal.public.views.statements import fund_crumbs, get_fund_or_404
from projects.models import Fund, Organization

_OF_PAYMENTS = ("outstanding", "not_due", "overdue")
# What narrows the arrangements: the field that it is compared with, and its name.
_NARROWED = {
    "fund": ("fund__code", gettext_lazy("Fund (code)")),
    "organization": ("contributor__code", gettext_lazy("Organization (code)")),
    "kind": ("contributor__kind", gettext_lazy("Kind of contributor")),
    "arrangement": ("arrangement", gettext_lazy("Arrangement")),
}
_NOT_STATED: dict[str, dict[str, Any]] = {
    "organization": {"contributor": None},
    "arrangement": {"arrangement": ""},
}
_CODES = {
    "fund": CodesField(among=codes_of(Fund), required=False),
    "organization": CodesField(among=codes_of(Organization), unstated=NONE, required=False),
    "arrangement": CodesField(among=known_arrangements, unstated=NONE, required=False),
    "currency": CodesField(among=known_currencies, several=True, required=False),
}
_TOTALS = ("commitment", "deposit", "outstanding", "unmatched_deposits", "exchange_differences")


class Outstanding(TableView):
    """Of all contributors."""

    asks = ("figure", "currency", *_NARROWED)
    paginate_by = 50
    hidden: tuple[str, ...] = ()

    # --- What the figure is of

    def get_of(self) -> str:
        """The name of what the figure is of."""
        return _("All contributors together")

    def get_back(self) -> list[dict[str, Any]]:
        """The way to the page that shows the figure."""
        return [{"label": _("Contributors"), "url": reverse("contributor-list")}]

    def get_which(self) -> dict[str, Any]:
        """What narrows the arrangements to it."""
        return {}

    # --- The page

    @property
    def figure(self) -> str:
        """The figure asked for, or what is overdue."""
        return one_of(self.request.GET, "figure", WORKED_OUT, "overdue")

    def get_queryset(self) -> list[Arrangement]:
        which = self.get_which()
        for name, value in self.narrowed.items():
            stated = {_NARROWED[name][0]: value}
            which |= _NOT_STATED.get(name, stated) if value == NONE else stated
        found = arrangements(self.known, **which)
        if currencies := self._code("currency"):
            found = [one for one in found if one.where["currency"] == currencies]
        return found

    @property
    def narrowed(self) -> dict[str, str]:
        """What the address narrows the figure to, by name."""
        return {name: code for name in _NARROWED if (code := self._code(name))}

    def _code(self, name: str) -> str:
        """What it is narrowed to by this name. Raises WrongQuery where nothing is called so."""
        asked = self.request.GET
        if name == "kind":
            return one_of(asked, name, Organization.Kind.values, "")
        try:
            return _CODES[name].clean(asked.get(name, ""))
        except ValidationError as error:
            raise WrongQuery(f"{name}: {' '.join(error.messages)}") from error

    def get_filter_lines(self) -> list[tuple[str, str]]:
        lines = [(str(_NARROWED[name][1]), value) for name, value in self.narrowed.items()]
        if currency := self._code("currency"):
            lines.append((_("Currency"), currency))
        return [(_("Figure"), str(WORKED_OUT[self.figure])), *lines]

    def get_table(self) -> Table:
        rows: Iterable[Any]
        if self.figure in _OF_PAYMENTS:
            rows = _payments(self.rows, self.figure)
            table_class: type[Table] = OutstandingTable
            values = {"counted": sum((row.counted for row in rows), Decimal(0))}
            parts = {"counted": self.left_out}
            self.sum = values["counted"]
        else:
            rows = [o for o in self.rows if getattr(o, self.figure) or o.parts(self.figure)]
            table_class = DifferenceTable
            values = {n: sum((getattr(one, n) for one in rows), Decimal(0)) for n in _TOTALS}
            parts = {n: sum((one.parts(n) for one in rows), NO_PARTS) for n in _TOTALS}
            self.sum = values[self.figure]
        return table_class(
            rows,
            query=self.request.GET,
            title=self.get_title(),
            totals=[TotalRow(values, parts=parts)] if rows else None,
            exclude=self.hidden,
        )

    def get_title(self) -> str:
        titles = {"overdue": _("Overdue payments"), "not_due": _("Payments not yet due")}
        other = _("%(figure)s: what makes it up") % {"figure": WORKED_OUT[self.figure]}
        return titles.get(self.figure, other)

    def get_intro(self) -> str:
        return _("%(name)s, due or overdue on %(day)s") % {
            "name": self.get_of(),
            "day": day(self.known.last_day),
        }

    @property
    def left_out(self) -> Parts:
        """What the figure leaves out."""
        return sum((one.parts(self.figure) for one in self.rows), NO_PARTS)

    def get_sums(self) -> str:
        if self.left_out.hide(self.sum):
            return self.left_out.words
        words = told_in_base(_("together %(currency)s %(sum)s"), sum=cents(self.sum))
        return f"{words}, {self.left_out.words}" if self.left_out.unconverted else words

    def get_crumbs(self) -> list[dict[str, Any]]:
        return [*self.get_back(), {"label": _("Outstanding")}]


def _payments(found: Iterable[Arrangement], figure: str) -> list[DueRow]:
    """Payments of which something counts in the figure."""
    rows = (DueRow(one, due) for one in found for due in one.schedule)
    return [
        row
        for row in rows
        if (row.due.worth or row.is_left_out) and figure in ("outstanding", row.due.figure)
    ]


class ContributorOutstanding(ContributorChildList, Outstanding):
    """Of one contributor."""

    hidden = ("contributor",)

    def get_which(self) -> dict[str, Any]:
        return dict(self.giver.which)


class FundOutstanding(Outstanding):
    """Of one fund."""

    hidden = ("fund",)

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.fund = get_fund_or_404(kwargs["code"])

    def get_of(self) -> str:
        return str(self.fund)

    def get_back(self) -> list[dict[str, Any]]:
        return fund_crumbs(self.fund)

    def get_which(self) -> dict[str, Any]:
        return {"fund": self.fund}

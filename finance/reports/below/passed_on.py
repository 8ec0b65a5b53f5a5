"""What participating organizations pass on: sub-grants, their sums by type of partner, their share.

Sub-grants are a part of what organizations received: they add to no figure. The share passed on is
sub-grants ÷ net funded amount of the same project, fund or organization, over all years; it is not
known where an amount of either is not converted.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from finance.models import SubGrant
from portal.kit.currency import BASE_LABEL, in_base, told_in_base
from portal.kit.dates import Known
from portal.kit.formatting import money, percent
from portal.kit.tables.base import Table, TotalRow
from portal.kit.tables.columns import IntegerColumn, MoneyColumn, PercentColumn, TextColumn
from portal.kit.tables.parts import Parts

NOT_STATED = "-"
ZERO = Decimal(0)


def known_grants(known: Known) -> QuerySet[SubGrant]:
    """Sub-grants known then, of days up to then, newest first; of withheld projects too."""
    return (
        SubGrant.objects.known_at(known.as_of)
        .up_to(known.until)
        .select_related("project", "organization", "partner", "load")
        .order_by("-date", "-pk")
    )


def grants_url(**which: Any) -> str:
    """Where such sub-grants are listed."""
    return f"{reverse('sub-grant-list')}?{urlencode(which)}"


@dataclass(frozen=True, slots=True)
class PassedOnRow:
    """Sub-grants to partners of one type."""

    label: Any
    partners: int
    amount: Decimal
    unconverted: int
    whole: "PassedOnRow | None" = None
    url: str = ""
    css: str = ""

    @property
    def parts(self) -> Parts:
        """How many amounts the sum leaves out."""
        return Parts(unconverted=self.unconverted)

    @property
    def share_parts(self) -> Parts:
        """How many amounts the share leaves out."""
        return Parts(unconverted=self.whole.unconverted if self.whole else self.unconverted)

    @property
    def share(self) -> Decimal | None:
        """In percent of all that was passed on."""
        if self.whole is None or not self.whole.amount or self.share_parts:
            return None
        return self.amount * 100 / self.whole.amount


class PassedOnTable(Table):
    """Passed on, by type of partner."""

    title = gettext_lazy("Passed on to implementing partners")
    sheet = gettext_lazy("Passed on")
    caption_hidden = True
    label = TextColumn(
        verbose_name=gettext_lazy("Type of partner"),
        term="implementing-partner",
        definition=gettext_lazy("As stated; “not stated” where no type is."),
        orderable=False,
    )
    partners = IntegerColumn(
        verbose_name=gettext_lazy("Partners"),
        definition=gettext_lazy("How many organizations received a sub-grant."),
        orderable=False,
    )
    amount = MoneyColumn(
        verbose_name=BASE_LABEL,
        definition=in_base(gettext_lazy("Sub-grants in %(currency)s.")),
        link=lambda row: row.url or None,
        parts=lambda row: row.parts,
        orderable=False,
    )
    share = PercentColumn(
        verbose_name=gettext_lazy("Share of all passed on"),
        definition=gettext_lazy("Of the sub-grants of all types together."),
        parts=lambda row: row.share_parts,
        orderable=False,
    )

    def row_class(self, record: PassedOnRow) -> str:
        return record.css


# Parts of the sums beside those by type of partner.
_ALL, _LED = "all", "led by women"
_NAMES = ("partners", "amount", "unconverted")
_NOTHING: dict[str, Any] = dict(zip(_NAMES, (0, ZERO, 0), strict=True))
# Written out: as aggregates of the query, each would be put together anew for each page.
_SUMS = """
SELECT CASE WHEN grouping(partner_type) = 0 THEN partner_type END,
    count(DISTINCT partner), coalesce(sum(base_amount), 0),
    count(*) FILTER (WHERE base_amount IS NULL),
    count(DISTINCT partner) FILTER (WHERE women_led),
    coalesce(sum(base_amount) FILTER (WHERE women_led), 0),
    count(*) FILTER (WHERE women_led AND base_amount IS NULL)
FROM ({}) AS grants GROUP BY GROUPING SETS ((), (partner_type))
"""


def _sums(grants: QuerySet[SubGrant]) -> dict[str, dict[str, Any]]:
    """Partners, amount and how many amounts it leaves out, of each type and of all; in one
    statement."""
    found: dict[str, dict[str, Any]] = {_ALL: _NOTHING, _LED: _NOTHING}
    own = grants.order_by().values("partner_type", "partner", "base_amount", "women_led")
    try:
        sql, values = own.query.sql_with_params()
    except EmptyResultSet:
        return found
    with connection.cursor() as cursor:
        cursor.execute(_SUMS.format(sql), values)
        for kind, *numbers in cursor.fetchall():
            found[_ALL if kind is None else kind] = dict(zip(_NAMES, numbers[:3], strict=True))
            if kind is None:
                found[_LED] = dict(zip(_NAMES, numbers[3:], strict=True))
    return found


class PassedOn:
    """What was passed on of a project, of a fund, or by an organization: `which` lists it."""

    def __init__(self, grants: QuerySet[SubGrant], which: dict[str, str]) -> None:
        self.which = which
        types: list[tuple[str, Any]] = [
            *SubGrant.PartnerType.choices,
            ("", _("Type not stated")),
        ]
        sums = _sums(grants)
        self.whole = self._row(_("All"), sums[_ALL])
        rows = [
            self._row(label, sums.get(code, _NOTHING), partner_type=code or NOT_STATED)
            for code, label in types
        ]
        led = _("of all: led by women, where stated")
        rows.append(self._row(led, sums[_LED], css="part", women_led="true"))
        self.rows = [row for row in rows if row.partners]

    def _row(self, label: Any, sums: dict[str, Any], css: str = "", **more: str) -> PassedOnRow:
        whole = getattr(self, "whole", None)
        url = grants_url(**self.which, **more)
        return PassedOnRow(label, whole=whole, url=url, css=css, **sums)

    def __bool__(self) -> bool:
        return bool(self.whole.partners)

    def table(self) -> PassedOnTable:
        """By type of partner, with the sum of all."""
        whole = self.whole
        total = TotalRow(
            {"partners": whole.partners, "amount": whole.amount},
            links={"amount": whole.url},
            parts={"amount": whole.parts},
        )
        return PassedOnTable(self.rows, id="passed-on", totals=[total])

    def share_of(self, net_funded: Decimal, parts: Parts) -> str:
        """The share passed on, in words."""
        if self.whole.unconverted or parts.unconverted:
            return _("What share of the net funded amount was passed on is not known: not all "
                     "amounts could be converted.")  # fmt: skip
        if net_funded <= 0:
            return _("There is no net funded amount of which this could be a share.")
        return told_in_base(
            _("%(currency)s %(amount)s was passed on: %(share)s of the net funded amount."),
            amount=money(self.whole.amount),
            share=percent(self.whole.amount * 100 / net_funded),
        )

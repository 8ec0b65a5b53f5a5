"""Voucher lines as staff take them out: which ones, in which columns."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import django_filters as filters
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from finance.models import Source, Voucher, VoucherLine
from portal.kit import formatting
from portal.kit.currency import BASE_LABEL, in_base
from portal.kit.filters import DayFilter, WholeFilter
from portal.kit.named_choice import NamedChoiceFilter
from portal.kit.tables.base import Table
from portal.kit.tables.columns import (
    AmountColumn,
    DateColumn,
    IdentifierColumn,
    IntegerColumn,
    KindColumn,
    MoneyColumn,
    TextColumn,
)
from portal.kit.years import YEARS
from projects.filters import ProjectNumberFilter
from projects.models import Fund, Organization

STEP = 5000  # rows between two signs of progress
_PATHS = {
    "number": "voucher__number",
    "fund_code": "voucher__fund__code",
    "fund_name": "voucher__fund__name",
    "payee_code": "organization__code",
    "payee": "organization__name",
    "project_number": "project__number",
    "project_title": "project__title",
    "file_name": "load__file_name",
    "source_name": "load__source__name",
}
_OWN = (
    "pk", "date", "kind", "amount", "currency", "base_amount", "rate", "description",
    "load_id", "line",
    "voucher_id",
)  # fmt: skip


def export_lines(known: datetime) -> QuerySet:
    """Voucher lines known at that moment, as rows of plain values, newest first."""
    lines = VoucherLine.objects.known_at(known)
    named = {name: F(path) for name, path in _PATHS.items()}
    return lines.values(*_OWN, **named).order_by("-date", "-pk")


class VoucherLineFilter(filters.FilterSet):
    """Voucher lines by all that staff ask for; `as_of` is left to whoever makes the rows."""

    fund = NamedChoiceFilter(
        label=_("Fund"),
        field_name="voucher__fund",
        queryset=Fund.objects.all(),
        to_field_name="code",
        empty_label=_("any"),
    )
    payee = NamedChoiceFilter(
        label=_("Payee"),
        field_name="organization",
        queryset=Organization.objects.filter(Exists(Voucher.objects.filter(payee=OuterRef("pk")))),
        to_field_name="code",
        empty_label=_("any"),
    )
    project = ProjectNumberFilter(label=_("Project number"))
    kind = filters.ChoiceFilter(
        label=_("Kind"), choices=VoucherLine.Kind.choices, empty_label=_("any")
    )
    source = filters.ModelChoiceFilter(
        label=_("Source"),
        queryset=Source.objects.all(),
        to_field_name="code",
        empty_label=_("any"),
    )
    year = WholeFilter(label=_("Year"), field_name="date__year", **YEARS)
    first = DayFilter(label=_("Paid from"), field_name="date", lookup_expr="gte")
    last = DayFilter(label=_("Paid to"), field_name="date", lookup_expr="lte")
    as_of = DayFilter(label=_("As known on"), method="known_on")

    class Meta:
        model = VoucherLine
        fields = ()

    def known_on(self, lines: QuerySet, _name: str, _value: date) -> QuerySet:
        """The rows are already those known on that day."""
        return lines


class _Exact:
    """An amount that files hold with all its decimals, so that their sum is the database's."""

    def clean(self, raw: Any) -> Decimal | None:
        number, to_the_cent = formatting.to_decimal(raw), formatting.half_up(raw, 2)
        return to_the_cent if number == to_the_cent or number is None else number.normalize()


class _ExactAmount(_Exact, AmountColumn):
    number_format = "#,##0.00####"


class _ExactMoney(_Exact, MoneyColumn):
    number_format = "#,##0.00####"


class VoucherExportTable(Table):
    """Voucher lines with where each comes from."""

    title = _("Voucher lines")
    caption_hidden = True
    wide = True
    note = in_base(
        _("Amounts with cents. %(currency)s is empty where no rate of exchange is known.")
    )
    empty_text = _("No voucher line matches. Take a filter away.")
    # Told how many rows are written, every now and then.
    on_progress: Any = None
    number = IdentifierColumn(
        verbose_name=_("Voucher"),
        term="payment-voucher",
        definition=_("Number in the ledger; not unique across ledgers and years."),
    )
    date = DateColumn(verbose_name=_("Payment date"), definition=_("Day on which it was paid."))
    fund_code = IdentifierColumn(verbose_name=_("Fund code"), definition=_("The fund that paid."))
    fund_name = TextColumn(
        verbose_name=_("Fund"), term="fund", definition=_("Name of the fund."), css="names"
    )
    payee_code = IdentifierColumn(
        verbose_name=_("Payee code"), definition=_("Code of the organization paid.")
    )
    payee = TextColumn(
        verbose_name=_("Payee"),
        term="participating-organization",
        definition=_("Organization that was paid, or that refunded."),
        css="name",
    )
    project_number = IdentifierColumn(
        verbose_name=_("Project number"),
        term="project-number",
        definition=_("Text; leading zeros matter."),
    )
    project_title = TextColumn(
        verbose_name=_("Title"), definition=_("Title of the project."), css="name"
    )
    kind = KindColumn(
        verbose_name=_("Kind"),
        choices=VoucherLine.Kind,
        definition=_("Transfer, refund, or a correction."),
    )
    amount = _ExactAmount(
        verbose_name=_("Amount as stated"), definition=_("In the currency of the source.")
    )
    base_amount = _ExactMoney(
        verbose_name=BASE_LABEL,
        term="base-currency",
        definition=in_base(_("Amount in %(currency)s; refunds are negative.")),
        cents=True,
    )
    description = TextColumn(
        verbose_name=_("Description"), definition=_("As stated by the source."), css="name"
    )
    source_name = TextColumn(
        verbose_name=_("Source"), term="source", definition=_("The ledger or publisher.")
    )
    load_id = IntegerColumn(verbose_name=_("Load"), definition=_("Number of the load."))
    file_name = TextColumn(
        verbose_name=_("File"), definition=_("Name of the source file."), css="names"
    )
    line = IntegerColumn(verbose_name=_("Row"), definition=_("Row of the source file."))

    def records(self) -> Iterator[Any]:
        """All rows; `on_progress` hears of them as they go."""
        done = 0
        for record in super().records():
            yield record
            done += 1
            if self.on_progress and done % STEP == 0:
                self.on_progress(done)
        if self.on_progress:
            self.on_progress(done)

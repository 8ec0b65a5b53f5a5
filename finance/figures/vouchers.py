"""Vouchers with what their lines add up to, of today or of then."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any, NamedTuple

from django.db.models import (
    Count,
    Exists,
    F,
    Min,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Sum,
    TextField,
    Value,
)
from django.db.models.functions import Coalesce, Concat, NullIf

from finance.models import Voucher, VoucherLine
from finance.models.records import voucher_name
from finance.models.roll_ups import LAST_OF_ALL
from portal.kit.dates import Known
from portal.kit.tables.filling import filled
from portal.kit.tables.lists import SEPARATOR
from portal.kit.web.addresses import address

_SUMS: dict[str, Any] = {
    "line_count": Count("pk"),
    "total": Sum("base_amount"),
    "left_out": Count("pk", filter=Q(base_amount=None)),
}


def with_sums(vouchers: QuerySet, known: Known) -> QuerySet:
    """Vouchers with lines that stand, each with `line_count`, `total` in the base currency and
    `left_out`, the number of lines without a rate: of today as kept, else to sort and filter by,
    and added up of those that are read, so that of many only those of a page are."""
    if not known.is_past:
        sums = {name: F(f"sums__{name}") for name in _SUMS}
        shown = vouchers.filter(sums__line_count__gt=0).annotate(**sums)
        names = ("payee_name", "fund_name", "payment_date")
        return shown.alias(**_sorted_by(*(F(f"sums__{name}") for name in names)))
    lines = VoucherLine.objects.known_at(known.as_of).up_to(known.until).order_by()
    own = lines.filter(voucher=OuterRef("pk"))
    each = {
        name: Subquery(own.values("voucher").annotate(n=total).values("n"))
        for name, total in _SUMS.items()
    }

    def add_up(some: list[Any]) -> None:
        read = lines.filter(voucher__in=[voucher.pk for voucher in some]).values("voucher")
        sums = {row.pop("voucher"): row for row in read.annotate(**_SUMS)}
        for voucher in some:
            for name, value in sums[voucher.pk].items():
                setattr(voucher, name, value)

    payee_name = Coalesce("payee__sort_name", Value(""))
    sorted_by = _sorted_by(payee_name, F("fund__sort_name"), F("payment_date"))
    return filled(vouchers.filter(Exists(own)).alias(**each, **sorted_by), add_up)


def _sorted_by(payee_name: Any, fund_name: F, payment_date: F) -> dict[str, Any]:
    """What lists sort by; a name that there is not comes last either way."""
    return {
        "payee_name": payee_name,
        "payee_up": Coalesce(
            NullIf(payee_name, Value(""), output_field=TextField()),
            Value(LAST_OF_ALL),
            output_field=TextField(),
        ),
        "fund_name": fund_name,
        "paid_on": payment_date,
    }


def in_order(vouchers: QuerySet, key: str, *, descending: bool) -> QuerySet:
    """Vouchers of `with_sums` sorted by a key that an index has with the newest first within it:
    read backwards, it has the oldest first. No payee comes last either way."""
    if key == "payee":
        key = "payee_name" if descending else "payee_up"
        return vouchers.order_by(f"-{key}" if descending else key, "-paid_on", "-pk")
    paid_on = "payment_date" if key == "number" else "paid_on"
    if descending:
        return vouchers.order_by(f"-{key}", paid_on, "pk")
    return vouchers.order_by(key, f"-{paid_on}", "-pk")


class VoucherRow(NamedTuple):
    """A voucher of `with_sums` as files list it: plain values, since an object of each voucher,
    payee, fund, line and project takes a hundred times as long."""

    pk: int
    payment_date: date
    number: str
    payee: str | None
    fund: str
    paid_projects: str
    line_count: int
    total: Decimal | None
    left_out: int

    def __str__(self) -> str:
        return voucher_name(self.number)

    def get_absolute_url(self) -> str:
        """The page of the voucher."""
        return address("voucher", self.pk)


class _Joined(Subquery):
    """The texts of a subquery as one, as a list of names stands in files."""

    template = f"array_to_string(ARRAY(%(subquery)s), '{SEPARATOR}')"


def voucher_rows(vouchers: QuerySet, known: Known, chunk: int) -> Iterator[VoucherRow]:
    """The same vouchers in the same order, `chunk` at a time from the database."""
    lines = VoucherLine.objects.known_at(known.as_of).up_to(known.until)
    projects = (
        lines.filter(voucher=OuterRef("pk"))
        .order_by()
        .values(text=Concat("project__number", Value(" "), "project__title"))
        .annotate(first=Min("pk"))
        .order_by("first")
        .values("text")
    )
    sums = {name: F(name) for name in _SUMS}
    plain = vouchers.prefetch_related(None).annotate(
        paid_projects=_Joined(projects, output_field=TextField()), **sums
    )
    words = ("pk", "payment_date", "number", "payee__name", "fund__name", "paid_projects", *_SUMS)
    # As `_make` does, which asks of each how long it is.
    made = partial(tuple.__new__, VoucherRow)
    return map(made, plain.values_list(*words).iterator(chunk_size=chunk))


def with_projects(vouchers: QuerySet, known: Known) -> QuerySet:
    """Vouchers with what `paid_projects` reads: the first line of each project, however many."""
    lines = VoucherLine.objects.known_at(known.as_of).up_to(known.until)
    first = lines.order_by("voucher_id", "project_id", "pk").distinct("voucher_id", "project_id")
    named = first.select_related("project").only("voucher", "project__number", "project__title")
    return vouchers.prefetch_related(Prefetch("lines", named, to_attr="paid"))


def paid_projects(voucher: Voucher | VoucherRow) -> list[Any] | str:
    """The projects whose lines it has, in the order of these; of a row, their names joined."""
    if isinstance(voucher, VoucherRow):
        return voucher.paid_projects
    fetched: Any = voucher
    return [line.project for line in sorted(fetched.paid, key=lambda line: line.pk)]

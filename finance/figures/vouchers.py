"""Vouchers with what their lines add up to, of today or of then."""

from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum

from finance.models import VoucherLine
from portal.kit.dates import Known

_SUMS: dict[str, Any] = {
    "line_count": Count("pk"),
    "total": Sum("base_amount"),
    "left_out": Count("pk", filter=Q(base_amount=None)),
}


def with_sums(vouchers: QuerySet, known: Known) -> QuerySet:
    """Vouchers with lines that stand, each with `line_count`, `total` in the base currency and
    `left_out`, the number of lines without a rate: of today as kept, else each added up for
    itself, so that of many only those of a page are."""
    if not known.is_past:
        sums = {name: F(f"sums__{name}") for name in _SUMS}
        return vouchers.filter(sums__line_count__gt=0).annotate(**sums)
    lines = VoucherLine.objects.known_at(known.as_of).up_to(known.until)
    own = lines.filter(voucher=OuterRef("pk")).order_by()
    return vouchers.filter(Exists(own)).annotate(
        **{
            name: Subquery(own.values("voucher").annotate(n=total).values("n"))
            for name, total in _SUMS.items()
        }
    )

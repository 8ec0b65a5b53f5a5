"""What has to agree before a package is given out: its sums and those of the portal's pages.

Sums of the package are of the rows that were written; those of the portal come from the ledger of
entries, as pages have them. Both are of one moment.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.db.models import Count

from finance.contributors.arrangements import Position, arrangements
from finance.figures.fund_figures import fund_sums, sums_by_fund
from finance.figures.reading import TODAYS
from finance.figures.sums import Totals, totals_of
from finance.models import StatedRecord
from portal.kit.dates import TODAY
from portal.package.writing import TABLES, Written, exact

# Kinds of records, and the table of each.
_OF_RECORDS = {
    "voucherline": "voucher_lines",
    "budgetline": "budgets",
    "expenditureline": "expenditures",
    "commitment": "commitments",
    "deposit": "deposits",
    "fundcost": "fund_costs",
    "otherflow": "other_flows",
    "subgrant": "sub_grants",
}


class PackageError(RuntimeError):
    """A part is missing, or a sum is not that of the portal; nothing is given out."""


def checked(written: Mapping[str, Written], names: list[str]) -> list[dict[str, str]]:
    """What was compared. Raises PackageError with all that differs."""
    missing = [table.file_name for table in TABLES if table.file_name not in names]
    if missing:
        raise PackageError(f"Missing in the package: {', '.join(missing)}.")
    found = [
        {"what": what, "package": exact(ours), "portal": exact(theirs)}
        for what, ours, theirs in _compared(written)
    ]
    differing = [c for c in found if c["package"] != c["portal"]]
    if differing:
        told = (f"{c['what']}: package {c['package']}, portal {c['portal']}" for c in differing)
        raise PackageError("Sums differ: " + "; ".join(told))
    return found


def _compared(written: Mapping[str, Written]) -> Iterator[tuple[str, Decimal, Decimal]]:
    counts = dict(
        StatedRecord.objects.filter(withdrawn_by=None)
        .order_by()
        .values_list("kind")
        .annotate(Count("pk"))
    )
    for kind, name in _OF_RECORDS.items():
        yield f"rows of {name}", Decimal(written[name].rows), Decimal(counts.get(kind, 0))
    totals, funds = totals_of(TODAYS.all()), fund_sums(TODAY, None)
    yield from _of_projects(written, totals)
    yield from _of_records(written, totals, funds)
    for key in ("deposit", "total_sources", "total_uses"):
        yield f"{key} of funds", _sum(written, "funds", key), funds.total(key)
    # A balance is told only of funds whose income is known.
    by_fund = sums_by_fund(TODAY).by(lambda one: one.part[0]).values()
    for key in ("balance_aa", "total_balance"):
        told = sum((one.told(key) or Decimal(0) for one in by_fund), Decimal(0))
        yield f"{key} of funds", _sum(written, "funds", key), told
    whole = Position.of(arrangements(TODAY))
    for key in ("commitment", "deposit", "outstanding", "overdue"):
        for name in ("contributors", "arrangements"):
            yield f"{key} of {name}", _sum(written, name, key), getattr(whole, key)


def _of_projects(
    written: Mapping[str, Written], totals: Totals
) -> Iterator[tuple[str, Decimal, Decimal]]:
    for key in ("approved", "transfer", "refund", "net_funded", "expenditure", "balance"):
        theirs = getattr(totals, key)
        yield f"{key} of projects", _sum(written, "projects", key), theirs
        yield f"{key} of funds’ projects", _sum(written, "funds", key), theirs


def _of_records(
    written: Mapping[str, Written], totals: Totals, funds: Any
) -> Iterator[tuple[str, Decimal, Decimal]]:
    lines = _sum(written, "voucher_lines", "base_amount")
    yield "lines of vouchers", lines, totals.net_funded
    yield "approved budgets", _sum(written, "budgets", "base_amount"), totals.approved
    yield "deposits", _sum(written, "deposits", "base_amount"), funds.total("deposit")
    signed = funds.total("commitment") + funds.total("pledge")
    yield "commitments and pledges", _sum(written, "commitments", "base_amount"), signed


def _sum(written: Mapping[str, Written], table: str, column: str) -> Decimal:
    return (written[table].sums or {})[column]

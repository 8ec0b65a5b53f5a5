"""Roll-ups of the entries: kept by difference within each release, checked by `verify`.

A release adds, for each sum that it changes, one row with its moment and the difference; the
rows up to a moment add up to what was known then. Today's sums stand beside them, one row each.
"""

# Only constants of this module are put together here.
# ruff: noqa: S608

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, models

from finance.figures.known_sums import changed_at, make_all_anew, move_on
from finance.figures.side_by_side import SUM_UP_ORGANIZATIONS
from finance.models import FundFigure, FundPartFigure, Load, OrganizationFigure
from finance.planning import keys_checked_by_index

_SUMS = ("base_amount", "records", "unconverted")
_KEYS = ("measure", "state", "year", "date_year")
_NOT_NOTHING = "(base_amount <> 0 OR records <> 0 OR unconverted <> 0)"


@dataclass(frozen=True)
class RollUp:
    """One table of sums: by what, of which entries; and a table of finer sums of the same."""

    model: type[models.Model]
    by: tuple[str, ...]
    entries: str
    finer: type[models.Model] | None = None

    @property
    def table(self) -> str:
        """Its table."""
        return self.model._meta.db_table

    @property
    def keys(self) -> str:
        """The columns by which it sums."""
        return ", ".join((*self.by, *_KEYS))

    def sums(self, source: str, moment: str) -> str:
        """The SELECT of its sums over `source`, entries with a `sign`, by `moment`."""
        totals = ", ".join(f"coalesce(sum(sign * {name}), 0) AS {name}" for name in _SUMS)
        group = ", ".join(str(n + 1) for n in range(1 + len(self.by) + len(_KEYS)))
        return (
            f"SELECT * FROM (SELECT {moment} AS at, {', '.join(self.by)}, measure, state, year,"
            f" extract(year FROM date)::int AS date_year, {totals} FROM {source}"
            f" WHERE {self.entries} GROUP BY {group}) AS summed WHERE {_NOT_NOTHING}"
        )

    @property
    def differences(self) -> str:
        """The SELECT of what the moment `at` changed: of finer sums, which are made before."""
        if self.finer is None:
            return self.sums(_CHANGED, "%(at)s::timestamptz")
        totals = ", ".join(f"sum({name}) AS {name}" for name in _SUMS)
        return (
            f"SELECT * FROM (SELECT at, {self.keys}, {totals} FROM {self.finer._meta.db_table}"
            f" WHERE at = %(at)s GROUP BY at, {self.keys}) AS summed WHERE {_NOT_NOTHING}"
        )

    @property
    def into(self) -> str:
        """The beginning of what adds rows."""
        return f"INSERT INTO {self.table} (at, {self.keys}, {', '.join(_SUMS)})"

    @property
    def conflict(self) -> str:
        """What tells today's row of a sum; PostgreSQL 14 cannot treat NULLs as equal."""
        by = self.by if len(self.by) == 1 else [f"coalesce({name}, 0)" for name in self.by]
        return f"({', '.join((*_KEYS, *by))}) WHERE at IS NULL"


ROLL_UPS = (
    RollUp(
        FundPartFigure, ("fund_id", "project_fund_id", "organization_id", "category_id"), "TRUE"
    ),
    RollUp(FundFigure, ("fund_id", "project_fund_id"), "TRUE", finer=FundPartFigure),
    RollUp(
        OrganizationFigure,
        ("organization_id", "project_fund_id"),
        "project_id IS NOT NULL AND organization_id IS NOT NULL",
    ),
)

_CHANGED = """
(SELECT *, 1 AS sign FROM finance_entry WHERE known_from = %(at)s
UNION ALL SELECT *, -1 FROM finance_entry WHERE known_until = %(at)s) AS changed"""
_ALL = "(SELECT *, 1 AS sign FROM finance_entry WHERE known_until IS NULL) AS standing"
_EVER = """
(SELECT entry.*, moment, sign FROM finance_entry AS entry
CROSS JOIN LATERAL (VALUES (known_from, 1), (known_until, -1)) AS changes (moment, sign)
WHERE moment IS NOT NULL) AS changes"""


def roll_up(at: datetime) -> None:
    """Make the differences of the release of that moment anew, and today's sums with them."""
    with connection.cursor() as cursor:
        before = changed_at(cursor, at)
        for each in ROLL_UPS:
            _fold(cursor, each, at, "-")
            cursor.execute(f"DELETE FROM {each.table} WHERE at = %s", [at])
            cursor.execute(f"{each.into} {each.differences}", {"at": at})
            _fold(cursor, each, at, "")
        organizations = before[0] | changed_at(cursor, at)[0]
        cursor.execute(f"SELECT {SUM_UP_ORGANIZATIONS}(%s)", [sorted(organizations)])
        move_on(cursor, at, before)


def _fold(cursor: Any, each: RollUp, at: datetime, sign: str) -> None:
    totals = ", ".join(f"sum({sign}{name})" for name in _SUMS)
    added = ", ".join(f"{name} = {each.table}.{name} + EXCLUDED.{name}" for name in _SUMS)
    cursor.execute(
        f"{each.into} SELECT NULL, {each.keys}, {totals} FROM {each.table} WHERE at = %s"
        f" GROUP BY {each.keys} ON CONFLICT {each.conflict} DO UPDATE SET {added}",
        [at],
    )
    cursor.execute(f"DELETE FROM {each.table} WHERE at IS NULL AND NOT {_NOT_NOTHING}")


def rebuild_roll_ups() -> None:
    """Make all of them anew from the entries."""
    with connection.cursor() as cursor:
        for each in ROLL_UPS:
            cursor.execute(f"DELETE FROM {each.table}")
            cursor.execute(f"{each.into} {each.sums(_EVER, 'moment')}")
            cursor.execute(f"{each.into} {each.sums(_ALL, 'NULL::timestamptz')}")
        cursor.execute(
            f"SELECT {SUM_UP_ORGANIZATIONS}(ARRAY(SELECT id FROM projects_organization))"
        )
        make_all_anew(cursor)
        cursor.execute("DELETE FROM finance_vouchersums")
        cursor.execute(f"{_INTO_VOUCHERS} {VOUCHER_SUMS.format(which='TRUE')}")


VOUCHER_SUMS = """
SELECT summed.*, coalesce(payee.sort_name, '') AS payee_name, fund.sort_name AS fund_name,
    payment_date
FROM (
    SELECT voucher_id, count(*) AS line_count, sum(base_amount) AS total,
        count(*) FILTER (WHERE base_amount IS NULL) AS left_out
    FROM finance_voucherline WHERE withdrawn_by_id IS NULL AND {which} GROUP BY 1
) AS summed
JOIN finance_voucher AS voucher ON voucher.id = voucher_id
JOIN projects_fund AS fund ON fund.id = fund_id
LEFT JOIN projects_organization AS payee ON payee.id = payee_id
"""
_INTO_VOUCHERS = """
INSERT INTO finance_vouchersums
    (voucher_id, line_count, total, left_out, payee_name, fund_name, payment_date)
"""
# As most of its indexes go on within a payee or fund: as they come, they take an eighth longer.
_AS_INDEXES_ARE = "ORDER BY payee_name, payment_date DESC, voucher_id DESC"
_TOUCHED = """
voucher_id IN (
    SELECT voucher_id FROM finance_voucherline WHERE load_id = %(load)s
    UNION SELECT voucher_id FROM finance_voucherline WHERE withdrawn_by_id = %(load)s)
"""


def sum_up_vouchers(load: Load) -> None:
    """Add up anew the vouchers of which the load added or withdrew a line."""
    names = {"load": load.pk}
    with keys_checked_by_index(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM finance_vouchersums WHERE {_TOUCHED}", names)
        sums = VOUCHER_SUMS.format(which=_TOUCHED)
        cursor.execute(f"{_INTO_VOUCHERS} {sums} {_AS_INDEXES_ARE}", names)


def first_wrong_sum() -> dict[str, Any] | None:
    """The first sum kept, of a release or of today, that entries do not add up to, or None.

    Its keys, with `table`, and `kept` and `derived` in the base currency.
    """
    for each in ROLL_UPS:
        if found := _first_wrong(each):
            return {"table": each.model._meta.verbose_name, **found}
    return None


def _first_wrong(each: RollUp) -> dict[str, Any] | None:
    keys = f"at, {each.keys}"
    totals = ", ".join(f"sum({name}) AS {name}" for name in _SUMS)
    kept = (
        f"SELECT * FROM (SELECT {keys}, {totals} FROM {each.table} GROUP BY {keys}) AS kept"
        f" WHERE {_NOT_NOTHING}"
    )
    fresh = f"{each.sums(_EVER, 'moment')} UNION ALL {each.sums(_ALL, 'NULL::timestamptz')}"
    same = " AND ".join(f"a.{name} IS NOT DISTINCT FROM b.{name}" for name in keys.split(", "))
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH kept AS ({kept}), fresh AS ({fresh}), wrong AS ("
            f" (SELECT {keys}, {', '.join(_SUMS)} FROM kept EXCEPT SELECT * FROM fresh)"
            f" UNION (SELECT * FROM fresh EXCEPT SELECT * FROM kept) LIMIT 1)"
            f" SELECT {', '.join(f'wrong.{name}' for name in keys.split(', '))},"
            f" (SELECT base_amount FROM kept AS a WHERE {same.replace('b.', 'wrong.')}) AS kept,"
            f" (SELECT base_amount FROM fresh AS a WHERE {same.replace('b.', 'wrong.')}) AS derived"
            f" FROM wrong"
        )
        row = cursor.fetchone()
        names = [column.name for column in cursor.description]
    return dict(zip(names, row, strict=True)) if row else None

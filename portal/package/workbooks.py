"""The workbook of a fund: what the package of all data says of it, in one Excel file.

Rows and columns are those of the package's tables, so that both say the same of each thing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from operator import itemgetter
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from finance.models import VoucherLine
from portal.kit.tables.base import CHUNK, Table
from portal.kit.tables.bulk import each
from portal.kit.tables.cells import ExportField
from portal.package.columns import DAY, INTEGER, NUMBER, Column, PackageTable
from portal.package.entity_tables import ENTITIES
from portal.package.money_tables import MONEY
from projects.models import Fund


def _lines_of(fund: Fund) -> Q:
    """Those that it paid, also to projects of others, and those that its projects got from others.

    Each half has an index; an OR of both would read all lines of the portal.
    """
    lines = VoucherLine.objects.order_by().values("pk")
    return Q(pk__in=lines.filter(voucher__fund=fund).union(lines.filter(project__fund=fund)))


# A workbook of more rows is made by the worker.
AT_ONCE = 20_000
_FORMATS = {NUMBER: "#,##0.00", DAY: "d mmm yyyy", INTEGER: "0"}
_KINDS = {NUMBER: "money", DAY: "date", INTEGER: "number"}
# The tables it has, in their order, and which of their rows are of a fund.
_OF_FUND: dict[str, Callable[[Fund], Q]] = {
    "projects": lambda fund: Q(fund=fund),
    "participations": lambda fund: Q(project__fund=fund),
    "voucher_lines": _lines_of,
    "budgets": lambda fund: Q(project__fund=fund),
    "expenditures": lambda fund: Q(project__fund=fund),
    "commitments": lambda fund: Q(fund=fund),
    "deposits": lambda fund: Q(fund=fund),
    "arrangements": lambda fund: Q(fund=fund),
    "fund_costs": lambda fund: Q(fund=fund),
}
# What a line of the package has by joining another table.
_JOINED = {
    "voucher_lines": (
        Column("voucher_number", _("Number in the ledger."), "voucher__number"),
        Column("paid_by", _("Code of the fund that paid."), "voucher__fund__code"),
        Column("project_fund", _("Code of the fund of the project."), "project__fund__code"),
    ),
}


class FundSheet(Table):
    """A table of the package with the rows of one fund."""

    def __init__(self, source: PackageTable, fund: Fund) -> None:
        super().__init__([], title=source.title, note=source.text, id=source.name)
        self.source = source
        self.shown = (*source.columns, *_JOINED.get(source.name, ()))
        rows = source.rows()
        self.rows_of_fund: QuerySet | list[Any]
        if isinstance(rows, QuerySet):
            self.rows_of_fund = rows.filter(_OF_FUND[source.name](fund))
        else:
            self.rows_of_fund = [row for row in rows if row["fund"] == fund.code]

    def export_fields(self) -> list[ExportField]:
        """The columns of the package, with their meaning."""
        return [_field(at, column) for at, column in enumerate(self.shown)]

    def records(self) -> Iterator[Any]:
        """A tuple of values for each row."""
        if isinstance(self.rows_of_fund, QuerySet):
            paths = [column.value or column.name for column in self.shown]
            return self.rows_of_fund.values_list(*paths).iterator(CHUNK)
        return (tuple(row[column.name] for column in self.shown) for row in self.rows_of_fund)

    def row_count(self) -> int:
        """How many rows there are."""
        if isinstance(self.rows_of_fund, QuerySet):
            return self.rows_of_fund.count()
        return len(self.rows_of_fund)

    def rows_up_to(self, limit: int) -> int:
        """The same where it is at most `limit`; `limit` + 1 where there are more."""
        if isinstance(self.rows_of_fund, QuerySet):
            return self.rows_of_fund.order_by()[: limit + 1].count()
        return len(list(islice(self.rows_of_fund, limit + 1)))


def fund_sheets(fund: Fund) -> list[Table]:
    """Each sheet of the workbook of a fund."""
    tables = {table.name: table for table in (*ENTITIES, *MONEY)}
    return [FundSheet(tables[name], fund) for name in _OF_FUND]


def _field(at: int, column: Column) -> ExportField:
    return ExportField(
        key=column.name,
        label=column.name,
        kind=_KINDS.get(column.kind, "text"),
        values=each(itemgetter(at)),
        unit=column.unit,
        definition=str(column.text),
        number_format=_FORMATS.get(column.kind, "General"),
    )

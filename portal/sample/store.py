"""Takes the sample's source files in as loads, released one after the other in its past."""

import csv
import tempfile
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path

from django.db.models import Q

from finance.intake import Intake, Stated, digest
from finance.models import (
    BudgetCategory,
    BudgetLine,
    Commitment,
    Deposit,
    ExchangeRate,
    ExpenditureLine,
    FundCost,
    Load,
    ProjectStatement,
    Source,
    VoucherLine,
)
from finance.services import received_file, release_load
from portal.sample.source_file import SOURCES, SourceFile
from projects.models import Fund, Organization, Project

Row = dict[str, str]


class Store:
    """Reads source files back row by row, the header being row 1, and releases them."""

    def __init__(self, *, received_by, released_by) -> None:
        self.received_by = received_by
        self.released_by = released_by
        self.files: list[str] = []
        self.sources = {
            code: Source.objects.get_or_create(code=code, defaults={"name": name})[0]
            for code, name in SOURCES.items()
        }
        self.projects = dict(Project.objects.values_list("number", "pk"))
        self.funds = dict(Fund.objects.values_list("code", "pk"))
        self.organizations = dict(Organization.objects.values_list("code", "pk"))
        self.categories = dict(BudgetCategory.objects.values_list("code", "pk"))

    def take(self, file: SourceFile) -> Load:
        """Keep the file, take its rows in and release them."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / file.name
            path.write_text(file.text(), encoding="utf-8")
            with received_file(
                source=self.sources[file.source],
                kind=file.kind,
                path=path,
                by=self.received_by,
                reason=file.reason,
                received_at=file.received,
            ) as load:
                self.files.append(str(load.file.name))
                intake = Intake(load)
                self._take_rows(file, intake, _rows(path))
                release_load(load=load, intake=intake, by=self.released_by, moment=file.released)
        return load

    def _take_rows(self, file: SourceFile, intake: Intake, rows: list[tuple[int, Row]]) -> None:
        dates = Q(date__gte=file.first, date__lte=file.last) if file.first else Q()
        projects, funds = list(self.projects.values()), list(self.funds.values())
        if file.kind == Load.Kind.VOUCHERS:
            intake.take([VoucherLine], projects, _each(self._voucher, rows), standing=dates)
        elif file.kind == Load.Kind.BUDGETS:
            intake.take([BudgetLine], projects, _each(self._budget, rows), standing=dates)
        elif file.kind == Load.Kind.EXPENDITURES:
            lines = _each(self._expenditure, rows)
            intake.take([ExpenditureLine], projects, lines, standing=self._reports(file))
        elif file.kind == Load.Kind.CONTRIBUTIONS:
            lines = _each(self._contribution, rows)
            intake.take_funds([Commitment, Deposit], funds, lines, standing=dates)
        elif file.kind == Load.Kind.FUND_COSTS:
            intake.take_funds([FundCost], funds, _each(self._cost, rows), standing=dates)
        elif file.kind == Load.Kind.RATES:
            self._add_rates(intake, rows)
        else:
            self._add_statements(intake, rows)

    def _reports(self, file: SourceFile) -> Q:
        """The scope of reports: a year and state, perhaps of some organizations only."""
        scope = Q(year=file.year, state=file.state)
        pairs = Q()
        for number, code in file.pairs:
            pairs |= Q(project_id=self.projects[number], organization_id=self.organizations[code])
        return scope & pairs

    def _voucher(self, line: int, row: Row) -> Stated:
        on = date.fromisoformat(row["payment_date"])
        payee = self.organizations[row["payee"]]
        voucher = {
            "number": row["voucher"],
            "payment_date": on,
            "payee_id": payee,
            "fund_id": self.funds[row["fund"]],
            "key": digest(row["voucher"], on, row["payee"], row["fund"]),
        }
        values = _money(row, on) | {
            "organization_id": payee,
            "kind": row["kind"],
            "description": row["description"],
        }
        stated = tuple(row.values())
        return Stated(VoucherLine, line, self.projects[row["project"]], values, stated, voucher)

    def _budget(self, line: int, row: Row) -> Stated:
        values = _money(row, date.fromisoformat(row["date"])) | {
            "organization_id": self.organizations[row["organization"]],
            "category_id": self.categories[row["category"]],
            "period_start": date.fromisoformat(row["period_start"]),
            "period_end": date.fromisoformat(row["period_end"]),
            "description": row["description"],
        }
        project = self.projects[row["project"]]
        return Stated(BudgetLine, line, project, values, tuple(row.values()))

    def _expenditure(self, line: int, row: Row) -> Stated:
        values = _money(row, date.fromisoformat(row["period_end"])) | {
            "organization_id": self.organizations[row["organization"]],
            "category_id": self.categories[row["category"]],
            "year": int(row["year"]),
            "state": row["state"],
        }
        project = self.projects[row["project"]]
        return Stated(ExpenditureLine, line, project, values, tuple(row.values()))

    def _contribution(self, line: int, row: Row) -> Stated:
        values = _money(row, date.fromisoformat(row["date"])) | {
            "fund_id": self.funds[row["fund"]],
            "contributor_id": self.organizations[row["contributor"]],
            "arrangement": row["arrangement"],
        }
        if row["what"] == "deposit":
            values["payer_reference"] = row["payer_reference"]
            return Stated(Deposit, line, None, values, tuple(row.values()))
        values["due_on"] = date.fromisoformat(row["due_on"]) if row["due_on"] else None
        values["is_pledge"] = row["what"] == "pledge"
        return Stated(Commitment, line, None, values, tuple(row.values()))

    def _cost(self, line: int, row: Row) -> Stated:
        values = _money(row, date.fromisoformat(row["date"])) | {
            "fund_id": self.funds[row["fund"]],
            "kind": row["kind"],
            "organization_id": self.organizations.get(row["organization"]),
            "other_fund_id": self.funds.get(row["other_fund"]),
        }
        return Stated(FundCost, line, None, values, tuple(row.values()))

    def _add_rates(self, intake: Intake, rows: list[tuple[int, Row]]) -> None:
        load = intake.load
        ExchangeRate.objects.bulk_create(
            ExchangeRate(
                load=load,
                source_id=load.source_id,
                line=line,
                fingerprint=digest("exchangerate", *row.values()),
                currency=row["currency"],
                effective_on=date.fromisoformat(row["effective_on"]),
                units_per_usd=Decimal(row["units_per_usd"]),
            )
            for line, row in rows
        )
        intake.counts["new"] = len(rows)

    def _add_statements(self, intake: Intake, rows: list[tuple[int, Row]]) -> None:
        ProjectStatement.objects.bulk_create(
            ProjectStatement(
                load=intake.load,
                project_id=self.projects[row["number"]],
                line=line,
                fingerprint=digest("project", *row.values()),
                values=row,
            )
            for line, row in rows
        )
        intake.counts["new"] = len(rows)


def _rows(path: Path) -> list[tuple[int, Row]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(enumerate(csv.DictReader(file), start=2))


def _each(read: Callable[[int, Row], Stated], rows: list[tuple[int, Row]]) -> Iterable[Stated]:
    return [read(line, row) for line, row in rows]


def _money(row: Row, on: date) -> dict:
    return {"amount": Decimal(row["amount"]), "currency": row["currency"], "date": on}

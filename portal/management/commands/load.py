"""`manage.py load FILE…`: take source files in, check and release them."""

import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from finance.errors import LoadError
from finance.formats.kinds import KINDS
from finance.formats.mappings import Mapping
from finance.loading.files import load_file
from finance.loading.scopes import Scope
from finance.models import Load, Source
from portal.iati.errors import IatiFileError
from portal.iati.load import IatiLoad, IatiReport
from portal.kit.currency import base_label
from projects.models import Fund, Office, User

SPREADSHEETS = frozenset({".xlsx", ".ods", ".csv", ".txt", ".tsv", ".xls"})
_ORDER = ("new", "changed", "withdrawn", "unchanged")


class Command(BaseCommand):
    """Load files; each is one transaction, whole or absent."""

    help = (
        "Take in IATI 2.01–2.03 activity files (.xml) or spreadsheets (.xlsx, .ods, .csv; "
        "--kind says what they state), check and release them."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """All that a person in the staff's room can say, too."""
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--kind", choices=sorted(KINDS), help="what a spreadsheet states")
        parser.add_argument("--source", help="code of the source (default: iati, or the kind)")
        parser.add_argument("--fund", help="IATI: code of the fund that all projects belong to")
        parser.add_argument("--mapping", type=Path, help="JSON file that maps foreign headings")
        parser.add_argument("--cumulative", action="store_true", help="figures are cumulative")
        parser.add_argument(
            "--remaining", action="store_true", help="payments are taken off the pledges"
        )
        scope = parser.add_argument_group("what a spreadsheet is complete for")
        scope.add_argument("--complete", action="store_true", help="all of its source")
        scope.add_argument("--year", type=int, help="this year")
        scope.add_argument("--for-fund", action="append", default=[], metavar="CODE")
        scope.add_argument("--for-organization", action="append", default=[], metavar="CODE")
        parser.add_argument("--check", action="store_true", help="only check, release nothing")
        parser.add_argument("--by", help="e-mail address of the person who releases")
        parser.add_argument("--entered-by", help="e-mail address of the person who enters")
        parser.add_argument("--reason", default="", help="shown with the load")

    def handle(self, *, files: list[Path], **options: Any) -> None:
        """One file after the other; the first that fails stops the rest."""
        office = Office.current()
        office.use_currency()
        options["by"] = _person(options["by"])
        options["entered_by"] = _person(options["entered_by"])
        if options["by"] and options["by"] == options["entered_by"] and office.four_eyes:
            raise CommandError("Another person than the one who enters a load must release it.")
        for path in files:
            try:
                if path.suffix.lower() in SPREADSHEETS:
                    self._load_spreadsheet(path, options)
                else:
                    self._load_iati(path, options)
            except (IatiFileError, LoadError) as error:
                raise CommandError(f"{error}\nNothing of this file was released.") from error
            except OSError as error:
                raise CommandError(f"{path}: {error.strerror or error}") from error

    # --- Spreadsheets

    def _load_spreadsheet(self, path: Path, options: dict[str, Any]) -> None:
        kind = options["kind"]
        if kind is None:
            raise CommandError(f"{path.name}: say what it states by --kind.")
        code = options["source"] or ("exchange-rates" if kind == Load.Kind.RATES else kind)
        source, _made = Source.objects.get_or_create(code=code, defaults={"name": code})
        how: dict[str, Any] = {}
        if options["mapping"]:
            how["mapping"] = _mapping(options["mapping"])
        if options["cumulative"]:
            how["figures"] = "cumulative"
        if options["remaining"]:
            how["pledges"] = "remaining"
        load = load_file(
            path,
            source=source,
            kind=kind,
            by=options["by"],
            entered_by=options["entered_by"],
            check_only=options["check"],
            reason=options["reason"],
            scope=_scope(options),
            options=how,
        )
        self._print_load(load)

    def _print_load(self, load: Load) -> None:
        write = self.stdout.write
        write(f"{load.file_name}: {load.get_kind_display()}, load {load.pk}, {load.state}")
        write(f"  rows:     {load.report['rows']:,}")
        for currency, total in sorted(load.report.get("totals", {}).items()):
            write(f"  total:    {currency} {total}")
        write(f"  records:  {_counts(load.counts)}")
        if "restated" in load.report:
            write(f"  converted for the first time: {load.report['restated']:,}")
        remarks = load.remarks.order_by("line", "pk")
        for remark in remarks[:20]:
            write(f"  warning:  {remark.line or ''} {remark.message}")
        if (more := remarks.count() - 20) > 0:
            write(f"  … and {more:,} more")

    # --- IATI

    def _load_iati(self, path: Path, options: dict[str, Any]) -> None:
        code = options["fund"]
        fund = Fund.objects.filter(code__iexact=code).first() if code else None
        if code and fund is None:
            raise CommandError(f"There is no fund with code {code}; make it in the admin first.")
        task = IatiLoad(
            path,
            fund,
            options["source"] or "iati",
            options["by"],
            options["reason"],
            progress=self._progress,
            entered_by=options["entered_by"],
        )
        self._print_iati(path, task.check() if options["check"] else task.run())

    def _progress(self, done: int, size: int) -> None:
        if self.stderr.isatty() and size:
            self.stderr.write(f"\r{done * 100 // size:3} %", ending="")
            sys.stderr.flush()

    def _print_iati(self, path: Path, report: IatiReport) -> None:
        write = self.stdout.write
        outcome = f"load {report.load.pk}" if report.load else "only checked"
        write(f"{path.name}: {report.activities} activities, {outcome}")
        write(f"  projects: {_counts(report.projects)}")
        write(f"  records:  {_counts(report.records)}")
        write("  transactions in the file, by type and currency:")
        for (kind, currency), (count, amount) in sorted(report.in_file.items()):
            write(f"    {kind:>3} {currency or '–':4} {count:8,} {amount:24,.2f}")
        write("  in the database now, for these projects:")
        for name, (count, amount, base_amount, converted) in sorted(report.in_database.items()):
            without = f", {count - converted} without a rate" if converted < count else ""
            write(
                f"    {name:28} {count:8,} {amount:24,.2f}"
                f"  {base_label()} {base_amount:,.2f}{without}"
            )
        if report.unplaced:
            write("  had no place here:")
            for what, count in report.unplaced.most_common():
                write(f"    {count:8,} {what}")


def _person(email: str | None) -> User | None:
    if not email:
        return None
    if (person := User.objects.filter(email__iexact=email).first()) is None:
        raise CommandError(f"There is no user with the address {email}.")
    return person


def _mapping(path: Path) -> dict[str, Any]:
    try:
        spec = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise CommandError(f"{path.name} is no JSON: {error}") from error
    Mapping.from_spec(spec)
    return spec


def _scope(options: dict[str, Any]) -> Scope:
    year = options["year"]
    bounds: dict[str, Any] = {
        "funds": tuple(options["for_fund"]),
        "organizations": tuple(options["for_organization"]),
        "first": date(year, 1, 1) if year else None,
        "last": date(year, 12, 31) if year else None,
    }
    return Scope(complete=options["complete"] or any(bounds.values()), **bounds)


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{counts.get(key, 0):,} {key}" for key in _ORDER)

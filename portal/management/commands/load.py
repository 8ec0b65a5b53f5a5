"""`manage.py load FILE…`: take source files in, check and release them."""

import hashlib
import json
import sys
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from finance.errors import LoadError
from finance.formats.kinds import KINDS
from finance.formats.mappings import Mapping
from finance.formats.remembered import remembered_mapping
from finance.formats.starter import is_starter
from finance.loading.files import load_file
from finance.loading.scopes import Scope
from finance.loading.warnings import GRAVE, withdraws_much
from finance.loading.warnings import KINDS as WARNINGS
from finance.models import Load, LoadRemark, Source
from portal.iati.errors import IatiFileError, in_words
from portal.iati.load import IatiLoad, IatiReport
from portal.kit.currency import base_label
from projects.models import Fund, Office, User

ENTER, RELEASE = "finance.add_load", "finance.release_load"
SHOWN = 20
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
        parser.add_argument(
            "--kind", choices=sorted([*KINDS, Load.Kind.STARTER]), help="what a spreadsheet states"
        )
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
        parser.add_argument(
            "--leave-out-faulty",
            action="store_true",
            help="IATI: leave out activities that cannot be read, and take the rest",
        )
        parser.add_argument("--check", action="store_true", help="only check, release nothing")
        parser.add_argument(
            "--confirm-withdrawal",
            action="store_true",
            help="release even if more than 5 %% of what stands would be withdrawn",
        )
        parser.add_argument(
            "--acknowledge",
            action="store_true",
            help="release in spite of amounts beyond all others or money after today",
        )
        parser.add_argument(
            "--into-empty",
            action="store_true",
            help="do nothing if these files were loaded; refuse where there is other data",
        )
        parser.add_argument("--by", help="e-mail address of the person who releases")
        parser.add_argument("--entered-by", help="e-mail address of the person who enters")
        parser.add_argument("--reason", default="", help="shown with the load")

    def handle(self, *, files: list[Path], **options: Any) -> None:
        """One file after the other; the first that fails stops the rest."""
        office = Office.current()
        office.use_currency()
        options["by"] = _person(options["by"], RELEASE)
        options["entered_by"] = _person(options["entered_by"], ENTER)
        if options["by"] and options["by"] == options["entered_by"] and office.four_eyes:
            raise CommandError("Another person than the one who enters a load must release it.")
        if options["into_empty"]:
            files = _not_loaded(files)
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
        if kind is None and is_starter(path):
            kind = Load.Kind.STARTER
        if kind is None:
            raise CommandError(f"{path.name}: say what it states by --kind.")
        code = options["source"] or ("exchange-rates" if kind == Load.Kind.RATES else kind)
        source, _made = Source.objects.get_or_create(code=code, defaults={"name": code})
        how: dict[str, Any] = {}
        is_mapped = kind != Load.Kind.STARTER
        if is_mapped and (mapping := _mapping(options["mapping"], source, kind)):
            how["mapping"] = mapping
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
            decide=lambda load: _decide(load, options),
        )
        self._print_load(load)

    def _print_load(self, load: Load) -> None:
        write = self.stdout.write
        write(f"{load.file_name}: {load.get_kind_display()}, load {load.pk}, {load.state}")
        write(f"  rows:     {load.report['rows']:,}")
        for currency, total in sorted(load.report.get("totals", {}).items()):
            write(f"  total:    {currency} {total}")
        if unread := load.report.get("unread_amounts"):
            write(f"  without amounts that cannot be read: {unread:,}")
        write(f"  records:  {_counts(load.counts)}")
        if "restated" in load.report:
            write(f"  converted for the first time: {load.report['restated']:,}")
        self._print_remarks(list(load.remarks.all()))

    def _print_remarks(self, remarks: list[LoadRemark]) -> None:
        """The rarest kinds first, so that many of one kind do not hide one of another."""
        write = self.stdout.write
        counts = Counter(remark.code for remark in remarks)
        remarks = sorted(remarks, key=lambda one: (counts[one.code], one.code, one.line or 0))
        for remark in remarks[:SHOWN]:
            write(f"  warning:  {remark.line or ''} {remark.message}")
        if (more := len(remarks) - SHOWN) > 0:
            write(f"  … and {more:,} more")
            for code, count in counts.most_common():
                write(f"    {count:8,} {WARNINGS.get(code, code)}")

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
            leave_out=options["leave_out_faulty"],
            decide=lambda load: _decide(load, options),
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
        for activity in report.left_out:
            write(f"  left out: {activity.identifier or '?'}, line {activity.line}")
            for fault in activity.faults:
                write(f"    {in_words(path.name, fault)}")
        self._print_remarks(report.remarks)
        if report.unplaced:
            write("  had no place here:")
            for what, count in report.unplaced.most_common():
                write(f"    {count:8,} {what}")


def _person(email: str | None, right: str) -> User | None:
    """The person with that address, who has to have the right that the staff's room asks for."""
    if not email:
        return None
    if (person := User.objects.filter(email__iexact=email).first()) is None:
        raise CommandError(f"There is no user with the address {email}.")
    if not (person.is_active and person.is_staff and person.has_perm(right)):
        verb = "release" if right == RELEASE else "enter"
        raise CommandError(f"{email} may not {verb} loads.")
    return person


def _not_loaded(files: list[Path]) -> list[Path]:
    """Those files that have to be loaded; refuses to mix them with what came otherwise."""
    loaded = set(Load.objects.released().values_list("sha256", flat=True))
    left = []
    for path in files:
        try:
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror or error}") from error
        if digest not in loaded:
            left.append(path)
    if left and loaded:
        raise CommandError(
            "There is other data here already. `make clean` removes it; VAR_DIR=FOLDER keeps it "
            "and begins elsewhere."
        )
    return left


def _decide(load: Load, options: dict[str, Any]) -> None:
    """Ask for what has to be confirmed by itself; raises LoadError where it was not."""
    reasons = []
    if withdraws_much(load) and not options["confirm_withdrawal"]:
        reasons.append(
            f"It would withdraw {load.counts['withdrawn']:,} of {load.report['standing']:,} "
            "records, more than 5 %. Look at them by --check; if that is meant, load it with "
            "--confirm-withdrawal."
        )
    remarks = load.remarks.filter(code__in=GRAVE).order_by("line", "pk")
    if remarks and not options["acknowledge"]:
        lines = [f"{remark.line or ''} {remark.message}" for remark in remarks[:SHOWN]]
        if (more := len(remarks) - SHOWN) > 0:
            lines.append(f"… and {more:,} more")
        reasons.append("\n".join([*lines, "If that is right, load it with --acknowledge."]))
    if reasons:
        raise LoadError("\n".join(reasons))


def _mapping(path: Path | None, source: Source, kind: str) -> dict[str, Any] | None:
    """The mapping of that file, else what is remembered of the source."""
    if path is None:
        try:
            remembered = remembered_mapping(source=source, kind=kind)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        return source.mappings.get(kind=kind).spec if remembered else None
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

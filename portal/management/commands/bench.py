"""`manage.py bench`: measure the portal, beside floors taken in the same run."""

import json
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.host.bench.bars import FAILS_BEYOND
from portal.host.bench.iati_file import write_iati
from portal.host.bench.loading import write_vouchers
from portal.host.bench.pages import PAGES_KEPT
from portal.host.bench.rows import as_json, as_lines, fails, row_of
from portal.host.bench.scratch import run, scratch
from portal.host.bench.spreadsheets import voucher_file


class Command(BaseCommand):
    """Each measurement in a process, a database and a folder of its own, removed afterwards."""

    help = (
        "Measure the portal: time as a multiple of a floor taken in the same run, and peak "
        "memory. Without names, everything is measured in turn."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """What to measure, and how much of it."""
        parser.add_argument(
            "names",
            nargs="*",
            metavar="NAME",
            help=f"any of: {', '.join(MEASUREMENTS)} (default: all)",
        )
        parser.add_argument(
            "--mb",
            type=int,
            nargs="+",
            default=[30],
            help="iati: sizes of the files in MB; 1000 takes an hour or so (default: 30)",
        )
        parser.add_argument(
            "--rows",
            type=int,
            default=100_000,
            help="vouchers, reading: lines of the file (default: 100,000)",
        )
        parser.add_argument(
            "--export-rows",
            type=int,
            default=1_000_000,
            help="exports: lines of the Excel file (default: 1,000,000)",
        )
        parser.add_argument(
            "--projects",
            type=int,
            default=100_000,
            help="as_of, pages: projects; one in 20 of one fund (default: 100,000)",
        )
        parser.add_argument(
            "--pages",
            type=int,
            default=100_000,
            help="search: pages of documents (default: 100,000)",
        )
        parser.add_argument("--json", metavar="FILE", help="pages: write the rows there, too")
        parser.add_argument(
            "--strict",
            action="store_true",
            help=f"pages: fail where something costs more than {FAILS_BEYOND} times its bar",
        )
        parser.add_argument(
            "--keep",
            metavar="DATABASE",
            help="as_of, pages: a database of that name, filled where there is none, and kept",
        )
        parser.add_argument(
            "--template",
            metavar="DATABASE",
            default="template1",
            help="an empty prepared database to copy, instead of preparing one each time",
        )

    def handle(self, *_args: Any, names: list[str], **options: Any) -> None:
        """One line for each result."""
        if unknown := sorted(set(names) - set(MEASUREMENTS)):
            known = ", ".join(MEASUREMENTS)
            self.stderr.write(f"There is no measurement {', '.join(unknown)}; there are: {known}.")
            sys.exit(2)
        # Asked to stop, it still removes what it made.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
        for name in names or MEASUREMENTS:
            for line in MEASUREMENTS[name](options):
                self.stdout.write(line)
                self.stdout.flush()


def _child(environment: dict[str, str], step: str, path: Path, *more: int) -> dict[str, Any]:
    arguments = (step, str(path), *map(str, more))
    return json.loads(run(environment, "-m", "portal.host.bench.child", *arguments))


def vouchers(options: dict[str, Any]) -> Iterator[str]:
    """Check and release of voucher lines, against bare parsing and `INSERT … SELECT`."""
    with scratch(options["template"]) as (folder, environment):
        path = folder / "vouchers.csv"
        write_vouchers(path, options["rows"])
        found = _child(environment, "vouchers", path)
    floor = found["parse"] + found["insert"]
    whole = found["check"] + found["release"]
    yield (
        f"{found['transactions']:,} voucher lines: check {found['check']:.1f} s, release "
        f"{found['release']:.1f} s of CPU = {whole / floor:.2f} × bare parsing "
        f"({found['parse']:.1f} s) and INSERT … SELECT ({found['insert']:.1f} s), the release "
        f"alone {found['release'] / floor:.2f} ×; peak memory {found['peak_mb']:.0f} MB"
    )


def iati(options: dict[str, Any]) -> Iterator[str]:
    """Loading IATI files, against bare parsing."""
    for size in options["mb"]:
        with scratch(options["template"]) as (folder, environment):
            path = folder / "bench.xml"
            activities, transactions = write_iati(path, size * 1_000_000)
            floor, load = (_child(environment, step, path) for step in ("iterparse", "load"))
        agreed = load["transactions"] == floor["transactions"] == transactions
        yield (
            f"IATI file of {size} MB, {activities} activities, {transactions} transactions"
            f"{'' if agreed else ' (THE COUNTS DISAGREE)'}: load {load['seconds']:.1f} s = "
            f"{load['seconds'] / floor['seconds']:.1f} × bare parsing; peak memory "
            f"{load['peak_mb']:.0f} MB (bare parsing {floor['peak_mb']:.0f} MB)"
        )


def reading(options: dict[str, Any]) -> Iterator[str]:
    """Reading spreadsheets with types, against the bare reader of their format."""
    with scratch(options["template"]) as (folder, environment):
        for ending in ("csv", "xlsx"):
            path = voucher_file(folder / f"vouchers.{ending}", options["rows"])
            found = _child(environment, f"read-{ending}", path)
            yield (
                f"Reading {found['rows']:,} rows of {ending}: {found['cpu']:.1f} s of CPU = "
                f"{found['cpu'] / found['bare']:.1f} × the bare reader; peak memory "
                f"{found['peak_mb']:.0f} MB"
            )


def as_of(options: dict[str, Any]) -> Iterator[str]:
    """Pages as of a past date, against today's."""
    with scratch(options["template"], keep=options["keep"]) as (folder, environment):
        found = _child(environment, "as_of", folder, options["projects"])
    for cost in found["costs"]:
        ratio = cost["then"] / cost["today"]
        yield (
            f"As of a past date, {cost['name']}: {cost['then']:.0f} ms = {ratio:.1f} × today’s "
            f"{cost['today']:.0f} ms, {cost['database']:.0f} ms of them in the database "
            f"(bar {cost['bar']:g})"
        )


def pages(options: dict[str, Any]) -> Iterator[str]:
    """Pages beside "ok", files beside the barest way to the same, each with its bar."""
    kept = {"pages_kept": PAGES_KEPT, "keep": options["keep"]}
    with scratch(options["template"], **kept) as (folder, environment):
        found = _child(environment, "pages", folder, options["projects"])
    rows = [row_of(values) for values in found["rows"]]
    yield from as_lines(rows)
    if options["json"]:
        Path(options["json"]).write_text(json.dumps(as_json(rows), indent=1), encoding="utf-8")
    if options["strict"] and (names := fails(rows)):
        raise CommandError(f"More than {FAILS_BEYOND} times the bar: {'; '.join(names)}.")


def search(options: dict[str, Any]) -> Iterator[str]:
    """The page of the search inside documents, against the bare query."""
    with scratch(options["template"]) as (folder, environment):
        found = _child(environment, "search", folder, options["pages"])
    for cost in found["costs"]:
        ratio = cost["page"] / cost["bare"]
        yield (
            f"Search of {options['pages']:,} pages of documents for {cost['name']}: "
            f"{cost['page']:.1f} ms = {ratio:.1f} × the bare query’s {cost['bare']:.1f} ms "
            f"(bar {cost['bar']:g})"
        )


def exports(options: dict[str, Any]) -> Iterator[str]:
    """Voucher lines to one Excel file, against the bare writer."""
    with scratch(options["template"]) as (folder, environment):
        path = folder / "vouchers.csv"
        write_vouchers(path, min(options["rows"], options["export_rows"]))
        rows = options["export_rows"]
        floor = _child(environment, "bare-xlsx", folder / "bare.xlsx", rows)
        found = _child(environment, "export", path, rows)
    yield (
        f"Excel file of {found['transactions']:,} voucher lines"
        f"{'' if found['agreed'] else ' (WHAT IS READ BACK DISAGREES)'}: {found['export']:.0f} s = "
        f"{found['export'] / floor['seconds']:.1f} × openpyxl alone; peak memory "
        f"{found['peak_mb']:.0f} MB"
    )


MEASUREMENTS: dict[str, Callable[[dict[str, Any]], Iterator[str]]] = {
    "vouchers": vouchers,
    "iati": iati,
    "reading": reading,
    "as_of": as_of,
    "pages": pages,
    "search": search,
    "exports": exports,
}

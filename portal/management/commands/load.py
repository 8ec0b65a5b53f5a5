"""`manage.py load FILE…`: take source files in and release them."""

import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from finance.intake import LoadError
from finance.rates import load_rates
from portal.exchange.iati_errors import IatiFileError
from portal.exchange.iati_load import IatiLoad, IatiReport
from projects.models import Fund, User


class Command(BaseCommand):
    """Load IATI files; each file is one transaction."""

    help = (
        "Take in IATI 2.01–2.03 activity files (.xml) or exchange rates (.xlsx, .csv: currency, "
        "effective date, units per US$) and release them; each file is whole or absent."
    )

    def add_arguments(self, parser):
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--fund", help="code of the fund that all projects belong to")
        parser.add_argument("--source", default="iati", help="code of the source (default: iati)")
        parser.add_argument("--by", help="e-mail address of the person who releases")
        parser.add_argument("--reason", default="", help="shown with the load")

    def handle(self, *, files, fund, source, by, reason, **options):
        owner = None
        if fund and (owner := Fund.objects.filter(code__iexact=fund).first()) is None:
            raise CommandError(f"There is no fund with code {fund}; make it in the admin first.")
        person = None
        if by and (person := User.objects.filter(email__iexact=by).first()) is None:
            raise CommandError(f"There is no user with the address {by}.")
        for path in files:
            if path.suffix.lower() in {".xlsx", ".csv"}:
                self._load_rates(path, person, reason)
                continue
            self._load(IatiLoad(path, owner, source, person, reason, progress=self._progress))

    def _load(self, task: IatiLoad) -> None:
        try:
            report = task.run()
        except (IatiFileError, LoadError) as error:
            raise CommandError(f"{error}\nNothing of this file was taken in.") from error
        except OSError as error:
            raise CommandError(f"{task.path}: {error.strerror or error}") from error
        self._print(task.path, report)

    def _load_rates(self, path: Path, person, reason: str) -> None:
        try:
            load = load_rates(path, by=person, reason=reason)
        except LoadError as error:
            raise CommandError(f"{error}\nNothing of this file was taken in.") from error
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror or error}") from error
        self.stdout.write(f"{path.name}: exchange rates, load {load.pk}")
        self.stdout.write(f"  rates:    {_counts(load.counts)}")
        self.stdout.write(f"  records converted for the first time: {load.report['restated']:,}")

    def _progress(self, done: int, size: int) -> None:
        if self.stderr.isatty() and size:
            self.stderr.write(f"\r{done * 100 // size:3} %", ending="")
            sys.stderr.flush()

    def _print(self, path: Path, report: IatiReport) -> None:
        write = self.stdout.write
        write(f"{path.name}: {report.activities} activities, load {report.load.pk}")
        write(f"  projects: {_counts(report.projects)}")
        write(f"  records:  {_counts(report.records)}")
        write("  transactions in the file, by type and currency:")
        for (kind, currency), (count, amount) in sorted(report.in_file.items()):
            write(f"    {kind:>3} {currency or '–':4} {count:8,} {amount:24,.2f}")
        write("  in the database now, for these projects:")
        for name, (count, amount, usd, converted) in sorted(report.in_database.items()):
            without = f", {count - converted} without a rate" if converted < count else ""
            write(f"    {name:28} {count:8,} {amount:24,.2f}  US$ {usd:,.2f}{without}")
        if report.unplaced:
            write("  had no place here:")
            for what, count in report.unplaced.most_common():
                write(f"    {count:8,} {what}")


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{counts.get(key, 0):,} {key}" for key in _ORDER)


_ORDER = ("new", "changed", "withdrawn", "unchanged")

"""`manage.py package [FOLDER]`: make the package of all public data now."""

from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from portal.package.checking import PackageError
from portal.package.verify import tables_of
from portal.work.packages import make_package, write_package


class Command(BaseCommand):
    """Makes the package, whether it is due or not; ends with 1 where its sums do not agree."""

    help = "Make the package of all public data now, and put a copy of it into FOLDER."

    def add_arguments(self, parser: CommandParser) -> None:
        """A folder for a copy."""
        parser.add_argument("folder", nargs="?", type=Path)

    def handle(self, **options: Any) -> None:
        """Say where it is and what it holds."""
        folder: Path | None = options["folder"]
        if folder is not None and not folder.is_dir():
            raise CommandError(f"{folder} is no folder.")
        try:
            package = write_package(folder) if folder else make_package()
        except PackageError as error:
            raise CommandError(str(error)) from error
        if package is None:
            raise CommandError("Something was withheld meanwhile: make it again.")
        tables = tables_of(package.manifest)
        rows = sum(part["rows"] for part in tables)
        self.stdout.write(
            f"{package.name}.zip: {len(tables)} tables, {rows:,} rows, "
            f"{package.size:,} bytes, SHA-256 {package.sha256}"
        )

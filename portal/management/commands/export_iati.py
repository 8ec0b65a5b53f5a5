"""`manage.py export_iati [FOLDER]`: make our IATI files now."""

from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from portal.work.iati_files import make_iati_files, write_iati_files


class Command(BaseCommand):
    """Makes the files, whether they are due or not: in their place, or in a folder."""

    help = "Make our IATI files now: those of the page of data, or in FOLDER."

    def add_arguments(self, parser: CommandParser) -> None:
        """A folder instead of the page."""
        parser.add_argument("folder", nargs="?", type=Path)

    def handle(self, **options: Any) -> None:
        """Say what was made."""
        folder: Path | None = options["folder"]
        if folder is None:
            self.stdout.write(f"{make_iati_files()} files")
            return
        if not folder.is_dir():
            raise CommandError(f"{folder} is no folder.")
        for made in write_iati_files(folder):
            self.stdout.write(
                f"{made.path.name}: {made.activities:,} activities, {made.size:,} bytes"
            )

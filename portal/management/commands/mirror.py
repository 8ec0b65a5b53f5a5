"""`manage.py mirror TARGET`: a static copy of all public pages, to be read without the portal."""

import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.mirror.errors import MirrorError
from portal.mirror.publishing import BEGUN, make_mirror

# More would take what visitors need.
_MOST = 4


class Command(BaseCommand):
    """Make the copy now; what was there before stays until it is whole."""

    help = "Write a copy of all public pages, with their files, search and hashes, into a folder."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "target", type=Path, nargs="?",
            help="the folder that the copy is to be in (default: MIRROR_FOLDER)",
        )  # fmt: skip
        parser.add_argument(
            "--language", default="", help="another that the site is in, such as fr"
        )
        parser.add_argument(
            "--processes", type=int, default=min(os.cpu_count() or 1, _MOST),
            help="how many draw pages at once (default: one for each processor, four at most)",
        )  # fmt: skip

    def handle(self, *_args: Any, target: Path | None, **options: Any) -> None:
        """Say how far it is, and what it became."""
        target = target or (Path(settings.MIRROR_FOLDER) if settings.MIRROR_FOLDER else None)
        if target is None:
            raise CommandError("Name a folder, or set MIRROR_FOLDER.")
        try:
            language, processes = options["language"], options["processes"]
            made = make_mirror(
                target, say=self.stdout.write, language=language, processes=processes
            )
            cache.delete(BEGUN)
        except (MirrorError, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{made.folder}: {made.files:,} files, {made.size:,} bytes; "
            f"SHA-256 of SHA256SUMS {made.sha256}"
        )

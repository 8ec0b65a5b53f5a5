"""`manage.py restore SOURCE`: a set of `manage.py backup`, into an empty database and storage."""

import sys
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError

from portal.backup import restoring
from portal.backup.programs import BackupError
from portal.work.verifying import verify_all


class Command(BaseCommand):
    """Check the set, bring it back, prepare the database, and verify everything."""

    help = "Bring back a set into an empty database and storage, and verify it."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", type=Path, help="the set: portal-….tar or portal-….tar.gpg")
        parser.add_argument(
            "--check", action="store_true", help="only look whether the set is whole"
        )
        parser.add_argument(
            "--keys-to", type=Path, metavar="FOLDER",
            help="write the keys and settings of an encrypted set there",
        )  # fmt: skip

    def handle(
        self, *_args: Any, source: Path, check: bool, keys_to: Path | None, **_options: Any
    ) -> None:
        """Ends with 1, and nothing brought back, where anything is not as it was."""
        try:
            if not check:
                restoring.refuse_unless_empty()
            self.stdout.write(restoring.about(restoring.check_set(source)))
            if check:
                return
            restoring.bring_back(source, keys_to)
        except (BackupError, OSError, OperationalError) as error:
            raise CommandError(str(error)) from error
        call_command("prepare", verbosity=0)
        held = restoring.settle_after_restore()
        self._tell(source, held)
        result = verify_all(self._progress)
        if not result.ok:
            raise CommandError(result.difference)
        self.stdout.write(f"All agrees. Newest seal: {result.seal_number} {result.seal_hash}")

    def _tell(self, source: Path, held: int) -> None:
        if held:
            self.stdout.write(
                f"{held} mails waited when the backup was made, and may have been sent since: the "
                "page of health lists them, to be sent again or forgotten."
            )
        if not restoring.is_same_secret(source):
            self.stderr.write(
                self.style.WARNING(
                    "SECRET_KEY is not the one of the set: second factors cannot be read until it "
                    "is, or stands in SECRET_KEY_FALLBACKS. --keys-to writes it to a file."
                )
            )

    def _progress(self, what: str, done: int, count: int) -> None:
        if sys.stderr.isatty() and count:
            self.stderr.write(f"\r\x1b[K{what}: {done * 100 // count} %", ending="")

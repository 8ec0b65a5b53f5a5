"""`manage.py backup TARGET`: database, files and keys as one set, while the site runs."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils import timezone

from portal.backup.making import Made, drop_old_sets, make_set
from portal.backup.programs import BackupError
from portal.models import Backup

# Any number will do, as long as it stays the same.
BACKUP_LOCK = 720_240_119


class Command(BaseCommand):
    """Write a set into a folder and note that it is there, or why it is not."""

    help = "Write database, files and, where encrypted, keys as one checked set into a folder."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("target", type=Path, help="the folder that the set is written to")
        parser.add_argument(
            "--key", default=settings.BACKUP_KEY_FILE, metavar="FILE",
            help="a public key of GnuPG that the set is encrypted to (default: BACKUP_KEY_FILE)",
        )  # fmt: skip
        parser.add_argument(
            "--with", dest="beside", type=Path, action="append", default=[], metavar="FILE",
            help="a file of settings that goes into the encrypted set; may be repeated",
        )  # fmt: skip
        parser.add_argument(
            "--keep", type=int, default=0, metavar="NUMBER",
            help="delete older sets in the folder but so many; 0 keeps all",
        )  # fmt: skip

    def handle(self, *_args: Any, target: Path, key: str, **options: Any) -> None:
        """One at a time; a failure is kept for staff to see, and ends with 1."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [BACKUP_LOCK])
            if not cursor.fetchone()[0]:
                raise CommandError("A backup is under way already.")
        try:
            self._back_up(target, key, **options)
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [BACKUP_LOCK])

    def _back_up(self, target: Path, key: str, beside: list[Path], keep: int, **_: Any) -> None:
        note = Backup.objects.create(encrypted=bool(key), name=str(target)[:500])
        try:
            made = make_set(target, key=key, beside=beside)
        except (BackupError, OSError) as error:
            note.ended_at, note.remark = timezone.now(), str(error)
            note.save()
            raise CommandError(str(error)) from error
        note.ended_at, note.ok = timezone.now(), True
        note.name, note.files = str(made.path)[:500], made.files
        note.size = made.path.stat().st_size
        note.remark = _remark(made)
        note.save()
        for name in drop_old_sets(target, keep):
            self.stdout.write(f"Deleted {name}.")
        if note.remark:
            self.stderr.write(self.style.WARNING(note.remark))
        if not key:
            self.stderr.write(
                self.style.WARNING(
                    "The set is not encrypted: whoever has it reads everything in it. SECRET_KEY, "
                    "without which second factors are lost, is not in it; keep it apart."
                )
            )
        self.stdout.write(f"{made.path}: {note.size} bytes, {made.files} files")


def _remark(made: Made) -> str:
    if not made.missing:
        return ""
    return (
        f"{len(made.missing)} files that the database names are not there, such as "
        f"{made.missing[0]}: manage.py verify names them."
    )

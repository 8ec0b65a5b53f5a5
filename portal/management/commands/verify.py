"""`manage.py verify`: recompute seals and figures from the records, name what differs."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from finance.loading.lock import lock_releases
from finance.sealing.seals import seal_old_releases
from finance.sealing.verification import Scope, verify
from portal.work.deriving import derive_anew
from portal.work.verifying import verify_all
from projects.models import Office, Project


class Command(BaseCommand):
    """Verify everything, or what concerns some projects; exit with 1 on a difference."""

    help = (
        "Recompute seals, key figures, voucher totals and the SHA-256 of kept files from what is "
        "stored, and name the first thing that differs."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--quick", nargs="+", metavar="NUMBER", help="only what concerns these projects"
        )
        parser.add_argument(
            "--seal", default="", metavar="HASH", help="a seal printed on an export must be there"
        )
        parser.add_argument(
            "--seal-old",
            action="store_true",
            help="first seal the releases from before there were seals",
        )

        parser.add_argument(
            "--rebuild",
            action="store_true",
            help="first make entries and key figures anew from the records",
        )

    def handle(self, *_args: Any, quick: list[str] | None, seal: str, **options: Any) -> None:
        Office.current().use_currency()
        if options["seal_old"]:
            self._seal_old()
        projects = None if quick is None else self._numbered(quick)
        scope = Scope(projects, self._progress)
        if options["rebuild"]:
            projects_of_scope = scope.project_ids()
            derive_anew(projects_of_scope, self._progress)
            self.stdout.write(f"Entries of {len(projects_of_scope)} projects made anew.")
        if projects is None:
            result = verify_all(self._progress, seal)
        else:
            result = verify(scope, expected=seal)
        if sys.stderr.isatty():
            self.stderr.write("")
        if not result.ok:
            raise CommandError(result.difference, returncode=1)
        what = "everything" if projects is None else f"{len(projects)} projects"
        self.stdout.write(
            f"All agrees ({what}). Newest seal: {result.seal_number} {result.seal_hash}"
        )

    def _seal_old(self) -> None:
        with transaction.atomic():
            lock_releases()
            count = sum(1 for _seal in seal_old_releases())
        self.stdout.write(f"{count} older releases sealed.")

    def _numbered(self, numbers: list[str]) -> list[int]:
        found = []
        for number in numbers:
            project = Project.objects.numbered(number).first()
            if project is None:
                raise CommandError(f"There is no project with the number {number}.")
            found.append(project.pk)
        return found

    def _progress(self, what: str, done: int, count: int) -> None:
        if sys.stderr.isatty() and count:
            self.stderr.write(f"\r\x1b[K{what}: {done * 100 // count} %", ending="")
            sys.stderr.flush()

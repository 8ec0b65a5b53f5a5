"""`manage.py erase`: what a law demands to be erased leaves the kept originals as well."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from portal.models import AskedErasure
from portal.withholding.erasure import erase, originals
from portal.withholding.kinds import label_of
from projects.models import User, Withholding, WithholdingOutcome


class Command(BaseCommand):
    """Erase what is withheld, for good; the files that hold it, too."""

    help = (
        "Erase the values of a withholding for good, with the kept files of the loads that "
        "stated them and the files of withheld documents. Seals stay verifiable. Without --yes "
        "it only says what would go. Backups made before hold it still: they must be replaced."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "withholding", type=int, nargs="?", help="its number, as /staff/withholding/ says"
        )
        parser.add_argument(
            "--asked",
            action="store_true",
            help="erase all that administrators asked for on the pages of withholding",
        )
        parser.add_argument("--reason", help="the legal ground; only staff read it")
        parser.add_argument("--by", help="e-mail address of the person who decided")
        parser.add_argument(
            "--load",
            type=int,
            action="append",
            default=[],
            help="erase the kept file of this load too (in addition to those found)",
        )
        parser.add_argument("--yes", action="store_true", help="do it")

    def handle(self, *, withholding: int | None, asked: bool, **options: Any) -> None:
        if asked and withholding is None:
            return self._erase_asked()
        if withholding is None or not options["reason"]:
            raise CommandError("Say the number of the withholding and --reason, or --asked.")
        return self._erase_one(withholding, options)

    def _erase_asked(self) -> None:
        """One after the other; what cannot be erased is said, and stays asked for."""
        faults = []
        wanted = AskedErasure.objects.filter(by__is_superuser=True, by__is_active=True)
        for asked in wanted.select_related("withholding", "by"):
            try:
                _outcome, left = erase(
                    withholding=asked.withholding, reason=asked.reason, by=asked.by
                )
            except ValidationError as error:
                faults.append(f"{label_of(asked.withholding)}: {' '.join(error.messages)}")
                if not WithholdingOutcome.objects.filter(withholding=asked.withholding).exists():
                    continue
            except (OSError, DatabaseError) as error:
                faults.append(f"{label_of(asked.withholding)}: {type(error).__name__}: {error}")
                continue
            else:
                self._say(asked.withholding, left)
            asked.delete()
        if faults:
            raise CommandError("\n".join(faults))

    def _erase_one(self, withholding: int, options: dict[str, Any]) -> None:
        found = Withholding.objects.filter(pk=withholding).first()
        if found is None:
            raise CommandError(f"There is no withholding {withholding}.")
        by = User.objects.filter(email__iexact=options["by"]).first() if options["by"] else None
        if options["by"] and by is None:
            raise CommandError(f"There is nobody with the address {options['by']}.")
        loads, versions = originals(found, options["load"])
        self.stdout.write(f"Kept files of loads: {_listed(loads)}; of documents: {len(versions)}.")
        if not options["yes"]:
            self.stdout.write("Nothing is erased yet: say --yes.")
            return
        try:
            _outcome, left = erase(
                withholding=found, reason=options["reason"], by=by, more_loads=options["load"]
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self._say(found, left)

    def _say(self, found: Withholding, left: list[str]) -> None:
        self.stdout.write(f"{label_of(found)} is erased for good.")
        if left:
            self.stdout.write("Words of it are left, or others like them, in:")
            self.stdout.write("\n".join(left))
        self.stdout.write("Logs of the proxy and backups were not looked into.")


def _listed(loads: list[Any]) -> str:
    return ", ".join(str(load.pk) for load in loads) or "none"

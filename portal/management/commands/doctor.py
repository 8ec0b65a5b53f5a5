"""`manage.py doctor`: what is wrong with this installation, and how to mend it."""

import textwrap
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from portal.health.checks import DOCTOR
from portal.health.trouble import Trouble
from portal.health.version import version


class Command(BaseCommand):
    """Looks at everything, tries what can be tried, and changes nothing."""

    help = "Say in plain words what is wrong with this installation, and how to mend it."
    requires_system_checks = ()

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Exit with 1 where something is grave."""
        self.stdout.write(_("Version %(version)s") % {"version": version()})
        grave, seen = 0, set()
        for check in DOCTOR:
            # A database that is away is said once, not by all that ask it.
            found = [trouble for trouble in check.troubles() if trouble.key not in seen]
            seen |= {trouble.key for trouble in found}
            for trouble in found:
                self._tell(str(check.title), trouble)
            grave += sum(trouble.grave for trouble in found)
        if grave:
            raise CommandError(_("%(count)s things have to be mended.") % {"count": grave})
        self.stdout.write(self.style.SUCCESS(_("Nothing has to be mended.")))

    def _tell(self, title: str, trouble: Trouble) -> None:
        style = self.style.ERROR if trouble.grave else self.style.WARNING
        self.stdout.write(style(f"{'✗' if trouble.grave else '!'} {title}"))
        for text in filter(None, (trouble.said, trouble.mend)):
            self.stdout.write(textwrap.indent(textwrap.fill(text, 90), "    "))

"""`manage.py first_administrator EMAIL`: the link by which a new portal gets its administrator."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.accounts.invitations import VALID_AT_ONCE, first_administrator


class Command(BaseCommand):
    """Print the link; it is kept nowhere."""

    help = (
        "Print a link by which the first administrator chooses a password and a second factor. "
        "It works once and for an hour; run it again for another."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Whose."""
        parser.add_argument("email", help="the administrator’s own e-mail address")

    def handle(self, *_args: Any, email: str, **_options: Any) -> None:
        """Refuse where somebody administers the portal already."""
        try:
            url = first_administrator(email)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(url)
        minutes = int(VALID_AT_ONCE.total_seconds() // 60)
        self.stderr.write(f"The link works once, within {minutes} minutes, and for {email} only.")

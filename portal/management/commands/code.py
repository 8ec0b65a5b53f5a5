"""`manage.py code EMAIL`: the code of the moment of a sample account, in place of an app."""

import time
from typing import Any

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.sample.people import second_factor
from projects.models import Office, User


class Command(BaseCommand):
    """Print it, for the sample's accounts only."""

    help = "Print the code that a sample account's authenticator app would show now."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whose."""
        parser.add_argument("email")

    def handle(self, *_args: Any, email: str, **_options: Any) -> None:
        """Refuse where the portal holds real data."""
        if not Office.current().sample:
            raise CommandError("Only the accounts of a sample portal show their codes.")
        user = User.objects.filter(email__iexact=email, email__endswith="@example.org").first()
        secret = second_factor(user) if user else ""
        if not secret:
            raise CommandError(f"{email} has no authenticator app.")
        self.stdout.write(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))

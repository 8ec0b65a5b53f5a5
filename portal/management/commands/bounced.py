"""`manage.py bounced < report`: take in what a mail server reports of a mail that came back."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from portal.work.bounces import LONGEST, take_in


class Command(BaseCommand):
    """For a mail server's alias, or a program that reads a mailbox."""

    help = (
        "Read the report of a mail that came back (RFC 3464) from standard input. Staff see at "
        "/staff/health/ whom no mail reaches; who only followed something is erased."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Say how many addresses were out of reach; not whose, for a mail server may echo it."""
        count = take_in(sys.stdin.buffer.read(LONGEST))
        self.stdout.write(f"Addresses that a mail of ours did not reach: {count}.")

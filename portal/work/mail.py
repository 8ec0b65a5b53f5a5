"""The queue of mail: a page that causes mail keeps it here, and a worker sends it.

So no page fails, waits or loses what it shows only once because of a mail server that is not
there, refuses or hangs. What could not be sent is tried again, for three days.
"""

import logging
from collections.abc import Iterable, Sequence
from datetime import timedelta
from email.message import EmailMessage as Message
from email.parser import BytesParser
from email.policy import SMTP, Policy
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.core.signing import Signer
from django.db import transaction
from django.utils import timezone
from django_tasks import task

from portal.kit.mail import delivery
from portal.kit.web.priorities import AT_ONCE
from portal.models import OutgoingMail

log = logging.getLogger(__name__)
TRIED_FOR = timedelta(days=3)
LONGEST_WAIT = timedelta(hours=1)
# A head of each mail, which comes back with it where it cannot be brought.
MARK = "X-Portal-Mail"


def mark_of(recipients: Iterable[str]) -> str:
    """What only this site can have written on a mail to these."""
    return Signer(salt="mail").signature(",".join(recipients).lower())


class Queue(BaseEmailBackend):
    """Django's mail backend of the site: it keeps, and sends nothing itself."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Keep them, with whatever else the page changes, or not at all."""
        kept = [_kept(message) for message in email_messages if message.recipients()]
        OutgoingMail.objects.bulk_create(kept)
        if kept:
            transaction.on_commit(lambda: send_waiting.enqueue())
        return len(kept)


def _kept(message: EmailMessage) -> OutgoingMail:
    recipients = message.recipients()
    message.extra_headers = {**message.extra_headers, MARK: mark_of(recipients)}
    return OutgoingMail(
        sender=message.from_email,
        recipients=recipients,
        subject=str(message.subject)[:998],
        content=message.message().as_bytes(),
    )


class _Content(Message):
    """A message read back, as Django's way to mail servers asks for it: with its line ends."""

    def as_bytes(
        self, unixfrom: bool = False, policy: Policy | None = None, linesep: str = "\n"
    ) -> bytes:
        return super().as_bytes(unixfrom, (policy or self.policy).clone(linesep=linesep))


class _Kept(EmailMessage):
    """A mail as it was put into the queue."""

    def __init__(self, mail: OutgoingMail, connection: Any) -> None:
        # Only the envelope: readers see the sender that the message itself names.
        returns_to = settings.BOUNCE_ADDRESS or mail.sender
        super().__init__(
            mail.subject, from_email=returns_to, to=mail.recipients, connection=connection
        )
        self.content = bytes(mail.content)

    def message(self, **_options: Any) -> Any:
        """The very message, with its dates and parts."""
        return BytesParser(_Content, policy=SMTP).parsebytes(self.content)


@task(priority=AT_ONCE)
def send_waiting() -> str:
    """Send what waits and is due."""
    return f"{send_due()} mails"


def send_due() -> int:
    """Try each mail that is due once; an unreachable server ends the round. Returns how many went.

    Of two workers each takes other mails: a row is locked while its mail is sent.
    """
    sent = 0
    while True:
        with transaction.atomic():
            mail = OutgoingMail.objects.due().select_for_update(skip_locked=True).first()
            if mail is None:
                return sent
            try:
                with delivery() as connection:
                    _Kept(mail, connection).send()
            except (OSError, ValueError) as error:
                # Also what SMTP says, and addresses that cannot be written for it.
                log.warning("A mail waits: %s", type(error).__name__)
                _try_later(mail, error)
            else:
                mail.delete()
                sent += 1


def send_again(mail: OutgoingMail) -> bool:
    """Try it anew, for three days more; False where its text is gone."""
    if not mail.content:
        return False
    mail.given_up_at, mail.tries = None, 0
    mail.queued_at = mail.next_try_at = timezone.now()
    mail.save(update_fields=["given_up_at", "tries", "queued_at", "next_try_at"])
    transaction.on_commit(lambda: send_waiting.enqueue())
    return True


def _try_later(mail: OutgoingMail, error: Exception) -> None:
    now = timezone.now()
    mail.tries += 1
    mail.fault = (str(error) or type(error).__name__)[:300]
    mail.next_try_at = now + min(LONGEST_WAIT, timedelta(minutes=2 ** min(mail.tries - 1, 6)))
    if now - mail.queued_at > TRIED_FOR:
        # Nobody sends it any more: what it says, perhaps a link that lets in, goes.
        mail.given_up_at, mail.content = now, b""
    mail.save()
    # The same server would keep every other mail waiting, too: they need not all find out.
    OutgoingMail.objects.due().exclude(pk=mail.pk).filter(tries=0).update(
        next_try_at=now + timedelta(minutes=1)
    )

"""Mail that came back: what other mail servers report of addresses that they could not reach.

A report (RFC 3464) names the address and says why. Staff read it beside the mail that waits; who
only follows something is followed up no more. Anybody can write a report: what counts is the mark
that the mail itself bore, which comes back with it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import Message
from typing import Any

from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from portal.kit.safe import clean_text
from portal.models import Follow, OutgoingMail
from portal.work.mail import MARK, mark_of
from projects.letters import sender
from projects.models import User

# Of a report; what is longer carries whole attachments, and says nothing more.
LONGEST = 2_000_000


@dataclass(frozen=True)
class Failure:
    """An address to which a mail could not be brought, for good, and why."""

    address: str
    reason: str


def take_in(report: bytes) -> int:
    """Keep what a report says of our mail; how many addresses it proves to be out of reach."""
    message = message_from_bytes(report[:LONGEST], policy=policy.default)
    proven = [failure for failure in failures(message) if _is_ours(failure, message)]
    for failure in proven:
        Follow.objects.filter(email__iexact=failure.address).delete()
        if user := User.objects.filter(email__iexact=failure.address).first():
            _tell_staff(user, failure, message)
    return len(proven)


def failures(message: Message) -> Iterator[Failure]:
    """The addresses that a report gives up; what is only delayed is none."""
    for part in message.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        for fields in _blocks(part):
            address = _value(fields, "Original-Recipient") or _value(fields, "Final-Recipient")
            if address and str(fields.get("Action", "")).strip().lower() == "failed":
                reason = _value(fields, "Diagnostic-Code") or str(fields.get("Status", ""))
                yield Failure(address, _line(reason)[:250])


def _blocks(part: Message) -> list[Message]:
    found: Any = part.get_payload()
    return found if isinstance(found, list) else []


def _value(fields: Message, name: str) -> str:
    """What stands after the kind, as in `rfc822; somebody@example.org`."""
    _kind, _semicolon, value = str(fields.get(name, "")).partition(";")
    return _line(value).strip("<>")


def _line(text: str) -> str:
    """In one line, without signs that control something."""
    return " ".join(clean_text(text).split())


def _is_ours(failure: Failure, message: Message) -> bool:
    mark = mark_of([failure.address])
    marks = (str(part.get(MARK, "")) for part in _returned(message))
    return any(constant_time_compare(found.strip(), mark) for found in marks)


def _tell_staff(user: User, failure: Failure, message: Message) -> None:
    """Once for each mail of the same subject, however often it comes back."""
    subjects = (_line(str(part["Subject"])) for part in _returned(message) if part["Subject"])
    now = timezone.now()
    OutgoingMail.objects.update_or_create(
        recipients=[user.email],
        subject=next(subjects, "?")[:998],
        content=b"",
        defaults={
            "sender": sender(),
            "fault": _("came back: %(reason)s") % {"reason": failure.reason},
            "next_try_at": now,
            "given_up_at": now,
        },
    )


def _returned(message: Message) -> Iterator[Message]:
    """The mail that came back, whole or its head alone."""
    for part in message.walk():
        kind = part.get_content_type()
        if kind == "message/rfc822":
            yield from _blocks(part)
        elif kind == "text/rfc822-headers":
            head: Any = part.get_payload(decode=True)
            yield message_from_bytes(head or b"", policy=policy.default)

"""Mail that came back: what other mail servers report of addresses that they could not reach.

A report (RFC 3464) names the address and says why. Staff read it beside the mail that waits; who
only follows something is followed up no more, where the mail that came back is proven to be ours.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import Message
from typing import Any
from urllib.parse import urlsplit

from django.core.signing import BadSignature
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.following.services import follow_of
from portal.models import OutgoingMail
from projects.letters import sender
from projects.models import User

# Of a report; what is longer carries whole attachments, and says nothing more.
LONGEST = 2_000_000
_LINK = re.compile(r"<([^>]+)>")


@dataclass(frozen=True)
class Failure:
    """An address to which a mail could not be brought, for good, and why."""

    address: str
    reason: str


def take_in(report: bytes) -> list[str]:
    """What was done with each failure of a report, in words; nothing where it reports none."""
    message = message_from_bytes(report[:LONGEST], policy=policy.default)
    return [_taken(failure, message) for failure in failures(message)]


def failures(message: Message) -> Iterator[Failure]:
    """The addresses that a report gives up; what is only delayed is none."""
    for part in message.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        for fields in _blocks(part):
            address = _value(fields, "Original-Recipient") or _value(fields, "Final-Recipient")
            if address and str(fields.get("Action", "")).strip().lower() == "failed":
                reason = _value(fields, "Diagnostic-Code") or str(fields.get("Status", ""))
                yield Failure(address, " ".join(reason.split()))


def _blocks(part: Message) -> list[Message]:
    found: Any = part.get_payload()
    return found if isinstance(found, list) else []


def _value(fields: Message, name: str) -> str:
    """What stands after the kind, as in `rfc822; somebody@example.org`."""
    _kind, _semicolon, value = str(fields.get(name, "")).partition(";")
    return value.strip().strip("<>")


def _taken(failure: Failure, message: Message) -> str:
    if _followed_no_more(failure, message):
        return _("An address that followed something is erased.")
    user = User.objects.filter(email__iexact=failure.address).first()
    if user is None:
        return _("The address is not known here; nothing was kept.")
    now = timezone.now()
    OutgoingMail.objects.create(
        sender=sender(),
        recipients=[user.email],
        subject=_subject(message),
        content=b"",
        fault=_("came back: %(reason)s") % {"reason": failure.reason[:250]},
        next_try_at=now,
        given_up_at=now,
    )
    return _("Kept for the staff: the mail to %(address)s came back.") % {"address": user.email}


def _subject(message: Message) -> str:
    """Of the mail that came back, as far as the report has it."""
    return next((str(part["Subject"])[:998] for part in _returned(message) if part["Subject"]), "?")


def _followed_no_more(failure: Failure, message: Message) -> bool:
    """Anybody can write a report: only the signed link of the mail itself ends a follow."""
    for part in _returned(message):
        for link in _LINK.findall(str(part.get("List-Unsubscribe", ""))):
            follow = _follow(link)
            if follow and follow.email.lower() == failure.address.lower():
                type(follow).objects.filter(email=follow.email).delete()
                return True
    return False


def _follow(link: str) -> Any:
    try:
        return follow_of(urlsplit(link).path.rstrip("/").rsplit("/", 1)[-1])
    except (BadSignature, ValueError, TypeError):
        return None


def _returned(message: Message) -> Iterator[Message]:
    """The mail that came back, whole or its head alone."""
    for part in message.walk():
        kind = part.get_content_type()
        if kind == "message/rfc822":
            yield from _blocks(part)
        elif kind == "text/rfc822-headers":
            head: Any = part.get_payload(decode=True)
            yield message_from_bytes(head or b"", policy=policy.default)

"""Mails that the portal writes: by whom they are, how they greet and how they close.

The words of an office stand in `OfficeLetter`, one for each language; they are read in the
language that is spoken while the mail is made, its reader's.
"""

from collections.abc import Iterable
from email.utils import formataddr, parseaddr

from django.conf import settings
from django.core.mail import EmailMessage

from projects.models import Office, OfficeLetter


def sender() -> str:
    """Who a mail is from: the site's address under the portal's name, unless that has a name."""
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return formataddr((name or Office.current().portal_name, address))


def words() -> OfficeLetter:
    """How mails greet and close in the language spoken; the office's name closes where unsaid."""
    return next(iter(OfficeLetter.objects.read()), OfficeLetter(closing=Office.current().name))


def letter(
    to: str, subject: str, paragraphs: Iterable[str], *, reply_to: str = "", stop: str = ""
) -> EmailMessage:
    """A mail by the office, not yet sent; `stop`: the address at which a reader ends such mails.

    The portal's name begins its subject, so that readers know whose it is. Whoever answers
    writes to `reply_to`, or to the office.
    """
    office, said = Office.current(), words()
    text = [said.greeting, *paragraphs, said.closing]
    answers = reply_to or office.email
    headers = {"Auto-Submitted": "auto-generated"}
    if stop:
        headers["List-Unsubscribe"] = f"<{stop}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return EmailMessage(
        f"{office.portal_name}: {subject}",
        "\n\n".join(filter(None, text)),
        from_email=sender(),
        to=[to],
        reply_to=[answers] if answers else None,
        headers=headers,
    )

"""Mails that the portal writes: by whom they are, how they greet and how they close.

The words of an office stand in `OfficeLetter`, one for each language; they are read in the
language that is spoken while the mail is made, its reader's.
"""

from collections.abc import Iterable
from email.utils import formataddr, parseaddr

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.translation import get_language

from projects.models import Office, OfficeLetter


def sender() -> str:
    """Who a mail is from: the site's address under the portal's name, unless that has a name."""
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return formataddr((name or Office.current().portal_name, address))


def words() -> OfficeLetter:
    """How mails greet and close in the language spoken; the office's name closes where unsaid."""
    said = OfficeLetter.objects.filter(is_shown=True, language=get_language()).first()
    return said or OfficeLetter(closing=Office.current().name)


def letter(
    to: str,
    subject: str,
    paragraphs: Iterable[str],
    *,
    quoted: str = "",
    reply_to: str = "",
    stop: str = "",
) -> EmailMessage:
    """A mail by the office, not yet sent; `stop`: the address at which a reader ends such mails;
    `quoted`: what a person of the office answers, below all.

    The portal's name begins its subject, so that readers know whose it is. Whoever answers
    writes to `reply_to`, or to the office.
    """
    office, said = Office.current(), words()
    text = [said.greeting, *paragraphs, said.closing, quoted]
    answers = reply_to or office.email
    headers = {} if quoted else {"Auto-Submitted": "auto-generated"}
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

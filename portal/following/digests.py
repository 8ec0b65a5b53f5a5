"""One mail a day, at most, to each address: what is new about all that it follows."""

from datetime import datetime, timedelta

from django.conf import settings
from django.core import mail
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.following.services import erase_unconfirmed, stop_url
from portal.following.targets import news_of, target_of
from portal.kit.web.languages import speaking
from portal.models import Follow
from projects.letters import letter

# A release carries the moment at which it began to be written: it may become visible later.
SETTLED = timedelta(minutes=15)


def send_digests(now: datetime | None = None) -> int:
    """Mail each address that has not been told today what is new; how many mails went."""
    erase_unconfirmed()
    now = now or timezone.now()
    today = timezone.localdate(now)
    waiting = Follow.objects.confirmed().exclude(told_on=today)
    told = Follow.objects.filter(told_on=today).values("email")
    emails = waiting.exclude(email__in=told).order_by("email").values_list("email", flat=True)
    return sum(_send(email, now) for email in list(emails.distinct()))


def _send(email: str, now: datetime) -> bool:
    with transaction.atomic():
        # Of two workers one sends: the other waits for the rows and finds them told.
        rows = Follow.objects.confirmed().select_for_update().filter(email=email)
        follows = [one for one in rows if one.told_on != timezone.localdate(now)]
        until = now - SETTLED
        sections = []
        for follow in follows:
            with speaking(follow.language):
                if follow.told_until < until and (section := _section(follow, until)):
                    sections.append(section)
                    follow.told_until = until
        if not sections:
            return False
        for follow in follows:
            follow.told_on = timezone.localdate(now)
            follow.save(update_fields=["told_on", "told_until"])
        _digest(follows[0], sections).send()
    return True


def _section(follow: Follow, until: datetime) -> str:
    try:
        target = target_of(follow.kind, follow.key)
    except LookupError:
        return ""
    lines = news_of(target, follow.told_until, until)
    if not lines:
        return ""
    stop = _("No more about this: %(url)s") % {"url": stop_url(follow)}
    return "\n".join([target.name, settings.SITE_URL + target.url, *lines, stop])


def _digest(first: Follow, sections: list[str]) -> mail.EmailMessage:
    with speaking(first.language):
        stop = f"{stop_url(first)}?all=yes"
        paragraphs = [
            _("This is new about what you follow:"),
            *sections,
            _("No more mail at all; your address is erased: %(url)s") % {"url": stop},
        ]
        return letter(first.email, _("news of what you follow"), paragraphs, stop=stop)

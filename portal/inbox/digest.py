"""The daily mail: what waits for a person, once a day, by kinds that each may stop."""

from datetime import date, time

from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_tasks import task

from documents.models import GatewayAccess
from portal.inbox.items import Item, inbox
from portal.kit.web.languages import language_for, speaking
from portal.kit.web.priorities import UNAWAITED
from portal.models import InboxMail, InboxStop
from projects.letters import letter
from projects.models import Office, User

# In the morning, so that it is there when people come.
FROM = time(5)
_DAY_SECONDS = 86_400


def begin_digest(today: date | None = None) -> bool:
    """Have the mails of the day made, unless they were begun already."""
    now = timezone.localtime()
    day = today or now.date()
    if today is None and now.time() < FROM:
        return False
    if not cache.add(f"inbox-mails-{day}", "", _DAY_SECONDS):
        return False
    send_digests.enqueue(day.isoformat())
    return True


@task(priority=UNAWAITED)
def send_digests(day: str) -> str:
    """A mail to each person for whom something waits; may be repeated."""
    sent = sum(_send(user, date.fromisoformat(day)) for user in readers())
    return f"{sent} mails"


def readers() -> QuerySet[User]:
    """The staff, and whoever keeps documents today."""
    keepers = GatewayAccess.objects.standing().values("user")
    found = Q(is_staff=True) | Q(pk__in=keepers)
    return User.objects.filter(found, is_active=True).exclude(email="").order_by("pk")


def _send(user: User, day: date) -> bool:
    """Claimed and queued in one transaction: neither twice nor lost."""
    stopped = frozenset(InboxStop.objects.filter(user=user).values_list("kind", flat=True))
    items = [item for item in inbox(user, without=stopped) if item.count]
    if not items:
        return False
    with transaction.atomic():
        _mail, is_new = InboxMail.objects.get_or_create(user=user, day=day)
        if is_new:
            message(user, items).send()
    return is_new


def message(user: User, items: list[Item]) -> mail.EmailMessage:
    """The mail: numbers and where to go; names of nobody, for mail is read on its way."""
    with speaking(language_for(user, Office.current())):
        count = sum(item.count for item in items)
        subject = ngettext("One thing waits for you", "%(count)s things wait for you", count) % {
            "count": count
        }
        lines = [f"{item.label}: {item.count}\n{settings.SITE_URL}{item.url}" for item in items]
        return composed(user, subject, _("This waits for you:"), lines)


def composed(user: User, subject: str, opening: str, lines: list[str]) -> mail.EmailMessage:
    """A mail of what waits, with the way to choose what one is mailed of."""
    stop = settings.SITE_URL + reverse("inbox-mails")
    choose = _("Choose what you are mailed of: %(url)s") % {"url": stop}
    return letter(user.email, subject, [opening, *lines, choose])

"""Mails at once: of what blocks somebody else, and of what others did with one's own.

One of each for all that came since the last look.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core import mail
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.inbox.digest import composed, readers
from portal.inbox.happened import HAPPENED
from portal.inbox.items import KINDS, Kind
from portal.kit.web.languages import language_for, speaking
from portal.models import InboxStop, InboxTold
from projects.models import Office, User

# Of more than so many things of a kind the mail leads to their list.
_EACH = 10


@dataclass(frozen=True)
class _New:
    """What somebody was not told of yet, of one kind."""

    kind: Kind
    things: list[Any]


def tell_at_once() -> int:
    """Mail each person what came since; what waits no more is forgotten. How many mails."""
    blocking = [kind for kind in KINDS if kind.waiting is not None]
    stopped = set(InboxStop.objects.values_list("user", "kind"))
    sent = 0
    for user in readers():
        for kinds, message in ((blocking, _blocked), (HAPPENED, _happened)):
            mine = [
                kind for kind in kinds if kind.may(user) and (user.pk, kind.code) not in stopped
            ]
            sent += bool(mine) and _tell(user, mine, message)
    return sent


def _tell(user: User, kinds: list[Kind], message: Callable[[User, list[_New]], Any]) -> bool:
    """Noted and queued in one transaction: neither twice nor lost."""
    with transaction.atomic():
        User.objects.select_for_update().only("pk").get(pk=user.pk)
        found = [_new(user, kind) for kind in kinds]
        news = [one for one in found if one.things]
        if news:
            message(user, news).send()
    return bool(news)


def _new(user: User, kind: Kind) -> _New:
    if kind.waiting is None:
        return _New(kind, [])
    waiting = {str(thing.pk): thing for thing in kind.waiting(user)}
    told = InboxTold.objects.filter(user=user, kind=kind.code)
    told.exclude(thing__in=waiting).delete()
    known = set(told.values_list("thing", flat=True))
    new = [thing for key, thing in waiting.items() if key not in known]
    InboxTold.objects.bulk_create(
        InboxTold(user=user, kind=kind.code, thing=str(thing.pk)) for thing in new
    )
    return _New(kind, new)


def _happened(user: User, news: list[_New]) -> mail.EmailMessage:
    """What was done, and where the person sees it; names of nobody."""
    with speaking(language_for(user, Office.current())):
        count = sum(len(one.things) for one in news)
        subject = ngettext(
            "Something was done with what you sent in",
            "%(count)s things were done with what you sent in",
            count,
        ) % {"count": count}
        opening = _("Others did this with what you uploaded or entered:")
        return composed(
            user, subject, opening, [line for one in news for line in _lines(one, user)]
        )


def _blocked(user: User, news: list[_New]) -> mail.EmailMessage:
    """What it is and where it is done; names of nobody, for mail is read on its way."""
    with speaking(language_for(user, Office.current())):
        count = sum(len(one.things) for one in news)
        subject = ngettext(
            "One thing waits for you before others can go on",
            "%(count)s things wait for you before others can go on",
            count,
        ) % {"count": count}
        opening = _("Somebody else cannot go on before you have looked at this:")
        return composed(
            user, subject, opening, [line for one in news for line in _lines(one, user)]
        )


def _lines(one: _New, user: User) -> list[str]:
    kind = one.kind
    if len(one.things) > _EACH or kind.told is None:
        return [f"{kind.label}: {len(one.things)}\n{settings.SITE_URL}{kind.where(user)}"]
    told = [kind.told(thing) for thing in one.things]
    return [f"{kind.label}: {title}\n{settings.SITE_URL}{url}" for title, url in told]

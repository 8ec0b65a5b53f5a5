"""Asking an authority of time stamps after each release, where the office names one."""

import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from finance.models import Seal
from portal.models import TimeStamp
from portal.package.time_stamps import NotStamped, asked_stamp, checked_stamp

# It is asked so often about one seal, each time after twice as long: about two days in all. The
# stamp of a later seal covers the one that was given up, for its hash is over those before.
TRIES = 10
_FIRST_WAIT = timedelta(minutes=5)
# In one round of the worker, which has other work.
_AT_ONCE = 5


def ask_due_time_stamps() -> int:
    """Ask about each seal that has no time stamp yet; returns how many were given."""
    if not settings.TIME_STAMP_URL:
        return 0
    given = 0
    for seal in list(_unstamped()[:_AT_ONCE]):
        one, _is_new = TimeStamp.objects.get_or_create(seal=seal)
        if not _is_due(one):
            continue
        one.tried_at, one.tries, one.authority = (
            timezone.now(),
            one.tries + 1,
            settings.TIME_STAMP_URL,
        )
        try:
            one.answer, one.stamped_at = asked_stamp(
                seal.hash, settings.TIME_STAMP_URL, settings.TIME_STAMP_CA_FILE
            )
            one.fault = ""
            given += 1
        except NotStamped as error:
            one.fault = str(error)[:300]
        one.save(update_fields=TimeStamp.web_may_update)
    return given


def _unstamped() -> QuerySet[Seal]:
    """The newest seal, and those since the newest that has one; not those that were given up."""
    newest = TimeStamp.objects.exclude(answer=None).order_by("-seal__number").first()
    seals = Seal.objects.exclude(time_stamp__tries__gte=TRIES).order_by("-number")
    if newest is None:
        begun = TimeStamp.objects.order_by("seal__number").first()
        last = Seal.objects.newest()
        first = begun.seal.number if begun else last.number if last else 0
        return seals.filter(number__gte=first)
    return seals.filter(number__gt=newest.seal.number)


def _is_due(one: TimeStamp) -> bool:
    wait = _FIRST_WAIT * 2 ** max(one.tries - 1, 0)
    return one.tried_at is None or timezone.now() >= one.tried_at + wait


def check_time_stamps(progress: Callable[[str, int, int], None]) -> Iterator[str]:
    """Each time stamp that is not of its seal, or not by whom the office believes, in words."""
    found = TimeStamp.objects.exclude(answer=None).select_related("seal").order_by("seal__number")
    count = found.count()
    if not count or not settings.TIME_STAMP_CA_FILE:
        # Whom the office believes is not said: nothing differs.
        return
    if shutil.which("openssl") is None:
        yield _("The time stamps could not be checked: the program openssl is not there.")
        return
    for done, one in enumerate(found.iterator()):
        progress(_("time stamps"), done, count)
        if not _holds(one):
            yield _("The time stamp of seal %(number)s is not of this seal.") % {
                "number": one.seal.number
            }


def _holds(one: TimeStamp) -> bool:
    try:
        moment = checked_stamp(bytes(one.answer or b""), one.seal.hash, settings.TIME_STAMP_CA_FILE)
    except NotStamped:
        return False
    return moment == one.stamped_at

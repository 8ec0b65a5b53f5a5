"""Dates as they stand in addresses: YYYY-MM-DD and nothing else; "as known on" and "up to".

`?as_of=` means the end of that day in the office's time zone; `?until=` is money up to that
day, inclusive. Both are read here and nowhere else; below the faces they go as `Known`.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.kit.years import FIRST_DAY

_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
NAMES = ("as_of", "until")


class WrongQuery(Exception):
    """The address asks for what cannot be read; each argument says in words what is wrong."""


def parse_day(text: str | None) -> date | None:
    """The day that the text names, or None: 2025-02-30 and "yesterday" name none."""
    if not text or not _ISO_DAY.fullmatch(text.strip()):
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def end_of(day: date) -> datetime:
    """The last moment of the day, in the office's time zone."""
    midnight = timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
    # Of one zone, hours are subtracted as clocks show them: wrong on a day when these are changed.
    return timezone.localtime(midnight.astimezone(UTC) - timedelta(microseconds=1))


@dataclass(frozen=True)
class Known:
    """What is known when: as of a moment, of money up to a day; of neither: all, today."""

    as_of: datetime | None = None
    until: date | None = None

    @property
    def is_past(self) -> bool:
        """Whether this is anything but all that is known today."""
        return self.as_of is not None or self.until is not None

    @property
    def day(self) -> date:
        """The day of the moment of knowledge, or today."""
        return timezone.localdate(self.as_of)

    @property
    def last_day(self) -> date:
        """The day up to which things have happened: that of `until`, if it is the earlier."""
        return min(self.until, self.day) if self.until else self.day


TODAY = Known()


@dataclass(frozen=True)
class Dates:
    """The two dates that an address asks for, and what was wrong with them, in words."""

    as_of: date | None = None
    until: date | None = None
    wrong: tuple[str, ...] = ()
    unreadable: bool = False

    @property
    def known(self) -> Known:
        """What is known at the end of the day `as_of`, of money up to the other."""
        return Known(end_of(self.as_of) if self.as_of else None, self.until)

    def query(self) -> str:
        """The dates in force, as part of an address."""
        query = QueryDict(mutable=True)
        for name in NAMES:
            if day := getattr(self, name):
                query[name] = day.isoformat()
        return query.urlencode()


def asked_dates(request: HttpRequest) -> Dates:
    """The dates of the address, corrected where needed; read once per request."""
    known = getattr(request, "asked_dates", None)
    if known is None:
        known = _read(request.GET, timezone.localdate())
        set_dates(request, known)
    return known


def set_dates(request: HttpRequest, dates: Dates) -> None:
    """The page goes by these dates, whatever its address asks for."""
    request.asked_dates = dates  # type: ignore[attr-defined]


def asked_known(request: HttpRequest) -> Known:
    """What a page is to show by the dates of its address.

    The request remembers that its page goes by them, so that banner, files and links say so.
    Raises WrongQuery where one of them is no day.
    """
    dates = asked_dates(request)
    if dates.unreadable:
        raise WrongQuery(*dates.wrong)
    request.known = known = dates.known  # type: ignore[attr-defined]
    return known


def goes_by_dates(request: HttpRequest) -> bool:
    """Whether what is shown goes by the dates of the address; else it is of today."""
    return getattr(request, "known", None) is not None


def _read(query: Any, today: date) -> Dates:
    days: dict[str, date | None] = {}
    wrong = []
    unreadable = False
    for name in NAMES:
        text = query.get(name)
        day = days[name] = parse_day(text)
        if text and (day is None or day < FIRST_DAY):
            wrong.append(_not_a_day(name, text[:40]))
            days[name], unreadable = None, True
        elif day is not None and day > today:
            wrong.append(_in_the_future(name))
            days[name] = None
    return Dates(days["as_of"], days["until"], tuple(wrong), unreadable)


def _not_a_day(name: str, text: str) -> str:
    return _("“%(text)s” is not a day that “%(name)s” understands; write it like 2025-05-31.") % {
        "text": text,
        "name": name,
    }


def _in_the_future(name: str) -> str:
    if name == "as_of":
        return _("That date is in the future; showing today.")
    return _("The day up to which money counts lies in the future; no limit is set.")

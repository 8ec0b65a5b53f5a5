"""What an address asks for beside filters of a form: a year, a report, a figure.

What cannot be read is told, and nothing is shown by it: never all there is instead.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import TypeVar

from django.utils.translation import gettext as _

from portal.kit.dates import WrongQuery, parse_day
from portal.kit.years import year_of

_SHOWN = 40
Found = TypeVar("Found")


def one_of(query: Mapping[str, str], name: str, known: Collection[str], default: str) -> str:
    """The value asked for, one of those known; the default where none is. Raises WrongQuery."""
    text = query.get(name, "")
    if text and text not in known:
        raise WrongQuery(
            _("“%(text)s” is nothing that “%(name)s” understands; it knows %(known)s.")
            % {"text": text[:_SHOWN], "name": name, "known": ", ".join(known)}
        )
    return text or default


def asked_year(query: Mapping[str, str], name: str = "year") -> int | None:
    """The year asked for, or None where none is. Raises WrongQuery."""
    wrong = _("“%(text)s” is not a year that “%(name)s” understands; write it like 2025.")
    return _understood(query, name, year_of, wrong)


def asked_years(query: Mapping[str, str], first: str, last: str) -> tuple[int | None, int | None]:
    """The first and the last year asked for. Raises WrongQuery, also where they are reversed."""
    begin, end = asked_year(query, first), asked_year(query, last)
    if begin and end and begin > end:
        raise WrongQuery(
            _("No year lies between %(first)s and %(last)s.") % {"first": begin, "last": end}
        )
    return begin, end


def asked_day(query: Mapping[str, str], name: str) -> date | None:
    """The day asked for, or None where none is. Raises WrongQuery."""
    wrong = _("“%(text)s” is not a day that “%(name)s” understands; write it like 2025-05-31.")
    return _understood(query, name, parse_day, wrong)


def _understood(
    query: Mapping[str, str], name: str, read: Callable[[str], Found | None], wrong: str
) -> Found | None:
    text = query.get(name, "").strip()
    found = read(text)
    if text and found is None:
        raise WrongQuery(wrong % {"text": text[:_SHOWN], "name": name})
    return found

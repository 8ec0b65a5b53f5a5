"""What an address asks for beside filters of a form: a year, a report, a figure.

What cannot be read is told, and nothing is shown by it: never all there is instead. The same holds
of a name that the page does not know, for it may be meant as a filter.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date
from typing import TypeVar

from django.http import HttpRequest
from django.utils.translation import gettext as _

from portal.kit.dates import NAMES, WrongQuery, goes_by_dates, parse_day
from portal.kit.years import year_of

_SHOWN, _NAMED = 40, 5
# What any page understands, and what others put into addresses to follow visitors.
_EVERYWHERE = frozenset({*NAMES, "format", "page", "sort", "column", "ref"})
# By `v` browsers ask anew for a colour, a logo, a picture that has changed.
_OF_FILES = ("ref", "v")
# What a CSV file may say of itself; the other formats always do.
_ABOUT = ("yes", "only")
_TRACKING = frozenset(
    {"fbclid", "gclid", "gbraid", "wbraid", "dclid", "msclkid", "yclid", "twclid", "ttclid",
     "li_fat_id", "igshid", "igsh", "mc_cid", "mc_eid", "_ga", "_gl", "si", "share"}
)  # fmt: skip
_TRACKERS = ("utm_", "mtm_", "pk_", "hsa_", "_hs")
Found = TypeVar("Found")


def refuse_unknown_names(request: HttpRequest, known: Iterable[str] = ()) -> bool:
    """Whether the address has names that a page of these names does not know; the page then says
    so. Raises WrongQuery for a file."""
    request.names_are_known = True  # type: ignore[attr-defined]
    named, fmt = {*known}, request.GET.get("format")
    if fmt == "csv":
        one_of(request.GET, "about", _ABOUT, "")
        named.add("about")
    # That a page knows no dates it says by itself.
    everywhere = _EVERYWHERE.difference(() if not fmt or goes_by_dates(request) else NAMES)
    told = _unknown(request, {*named, *everywhere})
    if told and (names := ", ".join(sorted(named))):
        told.append(_("It understands: %(names)s.") % {"names": names})
    if told and fmt:
        raise WrongQuery(*told)
    if told:
        request.unknown_names = told  # type: ignore[attr-defined]
    return bool(told)


def ignored_names(request: HttpRequest) -> list[str]:
    """In words, what the address of a file asks for in vain."""
    dates = NAMES if goes_by_dates(request) else ()
    if not hasattr(request, "names_are_known"):
        return _unknown(request, {*_OF_FILES, *dates})
    told = getattr(request, "unknown_names", [])
    return [*told, *_unknown(request, set(request.GET).difference(NAMES).union(dates))]


def _unknown(request: HttpRequest, known: Collection[str]) -> list[str]:
    names = {*known, *_TRACKING}
    unknown = [name for name in request.GET if name not in names and not name.startswith(_TRACKERS)]
    text = _("This page does not understand “%(name)s” in its address.")
    return [text % {"name": name[:_SHOWN]} for name in unknown[:_NAMED]]


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

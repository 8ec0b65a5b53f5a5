"""What an address of the interface asks for: names that it knows, dates, fields, a part of rows."""

from collections.abc import Collection, Iterable

from django.db.models import Q
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from portal.kit.dates import NAMES, Known, WrongQuery, asked_dates, asked_known
from projects.models import Organization

# Every answer takes these; `limit` and `cursor` are of lists.
COMMON = ("as_of", "until", "format", "fields")
PAGING = ("limit", "cursor")
LIMIT, MOST = 100, 1000
_SHOWN = 40


def check_names(query: QueryDict, known: Collection[str]) -> None:
    """Raise WrongQuery for a name that nothing understands, that stands twice, or for nothing."""
    wrong = []
    for name, values in query.lists():
        if name not in known:
            text = _("Nothing here understands “%(name)s”; known are: %(known)s.")
            wrong.append(text % {"name": name[:_SHOWN], "known": ", ".join(known)})
        elif len(values) > 1:
            wrong.append(_("“%(name)s” stands in the address twice.") % {"name": name})
        elif not values[0]:
            # Else a program whose variable is empty would get all rows, or those of today.
            wrong.append(_("“%(name)s” is empty: leave it out.") % {"name": name})
    if wrong:
        raise WrongQuery(*wrong)


def known_of(request: HttpRequest) -> Known:
    """What is known by the dates asked for; a day in the future is wrong here.

    Raises WrongQuery.
    """
    known = asked_known(request)
    ahead = _("“%(name)s” lies in the future: what will be known then cannot be told.")
    dates = asked_dates(request)
    for name in NAMES:
        if request.GET.get(name) and getattr(dates, name) is None:
            raise WrongQuery(ahead % {"name": name})
    return known


def asked_limit(query: QueryDict) -> int:
    """How many rows one answer is to hold. Raises WrongQuery."""
    text = query.get("limit", str(LIMIT))
    if text.isascii() and text.isdecimal() and len(text) < 10 and 0 < int(text) <= MOST:
        return int(text)
    raise WrongQuery(
        _("“limit” is a whole number from 1 to %(most)s, not “%(text)s”.")
        % {"most": MOST, "text": text[:_SHOWN]}
    )


def asked_fields(query: QueryDict, known: Collection[str], figures: Collection[str]) -> set[str]:
    """The fields asked for, such as `number` and `figures.net_funded`; empty for all.

    Raises WrongQuery.
    """
    text = query.get("fields", "")
    asked = {name.strip() for name in text.split(",") if name.strip()}
    if "fields" in query and not asked:
        raise WrongQuery(_("“fields” names no field."))
    everything = {*known, *(f"figures.{key}" for key in figures)}
    if unknown := sorted(asked - everything):
        raise WrongQuery(
            _("There is no field “%(name)s” here; there are: %(known)s.")
            % {"name": unknown[0][:_SHOWN], "known": ", ".join(sorted(everything))}
        )
    return asked


def told_organizations(codes: Collection[str]) -> Iterable[str]:
    """Those of these codes, in any case, that organizations have; individuals are nobody."""
    named = Q()
    for code in codes:
        named |= Q(code__iexact=code)
    told = Organization.objects.exclude(kind=Organization.Kind.INDIVIDUALS)
    return told.filter(named).values_list("code", flat=True)

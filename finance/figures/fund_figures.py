"""Sums of what records do to funds, as known then, to be picked by measure and year."""

# Only constants of this module are put together here.
# ruff: noqa: S608

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from operator import add, itemgetter
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection

from finance.figures.catalogue import FIGURES
from finance.figures.fund_entries import Funds, fund_entries, halves, of_funds
from finance.figures.fund_sum import NOBODY as NOBODY
from finance.figures.fund_sum import FundSum as FundSum
from finance.figures.fund_sum import FundSums as FundSums
from finance.figures.fund_sum import Party as Party
from finance.figures.spans import Span
from finance.models import (
    Entry,
    EntryQuerySet,
    ExpenditureLine,
    FundFigure,
    FundPartFigure,
    RollUpQuerySet,
    can_roll_up,
)
from portal.kit.dates import Known

INTERIM = ExpenditureLine.State.INTERIM


class PartSums(NamedTuple):
    """The sums of a fund by party, and by part: its budget category."""

    by_party: "FundSums"
    by_part: "FundSums"


class PlaceSums(NamedTuple):
    """The sums of a fund's projects by party and country, by country, and by theme."""

    by_party: "FundSums"
    by_country: "FundSums"
    by_theme: "FundSums"


_PARTIES = tuple(f"organization__{name}" for name in ("id", "code", "name", "kind", "short_name"))
_PLACE = ("place__code", "place__name")
_THEME = ("theme__id", "theme__name")
_FUND = ("id", "code", "name")
_HALVES = ("fund", "project_fund")
_KEYS = ("measure", "state", "year", *_HALVES)
_ADDED = ("base_amount__sum", "records__sum", "unconverted__sum")


def _sums_of(weight: str = "1") -> str:
    """Sums of sums, of amounts by their weight. Those of counts would be no whole numbers."""
    amount = f"sum(base_amount__sum * coalesce({weight}, 1)) AS base_amount__sum"
    return ", ".join((amount, *(f"sum({name})::bigint AS {name}" for name in _ADDED[1:])))


# Sums of entries, named once they have been added up: names of hundreds of thousands of entries
# would take longer to compare than all else. A row is of a party or of a part: who has what part is
# asked by no page, and would be thousands of rows.
_NAMES = ", ".join(f"{name.replace('__', '.', 1)} AS {name}" for name in _PARTIES)
_BY_CATEGORY = f"""
SELECT added.*, {_NAMES} FROM (
    SELECT measure, state, {{span}} AS year, fund, project_fund, grouping(category) = 0 AS is_part,
        grouping(organization) = 0 AS is_party, organization, category, {_sums_of()}
    FROM ({{own}}) AS own
    GROUP BY GROUPING SETS ((1, 2, 3, 4, 5, organization), (1, 2, 3, 4, 5, category))
) AS added
LEFT JOIN projects_organization AS organization ON organization.id = added.organization
"""
# Each project counts for its countries by their shares, and for its theme whole.
_OF_PROJECT = (
    "measure, state, {span} AS year, NULL::bigint AS fund, project.fund_id AS project_fund"
)
_BY_PLACE = f"""
WITH own AS ({{own}})
SELECT added.*, {_NAMES},
    {", ".join(f"{name.replace('__', '.', 1)} AS {name}" for name in (*_PLACE, *_THEME))}
FROM (
    SELECT {_OF_PROJECT}, grouping(own.organization) = 0 AS is_party,
        grouping(own.organization) = 1 AS is_country, FALSE AS is_theme, own.organization,
        NULL::bigint AS theme_id, share.country_id, {_sums_of("share.weight")}
    FROM own JOIN projects_project AS project ON project.id = own.project
    LEFT JOIN projects_countryshare(%s) AS share
        ON share.project_id = own.project AND share.weight > 0
    GROUP BY GROUPING SETS (
        (1, 2, 3, 5, own.organization, share.country_id), (1, 2, 3, 5, share.country_id)
    )
    UNION ALL
    SELECT {_OF_PROJECT}, FALSE, FALSE, TRUE, NULL, project.theme_id, NULL, {_sums_of()}
    FROM own JOIN projects_project AS project ON project.id = own.project
    GROUP BY 1, 2, 3, 5, project.theme_id
) AS added
LEFT JOIN projects_organization AS organization ON organization.id = added.organization
LEFT JOIN projects_country AS place ON place.id = added.country_id
LEFT JOIN projects_theme AS theme ON theme.id = added.theme_id
WHERE records__sum <> 0 AND (NOT is_party OR measure = ANY(%s))
"""
# Of today what is kept of each project.
_KEPT_TODAY = """
SELECT measure, state, year, own.organization_id AS organization, own.project_id AS project,
    base_amount AS base_amount__sum, records AS records__sum, unconverted AS unconverted__sum
FROM projects_project AS of_fund JOIN finance_keyfigure AS own ON own.project_id = of_fund.id
WHERE {which}
"""


def fund_sums(known: Known, fund_id: int | None) -> FundSums:
    """The sums of a fund, or of all together (None); by measure and year alone."""
    funds = None if fund_id is None else [fund_id]
    found = _sums(_rolled_up(known, funds), funds)
    found.is_of_all = funds is None
    return found


def sums_by_part(known: Known, fund_id: int | None, span: Span, *figures: str) -> PartSums:
    """The sums of a fund, or of all together (None), by organization, and by budget category; of
    these figures, or all."""
    funds = None if fund_id is None else [fund_id]
    parts: EntryQuerySet | RollUpQuerySet = fund_entries(known, funds)
    if can_roll_up(known):
        parts = FundPartFigure.objects.known(known)
        parts = parts if funds is None else parts.filter(of_funds(funds))
    if figures:
        wanted = {m for figure in figures for m in FIGURES[figure].measures.measures}
        parts = parts.filter(measure__in=wanted)
    own = _summed(parts, *_KEYS, "organization", "category")
    found = _Rows.read(_BY_CATEGORY, own.query.sql_with_params, span)
    return PartSums(
        found.taken_apart(funds, "is_party", _PARTIES, ()),
        found.taken_apart(funds, "is_part", (), ("category",)),
    )


def sums_by_place(known: Known, fund_id: int | None, span: Span) -> PlaceSums:
    """The sums of a fund's projects by country, each project by its shares, and by theme; what was
    funded, by organization and country. Of all funds together (None), of what was funded only."""
    funds = None if fund_id is None else [fund_id]
    funded = list(FIGURES["net_funded"].measures.measures)

    def own() -> tuple[str, Sequence[Any]]:
        if not known.is_past:
            which = "of_fund.fund_id = %s" if funds else "own.measure = ANY(%s)"
            return _KEPT_TODAY.format(which=which), (fund_id or funded,)
        entries = Entry.objects.known(known)
        entries = (
            entries.filter(project_fund=fund_id) if funds else entries.filter(measure__in=funded)
        )
        keys = ("measure", "state", "year", "organization", "project")
        sql: tuple[str, Sequence[Any]] = _summed(entries, *keys).query.sql_with_params()
        return sql

    found = _Rows.read(_BY_PLACE, own, span, known.as_of, funded)
    return PlaceSums(
        found.taken_apart(funds, "is_party", _PARTIES, _PLACE),
        found.taken_apart(funds, "is_country", (), _PLACE),
        found.taken_apart(funds, "is_theme", (), _THEME),
    )


@dataclass(frozen=True)
class _Rows:
    """What a statement gave, read once for sums of several kinds."""

    names: list[str]
    rows: list[tuple[Any, ...]]

    @classmethod
    def read(
        cls, sql: str, own: Callable[[], tuple[str, Sequence[Any]]], span: Span, *more: Any
    ) -> "_Rows":
        """Sums of `own`, a statement with its values."""
        try:
            inner, values = own()
        except EmptyResultSet:
            return cls([], [])
        with connection.cursor() as cursor:
            cursor.execute(sql.format(own=inner, span=span.sql), [*values, *more])
            return cls([column.name for column in cursor.description], cursor.fetchall())

    def taken_apart(
        self, funds: Funds, kind: str, parties: tuple[str, ...], parts: tuple[str, ...]
    ) -> "FundSums":
        """The sums of those rows that are of this kind."""
        if not self.rows:
            return FundSums()
        of_kind = itemgetter(self.names.index(kind))
        rows = filter(of_kind, self.rows)
        return _taken_apart(rows, funds, parties, parts, at=self.names.index)


def sums_by_fund(known: Known, funds: Collection[int] | None = None, **which: Any) -> FundSums:
    """The sums of these funds, or of all, by fund; `which` narrows them, as to one party."""
    found = fund_entries(known, funds).filter(**which) if which else _rolled_up(known, funds)
    return _sums(found, funds, by_fund=True)


def _rolled_up(known: Known, funds: Funds) -> EntryQuerySet | RollUpQuerySet:
    """What adds up to the sums of these funds, or of all: roll-ups where they say it."""
    if not can_roll_up(known):
        return fund_entries(known, funds)
    found = FundFigure.objects.known(known)
    return found if funds is None else found.filter(of_funds(funds))


def _sums(
    entries: EntryQuerySet | RollUpQuerySet, funds: Funds, *, by_fund: bool = False
) -> FundSums:
    """Sums of entries, or of what is kept of them, in one query."""
    of_funds = tuple(f"{half}__{name}" for half in _HALVES for name in _FUND) if by_fund else ()
    keys = (*_KEYS, *of_funds)
    return _taken_apart(_summed(entries, *keys), funds, by_fund=by_fund)


def _summed(entries: EntryQuerySet | RollUpQuerySet, *keys: str) -> Any:
    return entries.summed(*keys).values(*keys, *_ADDED)


def _taken_apart(
    rows: Iterable[Any],
    funds: Funds,
    parties: tuple[str, ...] = (),
    parts: tuple[str, ...] = (),
    *,
    by_fund: bool = False,
    at: Callable[[str], Any] = str,
) -> FundSums:
    """Sums taken apart into what they do to each half of a fund; `at` tells where in a row the
    value of a name is."""
    party_of, part_of = _reader(parties, at), _reader(parts, at)
    added_of, year_of = _reader(_ADDED, at), itemgetter(at("year"))
    stated_of = _reader(("measure", "state", *_HALVES), at)
    # As of the fund that paid, and of the project's.
    fund_of = [itemgetter(*(f"{half}__{name}" for name in _FUND)) for half in _HALVES]
    found: dict[tuple, Party] = {(): NOBODY}
    halves_of: dict[tuple, list[tuple[str, str, bool, bool]]] = {}
    sums: dict[tuple, tuple[Any, ...]] = {}
    for row in rows:
        named, stated = party_of(row), stated_of(row)
        if named not in found:
            found[named] = Party(*(value or "" for value in named))
        if stated not in halves_of:
            measure, state, fund, project_fund = stated
            halves_of[stated] = list(halves(measure, state, fund, project_fund, funds))
        whose, part, added = found[named], part_of(row), added_of(row)
        for measure, state, cross_fund, is_upper in halves_of[stated]:
            if by_fund:
                part = fund_of[not is_upper](row)
            key = (measure, state, year_of(row), cross_fund, whose, part)
            before = sums.get(key)
            sums[key] = tuple(map(add, before, added)) if before else added
    return FundSums(FundSum._make(key + added) for key, added in sums.items())


def _reader(names: tuple[str, ...], at: Callable[[str], Any]) -> Callable[[Any], tuple[Any, ...]]:
    """What reads the values of these names from a row."""
    if len(names) > 1:
        return itemgetter(*map(at, names))
    places = [at(name) for name in names]
    return lambda row: tuple([row[place] for place in places])

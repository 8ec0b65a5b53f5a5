"""Facets of a list: how many rows there are of each value of a filter among those that the other
filters leave; one statement for all. Of projects, each change keeps the numbers of all."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import CharField, Count, F, QuerySet, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast, Coalesce, NullIf
from django.http import QueryDict

from portal.about.versions import counted_once
from portal.kit.dates import Known
from portal.kit.language.place_names import place_name
from portal.kit.tables.chosen import Facet, FacetValue, with_value, without
from portal.kit.tables.paging import COUNTED
from portal.models.project_tallies import SHOWN_TALLIES
from portal.public.list_filters import ListFilter, ProjectFilter
from projects.history import country_shares
from projects.models import Participation, ProjectCountry, Status

# Values of one facet that are shown; the field beside it takes any other.
_MOST = 5
_SUBJECTS = ("category", "goal", "gender", "humanitarian")
_FACETS = ("status", "fund", "organization", "country", *_SUBJECTS, "year")
_ALL = "all"


# All projects that are shown, of which each change keeps the numbers.
_OF_ALL = f"""
SELECT facet, code, label, n FROM (
    SELECT *, row_number() OVER (
        PARTITION BY facet ORDER BY CASE facet WHEN 'year' THEN -value::int ELSE -n END, code
    ) AS place FROM (
        SELECT facet, value, n, coalesce(fund.code, organization.code, country.code, value) AS code,
            coalesce(fund.name, nullif(organization.short_name, ''), organization.name,
                country.name, '') AS label
        FROM ({SHOWN_TALLIES}) AS tallied
        LEFT JOIN projects_fund AS fund
            ON fund.id = CASE facet WHEN 'fund' THEN value::bigint END
        LEFT JOIN projects_organization AS organization
            ON organization.id = CASE facet WHEN 'organization' THEN value::bigint END
        LEFT JOIN projects_country AS country
            ON country.id = CASE facet WHEN 'country' THEN value::bigint END
    ) AS named
) AS ranked WHERE place <= %s ORDER BY facet, place
"""  # noqa: S608 – only names of our own columns and tables

# Facet, value, label and number of rows.
_Row = tuple[str, str, str, int]


class RowFacet(NamedTuple):
    """A filter of which each row of a list has at most one value.

    name: of the filter. value: what stands in an address. label: what a reader sees.
    """

    name: str
    value: Any
    label: Any = Value("")


def row_facets(
    filterset: ListFilter,
    query: QueryDict,
    count: int,
    facets: Sequence[RowFacet],
    whole: tuple[Any, ...] | None = None,
) -> list[Facet]:
    """The facets of the `count` rows found, none where these are too many to be counted; `whole`
    names the rows of a page without any filter, which are counted once for many visitors."""
    if not facets or count > COUNTED:
        return []
    if whole is None:
        found = _count_rows(filterset, facets)
    else:
        found = counted_once(("facets", *whole), lambda: _count_rows(filterset, facets))
    return facets_of(filterset, query, [facet.name for facet in facets], found)


def _count_rows(filterset: ListFilter, facets: Sequence[RowFacet]) -> list[_Row]:
    """What is told of each facet, but of none that has too many rows without its own filter."""
    parts = [_rows_of(filterset, facet) for facet in facets]
    found = list(parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0])
    sums = Counter[str]()
    for name, _value, _label, number in found:
        sums[name] += number
    return [row for row in found if sums[row[0]] <= COUNTED]


def _rows_of(filterset: ListFilter, facet: RowFacet) -> QuerySet:
    chosen = facet.name if filterset.form.cleaned_data.get(facet.name) else ""
    among = filterset.among(chosen).values("pk")[: COUNTED + 1]
    named = {"facet": _text(facet.name), "of": Cast(facet.value, CharField())}
    rows = filterset.queryset.model._default_manager.filter(pk__in=among).order_by()
    told = rows.values(**named, shown=Cast(facet.label, CharField())).annotate(n=Count("pk"))
    return told.values_list("facet", "of", "shown", "n")


def facets_of(
    filterset: ListFilter, query: QueryDict, names: Sequence[str], found: Iterable[_Row]
) -> list[Facet]:
    """Facets by these names, of what was counted; those that tell nothing apart are left out."""
    rows: dict[str, list[tuple[str, str, int]]] = defaultdict(list)
    for of, value, label, number in found:
        rows[of].append((value, label, number))
    facets = []
    for name in names:
        if name in rows:
            facet = _facet(filterset, query, name, rows[name])
            if len(facet.values) > 1 or filterset.form.cleaned_data.get(name):
                facets.append(facet)
    return facets


def project_facets(
    filterset: ProjectFilter, query: QueryDict, count: int, whole: tuple[Any, ...] | None = None
) -> list[Facet]:
    """The facets of the projects found; none where these are too many to be counted, or too few
    to be told apart, and none of what a filter itself leaves open too wide. `whole` names the
    projects of a page without any filter, which are counted once for many visitors."""
    if count > COUNTED:
        return []
    if whole is None:
        found = _counts(filterset)
    else:
        found = counted_once(("facets", *whole), lambda: _counts(filterset))
    too_many = {row[1] for row in found if row[0] == _ALL and row[3] > COUNTED}
    names = [name for name in _FACETS if name not in too_many]
    return facets_of(filterset, query, names, found)


def _counts(filterset: ProjectFilter) -> list[_Row]:
    """What is told of each facet, by one statement."""
    is_today = filterset.is_of_all and not filterset.figures.known.is_past
    chosen = [name for name, value in filterset.form.cleaned_data.items() if value]
    if is_today and not chosen:
        return _read(_OF_ALL, [_MOST + 1])
    found = _Found(filterset)
    subjects = []
    for name in _FACETS:
        if name not in filterset.filters:
            continue
        if is_today and chosen == [name]:
            found.tell_of_all(name)
            continue
        if name in chosen:
            among = found.without(name)
        elif name in _SUBJECTS:
            # Read once for all of them.
            subjects.append(name)
            continue
        else:
            among = "found"
        found.tell(name, among)
    if subjects:
        found.tell_subjects(subjects, "found")
    return found.read()


class _Found:
    """The projects found, with what they have, and parts of a statement that count them: each set
    of projects is found once, under a name, for all parts that read it."""

    def __init__(self, filterset: ProjectFilter) -> None:
        self.filterset = filterset
        self.known = filterset.figures.known
        self.is_past = self.known.is_past
        self.sets: list[tuple[str, Sequence[Any]]] = []
        self.parts: list[tuple[str, Sequence[Any]]] = []
        self._find("found", filterset.among())

    def _find(self, name: str, among: QuerySet) -> None:
        # Entries that take each other out would have to be paired for each project and year.
        years: Any = Value(None, CharField()) if self.is_past else F("sums__years")
        rows = among.values_list("pk", "status_then", "fund_then", years)[: COUNTED + 1]
        try:
            sql, values = rows.query.sql_with_params()
        except EmptyResultSet:
            # By words in which there is no word.
            sql, values = _NONE, ()
        self.sets.append((f"{name} (id, status, fund_id, years) AS MATERIALIZED ({sql})", values))

    def without(self, name: str) -> str:
        """The name of those that all filters but one would find, of which it tells how many."""
        among = f"found_{name}"
        self._find(among, self.filterset.among(name))
        self.parts.append((f"SELECT %s, %s, '', count(*) FROM {among}", [_ALL, name]))  # noqa: S608
        return among

    def tell(self, name: str, among: str) -> None:
        """Tell a facet of the projects found under this name; each has a value but once."""
        if name in _SUBJECTS:
            self.tell_subjects([name], among)
        elif name in _OWN:
            if name != "year" or not self.is_past:
                # The newest years, otherwise the largest.
                order = "2 DESC" if name == "year" else "4 DESC, 2"
                sql = _OWN[name].format(found=among)
                self.parts.append((f"{sql} ORDER BY {order} LIMIT {_MOST + 1}", []))
        else:
            those = RawSQL(f"SELECT {among}.id FROM {among}", ())  # noqa: S608, S611
            rows = _linked(name, those, self.known)
            self.parts.append(rows.order_by("-n", "value")[: _MOST + 1].query.sql_with_params())

    def tell_of_all(self, name: str) -> None:
        """Tell a facet whose filter is the only one: without it, all projects are found."""
        sql = f"SELECT facet::text, code::text, label::text, n::bigint FROM ({_OF_ALL}) AS whole"  # noqa: S608
        self.parts.append((f"{sql} WHERE facet = %s", [_MOST + 1, name]))

    def tell_subjects(self, names: list[str], among: str) -> None:
        """Tell these facets, with all their values."""
        sql = _CODED.format(found=among)
        self.parts.append((sql, [names]))

    def read(self) -> list[_Row]:
        """The rows of all parts."""
        found = ", ".join(sql for sql, _values in self.sets)
        told = " UNION ALL ".join(f"({sql})" for sql, _values in self.parts)
        values = [value for _sql, own in (*self.sets, *self.parts) for value in own]
        return _read(f"WITH {found} {told}", values)


_NONE = "SELECT NULL::bigint, NULL::text, NULL::bigint, NULL::int[] WHERE FALSE"
# What is found with the projects themselves.
_OWN = {
    "status": "SELECT 'status', status::text, '', count(*) FROM {found} GROUP BY 2",
    "fund": """
SELECT 'fund', code::text, name::text, n FROM (
    SELECT fund_id, count(*) AS n FROM {found} GROUP BY 1
) AS counted JOIN projects_fund AS fund ON fund.id = fund_id""",
    "year": """
SELECT 'year', year::text, '', count(*) FROM {found} CROSS JOIN unnest(years) AS year
GROUP BY year""",
}
_CODED = """
SELECT scheme::text, code::text, '', count(*) FROM projects_projectsubject
WHERE project_id IN (SELECT {found}.id FROM {found}) AND scheme = ANY(%s) GROUP BY 1, 2
"""


def _read(sql: str, values: list[Any]) -> list[_Row]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def _linked(name: str, those: RawSQL, known: Known) -> QuerySet:
    """Organizations or countries of these projects with the number of projects, these as known
    then."""
    rows: QuerySet
    if name == "organization":
        rows = Participation.objects.participating()
        label: Any = short_or_name("organization")
    else:
        rows, label = ProjectCountry.objects.all(), F("country__name")
        if known.as_of:
            rows = country_shares(known).filter(country__isnull=False)
    named = {"facet": _text(name), "value": F(f"{name}__code"), "label": label}
    counted = rows.filter(project__in=those).order_by().values(**named).annotate(n=Count("pk"))
    return counted.values_list("facet", "value", "label", "n")


def short_or_name(path: str) -> Coalesce:
    """The short name of the organization at the end of a path, or its name."""
    return Coalesce(NullIf(f"{path}__short_name", Value("")), f"{path}__name")


def _text(word: str) -> Cast:
    return Cast(Value(word), CharField())


def _facet(
    filterset: ListFilter, query: QueryDict, name: str, rows: list[tuple[str, str, int]]
) -> Facet:
    """A facet with the address of each value that is shown; the one chosen leads back."""
    chosen = str(query.get(name, ""))
    values = []
    there = [row for row in rows if row[0] is not None]
    if name == "year":
        there.sort(reverse=True)
    else:
        there.sort(key=lambda row: (-row[2], row[0]))
    for value, label, number in there[:_MOST]:
        is_chosen = value.casefold() == chosen.casefold()
        url = without(query, name) if is_chosen else with_value(query, name, value)
        shown = _shown(filterset, name, value, label)
        values.append(FacetValue(shown, number, url, is_chosen))
    return Facet(name, str(filterset.form[name].label), values, len(there) > _MOST)


def _shown(filterset: ListFilter, name: str, value: str, label: str) -> str:
    """A value in words."""
    if name == "status":
        return str(dict(Status.choices).get(value, value))
    if name in (*_SUBJECTS, "kind"):
        return str(dict(filterset.form.fields[name].choices).get(value, value))
    return (place_name(label) if name == "country" else label) or value

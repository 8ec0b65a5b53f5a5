"""Facets of a list of projects: how many there are of each status, fund, country, organization and
year among those that the other filters leave; one statement for all."""

from collections import defaultdict
from typing import Any

from django.db import connection
from django.db.models import CharField, Count, F, Func, QuerySet, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast, Coalesce, NullIf
from django.http import QueryDict

from finance.models import ProjectSums
from portal.about.versions import counted_once
from portal.kit.language.place_names import place_name
from portal.kit.tables.chosen import Facet, FacetValue, with_value, without
from portal.kit.tables.paging import COUNTED
from portal.models.project_tallies import SHOWN_TALLIES
from portal.public.list_filters import ProjectFilter
from projects.history import with_status_then
from projects.models import Participation, Project, ProjectCountry, ProjectSubject, Status

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
) AS ranked WHERE place <= %s
"""  # noqa: S608 – only names of our own columns and tables

# Facet, value, label and number of projects.
_Row = tuple[str, str, str, int]


def project_facets(
    filterset: ProjectFilter, query: QueryDict, count: int, whole: tuple[Any, ...] | None = None
) -> list[Facet]:
    """The facets of the projects found; none where these are too many to be counted, or too few
    to be told apart, and none of what a filter itself leaves open too wide. `whole` names the
    projects of a page without any filter, which are counted once for many visitors."""
    if count > COUNTED:
        return []
    rows: dict[str, list[tuple[str, str, int]]] = defaultdict(list)
    if whole is None:
        found = _counts(filterset)
    else:
        found = counted_once(("facets", *whole), lambda: _counts(filterset))
    for of, value, label, number in found:
        rows[of].append((value, label, number))
    too_many = {value for value, _label, number in rows.pop(_ALL, ()) if number > COUNTED}
    chosen = filterset.form.cleaned_data
    facets = []
    for name in _FACETS:
        if name not in rows or name in too_many:
            continue
        facet = _facet(filterset, query, name, rows[name])
        if len(facet.values) > 1 or chosen.get(name):
            facets.append(facet)
    return facets


def _counts(filterset: ProjectFilter) -> list[_Row]:
    """What is told of each facet, by one statement."""
    if filterset.is_of_all and not any(filterset.form.cleaned_data.values()):
        return _read(_OF_ALL, [_MOST + 1])
    named, parts = [("found", filterset.among()[: COUNTED + 1])], []
    for name in _FACETS:
        if name not in filterset.filters:
            continue
        among = "found"
        if filterset.form.cleaned_data.get(name):
            among = f"found_{name}"
            named.append((among, filterset.among(name)[: COUNTED + 1]))
            whole = Project.objects.filter(pk__in=_those(among))
            parts.append(_grouped(whole, _ALL, _text(name), _text("")))
        if (found := _facet_counts(filterset, name, among)) is not None:
            # The newest years, otherwise the largest.
            order = ("-value",) if name == "year" else ("-n", "value")
            parts.append(found.order_by(*order)[: _MOST + 1])
    return _read_parts(named, parts)


def _read_parts(named: list[tuple[str, QuerySet]], parts: list[QuerySet]) -> list[_Row]:
    """The rows of all parts, which read what is found by its name: found once for all of them."""
    values: list[Any] = []
    statements = []
    for rows in (*(rows for _name, rows in named), *parts):
        sql, its_values = rows.query.sql_with_params()
        statements.append(sql)
        values += its_values
    names = [name for name, _rows in named]
    found = ", ".join(
        f"{name} (id) AS MATERIALIZED ({sql})" for name, sql in zip(names, statements, strict=False)
    )
    told = " UNION ALL ".join(f"({sql})" for sql in statements[len(names) :])
    return _read(f"WITH {found} {told}", values)


def _read(sql: str, values: list[Any]) -> list[_Row]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def _those(name: str) -> RawSQL:
    """The keys of what is found under this name."""
    return RawSQL(f"SELECT {name}.id FROM {name}", ())  # noqa: S608, S611 – ours


def _facet_counts(filterset: ProjectFilter, name: str, among: str) -> QuerySet | None:
    """The values of one facet with the number of projects; each has a value but once."""
    known, those = filterset.figures.known, _those(among)
    if name == "status":
        rows = with_status_then(Project.objects.filter(pk__in=those), known)
        return _grouped(rows, name, F("status_then"), _text(""))
    if name == "fund":
        rows = Project.objects.filter(pk__in=those)
        return _grouped(rows, name, F("fund__code"), F("fund__name"))
    if name == "organization":
        parts = Participation.objects.participating().filter(project__in=those)
        short = Coalesce(NullIf("organization__short_name", Value("")), "organization__name")
        return _grouped(parts, name, F("organization__code"), short)
    if name == "country":
        places = ProjectCountry.objects.filter(project__in=those)
        return _grouped(places, name, F("country__code"), F("country__name"))
    if name in _SUBJECTS:
        coded = ProjectSubject.objects.filter(project__in=those, scheme=name)
        return _grouped(coded, name, F("code"), _text(""))
    if known.is_past:
        # Entries that take each other out would have to be paired for each project and year.
        return None
    sums = ProjectSums.objects.filter(project__in=those)
    each = Cast(Func("years", function="unnest"), CharField())
    return _grouped(sums, name, each, _text(""))


def _grouped(rows: QuerySet, facet: str, value: Any, label: Any) -> QuerySet:
    named = {"facet": _text(facet), "value": value, "label": label}
    counted = rows.order_by().values(**named).annotate(n=Count("pk"))
    return counted.values_list("facet", "value", "label", "n")


def _text(word: str) -> Cast:
    return Cast(Value(word), CharField())


def _facet(
    filterset: ProjectFilter, query: QueryDict, name: str, rows: list[tuple[str, str, int]]
) -> Facet:
    """A facet with the address of each of its values; the one chosen leads back."""
    chosen = str(query.get(name, ""))
    values = []
    if name == "year":
        rows.sort(reverse=True)
    else:
        rows.sort(key=lambda row: (-row[2], row[0] or ""))
    for value, label, number in rows:
        if value is None:
            continue
        is_chosen = value.casefold() == chosen.casefold()
        url = without(query, name) if is_chosen else with_value(query, name, value)
        shown = _shown(filterset, name, value, label)
        values.append(FacetValue(shown, number, url, is_chosen))
    return Facet(name, str(filterset.form[name].label), values[:_MOST], len(values) > _MOST)


def _shown(filterset: ProjectFilter, name: str, value: str, label: str) -> str:
    """A value in words."""
    if name == "status":
        return str(dict(Status.choices).get(value, value))
    if name in _SUBJECTS:
        return str(dict(filterset.form.fields[name].choices).get(value, value))
    return (place_name(label) if name == "country" else label) or value

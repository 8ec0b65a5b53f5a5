"""Facets of a list of projects: how many there are of each status, fund, country, organization and
year among those that the other filters leave; one statement for all."""

from collections import defaultdict
from typing import Any

from django.db.models import CharField, Count, F, QuerySet, Value
from django.db.models.functions import Cast, Coalesce, NullIf
from django.http import QueryDict

from finance.figures.reading import MOVED
from portal.about.versions import counted_once
from portal.kit.language.place_names import place_name
from portal.kit.tables.chosen import Facet, FacetValue, with_value, without
from portal.kit.tables.paging import COUNTED
from portal.public.list_filters import ProjectFilter
from projects.history import with_status_then
from projects.models import Participation, Project, ProjectCountry, ProjectSubject, Status

# Values of one facet that are shown; the field beside it takes any other.
_MOST = 5
_SUBJECTS = ("category", "goal", "gender", "humanitarian")
_FACETS = ("status", "fund", "organization", "country", *_SUBJECTS, "year")
_ALL = "all"


def project_facets(
    filterset: ProjectFilter, query: QueryDict, count: int, whole: tuple[Any, ...] | None = None
) -> list[Facet]:
    """The facets of the projects found; none where these are too many to be counted, or too few
    to be told apart, and none of what a filter itself leaves open too wide. `whole` names the
    projects of a page without any filter, which are counted once for many visitors."""
    if count > COUNTED:
        return []
    rows: dict[str, list[tuple[str, str, int]]] = defaultdict(list)
    found: Any
    if whole is None:
        found = _counts(filterset)
    else:
        found = counted_once(("facets", *whole), lambda: list(_counts(filterset)))
    for facet, value, label, number in found:
        rows[facet].append((value, label, number))
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


def _counts(filterset: ProjectFilter) -> QuerySet:
    """Facet, value, label and number of projects, as one statement."""
    everything = filterset.among()[: COUNTED + 1]
    parts = []
    for name in _FACETS:
        if name not in filterset.filters:
            continue
        among = everything
        if filterset.form.cleaned_data.get(name):
            among = filterset.among(name)[: COUNTED + 1]
            whole = Project.objects.filter(pk__in=among)
            parts.append(_grouped(whole, _ALL, _text(name), _text(""), Count("pk")))
        if (found := _facet_counts(filterset, name, among)) is not None:
            # The newest years, otherwise the largest.
            order = ("-value",) if name == "year" else ("-n", "value")
            parts.append(found.order_by(*order)[: _MOST + 1])
    return parts[0].union(*parts[1:], all=True)


def _facet_counts(filterset: ProjectFilter, name: str, among: QuerySet) -> QuerySet | None:
    """The values of one facet with the number of projects."""
    figures = filterset.figures
    if name == "status":
        rows = with_status_then(Project.objects.filter(pk__in=among), figures.known)
        return _grouped(rows, name, F("status_then"), _text(""), Count("pk"))
    if name == "fund":
        rows = Project.objects.filter(pk__in=among)
        return _grouped(rows, name, F("fund__code"), F("fund__name"), Count("pk"))
    many = Count("project", distinct=True)
    if name == "organization":
        parts = Participation.objects.participating().filter(project__in=among)
        short = Coalesce(NullIf("organization__short_name", Value("")), "organization__name")
        return _grouped(parts, name, F("organization__code"), short, many)
    if name == "country":
        places = ProjectCountry.objects.filter(project__in=among)
        return _grouped(places, name, F("country__code"), F("country__name"), many)
    if name in _SUBJECTS:
        coded = ProjectSubject.objects.filter(project__in=among, scheme=name)
        return _grouped(coded, name, F("code"), _text(""), many)
    if figures.known.is_past:
        # Entries that take each other out would have to be paired for each project and year.
        return None
    sums = figures.all().filter(project__in=among, measure__in=MOVED, records__gt=0)
    return _grouped(sums, name, Cast("year", CharField()), _text(""), many)


def _grouped(rows: QuerySet, facet: str, value: Any, label: Any, number: Count) -> QuerySet:
    named = {"facet": _text(facet), "value": value, "label": label}
    counted = rows.order_by().values(**named).annotate(n=number)
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

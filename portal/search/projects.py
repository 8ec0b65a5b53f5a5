"""Finding projects: by number, by the award numbers of organizations, by words of their texts."""

from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.search import SearchRank
from django.db.models import Case, Exists, F, OuterRef, QuerySet, Value, When
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from finance.figures.sums import Totals
from finance.models.figures import Measure
from portal.kit.text import fold
from portal.search.hits import COUNTED, SHOWN, Group, Hit, told, totals_by
from portal.search.words import Asked, marked, most_of, query
from projects.models import Country, Participation, Project, ProjectCountry, Status

# So many are ranked of what stands nearly everywhere.
CANDIDATES = COUNTED + 1


def found_projects(asked: Asked) -> Group:
    """Projects with the number, or all the words, of the search."""
    ids = _with_words(asked.words)
    numbered = _numbered(asked)
    ids = list(dict.fromkeys([*numbered, *ids]))[:CANDIDATES]
    group = _group(ids, asked.words, first=numbered)
    group.is_exact = bool(numbered)
    return group


def found_by_most_words(words: list[str]) -> Group:
    """Projects with as many of the words as any has, if not all."""
    for missing in range(1, len(words)):
        rows = Project.objects.shown().filter(search=most_of(words, missing))
        if ids := list(rows.order_by().values_list("pk", flat=True)[:CANDIDATES]):
            return _group(ids, words)
    return _group([], words)


def found_by_award(asked: Asked) -> Group:
    """Projects that an organization knows by this award number, or by one that begins so."""
    group = Group("awards", _("Award numbers"))
    if not asked.is_code:
        return group
    parts = (
        Participation.objects.alias(any_case=Lower("award_number"))
        .filter(any_case__startswith=asked.code, project__withheld_on=None)
        .exclude(award_number="")
        .select_related("project", "organization")
        .order_by("award_number", "pk")
    )
    group.hits = [
        Hit(
            part.project.title,
            part.project.get_absolute_url(),
            part.project.number,
            (
                _("award %(number)s of %(organization)s")
                % {"number": part.award_number, "organization": part.organization.short_label},
            ),
        )
        for part in parts[:SHOWN]
    ]
    group.is_exact = any(part.award_number.lower() == asked.code for part in parts[:SHOWN])
    return group


def _numbered(asked: Asked) -> list[int]:
    """The project of just this number, with or without the zeros before it."""
    if not asked.is_code:
        return []
    exact = list(Project.objects.shown().numbered(asked.code).values_list("pk", flat=True))
    if exact or not asked.code.isalnum():
        return exact
    whole = Project.objects.shown().filter(search=query(asked.words, beginnings=False, weight="A"))
    return [
        pk
        for pk, number in whole.order_by("pk").values_list("pk", "number")[:CANDIDATES]
        if fold(number).endswith(asked.code)
    ]


def _with_words(words: list[str]) -> list[int]:
    """Projects whose texts have all the words; one of them may be the name of their country."""
    shown = Project.objects.shown().order_by()
    if not words:
        return []
    ids = list(shown.filter(search=query(words)).values_list("pk", flat=True)[:CANDIDATES])
    for word in words:
        places = Country.objects.filter(sort_name__regex=rf"\m{word}\M")
        rest = [other for other in words if other != word]
        there = shown.filter(
            Exists(ProjectCountry.objects.filter(project=OuterRef("pk"), country__in=places))
        )
        if len(ids) < CANDIDATES:
            there = there.filter(search=query(rest)) if rest else there
            ids += there.values_list("pk", flat=True)[:CANDIDATES]
    return ids


def _group(ids: list[int], words: list[str], first: Iterable[int] = ()) -> Group:
    projects = list(_ranked(ids, words, first)[:SHOWN])
    totals = totals_by("project", [p.pk for p in projects], Measure.TRANSFER, Measure.REFUND)
    hits = [
        Hit(
            marked(project.title, words),
            project.get_absolute_url(),
            project.number,
            _facts(project, totals.get(project.pk)) + told("net_funded", totals.get(project.pk)),
        )
        for project in projects
    ]
    return Group("projects", _("Projects"), hits, len(ids))


def _ranked(ids: list[int], words: list[str], first: Iterable[int]) -> QuerySet:
    """By number first, then whole words of the title, beginnings there, whole words elsewhere."""
    rows = Project.objects.filter(pk__in=ids).for_listing()
    if not words:
        return rows.order_by("sort_name", "pk")
    best = Case(
        When(pk__in=list(first), then=Value(0)),
        When(search=query(words, beginnings=False, weight="A"), then=Value(1)),
        When(search=query(words, weight="A"), then=Value(2)),
        When(search=query(words, beginnings=False), then=Value(3)),
        default=Value(4),
    )
    # The words need not all be there: those of a country are not.
    some = query(words[:1])
    for word in words[1:]:
        some |= query([word])
    return rows.order_by(best, SearchRank(F("search"), some).desc(), "sort_name", "pk")


def _facts(project: Any, totals: Totals | None) -> tuple[str, ...]:
    is_paid = totals is not None and bool(totals.transfer or totals.parts("transfer"))
    # What ledgers write in place of a country tells nothing here.
    countries = [p.country for p in project.places if not p.country.is_placeholder]
    places = ", ".join(country.name for country in countries[:3])
    status = Status(project.status).as_told(is_paid=is_paid)
    return tuple(filter(None, (status, places, project.fund.name)))

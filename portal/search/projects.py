"""Finding projects: by number, by the award numbers of organizations, by words of their texts."""

from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.search import SearchRank
from django.db.models import Case, Exists, F, OuterRef, QuerySet, Value, When
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from finance.figures.sums import Totals
from finance.models.figures import Measure
from portal.kit.dates import TODAY
from portal.kit.text import squeeze
from portal.kit.together import read_together
from portal.search.hits import COUNTED, SHOWN, Group, Hit, Match, told, totals_by
from portal.search.payments import of_code
from portal.search.words import Asked, marked, most_of, query
from projects.models import Country, Participation, Project, ProjectCountry, Status

# So many are ranked of what stands nearly everywhere.
CANDIDATES = COUNTED + 1


def found_projects(asked: Asked, *, most: bool) -> Group:
    """Projects with the number, or all the words, of the search; with `most`, or with as many of
    the words as any has."""
    asked = asked.of("projects")
    words = asked.words
    numbered, match = _numbered(asked)
    if numbered or not most:
        ids = list(dict.fromkeys([*numbered, *with_words(words, CANDIDATES)]))[:CANDIDATES]
        group = _group(ids, words, first=numbered)
        if numbered:
            group.match = match
        if ids:
            return group
    if within := [pk for one in asked.codes_within for pk in _numbered(one)[0]]:
        group = _group(within, words, first=within)
        group.missing = len(words) - 1
        return group
    if not most:
        return _group([], words)
    for missing in range(1, len(words)):
        rows = Project.objects.shown().filter(search=most_of(words, missing))
        if ids := list(rows.order_by().values_list("pk", flat=True)[:CANDIDATES]):
            group = _group(ids, words)
            group.missing = missing
            return group
    return _group([], words)


def found_by_award(asked: Asked) -> Group:
    """Projects that an organization knows by this award number, however it is written."""
    group = Group("awards", _("Award numbers"))
    parts = Participation.objects.filter(project__withheld_on=None).exclude(award_number="")
    rows = of_code(parts, "award_number", asked, group)
    if rows is None:
        return group
    group.count = rows.order_by()[: COUNTED + 1].count()
    shown = list(rows.select_related("organization").order_by("award_number", "pk")[:SHOWN])
    projects = _listed().in_bulk([part.project_id for part in shown])
    totals = _totals(projects)
    group.hits = [
        Hit(
            project.title,
            project.get_absolute_url(),
            project.number,
            (
                _("award %(number)s of %(organization)s")
                % {"number": part.award_number, "organization": part.organization.short_label},
                *_facts(project, totals.get(project.pk)),
            ),
        )
        for part in shown
        for project in [projects[part.project_id]]
    ]
    return group


def _numbered(asked: Asked) -> tuple[list[int], Match]:
    """The project of just this number, with or without the zeros before it; else those whose
    number ends so."""
    if not asked.may_be_code:
        return [], Match.EXACT
    text = asked.text.strip().lstrip("#№").strip()
    exact = list(Project.objects.shown().numbered(text).values_list("pk", flat=True))
    if exact or not asked.code.isalnum():
        return exact, Match.EXACT
    number = asked.number or asked.code
    whole = Project.objects.shown().filter(search=query([number], beginnings=False, weight="A"))
    found = [
        (pk, squeeze(each).lstrip("0"))
        for pk, each in whole.order_by("pk").values_list("pk", "number")[:CANDIDATES]
    ]
    if exact := [pk for pk, each in found if each == number]:
        return exact, Match.EXACT
    return [pk for pk, each in found if each.endswith(number)], Match.NAME


def with_words(words: list[str], most: int) -> list[int]:
    """Projects whose texts have all the words; one of them may be the name of their country."""
    shown = Project.objects.shown().order_by()
    if not words:
        return []
    ids = list(shown.filter(search=query(words)).values_list("pk", flat=True)[:most])
    if len(ids) >= most:
        return ids
    in_places = []
    for word in words:
        places = Country.objects.filter(search_names__regex=rf"(^|[ \n]){word}($|[ \n])")
        rest = [other for other in words if other != word]
        there = shown.filter(
            Exists(ProjectCountry.objects.filter(project=OuterRef("pk"), country__in=places))
        )
        there = there.filter(search=query(rest)) if rest else there
        in_places.append(there.values_list("pk", flat=True)[:most])
    read_together(*in_places)
    return [*ids, *(pk for there in in_places for pk in there)]


def _group(ids: list[int], words: list[str], first: Iterable[int] = ()) -> Group:
    projects = list(_ranked(ids, words, first)[:SHOWN])
    totals = _totals(project.pk for project in projects)
    hits = [
        Hit(
            marked(project.title, words),
            project.get_absolute_url(),
            project.number,
            _facts(project, totals.get(project.pk)),
        )
        for project in projects
    ]
    match = Match(projects[0].best) if projects else Match.TEXT_BEGINS
    url = ""
    if len(ids) > SHOWN:
        url = f"{reverse('project-list')}?{urlencode({'q': ' '.join(words)})}"
    return Group("projects", _("Projects"), hits, len(ids), url, match)


def _totals(ids: Iterable[int]) -> dict[int, Totals]:
    return totals_by("project", ids, Measure.TRANSFER, Measure.REFUND)


def _listed() -> Any:
    """With all that a hit says of a project."""
    return Project.objects.for_listing().with_end(TODAY.day)


def _ranked(ids: list[int], words: list[str], first: Iterable[int]) -> QuerySet:
    """By number first, then whole words of the title, beginnings there, whole words elsewhere."""
    rows = _listed().filter(pk__in=ids)
    if not words:
        return rows.none()
    best = Case(
        When(pk__in=list(first), then=Value(Match.EXACT)),
        When(search=query(words, beginnings=False, weight="A"), then=Value(Match.TITLE)),
        When(search=query(words, weight="A"), then=Value(Match.TITLE_BEGINS)),
        When(search=query(words, beginnings=False), then=Value(Match.TEXT)),
        default=Value(Match.TEXT_BEGINS),
    )
    # The words need not all be there: those of a country are not.
    some = query(words[:1])
    for word in words[1:]:
        some |= query([word])
    ranked = rows.annotate(best=best)
    return ranked.order_by("best", SearchRank(F("search"), some).desc(), "sort_name", "pk")


def _facts(project: Any, totals: Totals | None) -> tuple[str, ...]:
    is_paid = totals is not None and bool(totals.transfer or totals.parts("transfer"))
    # What ledgers write in place of a country tells nothing here.
    countries = [p.country for p in project.places if not p.country.is_placeholder]
    places = ", ".join(country.local_name for country in countries[:3])
    status = Status(project.status).as_told(is_paid=is_paid)
    start = project.start_as_stated
    years = [str(on.year) for on in (start, project.end) if on]
    dated = "–".join(dict.fromkeys(years))
    told_so = filter(None, (status, places, project.fund.name, dated))
    return (*told_so, *told("net_funded", totals))

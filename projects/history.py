"""A project on a past day: texts, status, dates, participants and places.

Three records know of it: the versions of its rows, from the day on which each came into this
portal; the log of its status, and that of its extensions, also for days before. What none of
them knows is today's: pages say so, and compute nothing from it.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import BigIntegerField, Case, Exists, F, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact
from django.utils.translation import gettext as _

from portal.kit.dates import Known
from portal.kit.formatting import day
from portal.kit.function_table import called
from portal.kit.tables.filling import filled
from projects.models import (
    CountryShare,
    Extension,
    Fund,
    Participation,
    Project,
    ProjectCountry,
    StatusChange,
)
from projects.models.dates import END_FIELDS, end_on, extended_to

_FIELDS = (
    *("title", "narrative", "language", "ledger_label", "status", "status_on"),
    *("planned_start", "stated_start", "original_end", "stated_end"),
)

_KEY = BigIntegerField()


class Step(NamedTuple):
    """A status, and the day from which it holds, where that is known."""

    status: str
    on: date | None


def show_as_of(project: Project, known: Known) -> str:
    """Give the object, which is not to be saved, what is known of it then.

    Returns what of that time could not be told, in words; "" where nothing of it is past.
    """
    if known.as_of is None:
        return ""
    versions = project.events.order_by("-pgh_created_at", "-pgh_id")  # type: ignore[attr-defined]
    version = versions.filter(pgh_created_at__lte=known.as_of).first()
    if version is not None:
        for name in _FIELDS:
            setattr(project, name, getattr(version, name))
        if version.fund_id != project.fund_id:
            project.fund = Fund.objects.filter(pk=version.fund_id).first() or project.fund
        project.shown_as_of = known.as_of
        return _(
            "Figures, texts, fund, status, dates, participants, places and documents are of that "
            "time; contacts, themes, and the names of funds and organizations are today’s."
        )
    begins = {"day": day(versions.values_list("pgh_created_at", flat=True).last())}
    if step := status_on(project, known.day):
        project.status, project.status_on = step
        return (
            _(
                "Figures, status and documents are of that time. Texts, fund, participants and "
                "places are today’s: the history of this project’s texts begins on %(day)s."
            )
            % begins
        )
    project.is_status_known = False
    return (
        _(
            "Figures and documents are of that time. Texts, fund, status, participants and places "
            "are today’s: the history of this project’s texts begins on %(day)s."
        )
        % begins
    )


def status_on(project: Project, on: date) -> Step | None:
    """The status on a day: the project's own, if it holds since then and no step of the log came
    after it; or else that of the log, which may lack the last step."""
    steps = StatusChange.objects.filter(project=project, set_on__lte=on)
    step = steps.order_by("-set_on", "-pk").values_list("status", "set_on").first()
    since = project.status_on
    if since and since <= on and (step is None or step[1] < since):
        return Step(project.status, since)
    return Step(*step) if step else None


def with_status_then(projects: QuerySet, known: Known) -> QuerySet:
    """With `title_then` and `fund_then`, and with `status_then`, None where no record knows it.

    The rules are those of `show_as_of`. Those of a past day may be sorted by `fund_name_then`.
    """
    if known.as_of is None:
        return projects.annotate(
            title_then=F("title"), fund_then=F("fund_id"), status_then=F("status")
        )
    versions = _versions(known)
    steps = StatusChange.objects.filter(project=OuterRef("pk"), set_on__lte=known.day)
    steps = steps.order_by("-set_on", "-pk")
    since = Q(status_on__lte=known.day)
    later = Q(Exists(steps.filter(set_on__gte=OuterRef("status_on"))))
    told = projects.annotate(
        title_then=Coalesce(Subquery(versions.values("title")[:1]), F("title")),
        fund_then=_fund_then(known),
        status_then=Coalesce(
            Subquery(versions.values("status")[:1]),
            Case(When(since & ~later, then=F("status"))),
            Subquery(steps.values("status")[:1]),
        ),
    )
    funds = Fund.objects.filter(pk=OuterRef("fund_then")).order_by()
    return told.alias(fund_name_then=Subquery(funds.values("sort_name")))


def _fund_then(known: Known) -> Coalesce:
    """The id of the fund of a project on a past day."""
    versions = _versions(known).values("fund_id")
    return Coalesce(Subquery(versions[:1]), F("fund_id"), output_field=_KEY)


def of_fund_then(projects: Any, fund: Fund, known: Known) -> Any:
    """Those of these projects that are the fund's, or were its own then."""
    if known.as_of is None:
        return projects.filter(fund=fund)
    # Of all others, nobody has to look which version was the last.
    ever = Project.pgh_event_model.objects.filter(fund=fund)  # type: ignore[attr-defined]
    candidates = Q(fund=fund) | Q(pk__in=ever.order_by().values("pgh_obj"))
    return projects.filter(candidates, Exact(_fund_then(known), fund.pk))


def with_funds_then(projects: QuerySet, known: Known) -> QuerySet:
    """Rows of `with_status_then`, each with the fund that it is in, or was in then."""
    joined = projects.select_related("fund")
    return joined if known.as_of is None else filled(joined, _give_funds)


def _give_funds(projects: list[Any]) -> None:
    funds = Fund.objects.in_bulk({project.fund_then for project in projects})
    for project in projects:
        project.fund = funds.get(project.fund_then, project.fund)


def listed_then(projects: QuerySet[Project], known: Known) -> QuerySet:
    """With all that a row of a project list shows, its fund and places as known then."""
    if known.as_of is None:
        return with_status_then(projects.for_listing(), known)  # type: ignore[attr-defined]

    def give(some: list[Any]) -> None:
        _give_funds(some)
        places = _places_then({p.pk for p in some}, known.as_of)
        for project in some:
            project.places = places[project.pk]

    listed = projects.for_listing(with_places=False)  # type: ignore[attr-defined]
    return filled(with_status_then(listed, known), give)


def with_end_then(projects: QuerySet, known: Known) -> QuerySet:
    """With `end`, the last day of activities as known then, by the rules of `ProjectFacts.end`."""
    if known.as_of is None:
        return projects.annotate(end=end_on(known.day))
    versions = _versions(known)
    never_moved = Q(stated_end=None) | Q(stated_end=F("original_end"))
    return projects.annotate(
        end=Coalesce(
            extended_to(known.day),
            Subquery(_extensions(approved_on__gt=known.day).values("old_end")[:1]),
            Subquery(versions.values_list(Coalesce(*END_FIELDS))[:1]),
            Case(When(~Exists(versions) & never_moved, then=F("original_end"))),
        )
    )


def _versions(known: Known) -> QuerySet:
    """The versions of a project by then, the newest first."""
    versions = Project.pgh_event_model.objects.filter(  # type: ignore[attr-defined]
        pgh_obj=OuterRef("pk"), pgh_created_at__lte=known.as_of
    )
    return versions.order_by("-pgh_created_at", "-pgh_id")


def _extensions(**which: Any) -> QuerySet[Extension]:
    return Extension.objects.filter(project=OuterRef("pk"), **which).order_by("approved_on", "pk")


def participation_rows(project: Project) -> QuerySet[Any]:
    """Rows of who takes part, or their versions at the moment that it is shown as of."""
    if project.shown_as_of is None:
        today = project.participations.select_related("organization")
        return today.order_by("role", "organization__sort_name", "pk")
    return _last_versions(Participation, [project.pk], project.shown_as_of).select_related(
        "organization"
    )


def participations_of(project: Project, rows: Iterable[Any] | None = None) -> list[Any]:
    """Who takes part, or took part then; `rows` are those above, where they have been read."""
    found = list(participation_rows(project) if rows is None else rows)
    if project.shown_as_of is None:
        return found
    return sorted(
        _standing(found), key=lambda row: (row.role, row.organization.sort_name, row.pgh_obj_id)
    )


def place_rows(project: Project) -> QuerySet[Any]:
    """Rows of where it works, or their versions at the moment that it is shown as of."""
    if project.shown_as_of is None:
        return project.project_countries.select_related("country", "in_place_of")
    return _last_versions(ProjectCountry, [project.pk], project.shown_as_of).select_related(
        "country", "in_place_of"
    )


def places_of(project: Project, rows: Iterable[Any] | None = None) -> list[Any]:
    """Where it works, or worked then; `rows` are those above, where they have been read."""
    found = list(place_rows(project) if rows is None else rows)
    return found if project.shown_as_of is None else _standing(found)


def _places_then(projects: set[int], as_of: datetime | None) -> dict[int, list[Any]]:
    """The places of each of these projects, by the rules of `place_rows`."""
    versions = Project.pgh_event_model.objects.filter(  # type: ignore[attr-defined]
        pgh_obj__in=projects, pgh_created_at__lte=as_of
    )
    told = set(versions.order_by().values_list("pgh_obj", flat=True).distinct())
    then = _last_versions(ProjectCountry, told, as_of).select_related("country")
    today = ProjectCountry.objects.filter(project__in=projects - told).select_related("country")
    found = defaultdict(list)
    for place in (*_standing(then), *today):
        found[place.project_id].append(place)
    return found


def country_shares(known: Known) -> QuerySet[CountryShare]:
    """What part of each project counts for which country, as known then."""
    return called(CountryShare, ("timestamptz", known.as_of))


def _last_versions(model: Any, projects: Iterable[int], as_of: datetime | None) -> QuerySet[Any]:
    """The last version of each row of these projects at a moment, in the order of rows."""
    return (
        model.pgh_event_model.objects.filter(project__in=projects, pgh_created_at__lte=as_of)
        .order_by("pgh_obj_id", "-pgh_created_at", "-pgh_id")
        .distinct("pgh_obj_id")
    )


def _standing(versions: Iterable[Any]) -> list[Any]:
    """Without those of rows that were deleted by then."""
    return [version for version in versions if version.pgh_label != "delete"]

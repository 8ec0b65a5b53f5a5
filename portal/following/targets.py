"""What can be followed, how it is called, and what is new about it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from documents.models import Document
from finance.contributors.contributor import contributors
from finance.figures.changes import loads_that_changed
from finance.models import Commitment, Decision, Deposit, FundCost, Load, StatedRecord
from portal.kit.formatting import day
from portal.models import Follow
from portal.search.everything import search
from portal.search.words import unmarked
from projects.models import Fund, Organization, Participation, Project

Kind = Follow.Kind
LISTED = 10


@dataclass(frozen=True)
class Target:
    """A thing that can be followed: the key under which it is kept, its name and its page."""

    kind: str
    key: str
    name: str
    url: str


def target_of(kind: str, key: str) -> Target:
    """The thing of this kind and key. Raises LookupError where there is none to be seen."""
    key = " ".join(key.split())[:200]
    if kind == Kind.SEARCH and key:
        url = f"{reverse('search')}?{urlencode({'q': key})}"
        return Target(kind, key, _("Search for “%(words)s”") % {"words": key}, url)
    found = _find(kind, key)
    if found is None:
        raise LookupError(key)
    number = found.number if kind == Kind.PROJECT else found.code
    if kind == Kind.CONTRIBUTOR:
        return Target(kind, number, str(found), reverse("contributor", args=[number]))
    return Target(kind, number, str(found), found.get_absolute_url())


def _find(kind: str, key: str) -> Any:
    rows: Mapping[str, Callable[[], QuerySet]] = MappingProxyType(
        {
            Kind.PROJECT: lambda: Project.objects.shown().numbered(key),
            Kind.FUND: lambda: Fund.objects.filter(code__iexact=key),
            Kind.ORGANIZATION: lambda: Organization.objects.filter(code__iexact=key),
            Kind.CONTRIBUTOR: lambda: contributors().filter(code__iexact=key),
        }
    )
    return rows[kind]().first() if kind in rows else None


def news_of(target: Target, since: datetime, until: datetime) -> list[str]:
    """What became public about it after one moment and up to the other, a line each."""
    if target.kind == Kind.SEARCH:
        return _found_anew(target, since, until)
    found = _find(target.kind, target.key)
    if found is None:
        return []
    loads = _loads(target.kind, found).filter(released_at__gt=since, released_at__lte=until)
    documents = Document.objects.none()
    projects = Project.objects.none()
    if target.kind == Kind.PROJECT:
        documents = Document.objects.public().filter(project=found)
        projects = Project.objects.filter(pk=found.pk)
    elif target.kind == Kind.FUND:
        documents = Document.objects.public().filter(Q(fund=found) | Q(project__fund=found))
        projects = Project.objects.shown().filter(fund=found)
    return [
        *_lines(
            _("%(day)s: figures published from “%(file)s”: %(url)s")
            % {"day": day(load.released_at), "file": load.file_name,
               "url": _absolute(load.get_absolute_url())}
            for load in loads.order_by("-released_at", "-pk")
        ),
        *_lines(
            _("New document: %(title)s: %(url)s")
            % {"title": one.title, "url": _absolute(one.get_absolute_url())}
            for one in documents.filter(added_at__gt=since, added_at__lte=until)
        ),
        *_lines(
            _("Status of %(number)s: %(status)s")
            % {"number": one.number, "status": one.get_status_display()}
            for one in _with_another_status(projects, since, until)
        ),
    ]  # fmt: skip


_OF_FUND: tuple[Any, ...] = (Commitment, Deposit, FundCost, Decision)


def _loads(kind: str, found: Any) -> QuerySet[Load]:
    if kind == Kind.PROJECT:
        return loads_that_changed([found.pk])
    if kind == Kind.CONTRIBUTOR:
        which = Q(contributor=found)
        models: tuple[Any, ...] = (Commitment, Deposit)
    elif kind == Kind.FUND:
        return _that_stated(
            [StatedRecord.objects.filter(project__fund=found)]
            + [model.objects.filter(fund=found) for model in _OF_FUND]
        )
    else:
        parts = Participation.objects.filter(organization=found, project=OuterRef("project"))
        return _that_stated([StatedRecord.objects.filter(Exists(parts))])
    return _that_stated([model.objects.filter(which) for model in models])


def _that_stated(records: list[QuerySet]) -> QuerySet[Load]:
    """Released loads that added or withdrew any of these records."""
    wanted = Q()
    for rows in records:
        wanted |= Q(pk__in=rows.values("load")) | Q(pk__in=rows.values("withdrawn_by"))
    return Load.objects.released().filter(wanted)


def _with_another_status(projects: QuerySet, since: datetime, until: datetime) -> list[Project]:
    """Projects whose status differs from that of the last version before."""
    events = Project.pgh_event_model.objects  # type: ignore[attr-defined]
    changed = events.filter(pgh_created_at__gt=since, pgh_created_at__lte=until)
    moved = []
    for project in projects.filter(pk__in=changed.values("pgh_obj")):
        before = events.filter(pgh_obj=project, pgh_created_at__lte=since)
        last = before.order_by("-pgh_created_at", "-pgh_id").first()
        if last is None or last.status != project.status:
            moved.append(project)
    return moved


def _found_anew(target: Target, since: datetime, until: datetime) -> list[str]:
    """Projects that the search finds and that were not there before."""
    events = Project.pgh_event_model.objects  # type: ignore[attr-defined]
    new = events.filter(
        pgh_label="insert", pgh_created_at__gt=since, pgh_created_at__lte=until
    ).values("number")
    numbers = set(new.values_list("number", flat=True))
    hits = [hit for group in search(target.key).groups if not group.missing for hit in group.hits]
    return _lines(
        _("New: %(name)s: %(url)s") % {"name": unmarked(hit.name), "url": _absolute(hit.url)}
        for hit in hits
        if hit.code in numbers
    )


def _lines(lines: Iterable[str]) -> list[str]:
    every = list(lines)
    if (more := len(every) - LISTED) > 0:
        return [*every[:LISTED], _("… and %(count)s more.") % {"count": more}]
    return every


def _absolute(url: str) -> str:
    return settings.SITE_URL + url if url.startswith("/") else url

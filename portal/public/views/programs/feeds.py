"""Atom feeds of a project and of a fund: releases, new documents, changes of status."""

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from documents.models import Document
from finance.figures.changes import loads_that_changed
from portal.kit.files.about import sample_notice
from portal.public.views.factsheet import get_project_or_404
from projects.models import Fund, Project, StatusChange

ENTRIES = 30


def project_feed(request: HttpRequest, number: str) -> HttpResponse:
    """News of a project."""
    project = get_project_or_404(number)
    return _feed(request, project, [project.pk], Q(project=project))


def fund_feed(request: HttpRequest, code: str) -> HttpResponse:
    """News of a fund and of its projects."""
    fund = get_object_or_404(Fund, code__iexact=code)
    ids = list(fund.projects.shown().values_list("pk", flat=True))
    return _feed(request, fund, ids, Q(fund=fund) | Q(project__fund=fund))


def _feed(
    request: HttpRequest, of: Project | Fund, ids: Sequence[int], documents: Q
) -> HttpResponse:
    notice = sample_notice(request)
    title = f"{notice}: {of}" if notice else str(of)
    feed = Atom1Feed(
        title=title,
        link=settings.SITE_URL + of.get_absolute_url(),
        description=None,
        subtitle=_("Releases of figures, new documents, changes of status"),
        language=get_language(),
        feed_url=settings.SITE_URL + request.path,
        author_name=str(getattr(request, "office", None) or ""),
    )
    news = [*_releases(ids), *_documents(documents), *_status_changes(ids)]
    news.sort(key=lambda item: item["updateddate"], reverse=True)
    for item in news[:ENTRIES]:
        feed.add_item(**item)
    return HttpResponse(feed.writeString("utf-8"), content_type=feed.content_type)


def _releases(ids: Sequence[int]) -> list[dict[str, Any]]:
    loads = loads_that_changed(ids).order_by("-released_at", "-pk").select_related("source")
    return [
        {
            "title": _("Figures published: %(file)s (%(kind)s)")
            % {"file": load.file_name, "kind": load.get_kind_display()},
            "link": settings.SITE_URL + load.get_absolute_url(),
            "description": load.reason or str(load.source),
            "updateddate": load.released_at,
            "unique_id": f"{settings.SITE_URL}/load/{load.pk}/",
        }
        for load in loads[:ENTRIES]
    ]


def _documents(which: Q) -> list[dict[str, Any]]:
    documents = Document.objects.public().filter(which).select_related("type")
    return [
        {
            "title": _("New document: %(title)s") % {"title": document.title},
            "link": _absolute(document.get_absolute_url()),
            "description": str(document.type),
            "updateddate": document.added_at,
            "unique_id": f"{settings.SITE_URL}/document/{document.pk}/",
        }
        for document in documents.order_by("-added_at", "-pk")[:ENTRIES]
    ]


def _status_changes(ids: Sequence[int]) -> list[dict[str, Any]]:
    changes = StatusChange.objects.filter(project__in=ids).select_related("project")
    return [
        {
            "title": _("%(project)s: status set to %(status)s")
            % {"project": change.project, "status": change.get_status_display()},
            "link": settings.SITE_URL + change.project.get_absolute_url(),
            "description": change.note,
            "updateddate": timezone.make_aware(datetime.combine(change.set_on, time.min)),
            "unique_id": f"{settings.SITE_URL}/status/{change.pk}",
        }
        for change in changes.order_by("-set_on", "-pk")[:ENTRIES]
    ]


def _absolute(url: str) -> str:
    return settings.SITE_URL + url if url.startswith("/") else url

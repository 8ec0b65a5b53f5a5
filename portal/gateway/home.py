"""The gateway's first page: drafts, projects, what happened lately."""

from django.core.paginator import Paginator
from django.db.models import Count, Max, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from documents.access import (
    documents_kept_by,
    funds_kept_by,
    keeps_everything,
    projects_kept_by,
    uploads_of,
)
from documents.models import Document, DocumentEvent, Upload
from documents.refusals import refusal_text
from portal.gateway.access import crumbs, keepers_only
from portal.health.worker_seen import said_of_worker
from portal.inbox.items import inbox
from portal.kit.text import fold, folded
from portal.reporting.due_reports import shown
from portal.reporting.still_to_send import open_reports
from projects.signed_in import signed_in

PROJECTS_AT_ONCE = 25
RECENT = 10
REPORTS = 10


@require_safe
@keepers_only
def home(request: HttpRequest) -> HttpResponse:
    """My projects, my drafts, what happened lately."""
    user = signed_in(request)
    words = request.GET.get("q", "").strip()[:100]
    projects = projects_kept_by(user).select_related("fund")
    if words:
        projects = projects.alias(folded=folded("title")).filter(
            Q(number__icontains=words) | Q(folded__contains=fold(words))
        )
    public = Q(documents__state=Document.State.PUBLIC)
    projects = projects.annotate(
        count=Count("documents", filter=public),
        latest=Max("documents__added_at", filter=public),
    ).order_by("number", "pk")
    page = Paginator(projects, PROJECTS_AT_ONCE).get_page(request.GET.get("page"))
    # Of those who keep everything, only what stands on the page.
    due = open_reports(user, [each.pk for each in page] if keeps_everything(user) else None)
    uploads = uploads_of(user).exclude(state="done").with_arrived()
    uploads = uploads.select_related("project", "fund", "document")
    waits = uploads.unscanned().exists()
    shown_uploads = list(uploads[:50])
    for upload in shown_uploads:
        if upload.refusal:
            upload.why_refused = refusal_text(upload.refusal, upload.detail)  # type: ignore[attr-defined]
    drafts = [one for one in shown_uploads if one.state == Upload.State.DRAFT and one.has_file]
    items = inbox(user)
    context = {
        "inbox": items,
        "inbox_count": sum(item.count for item in items),
        "worker": said_of_worker() if waits else "",
        "due": shown(due)[:REPORTS],
        "due_count": due.count(),
        "title": _("My Gateway"),
        "crumbs": [*crumbs()[:1], {"label": _("My Gateway"), "url": ""}],
        "words": words,
        "page": page,
        "funds": funds_kept_by(user).order_by("code")[:PROJECTS_AT_ONCE],
        "uploads": shown_uploads,
        "several": len(drafts) > 1,
        "events": DocumentEvent.objects.filter(document__in=documents_kept_by(user))
        .select_related("document__project", "document__fund", "by")
        .order_by("-at", "-pk")[:RECENT],
    }
    return render(request, "gateway/home.html", context)

"""Our own IATI: whether it is as the standard asks, and what would mend it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portal.about.iati_files import standing_files
from portal.health.worker_seen import said_of_worker
from portal.models import IatiLook
from portal.staff.access import ENTER, crumbs, may, staff_only
from portal.staff.iati.found import issues_of, parts_of, score_of
from portal.work.iati_looks import ask_for_look
from projects.signed_in import signed_in

_LOOK_SECONDS = 5
_EDIT = "projects.change_project"


@require_safe
@staff_only()
def iati(request: HttpRequest) -> HttpResponse:
    """The newest look: faults by rule with the records to mend, and how complete it is."""
    title = _("Our own IATI")
    looks = IatiLook.objects.all()
    ended = looks.filter(under_way=None).exclude(found={}).first()
    under_way = looks.filter(under_way=True).first()
    issues = issues_of(ended, may_edit=may(request.user, _EDIT)) if ended else []
    context = {
        "title": title,
        "crumbs": crumbs((title, "")),
        "iati": standing_files(),
        "look": ended,
        "under_way": under_way,
        "worker": said_of_worker() if under_way else "",
        "errors": [issue for issue in issues if issue["is_error"]],
        "warnings": [issue for issue in issues if not issue["is_error"]],
        "parts": parts_of(ended) if ended else [],
        "score": score_of(ended) if ended else None,
        "may_act": may(request.user, ENTER),
    }
    response = render(request, "staff/iati.html", context)
    if under_way:
        # Without script the page looks again by itself.
        response.headers["Refresh"] = str(_LOOK_SECONDS)
    return response


@require_POST
@staff_only(ENTER)
def begin_look(request: HttpRequest) -> HttpResponse:
    """Let a worker look at it."""
    if ask_for_look(signed_in(request)):
        messages.success(request, _("The check begins; this page shows what it finds."))
    else:
        messages.info(request, _("A check is under way already."))
    return redirect("staff-iati")

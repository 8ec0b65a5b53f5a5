"""The home of the room: what needs doing, what was released, what failed."""

from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from documents.scanner import said_of_fault
from finance.models import Load, VerifyResult
from portal.about.office import office_of
from portal.health.work import failed_tasks
from portal.health.worker_seen import said_of_worker
from portal.models import OutgoingMail
from portal.public.views.presets import preset_links
from portal.staff.access import ENTER, OFFICE, crumbs, may, staff_only
from portal.staff.loads.load_tables import StaffLoadTable
from projects.models import Office, User
from projects.signed_in import signed_in

SHOWN = 10


@require_safe
@staff_only()
def room(request: HttpRequest) -> HttpResponse:
    """Work that waits, with counts and links."""
    released = Load.objects.released().with_reversed_at().select_related("source", "received_by")
    context = {
        "title": _("Staff’s room"),
        "crumbs": [*crumbs()[:1], {"label": _("Staff’s room"), "url": ""}],
        "waiting": waiting(signed_in(request)),
        "presets": preset_links(),
        "table": StaffLoadTable(
            released.order_by("-released_at", "-pk")[:SHOWN],
            title=_("Latest releases"),
            caption_hidden=True,
            empty_text=_("Nothing has been released yet."),
        ),
        "mail": OutgoingMail.objects.order_by("queued_at")[:SHOWN],
        "failed": failed_tasks()[:SHOWN],
        "verification": verification(),
        "scanner": said_of_fault(),
        "worker": said_of_worker(),
        "may_enter": may(request.user, ENTER),
        "may_set_up": may(request.user, OFFICE),
        "settings": office_of(request),
    }
    return render(request, "staff/room.html", context)


def waiting(user: User) -> list[dict[str, Any]]:
    """Each kind of work with its count and the list of it."""
    states = Load.State
    counts = dict(Load.objects.open().order_by().values_list("state").annotate(Count("pk")))
    others = Q() if not Office.current().four_eyes else ~Q(received_by=user)
    checked = Load.objects.filter(state=states.CHECKED)
    for_me = checked.filter(others | Q(received_by=None)).count()
    loads = reverse("staff-loads")
    rows = [
        (_("Received, to be checked"), counts.get(states.RECEIVED, 0), "state=received"),
        (_("Being checked"), counts.get(states.CHECKING, 0), "state=checking"),
        (_("Faulty: to be mended and entered again"), counts.get(states.FAULTY, 0), "state=faulty"),
        (_("Checked, to be released by you"), for_me, "state=checked&entered=others"),
        (
            _("Checked, awaiting release by somebody else"),
            counts.get(states.CHECKED, 0) - for_me,
            "state=checked&entered=me",
        ),
    ]
    if not Office.current().four_eyes:
        rows = [*rows[:3], (_("Checked, to be released"), for_me, "state=checked")]
    return [
        {"label": label, "count": count, "url": f"{loads}?{query}"} for label, count, query in rows
    ]


def verification() -> dict[str, Any]:
    """What `manage.py verify` found last: of everything, of the releases since, what differs."""
    results = VerifyResult.objects.all()
    return {
        "everything": results.of_everything().first(),
        "recent": results.filter(projects__isnull=False).first(),
        "differences": list(results.unresolved()[:SHOWN]),
    }

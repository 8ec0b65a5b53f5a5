"""The home of the room: what needs doing, what was released, what failed."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from documents.scanner import said_of_fault
from finance.models import Load, VerifyResult
from portal.about.office import office_of
from portal.health.work import failed_tasks
from portal.health.worker_seen import said_of_worker
from portal.inbox.items import inbox
from portal.models import OutgoingMail
from portal.public.views.presets import preset_links
from portal.staff.access import ENTER, OFFICE, crumbs, may, staff_only
from portal.staff.loads.load_tables import StaffLoadTable
from projects.models import User
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
        **waiting(signed_in(request)),
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


def waiting(user: User) -> dict[str, Any]:
    """What waits for this person, and how much of it there is."""
    items = inbox(user)
    return {"inbox": items, "inbox_count": sum(item.count for item in items)}


def verification() -> dict[str, Any]:
    """What `manage.py verify` found last: of everything, of the releases since, what differs."""
    results = VerifyResult.objects.all()
    return {
        "everything": results.of_everything().first(),
        "recent": results.filter(projects__isnull=False).first(),
        "differences": list(results.unresolved()[:SHOWN]),
    }

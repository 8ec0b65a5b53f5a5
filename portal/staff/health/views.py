"""How the portal runs: what is wrong and how to mend it, what was last, mails that did not go."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from finance.models import Load, VerifyResult
from portal.health.checks import WATCHED
from portal.health.storage import disks
from portal.health.version import version
from portal.health.work import failed_tasks, queue
from portal.health.worker_seen import last_seen, workers
from portal.models import Backup, OutgoingMail, SlowPage, Verification
from portal.staff.access import OFFICE, crumbs, may, staff_only
from portal.work.mail import send_again
from portal.work.verifying import ask_for_verification
from projects.signed_in import signed_in

SHOWN = 30
_LOOK_SECONDS = 5


@require_safe
@staff_only()
def health(request: HttpRequest) -> HttpResponse:
    """What each check found, and the figures behind it."""
    title = _("Health of the portal")
    verification = Verification.objects.select_related("result").first()
    context = {
        "title": title,
        "crumbs": crumbs((title, "")),
        "checks": [
            {"title": check.title, "troubles": check.troubles()}
            for check in WATCHED
            if check.is_used()
        ],
        "verification": verification,
        "may_act": may(request.user, OFFICE),
        "version": version(),
        **_figures(),
    }
    response = render(request, "staff/health.html", context)
    if verification and verification.under_way:
        # Without script the page looks again by itself.
        response.headers["Refresh"] = str(_LOOK_SECONDS)
    return response


def _figures() -> dict[str, Any]:
    mails = OutgoingMail.objects.order_by("queued_at", "pk")
    return {
        "queue": queue(),
        "workers": workers(),
        "seen": last_seen(),
        "disks": disks(),
        "load": Load.objects.released().order_by("-released_at").first(),
        "verified": VerifyResult.objects.of_everything().first(),
        "backup": Backup.objects.first(),
        "whole": Backup.objects.whole().first(),
        "mails": mails[:SHOWN],
        "mail_count": mails.count(),
        "failed": failed_tasks()[:SHOWN],
        "slow": SlowPage.objects.all()[:SHOWN],
    }


@require_POST
@staff_only(OFFICE)
def begin_verification(request: HttpRequest) -> HttpResponse:
    """Let a worker verify everything."""
    if ask_for_verification(signed_in(request)):
        messages.success(request, _("Verification begins; this page says how far it is."))
    else:
        messages.info(request, _("A verification is under way already."))
    return redirect("staff-health")


@require_POST
@staff_only(OFFICE)
def decide_on_mail(request: HttpRequest, pk: int) -> HttpResponse:
    """Send it again now, or forget it."""
    mail = OutgoingMail.objects.filter(pk=pk).first()
    if mail is None:
        gone = _("The mail does not wait any more: it was sent, or somebody deleted it.")
        messages.info(request, gone)
    elif request.POST.get("action") == "forget":
        mail.delete()
        messages.success(request, _("The mail is forgotten."))
    elif send_again(mail):
        messages.success(request, _("The mail is tried again now."))
    else:
        messages.error(request, _("Its text is gone: what it was about has to be done again."))
    return redirect("staff-health")

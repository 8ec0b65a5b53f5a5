"""Reminders in the staff's room: the switch, what would go out, what went, who stopped."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portal.models import ReminderBatch, ReminderStop
from portal.reporting.reminders import begin_batch, pending, resume, stop
from portal.staff.access import ENTER, crumbs, may, staff_only
from projects.models import Office, User

SHOWN = 30


@require_safe
@staff_only()
def reminders(request: HttpRequest) -> HttpResponse:
    """What the next batch would hold, by person, and the batches that went."""
    waiting = [
        {"user": user, "count": len(reports), "first": reports[0].due_on}
        for user, reports in pending(timezone.localdate()).items()
    ]
    title = _("Reminders")
    context = {
        "title": title,
        "crumbs": crumbs((title, "")),
        "on": Office.current().reminders_on,
        "days": Office.current().reminder_days,
        "waiting": waiting[:SHOWN],
        "more": max(0, len(waiting) - SHOWN),
        "batches": ReminderBatch.objects.all()[:SHOWN],
        "stops": ReminderStop.objects.select_related("user", "by")[: SHOWN * 10],
        "may_enter": may(request.user, ENTER),
    }
    return render(request, "staff/reminders.html", context)


@require_POST
@staff_only(ENTER)
def switch(request: HttpRequest) -> HttpResponse:
    """Reminders on or off for everybody; also stops a batch under way."""
    on = request.POST.get("on") == "yes"
    Office.objects.update_or_create(pk=1, defaults={"reminders_on": on})
    if on and begin_batch():
        messages.success(request, _("Reminders are on; those of today go out now."))
    elif on:
        messages.success(request, _("Reminders are on; those of today were sent already."))
    else:
        messages.success(request, _("Reminders are off: no more mails go out."))
    return redirect("staff-reminders")


@require_POST
@staff_only(ENTER)
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop reminders to one person, or begin them again."""
    user = get_object_or_404(User, pk=pk)
    if request.POST.get("on") == "yes":
        resume(user=user)
        messages.success(request, _("%(email)s gets reminders again.") % {"email": user.email})
    else:
        by = request.user
        stop(user=user, by=by if isinstance(by, User) else None)
        messages.success(request, _("%(email)s gets no more reminders.") % {"email": user.email})
    return redirect("staff-reminders")

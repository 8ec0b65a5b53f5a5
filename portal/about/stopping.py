"""The page behind the link at the end of each reminder; it asks for no sign-in."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from portal.models import ReminderStop
from portal.reporting.reminders import reader_of, stop


@never_cache
@csrf_exempt  # mail programs send the form by themselves (RFC 8058); the link is the secret
@require_http_methods(["GET", "HEAD", "POST"])
def stop_reminders(request: HttpRequest, token: str) -> HttpResponse:
    """Ask once, since mail programs look at links by themselves; stop on the button."""
    user = reader_of(token)
    if user is None:
        raise Http404(_("This link is not whole. Copy it from the mail in full."))
    if request.method == "POST":
        stop(user=user)
    title = _("Reminders of reports")
    context = {
        "title": title,
        "stopped": ReminderStop.objects.filter(user=user).exists(),
        "crumbs": [{"label": _("Home"), "url": "/"}, {"label": title}],
    }
    return render(request, "pages/stop_reminders.html", context)

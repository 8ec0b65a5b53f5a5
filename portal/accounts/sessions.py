"""Ending one of one's own sessions, and those that nobody uses; allauth ends all others at once."""

import time
from collections.abc import Callable

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

# When a session was used last, by the clock.
SEEN = "seen"
_A_MINUTE = 60


@require_POST
@login_required
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of the person's own; the session of this request is left by signing out."""
    session = UserSession.objects.filter(pk=pk, user=request.user).first()
    if session is None:
        raise Http404(_("That browser is signed out already."))
    if session.session_key != request.session.session_key:
        session.end()
        messages.info(request, _("That browser is signed out."))
    return redirect("usersessions_list")


class IdleMiddleware:
    """Ends a session that nobody used for a while; placed after those of sessions and messages."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The session is written once a minute at most; a page that looks by itself is no use."""
        has_session = settings.SESSION_COOKIE_NAME in request.COOKIES
        if has_session and request.user.is_authenticated:
            now = int(time.time())
            since = now - request.session.get(SEEN, 0)
            if SEEN in request.session and since > settings.SESSION_IDLE_MINUTES * 60:
                logout(request)
                messages.info(request, _("You were signed out after a while without use."))
            elif since >= _A_MINUTE and not request.path_info.endswith("/progress/"):
                return self._used(request, now)
        return self.get_response(request)

    def _used(self, request: HttpRequest, now: int) -> HttpResponse:
        """The answer; that it was asked for counts, unless the page asks again by itself."""
        response = self.get_response(request)
        looks_by_itself = response.has_header("Refresh") and SEEN in request.session
        if request.user.is_authenticated and not looks_by_itself:
            request.session[SEEN] = now
        return response

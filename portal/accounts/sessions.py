"""Ending one of one's own sessions; allauth ends all others at once."""

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST


@require_POST
@login_required
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of the person's own; the session of this request is left by signing out."""
    session = get_object_or_404(UserSession, pk=pk, user=request.user)
    if session.session_key != request.session.session_key:
        session.end()
        messages.info(request, _("That browser is signed out."))
    return redirect("usersessions_list")

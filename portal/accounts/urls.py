"""Addresses of signing in and of one's own account."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import include, path

from portal.accounts.going_on import form_again
from portal.accounts.invitations import accept
from portal.accounts.own_account import account
from portal.accounts.sessions import end_session


def _nothing(_request: HttpRequest) -> HttpResponse:
    """Addresses are changed by staff, accounts made by invitation."""
    raise Http404


urlpatterns = [
    path("email/", _nothing),
    path("signup/", _nothing),
    path("confirm-email/", _nothing),
    path("me/", account, name="account"),
    path("again/<str:key>/", form_again, name="form-again"),
    path("invitation/<str:token>/", accept, name="invitation"),
    path("2fa/", include("allauth.mfa.urls")),
    path("sessions/<int:pk>/end/", end_session, name="session-end"),
    path("sessions/", include("allauth.usersessions.urls")),
    path("", include("allauth.account.urls")),
]

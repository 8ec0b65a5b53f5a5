"""The addresses of the portal and one that answers "ok": the floor of every page."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from portal.urls import urlpatterns as of_portal


def ok(_request: HttpRequest) -> HttpResponse:
    """The least that a view can do."""
    return HttpResponse("ok")


urlpatterns = [path("ok/", ok), *of_portal]

"""The interface described for people, and its first address."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from portal.api.asked import COMMON, MOST, check_names
from portal.api.figures import address
from portal.api.limits import WINDOW
from portal.api.resources import DETAILS, LISTS

TITLE = gettext_lazy("Data for programs")


class Index(APIView):
    """What there is to ask for."""

    schema = None

    def get(self, request: Request) -> Response:
        """Each list with its address."""
        check_names(request.query_params, COMMON)
        return Response(
            {
                "documentation": address(reverse("api")),
                "schema": address(reverse("api-schema")),
                "lists": {name: address(reverse(f"api-{name}")) for name in LISTS},
            }
        )


class Schema(APIView):
    """The schema; it changes with the portal's code only."""

    schema = None

    def get(self, _request: Request) -> JsonResponse:
        """As JSON."""
        # Only here: what describes views brings along all that tests need.
        from portal.api.schema import described

        return JsonResponse(described(settings.SITE_URL), json_dumps_params={"indent": 1})


@csrf_exempt
@require_POST
def assistants(request: HttpRequest) -> HttpResponse:
    """A message of the Model Context Protocol, which changes nothing and needs no session."""
    # Only here: what it needs is large, and most processes are never asked.
    from portal.api.assistants.protocol import answer

    return answer(request)


@require_safe
def documentation(request: HttpRequest) -> HttpResponse:
    """How to ask, what each answer holds, with examples."""
    details = {at.partition("/")[0]: f"/api/v1/{at}/" for at in DETAILS}
    context = {
        "title": TITLE,
        "lead": _("Everything that the pages show can be read by programs, without signing in."),
        "resources": [_described(name, view, details.get(name)) for name, view in LISTS.items()],
        "site": settings.SITE_URL,
        "most": MOST,
        "per_minute": settings.API_PER_MINUTE,
        "seconds": WINDOW,
        "crumbs": [
            {"label": _("Home"), "url": "/"},
            {"label": _("Data"), "url": reverse("data")},
            {"label": TITLE},
        ],
    }
    return render(request, "api/documentation.html", context)


def _described(name: str, view: Any, detail: str | None) -> dict[str, Any]:
    url = reverse(f"api-{name}")
    filters = view.filterset_class.base_filters if view.filterset_class else {}
    detail = detail and detail.replace("<path:", "{").replace("<str:", "{")
    return {
        "anchor": name,
        "name": view.name,
        "text": view.text,
        "url": url,
        "detail": detail and detail.replace("<int:pk", "{id").replace(">", "}"),
        "example": f"{url}{view.example}",
        "filters": [{"name": key, "label": one.label} for key, one in filters.items()],
        "fields": list(_fields(view.serializer())),
        "figures": view.figures,
    }


def _fields(row: serializers.Serializer) -> Iterator[dict[str, Any]]:
    for key, field in row.fields.items():
        yield {"name": key, "text": field.help_text or ""}

"""From the public page of a thing to where staff keep it: only for those who may."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.inbox.items import ENTER, RELEASE
from projects.models.projects import ITSELF

# Public pages of one thing each → what names it in the address, and the kind it is kept as.
_KEPT = {
    "project": ("number", "projects"),
    "fund": ("code", "funds"),
    "organization": ("code", "organizations"),
    "country": ("code", "countries"),
}
_CAN_BE_WITHHELD = ("project", "fund", "organization")


def staff_bar(request: HttpRequest) -> list[dict[str, Any]]:
    """Label and address of what this person may do with the thing that the page is of."""
    user, match = getattr(request, "user", None), request.resolver_match
    if match is None or match.url_name not in _KEPT or user is None or not user.is_authenticated:
        return []
    if not (user.is_active and user.is_staff):
        return []
    argument, kind = _KEPT[match.url_name]
    named = str(match.kwargs[argument]).removesuffix(ITSELF)
    asked = urlencode({"kind": match.url_name, "which": named})
    tools = []
    if any(map(user.has_perm, (ENTER, RELEASE, f"projects.change_{match.url_name}"))):
        tools.append((_("Edit"), reverse("staff-reference-named", args=[kind, named])))
    if user.has_perm(ENTER) and match.url_name == "project":
        tools.append(
            (_("Correct a line"), f"{reverse('staff-records')}?{urlencode({'project': named})}")
        )
        tools.append((_("Closure"), reverse("staff-closure", args=[named])))
    if user.has_perm("projects.withhold") and match.url_name in _CAN_BE_WITHHELD:
        tools.append((_("Withhold"), f"{reverse('staff-withholding')}?{asked}"))
    return [{"label": label, "url": url} for label, url in tools]

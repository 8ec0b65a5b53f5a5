"""The link that lets a visitor follow what a page is about."""

from typing import Any
from urllib.parse import urlencode

from django import template
from django.urls import reverse

from portal.models import Follow

register = template.Library()

# Pages that can be followed: the name of their address and where it says what they are about.
_KEYS = {
    Follow.Kind.PROJECT: "number",
    Follow.Kind.FUND: "code",
    Follow.Kind.ORGANIZATION: "code",
    Follow.Kind.CONTRIBUTOR: "code",
}


@register.inclusion_tag("following/link.html", takes_context=True)
def follow_link(context: template.Context) -> dict[str, Any]:
    """The address to follow this page; nothing on a page of another kind, and on paper."""
    request = context.get("request")
    match = getattr(request, "resolver_match", None)
    if match is None or context.get("print_view") or context.get("pdf"):
        return {}
    if match.url_name == Follow.Kind.SEARCH:
        key = context.get("query", "")
    else:
        key = match.kwargs.get(_KEYS.get(match.url_name, ""), "")
    if not key:
        return {}
    query = urlencode({"kind": match.url_name, "key": key})
    return {"url": f"{reverse('follow')}?{query}"}

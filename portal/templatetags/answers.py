"""Questions about the figures of a page, with the office's answers."""

from typing import Any

from django import template
from django.db import connection

from portal.models import PublicAnswer

register = template.Library()

# Pages of figures, by the name of their address.
_PAGES = frozenset(
    {"home", "project", "key-figures", "project-vouchers", "fund", "fund-statement"}
    | {"fund-performance", "funds-performance", "organization", "country", "voucher"}
    | {"contributor", "contributor-statement"}
)


@register.inclusion_tag("kit/answers.html", takes_context=True)
def answers(context: template.Context) -> dict[str, Any]:
    """What was asked about this page and answered in public."""
    request: Any = context.get("request")
    match = getattr(request, "resolver_match", None)
    if match is None or match.url_name not in _PAGES:
        return {}
    if not _is_any(request.path_info):
        return {}
    found = PublicAnswer.objects.published().filter(page=request.path_info).select_related("load")
    return {"answers": list(found)}


def _is_any(page: str) -> bool:
    """Whether anything was answered about the page: of most nothing was, and to put the whole
    question together costs a page more than a list of ten rows."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM portal_publicanswer WHERE page = %s)", [page])
        [is_any] = cursor.fetchone()
    return bool(is_any)

"""Questions about the figures of a page, with the office's answers."""

from typing import Any

from django import template

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
    found = PublicAnswer.objects.published().filter(page=request.path_info).select_related("load")
    return {"answers": list(found)}

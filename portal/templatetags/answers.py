"""Questions about the figures of a page, with the office's answers."""

from typing import Any

from django import template

from portal.models import PublicAnswer

register = template.Library()


@register.inclusion_tag("kit/answers.html", takes_context=True)
def answers(context: template.Context) -> dict[str, Any]:
    """What was asked about this page and answered in public; only on pages with figures."""
    request = context.get("request")
    if request is None or not context.get("other_dates"):
        return {}
    found = PublicAnswer.objects.published().filter(page=request.path).select_related("load")
    return {"answers": list(found), "print_view": context.get("print_view")}

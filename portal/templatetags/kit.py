"""Filters for figures and dates, and tags of the frame, built in to every template."""

from django import template
from django.utils.safestring import SafeString, mark_safe

from portal.kit import formatting
from portal.kit.currency import in_base

register = template.Library()

# None gives "n/a"; see each function for an example.
register.filter("money", formatting.money)
register.filter("cents", formatting.cents)
register.filter("percent", formatting.percent)
register.filter("day", formatting.day)
register.filter("in_base", in_base)


@register.simple_block_tag
def one_line(content: SafeString) -> SafeString:
    """Its content in one line: for a <title>, whose blocks are laid out over several."""
    return mark_safe(" ".join(content.split()))  # noqa: S308 -- rendered and escaped already

"""Filters for figures and dates, and tags of the frame, built in to every template."""

from django import template
from django.utils.html import format_html
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
def title(content: SafeString) -> SafeString:
    """A <title> in one line; its blocks are laid out over several."""
    return format_html("<title>{}</title>", mark_safe(" ".join(content.split())))  # noqa: S308 -- rendered, so escaped already

"""Where words stand in a drawing that is mirrored for languages from right to left."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language_bidi

register = template.Library()


@register.simple_tag
def place(x: float, y: float, anchor: str) -> SafeString:
    """The attributes of a text: its place, and where it begins; within a mirror turned back.

    What began to the right of its place then begins to the left of it, by its direction.
    """
    if not get_language_bidi():
        return format_html('x="{}" y="{}" text-anchor="{}"', x, y, anchor)
    back = f"matrix(-1 0 0 1 {x} 0)"
    return format_html(
        'x="0" y="{}" transform="{}" text-anchor="{}" direction="rtl"', y, back, anchor
    )

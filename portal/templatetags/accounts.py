"""How a browser is called, from what it says of itself."""

import re

from django import template
from django.utils.translation import gettext as _

register = template.Library()

# The first that fits counts: most browsers also claim to be others.
_BROWSERS = (
    ("Edg", "Edge"), ("OPR", "Opera"), ("SamsungBrowser", "Samsung Internet"),
    ("Firefox|FxiOS", "Firefox"), ("Chrom(e|ium)|CriOS", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
_SYSTEMS = (
    ("iPhone|iPad", "iOS"), ("Android", "Android"), ("Windows", "Windows"),
    ("Mac OS X|Macintosh", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux"),
)  # fmt: skip


@register.filter
def browser(user_agent: str) -> str:
    """“Firefox, Windows”; what names no browser that we know is shown as it is."""
    named = [name for known in (_BROWSERS, _SYSTEMS) for name in _first(known, user_agent)]
    return ", ".join(named) or user_agent or _("unknown browser")


def _first(known: tuple[tuple[str, str], ...], text: str) -> list[str]:
    return [name for pattern, name in known if re.search(pattern, text)][:1]

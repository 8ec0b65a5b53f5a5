"""The words of drawings on paper: WeasyPrint draws those of an SVG letter by letter, to the right.

So letters that run to the left are put in the order in which they stand, each in the form that
joins it to its neighbours. Marks over and under letters are left out: they would stand beside.
"""

import re
from html import escape, unescape

from django.utils.translation import get_language_bidi

_TEXT = re.compile(r"<text\b.*?</text>", re.DOTALL)
# What stands between two tags and has a letter of Hebrew, Arabic or their relatives.
_WORDS = re.compile(r">([^<>]*[\u0590-\u08ff][^<>]*)<")


def as_drawn(page: str) -> str:
    """A page or drawing whose words to be drawn stand as they are seen."""
    return _TEXT.sub(lambda text: _WORDS.sub(_placed, text[0]), page)


def _placed(words: re.Match[str]) -> str:
    # Few pages need them.
    import arabic_reshaper
    from bidi import get_display

    base = "R" if get_language_bidi() else None
    shown = get_display(arabic_reshaper.reshape(unescape(words[1])), base_dir=base)
    return f">{escape(shown)}<"

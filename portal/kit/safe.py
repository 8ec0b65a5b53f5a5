"""Text that no program takes for something else: no control characters, no live formulas."""

import re
from collections.abc import Iterable

from django.utils.translation import gettext

EXCEL_CELL = 32_767
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
# Zero-width and direction marks, soft hyphens: nobody sees them, and nobody means them. Joiners
# belong to words of some scripts, and stay in texts.
# A range as regular expressions of Python and PostgreSQL write it.
UNSEEN = r"\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
_UNSEEN = re.compile(f"[{UNSEEN}]")
_JOINERS = re.compile("[\u200c\u200d\ufe00-\ufe0f]")
# Greek and Cyrillic letters that look like Latin ones.
_LOOK_LATIN = frozenset("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧοαινρυχАВЕЅІЈКМНОРСТУХаеѕіјорсухԁԛԝһ")
_FORMULA_START = tuple("=+-@|%\t\r\n＝＋－＠")
_PLAIN_NUMBER = re.compile(r"-?[0-9,.]+")


def clean_text(text: str) -> str:
    """The text without control characters; a line ends in one way only."""
    if text.isprintable():
        return text
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def seen_text(text: str, *, is_identifier: bool = False) -> str:
    """The text without signs that nobody sees."""
    if text.isascii():
        return text
    text = _UNSEEN.sub("", text)
    return _JOINERS.sub("", text) if is_identifier else text


def visibly(text: str) -> str:
    """The text with unseen signs and odd blanks named, for messages that quote it.

    So are letters that look Latin and are not: "A" of the Greeks and Russians in a code.
    """
    if text.isascii() and text.isprintable():
        return text
    seen = "".join(sign if sign.isprintable() else f"[U+{ord(sign):04X}]" for sign in text)
    return " ".join(map(_with_scripts, seen.split(" ")))


def _with_scripts(word: str) -> str:
    letters = [sign for sign in word if sign.isalpha()]
    in_code = any(letter.isascii() for letter in letters) or all(
        letter in _LOOK_LATIN and letter.isupper() for letter in letters
    )
    if not in_code:
        return word
    return "".join(f"{sign}[U+{ord(sign):04X}]" if sign in _LOOK_LATIN else sign for sign in word)


def looks_like_formula(text: str) -> bool:
    """Whether a spreadsheet might run the text instead of showing it."""
    if text[:1].isalnum():
        return False
    if not text.startswith(_FORMULA_START) and not text.lstrip().startswith(_FORMULA_START):
        return False
    return not _PLAIN_NUMBER.fullmatch(text)


def all_plain(texts: Iterable[str]) -> bool:
    """Whether texts, none of them empty, begin with a letter or figure: no formula does."""
    return "".join([text[:1] for text in texts]).isalnum()


def csv_text(text: str) -> str:
    """The text for CSV: what looks like a formula gets an apostrophe (and pipes a backslash)."""
    if not text or not looks_like_formula(text):
        return text
    return "'" + text.replace("|", "\\|")


def excel_text(text: str) -> str:
    """The clean text cut to what an Excel cell holds, with a word that it was cut."""
    text = clean_text(text)
    # Excel counts UTF-16 units: letters beyond the basic plane count twice.
    if len(text) * 2 <= EXCEL_CELL or _units(text) <= EXCEL_CELL:
        return text
    note = gettext(" … [cut: the whole text has %(count)d characters]") % {"count": len(text)}
    room = EXCEL_CELL - _units(note)
    cut = text.encode("utf-16-le")[: room * 2].decode("utf-16-le", errors="ignore")
    return cut + note


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2

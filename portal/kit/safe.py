"""Text that no program takes for something else: no control characters, no live formulas."""

import re

from django.utils.translation import gettext

EXCEL_CELL = 32_767
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
# Zero-width and direction marks, soft hyphens: nobody sees them, and nobody means them. Joiners
# belong to words of some scripts, and stay in texts.
_UNSEEN = re.compile(
    "[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]"
)
_JOINERS = re.compile("[\u200c\u200d\ufe00-\ufe0f]")
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
    """The text with unseen signs and odd blanks named, for messages that quote it."""
    return "".join(sign if sign.isprintable() else f"[U+{ord(sign):04X}]" for sign in text)


def looks_like_formula(text: str) -> bool:
    """Whether a spreadsheet might run the text instead of showing it."""
    if not text.startswith(_FORMULA_START) and not text.lstrip().startswith(_FORMULA_START):
        return False
    return not _PLAIN_NUMBER.fullmatch(text)


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

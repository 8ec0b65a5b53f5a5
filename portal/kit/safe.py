"""Text that no program takes for something else: no control characters, no live formulas."""

import re

from django.utils.translation import gettext

EXCEL_CELL = 32_767
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_FORMULA_START = tuple("=+-@|%\t\r\n＝＋－＠")
_PLAIN_NUMBER = re.compile(r"-?[0-9,.]+")


def clean_text(text: str) -> str:
    """The text without control characters; a line ends in one way only."""
    if text.isprintable():
        return text
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


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

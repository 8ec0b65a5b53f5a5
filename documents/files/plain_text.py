"""Plain text and csv: text through and through, and nothing that a browser or Excel would run."""

import re
from pathlib import Path

from documents.files.active import CALLS, acts
from documents.files.refused import Refused
from portal.kit.encodings import PIECE, NotText, encoding_of

_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_MARKUP = re.compile(r"<\s*(!doctype|html|svg|script|iframe|body|head|\?xml|\?php|object)", re.I)
# Where a cell begins that a spreadsheet program takes for a formula; a number is none.
_FORMULA = re.compile(
    r"""(?:^|[,;\t"\n\r])[^\S\t\r\n]{0,20}(?=[=+\-@＝＋－＠])"""
    r"""(?![+\-][\d.]{0,30}(?:[,;\t"\r\n]|\Z))""",
    re.M,
)


def check_text(path: Path) -> None:
    """Refuse what is no text, markup that browsers run, and formulas that start programs."""
    try:
        encoding = encoding_of(path)
    except NotText as error:
        raise Refused("unknown") from error
    with path.open(encoding=encoding) as file:
        tail = ""
        while piece := file.read(PIECE):
            text = tail + piece
            if _CONTROL.search(text):
                raise Refused("unknown")
            if _MARKUP.search(text):
                raise Refused("markup")
            if any(acts(_cell(text, start.end())) for start in _FORMULA.finditer(text)):
                raise Refused("formula")
            tail = piece[-600:]


def _cell(text: str, start: int) -> str:
    """The formula that begins there: to the end of its cell, its brackets or its line."""
    window = text[start : start + 600]
    if not ("|" in window and "!" in window) and not CALLS.search(window):
        return ""
    depth, has_bar = 0, False
    for place in range(start, min(len(text), start + 600)):
        letter = text[place]
        depth += (letter == "(") - (letter == ")")
        has_bar = has_bar or letter == "|"
        if letter in "\r\n" or (letter in ",;\t" and depth <= 0 and not has_bar):
            return text[start:place].replace('""', '"')
    return text[start : start + 600].replace('""', '"')

"""Plain text and csv: text through and through, and nothing that a browser or Excel would run."""

import codecs
import re
from pathlib import Path

from documents.files.refused import Refused

_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_MARKUP = re.compile(r"<\s*(!doctype|html|svg|script|iframe|body|head|\?xml|\?php|object)", re.I)
# =cmd|'/C calc'!A0 and its like make Excel start programs.
_DDE = re.compile(r"""(^|[,;\t"\n\r])\s*[=+\-@][^,;\t\n\r]{0,200}\|[^\n\r]{0,400}!""", re.M)
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"),
          (codecs.BOM_UTF16_BE, "utf-16"))  # fmt: skip
PIECE = 1 << 20


def encoding_of(path: Path) -> str:
    """UTF-8, UTF-16 with its mark, or Windows-1252. Raises Refused where it is no text."""
    with path.open("rb") as file:
        head = file.read(4)
    marked = next((name for mark, name in _MARKS if head.startswith(mark)), "")
    for name in (marked,) if marked else ("utf-8", "cp1252"):
        try:
            with path.open(encoding=name) as file:
                while file.read(PIECE):
                    pass
        except UnicodeError:
            continue
        return name
    raise Refused("unknown")


def check_text(path: Path) -> None:
    """Refuse what is no text, markup that browsers run, and formulas that start programs."""
    encoding = encoding_of(path)
    with path.open(encoding=encoding) as file:
        tail = ""
        while piece := file.read(PIECE):
            text = tail + piece
            if _CONTROL.search(text):
                raise Refused("unknown")
            if _MARKUP.search(text):
                raise Refused("markup")
            if _DDE.search(text):
                raise Refused("formula")
            tail = piece[-600:]

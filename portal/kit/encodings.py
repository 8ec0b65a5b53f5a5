"""The encoding of a text file: UTF-8, UTF-16 with its mark, or Windows-1252; never a guess.

Knows no setting, so that a process of its own can ask.
"""

import codecs
import re
from collections.abc import Iterator
from pathlib import Path

PIECE = 1 << 20
_UTF8_PAIRS = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
_HIGH = re.compile(rb"[\x80-\xff]")
# Accented letters of DOS and Macintosh code pages are signs in Windows-1252: “Soci‚t‚”, “SociŽtŽ”.
_OLD_PAGE = re.compile(
    rb"[A-Za-z]+[\x82-\x89\x8b\x93-\x95\xa1-\xa5][A-Za-z]+|[A-Za-z]*[a-z][\x8a\x8e][a-z]+"
)
_UNDEFINED = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")  # in Windows-1252


class NotText(Exception):
    """Why there is no encoding: binary, unknown, old-page, damaged-utf-8 or damaged-utf-16.

    `word` is one that does not look right.
    """

    def __init__(self, code: str, word: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.word = word


def encoding_of(path: Path) -> str:
    """The encoding by which the whole file can be read. Raises NotText."""
    with path.open("rb") as file:
        head = file.read(4)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        _check_utf16(path)
        return "utf-16"
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for piece in _pieces(path):
            if b"\0" in piece:
                raise NotText("binary")
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return _not_utf8(path)
    return "utf-8-sig" if head.startswith(codecs.BOM_UTF8) else "utf-8"


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece


def _check_utf16(path: Path) -> None:
    try:
        with path.open(encoding="utf-16", newline="") as file:
            while file.read(PIECE):
                pass
    except UnicodeError as error:
        raise NotText("damaged-utf-16") from error


def _not_utf8(path: Path) -> str:
    """Windows-1252, unless bytes say that this is UTF-8 with damage, or neither."""
    pairs = high = 0
    for piece in _pieces(path):
        if b"\0" in piece or _UNDEFINED.search(_UTF8_PAIRS.sub(b"", piece)):
            raise NotText("unknown")
        if odd := _OLD_PAGE.search(piece):
            raise NotText("old-page", odd[0].decode("cp1252", "replace"))
        found = _UTF8_PAIRS.findall(piece)
        pairs += sum(map(len, found))
        high += len(_HIGH.findall(piece))
    if pairs > high / 2 or (pairs and any(map(_UNDEFINED.search, _pieces(path)))):
        raise NotText("damaged-utf-8")
    return "cp1252"

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
# Accented letters of DOS and Macintosh code pages are signs in Windows-1252: “Soci‚t‚”, “SociŽtŽ”,
# at the end of a word too (“Sant‚”, “Per£”), and small or none between capitals (“MšNCHEN”).
# Only the sign and its neighbours are looked at, for a word may be a million letters long.
_OLD_PAGE = re.compile(
    rb"(?<=[A-Za-z])[\x80\x82-\x89\x8b\x93-\x95\xa1-\xa5](?=[A-Za-z])"
    rb"|(?<=[a-z])(?:[\x8a\x8e]|[\x82\xa1\xa2\xa4](?![0-9])|\xa3(?![0-9]))"
    rb"|(?<=[A-Z])[\x99\x9a](?=[A-Z])"
    rb"|(?<![A-Za-z0-9])\x83(?=[A-Za-z])"
)
# Letters of Windows-1250 and 1254 are signs in Windows-1252, or letters that stand together in no
# language which is written in it. A file of some words has one of them; one word alone may not.
_OTHER_LATIN = re.compile(
    b"|".join(
        (
            # Polish: “Spó³ka”, “£ódŸ”, “Œwiat”, “wartoœæ”.
            rb"(?<=[A-Za-z\xc0-\xff])[\xb3\xb9\xbc\xbe\xbf](?=[a-z\xb3\xb9\xbf\xdf-\xff])",
            rb"(?<![A-Za-z0-9])\xa3(?=[\xdf-\xff])|(?<=[a-z])\x9f|[\x8c\x9c](?=[w\xe6])",
            # Czech and Slovak: “Jiøí”, “mìsto”, “prùmysl”, “Èesko”, “uèitel”, “¾udia”.
            rb"[\xd8\xf8](?=[\xe1\xe9\xed])|(?<=[A-Za-z])(?:\xec|\xf9)(?=[a-z\x9a\x9e])",
            rb"\xe8(?=[aeiou\xe1\xe9\xed])|\xc8(?=[\xe1\xed]|esk)",
            rb"(?<![A-Za-z0-9])[\xbc\xbe](?=[a-z])",
            # Croatian and Serbian: “Miloševiæ”.
            rb"(?<=[a-z\x9a\x9e\xe8]i)\xe6(?![A-Za-z\x80-\xff])",
            # Hungarian: “idõ”.
            rb"(?<=[a-z])\xf5(?![A-Za-z\x80-\xff])",
            # Romanian: “Chiºinãu”, “ªcoala”, “naþional”.
            rb"(?<=[A-Za-z])\xba(?=[a-z])|(?<![A-Za-z0-9])\xaa(?=[a-z])|\xfei(?=[eo])",
            # Turkish: “Baþbakan”, “Kýzýlay”.
            rb"\xfe(?=[bcdfgklmnpst])|\xfd[bcdfghklmnprstvyz]{1,2}\xfd",
        )
    )
)
# Letters of two bytes each: two of Japanese, each of which would begin with a low quotation mark,
# and two of Chinese, the first of which would begin with a sign (“¥xÆW”): no word of Windows-1252.
_IN_PAIRS = re.compile(
    rb"(?:\x82[\x9f-\xf1]){2}"
    rb"|[\xa4-\xaa\xac-\xaf\xb1-\xba\xbc-\xbf][@-~\xa1-\xfe]"
    rb"[\xa4-\xaa\xac-\xba\xbc-\xc6][@-~\xa1-\xfe]"
)
# Other scripts that are written in ASCII: Japanese and Chinese for mail.
_ESCAPED = re.compile(rb"\x1b[$(]|~\{[!-}]+~\}")
# “Soci+AOk-t+AOk-”: letters of UTF-7 in base64.
_UTF7 = re.compile(rb"\+([A-Za-z0-9+/]{3,})(-|(?=[ ,;.\t]))")
_WORD_BEFORE = re.compile(rb"[A-Za-z]{0,20}\Z")
_WORD_AFTER = re.compile(rb"[A-Za-z]{0,20}")
# Four such letters in a row are no word in Windows-1252, but one in Cyrillic, Arabic or Chinese.
_OTHER_SCRIPT = re.compile(rb"(?:(?!\xb7)[\xb0-\xff]){4}")
_UNDEFINED = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")  # in Windows-1252


class NotText(Exception):
    """Why there is no encoding: binary, unknown, old-page, utf-7, damaged-utf-8 or damaged-utf-16.

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
    if head in (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE):
        raise NotText("binary")
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        _check_utf16(path)
        return "utf-16"
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for piece in _pieces(path):
            if b"\0" in piece:
                raise NotText("binary")
            if _ESCAPED.search(piece):
                raise NotText("unknown")
            if word := _word_of_utf7(piece):
                raise NotText("utf-7", word)
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return _not_utf8(path)
    return "utf-8-sig" if head.startswith(codecs.BOM_UTF8) else "utf-8"


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece


def _word_of_utf7(piece: bytes) -> str:
    """A word with letters in UTF-7, as it stands there; "" where there is none."""
    for found in _UTF7.finditer(piece):
        letters = _letters_of_utf7(found[1])
        is_latin = found[2] and letters and all("\xc0" <= one < "\u0250" for one in letters)
        # One accented letter belongs to a Latin word; several of another alphabet are one.
        if is_latin or (len(letters) > 2 and len({ord(letter) >> 8 for letter in letters}) == 1):
            return _word_around(piece, found.start(), len(found[0]))
    return ""


def _letters_of_utf7(text: bytes) -> str:
    """What base64 of UTF-7 says, where it is letters beyond ASCII and nothing else."""
    try:
        letters = (b"+" + text + b"-").decode("utf-7")
    except UnicodeDecodeError:
        return ""
    return letters if letters.isalpha() and not any(map(str.isascii, letters)) else ""


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
    is_other = False
    for piece in _pieces(path):
        if b"\0" in piece or _UNDEFINED.search(_UTF8_PAIRS.sub(b"", piece)):
            raise NotText("unknown")
        if odd := _OLD_PAGE.search(piece):
            raise NotText("old-page", _word_around(piece, odd.start()))
        is_other = is_other or any(
            other.search(piece) for other in (_OTHER_SCRIPT, _OTHER_LATIN, _IN_PAIRS)
        )
        found = _UTF8_PAIRS.findall(piece)
        pairs += sum(map(len, found))
        high += len(_HIGH.findall(piece))
    if pairs > high / 2 or (pairs and any(map(_UNDEFINED.search, _pieces(path)))):
        raise NotText("damaged-utf-8")
    if is_other:
        raise NotText("unknown")
    return "cp1252"


def _word_around(piece: bytes, place: int, length: int = 1) -> str:
    """The word in which a sign stands, or its nearest letters."""
    before = _WORD_BEFORE.search(piece, max(0, place - 20), place)
    after = _WORD_AFTER.match(piece, place + length)
    sign = piece[place : place + length][:40]
    word = (before[0] if before else b"") + sign + (after[0] if after else b"")
    return word.decode("cp1252", "replace")

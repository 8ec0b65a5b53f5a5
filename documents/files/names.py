"""File names made safe to show, to send and to store beside others."""

import re
import unicodedata
from pathlib import PurePosixPath

from documents.files.kinds import EXTENSIONS

LONGEST = 150  # characters; leaves room for what a file system or a header adds
# Controls, direction overrides and invisible characters, surrogates, private use.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_UNFIT = re.compile(r'[<>:"/\\|?*%\x00-\x1f]+')
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")


def safe_name(name: str, media_type: str = "") -> str:
    """The last part of the name without what misleads, ending as its content demands.

    "../../etc/a\u202efdp.exe" that holds a PDF becomes "afdp.pdf".
    """
    name = unicodedata.normalize("NFC", name.replace("\\", "/")).split("/")[-1]
    name = "".join(c for c in name if unicodedata.category(c) not in _UNSEEN or c == "\u200c")
    name = _UNFIT.sub("_", " ".join(name.split())).strip(" ._")
    if not name or _RESERVED.fullmatch(name):
        name = f"document-{name}".strip("-")
    return _with_extension(name, media_type)


def _with_extension(name: str, media_type: str) -> str:
    wanted = EXTENSIONS.get(media_type, ())
    path = PurePosixPath(name)
    suffix = path.suffix.lower()
    if wanted and suffix not in wanted:
        known = re.fullmatch(r"\.[a-z0-9]{1,5}", suffix) and not suffix[1:].isdecimal()
        name = (path.stem if known else name).strip(" ._") + wanted[0]
    stem, dot, end = name.rpartition(".")
    return f"{stem[: LONGEST - len(end) - 1].rstrip()}.{end}" if dot else name[:LONGEST]

"""Office Open XML, OpenDocument and ZIP: containers that are read within bounds.

Refused are macros, remote templates, links to programs, packed-in files, and archives that are
not safe to unpack.
"""

import itertools
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO

from documents.files.active import watch
from documents.files.kinds import DOCX, EXTENSIONS, ODP, ODS, ODT, PPTX, XLSX, ZIP
from documents.files.refused import Refused
from portal.kit.archives import DAMAGED, UnsafeArchive, check_archive

START = 4 << 20  # read of a small part
XML_LIMIT = 200 << 20
_MAIN = (
    ("wordprocessingml.document.main+xml", DOCX),
    ("spreadsheetml.sheet.main+xml", XLSX),
    ("presentationml.presentation.main+xml", PPTX),
    ("presentationml.slideshow.main+xml", PPTX),
)
_MACROS = re.compile(
    r"(?i)(^|/)(vbaProject|vbaData|macrosheets?|activeX|Basic|Scripts)(/|\.|\d*\.(bin|xml)$)"
)
_OLE_PACKAGE = "Ole10Native".encode("utf-16-le")
_INSIDE_ZIP = frozenset(end for ends in EXTENSIONS.values() for end in ends) - {".zip"}


def check_package(path: Path, allow_zip: bool) -> str:
    """The media type of what the container holds. Raises Refused."""
    try:
        with zipfile.ZipFile(path) as package:
            check_archive(package)
            kind = _kind(package)
            if kind == ZIP and not allow_zip:
                raise Refused("zip")
            for entry in package.infolist():
                _check_entry(package, entry, kind)
    except UnsafeArchive as error:
        raise Refused(error.code, error.detail) from error
    except DAMAGED as error:
        raise Refused("truncated") from error
    return kind


def _kind(package: zipfile.ZipFile) -> str:
    names = set(package.namelist())
    if "[Content_Types].xml" in names:
        with package.open("[Content_Types].xml") as part:
            types = watch(_pieces(part), "[Content_Types].xml").content_types
        for word, kind in _MAIN:
            if any(word in content_type for _name, content_type in types):
                return kind
        raise Refused("unknown")
    if "mimetype" in names:
        stated = _read(package, "mimetype").decode("ascii", "replace").strip()
        if b"encryption-data" in _read(package, "META-INF/manifest.xml"):
            raise Refused("encrypted")
        if stated in {ODT, ODS, ODP}:
            return stated
        raise Refused("unknown")
    return ZIP


def _read(package: zipfile.ZipFile, name: str) -> bytes:
    try:
        with package.open(name) as part:
            return part.read(START)
    except KeyError:
        return b""


def _check_entry(package: zipfile.ZipFile, entry: zipfile.ZipInfo, kind: str) -> None:
    """Unpack it once, in pieces: checksums must agree, and nothing in it may act."""
    name = entry.filename
    suffix = PurePosixPath(name).suffix.lower()
    if kind == ZIP and not entry.is_dir() and suffix not in _INSIDE_ZIP:
        raise Refused("zip-content", name)
    if kind != ZIP and _MACROS.search(name):
        raise Refused("macros", name)
    if kind != ZIP and entry.file_size > XML_LIMIT and suffix in {".xml", ".rels"}:
        raise Refused("too-complex", name)
    with package.open(entry) as part:
        pieces = _pieces(part)
        first = next(pieces, b"")
        whole = itertools.chain([first], pieces)
        if kind == ZIP:
            for _piece in whole:
                pass
        elif suffix in {".xml", ".rels"} or _looks_like_xml(first):
            watch(whole, name)
        else:
            _check_binary(whole, name)


def _pieces(part: IO[bytes]) -> Iterator[bytes]:
    while piece := part.read(1 << 20):
        yield piece


def _looks_like_xml(data: bytes) -> bool:
    """A part may be named as it likes: what matters is what it would be read as."""
    start = data[:200].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    return start.startswith(b"<") and not start[:15].lower().startswith(
        (b"<!doctype html", b"<html")
    )


def _check_binary(pieces: Iterator[bytes], name: str) -> None:
    tail = b""
    for piece in pieces:
        if _OLE_PACKAGE in tail + piece:
            raise Refused("attachment", name)
        tail = piece[-100:]

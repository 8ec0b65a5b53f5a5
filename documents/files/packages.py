"""Office Open XML, OpenDocument and ZIP: containers that are read within bounds.

Refused are macros, remote templates, links to programs, packed-in files, and archives that
unpack to much more than they should.
"""

import re
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from documents.files.kinds import DOCX, EXTENSIONS, ODP, ODS, ODT, PPTX, XLSX, ZIP
from documents.files.refused import Refused

MAX_ENTRIES = 10_000
MAX_UNPACKED = 500 << 20
MAX_RATIO = 200  # a part above FREE may not unpack to more than so many times itself
FREE = 4 << 20
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
_EXTERNAL = re.compile(
    rb"<Relationship\b(?=[^>]*TargetMode=['\"]External['\"])"
    rb"(?=[^>]*/(attachedTemplate|oleObject|frame|subDocument|externalLinkPath|mailMergeSource)['\"])"
)
_DDE = re.compile(rb"<(\w+:)?ddeLink\b|instrText[^>]*>\s*DDE(AUTO)?\b|office:dde-source", re.I)
_SCRIPTS = re.compile(rb"<(office:script|script:event-listener|script:library)\b")
_OLE_PACKAGE = "Ole10Native".encode("utf-16-le")
_DOCTYPE = re.compile(rb"<!(DOCTYPE|ENTITY)|<\x00!\x00(D|E)\x00", re.I)
_INSIDE_ZIP = frozenset(end for ends in EXTENSIONS.values() for end in ends) - {".zip"}


def check_package(path: Path, allow_zip: bool) -> str:
    """The media type of what the container holds. Raises Refused."""
    try:
        with zipfile.ZipFile(path) as package:
            _check_directory(package, path.stat().st_size)
            kind = _kind(package)
            if kind == ZIP and not allow_zip:
                raise Refused("zip")
            for entry in package.infolist():
                _check_entry(package, entry, kind)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
        raise Refused("truncated") from error
    return kind


def _check_directory(package: zipfile.ZipFile, size: int) -> None:
    entries = package.infolist()
    if not entries:
        raise Refused("empty")
    if len(entries) > MAX_ENTRIES or sum(e.file_size for e in entries) > MAX_UNPACKED:
        raise Refused("bomb")
    if min(e.header_offset for e in entries) != 0 or package.comment:
        raise Refused("polyglot")
    names = [e.filename.lower() for e in entries]
    if len(set(names)) != len(names):
        raise Refused("polyglot")
    end = 0
    for entry in sorted(entries, key=lambda e: e.header_offset):
        if entry.header_offset < end:
            raise Refused("bomb")
        end = entry.header_offset + entry.compress_size
    for entry in entries:
        if entry.flag_bits & 1:
            raise Refused("encrypted")
        if entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise Refused("unknown")
        if entry.file_size > FREE and entry.file_size > MAX_RATIO * max(1, entry.compress_size):
            raise Refused("bomb", entry.filename)
        parts = PurePosixPath(entry.filename.replace("\\", "/")).parts
        if ".." in parts or entry.filename.startswith(("/", "\\")) or "\0" in entry.orig_filename:
            raise Refused("paths", entry.filename)


def _kind(package: zipfile.ZipFile) -> str:
    names = set(package.namelist())
    if "[Content_Types].xml" in names:
        types = _read(package, "[Content_Types].xml").decode("utf-8", "replace")
        if re.search("macroEnabled", types, re.I):
            raise Refused("macros")
        for word, kind in _MAIN:
            if word in types:
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
            return part.read(FREE)
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
    is_xml = kind != ZIP and suffix in {".xml", ".rels"}
    if is_xml and entry.file_size > XML_LIMIT:
        raise Refused("too-complex", name)
    with package.open(entry) as part:
        tail, first = b"", True
        while piece := part.read(1 << 20):
            _check_piece(tail + piece, name, is_xml and first, is_xml, kind)
            tail, first = piece[-2000:], False


def _check_piece(data: bytes, name: str, at_start: bool, is_xml: bool, kind: str) -> None:
    if kind == ZIP:
        return
    if not is_xml:
        if _OLE_PACKAGE in data:
            raise Refused("attachment", name)
        return
    if at_start and _DOCTYPE.search(data[:4096]):
        raise Refused("entities", name)
    if _EXTERNAL.search(data):
        raise Refused("remote", name)
    if _DDE.search(data):
        raise Refused("program", name)
    if kind in {ODT, ODS, ODP} and _SCRIPTS.search(data):
        raise Refused("macros", name)

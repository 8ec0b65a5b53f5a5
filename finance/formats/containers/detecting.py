"""Which kind of file this is, by its content: names and endings are often wrong."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from django.utils.translation import gettext as _

from finance.formats.containers.grids import Grid, refuse
from finance.formats.containers.textfiles import text_grids
from finance.formats.containers.workbooks import workbook_grids

_unpacked: ContextVar[dict[Path, list[Grid]] | None] = ContextVar("_unpacked", default=None)
_WEB_PAGE = (b"<!doctype html", b"<html", b"<head", b"<body", b"<table", b"<div", b"<script")
_FOREIGN = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"{\\rtf", "RTF"),
    (b"\x1f\x8b", "gzip"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7z"),
)


@contextmanager
def unpacked_once() -> Iterator[None]:
    """Within this a workbook is unpacked once, however many of its sheets are read one by one."""
    before = _unpacked.set({})
    try:
        yield
    finally:
        _unpacked.reset(before)


def open_grids(path: Path, delimiters: str = ",;\t|") -> list[Grid]:
    """The tables of the file; of a text file, one for each way of separating its cells.

    Raises LoadError saying what the file is instead.
    """
    try:
        with path.open("rb") as file:
            head = file.read(4096)
    except OSError as error:
        raise refuse(path, _("the file cannot be opened.")) from error
    if not head:
        raise refuse(path, _("the file is empty."))
    if head.startswith(b"PK"):
        kept = _unpacked.get()
        if kept is None:
            return list(workbook_grids(path))
        if path not in kept:
            kept[path] = list(workbook_grids(path))
        return list(kept[path])
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise refuse(path, _ole(path))
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(_WEB_PAGE):
        raise refuse(
            path, _("this is a web page, not a spreadsheet; export it as xlsx, ods or csv.")
        )
    if start.startswith(b"<"):
        raise refuse(path, _("this is an XML file; save it as xlsx, ods or csv."))
    for signature, name in _FOREIGN:
        if head.startswith(signature):
            raise refuse(
                path,
                _("this is a %(format)s file; save the table as xlsx, ods or csv.")
                % {"format": name},
            )
    return list(text_grids(path, delimiters))


def _ole(path: Path) -> str:
    """Old Excel files, and new ones with a password, come in the same wrapping."""
    with path.open("rb") as file:
        wrapped = file.read(1_000_000)
    if "EncryptedPackage".encode("utf-16-le") in wrapped:
        return _("the file is protected by a password; save it without one.")
    return _(
        "this is a file of an old Office format (xls), whose failed formulas cannot be told "
        "from empty cells; save it as xlsx."
    )

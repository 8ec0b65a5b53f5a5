"""Tells from a file's first bytes that it cannot be an XML file, and what it is instead."""

from __future__ import annotations

import codecs
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from portal.iati.errors import Refused

_HEAD = 4096
_SIGNATURES = (
    (
        b"\x1f\x8b",
        gettext_noop("it is a gzip archive. Unpack it and choose the XML file in it."),
    ),
    (b"%PDF", gettext_noop("it is a PDF document. Choose the IATI XML file.")),
    (
        b"\xd0\xcf\x11\xe0",
        gettext_noop("it is an old Office document (such as .xls). Choose the IATI XML file."),
    ),
    (
        b"BZh",
        gettext_noop("it is a bzip2 archive. Unpack it and choose the XML file in it."),
    ),
    (
        b"\xfd7zXZ",
        gettext_noop("it is an xz archive. Unpack it and choose the XML file in it."),
    ),
    (
        b"7z\xbc\xaf",
        gettext_noop("it is a 7z archive. Unpack it and choose the XML file in it."),
    ),
    (
        b"Rar!",
        gettext_noop("it is a RAR archive. Unpack it and choose the XML file in it."),
    ),
)
_UTF32 = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
_UTF16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


def refuse_what_is_not_xml(path: Path) -> None:
    """Raise Refused unless the file begins as an XML file may begin."""
    if path.is_dir():
        raise Refused(None, _("it is a folder. Choose one IATI XML file in it."))
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError as error:
        reason = _("it cannot be opened (%(error)s). Check its name and your permissions.")
        raise Refused(None, reason % {"error": error.strerror or ""}) from error
    if not head:
        raise Refused(None, _("it is empty. Export it again from its source."))
    _refuse_binary(head)
    _refuse_other_text(_as_text(head))


def _refuse_binary(head: bytes) -> None:
    if head.startswith(b"PK"):
        if b"[Content_Types].xml" in head or b"xl/" in head or b"opendocument" in head:
            raise Refused(
                None,
                _("it is an Excel or other Office document. Choose the IATI XML file."),
            )
        raise Refused(None, _("it is a zip archive. Unpack it and choose the XML file in it."))
    for signature, reason in _SIGNATURES:
        if head.startswith(signature):
            raise Refused(None, _(reason))
    if head.startswith(_UTF32):
        raise Refused(None, _("it is written in UTF-32. Save it as UTF-8."))


def _refuse_other_text(text: str) -> None:
    begin = text.lstrip("\ufeff \t\r\n").lower()
    if not begin:
        if len(text) < _HEAD // 2:
            raise Refused(None, _("it holds only blanks. Export it again from its source."))
        return
    if begin.startswith(("<!doctype html", "<html")):
        raise Refused(1, web_page())
    if begin.startswith(("{", "[")):
        raise Refused(1, _("it is not XML; it looks like JSON. Choose the IATI XML file."))
    if not begin.startswith("<"):
        if "\0" in begin[:8]:
            raise Refused(1, nul_character())
        raise Refused(1, _("it is not XML: it does not begin with “<”. Choose an IATI XML file."))


def _as_text(head: bytes) -> str:
    for mark, name in _UTF16.items():
        if head.startswith(mark):
            return head.decode(name, "replace")
    if head.startswith(b"<\0"):
        return head.decode("utf-16-le", "replace")
    if head.startswith(b"\0<"):
        return head.decode("utf-16-be", "replace")
    return head.decode("utf-8", "replace")


def web_page() -> str:
    """Return the reason for a web page, which is what a broken download leaves behind."""
    return _(
        "it is a web page, not an IATI file. The download may have ended at a log-in or error "
        "page: download the XML file again."
    )


def nul_character() -> str:
    """Return the reason for a NUL character."""
    return _("it holds a NUL character, so it is damaged or binary. Export it again.")

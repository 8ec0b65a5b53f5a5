"""Puts what the XML parser found wrong into words that help."""

from __future__ import annotations

from typing import BinaryIO
from xml.parsers import expat

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from portal.iati.errors import Refused
from portal.iati.sniff import nul_character

_CODES = expat.errors.codes
_TRUNCATED = frozenset(
    _CODES[name]
    for name in (
        expat.errors.XML_ERROR_NO_ELEMENTS,
        expat.errors.XML_ERROR_UNCLOSED_TOKEN,
        expat.errors.XML_ERROR_PARTIAL_CHAR,
        expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
    )
)
_NOT_WELL_FORMED = _CODES[expat.errors.XML_ERROR_INVALID_TOKEN]
_MESSAGES = {
    _CODES[expat.errors.XML_ERROR_TAG_MISMATCH]: gettext_noop(
        "a closing tag does not match the tag that was opened. Export the file again, or "
        "correct the tag."
    ),
    _CODES[expat.errors.XML_ERROR_UNDEFINED_ENTITY]: gettext_noop(
        "an “&…;” sign is used that XML does not know (such as &nbsp;). Write the character itself."
    ),
    _CODES[expat.errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT]: gettext_noop(
        "something follows after the end of the document; perhaps two files were joined. "
        "Load them one by one."
    ),
    _CODES[expat.errors.XML_ERROR_MISPLACED_XML_PI]: gettext_noop(
        "“<?xml …?>” must be the very first thing in the file. Remove what stands before it; "
        "if two files were joined, load them one by one."
    ),
    _CODES[expat.errors.XML_ERROR_BAD_CHAR_REF]: gettext_noop(
        "an “&#…;” sign stands for a character that XML forbids. Remove it."
    ),
    _CODES[expat.errors.XML_ERROR_DUPLICATE_ATTRIBUTE]: gettext_noop(
        "a tag has the same attribute twice. Remove one."
    ),
    _CODES[expat.errors.XML_ERROR_UNBOUND_PREFIX]: gettext_noop(
        "a name with a prefix is used that was not declared by xmlns:…. Declare it, or remove "
        "the name."
    ),
    _CODES[expat.errors.XML_ERROR_UNKNOWN_ENCODING]: gettext_noop(
        "its encoding is not known here. Save it as UTF-8."
    ),
    _CODES[expat.errors.XML_ERROR_INCORRECT_ENCODING]: gettext_noop(
        "it is not written in the encoding that its first line names. Save it as UTF-8."
    ),
}


def explain(
    error: expat.ExpatError,
    parser: expat.XMLParserType,
    file: BinaryIO,
    activity_line: int,
) -> Refused:
    """Return the refusal that says in plain words what the parser stumbled over."""
    if error.code in _TRUNCATED:
        return Refused(error.lineno, _truncated(activity_line))
    if error.code == _NOT_WELL_FORMED:
        return Refused(error.lineno, _invalid_token(parser, file))
    if error.code in _MESSAGES:
        return Refused(error.lineno, _(_MESSAGES[error.code]))
    reason = _("it is not well-formed XML (%(error)s). Export it again, or correct this place.")
    return Refused(error.lineno, reason % {"error": expat.ErrorString(error.code)})


def _truncated(activity_line: int) -> str:
    if not activity_line:
        return _("it ends before any activity begins. Download or export it again.")
    reason = _(
        "the file ends too early; the last activity begins in line %(line)d. Download or "
        "export it again."
    )
    return reason % {"line": activity_line}


def _invalid_token(parser: expat.XMLParserType, file: BinaryIO) -> str:
    file.seek(max(parser.ErrorByteIndex, 0))
    found = file.read(4)
    if found[:1] == b"\0":
        return nul_character()
    if found[:1] >= b"\x80":
        return _(
            "it holds bytes that are not valid in its encoding; it says, or is taken to be, "
            "UTF-8. Save it as UTF-8, or name the right encoding in its first line."
        )
    if found[:1] < b" " and found[:1] not in b"\t\r\n":
        return _("it holds a control character that XML forbids. Remove it and try again.")
    return _(
        "it is not well-formed XML here; often a bare “&” or “<” in a text is the cause. Write "
        "&amp; or &lt;, or export the file again."
    )

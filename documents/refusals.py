"""The words for why a file was refused, and for what an uploader should look at; each says
what to do next."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

_KINDS = gettext_lazy(
    "Word, Excel and PowerPoint (docx, xlsx, pptx), OpenDocument, PDF, plain text, csv, JPEG, "
    "PNG and WebP"
)
_REFUSALS = {
    "empty": gettext_lazy(
        "The file is empty. Open it to see what it holds, save it and upload it again."
    ),
    "truncated": gettext_lazy(
        "The file is damaged or cut off. Open it, save it anew and upload that."
    ),
    "unreadable": gettext_lazy("The file could not be read. Save it anew and upload that."),
    "unknown": gettext_lazy(
        "This kind of file is not taken in. Save it as one of these and upload that: %(kinds)s."
    ),
    "markup": gettext_lazy(
        "The file is a web page or drawing (HTML, SVG, XML) that a browser could run. Save it "
        "as PDF and upload that."
    ),
    "old-office": gettext_lazy(
        "The file has the old format of Word, Excel or PowerPoint (before 2007). Save it as "
        "docx, xlsx or pptx, or as PDF."
    ),
    "encrypted": gettext_lazy("The file needs a password. Save it without one."),
    "macros": gettext_lazy(
        "The file contains macros or controls (programs). Save it as docx, xlsx or pptx "
        "without macros, or as PDF."
    ),
    "script": gettext_lazy("The PDF contains a script. Print it to a new PDF and upload that."),
    "program": gettext_lazy(
        "The file starts a program or sends data when it is opened. Print it to PDF and "
        "upload that."
    ),
    "form": gettext_lazy(
        "The PDF is a form that runs programs (XFA). Print it to a new PDF and upload that."
    ),
    "attachment": gettext_lazy(
        "Another file is packed into this one. Remove it, and upload it by itself."
    ),
    "media": gettext_lazy(
        "The PDF plays sound, film or 3D. Print it to a new PDF and upload that."
    ),
    "remote": gettext_lazy(
        "The file fetches a template or object from elsewhere when it is opened. Remove the "
        "link, or print it to PDF."
    ),
    "entities": gettext_lazy(
        "The file is built in a way that could harm those who open it. Open it in the program in "
        "which it was written, save it as PDF and upload that."
    ),
    "formula": gettext_lazy(
        "The file has a formula that starts a program, fetches something or sends what stands in "
        "other cells. Remove it and upload the file again."
    ),
    "polyglot": gettext_lazy(
        "Something else is hidden before or behind this file’s content. Open it, save it anew "
        "and upload that."
    ),
    "paths": gettext_lazy("The archive would write outside its folder. Pack it anew."),
    "bomb": gettext_lazy(
        "The file would unpack to much more than its size. Save it anew, with smaller contents."
    ),
    "too-complex": gettext_lazy(
        "The file takes too much time or memory to look at. Save it anew, or in several parts."
    ),
    "zip": gettext_lazy(
        "ZIP archives are taken in only from fund staff who may. Upload the files singly."
    ),
    "zip-content": gettext_lazy(
        "The archive holds a file of a kind that is not taken in: %(detail)s. Pack it anew without "
        "that file."
    ),
    "too-large": gettext_lazy(
        "The file is larger than %(limit)s MB. Make its pictures smaller, or upload it in parts."
    ),
    "virus": gettext_lazy(
        "The virus scanner found harmful content in the file. It was deleted; have your "
        "computer looked at."
    ),
    "unscannable": gettext_lazy(
        "The virus scanner cannot look into all of the file: it is too large, or packed too "
        "deep. Save it in several parts, or without what is packed into it."
    ),
    "same-version": gettext_lazy(
        "This is the very file that the document has already; nothing was changed. Choose the one "
        "with your changes."
    ),
    "too-many": gettext_lazy(
        "You have as many files on their way as one may. Complete or give up some of them first."
    ),
    "busy": gettext_lazy(
        "Other files are being looked into just now. Send this one again in a minute."
    ),
    "missing-part": gettext_lazy("Parts of the file have not arrived. Send it again."),
    "changed": gettext_lazy(
        "The file has another size than was announced: it changed while it was sent. Send it again."
    ),
}
_WARNINGS = {
    "changes": gettext_lazy("It has tracked changes, which readers would see. Accept them first?"),
    "phone": gettext_lazy("It seems to give telephone numbers:"),
    "place": gettext_lazy("It seems to give coordinates of a place:"),
    "person": gettext_lazy(
        "It seems to name persons, whom that can put in danger. Take the names out, unless those "
        "named agreed:"
    ),
    "mail": gettext_lazy("It seems to give e-mail addresses:"),
    "scanned": gettext_lazy(
        "Its pages seem to be pictures without text, which nobody can search or have read aloud. "
        "Run text recognition (OCR) over it, or save it from the program in which it was written."
    ),
    "untagged": gettext_lazy(
        "It has no tags, by which people who hear it read find their way. Save it as PDF again "
        "with “tags” or “accessibility” switched on."
    ),
    "untitled": gettext_lazy(
        "The file has no title of its own. Set one in its properties, and save it again."
    ),
    "no-language": gettext_lazy(
        "The file does not say its language, so that it may be read aloud wrongly. Set the "
        "language in the program in which it was written, and save it again."
    ),
    "same": gettext_lazy("The project has this very file already:"),
}


def refusal_text(code: str, detail: str = "") -> str:
    """Why, and what to do."""
    text = str(_REFUSALS.get(code, _REFUSALS["unreadable"]))
    values = {"kinds": _KINDS, "limit": settings.DOCUMENT_MAX_MB, "detail": detail}
    return text % values


def warning_texts(found: dict[str, list[Any]]) -> list[dict[str, Any]]:
    """Each warning with its examples."""
    return [
        {"code": code, "text": str(_WARNINGS[code]), "examples": [_placed(e) for e in examples]}
        for code, examples in found.items()
        if code in _WARNINGS
    ]


def _placed(example: Any) -> str:
    """ "1: +223 …" in words: where, and what."""
    page, _colon, found = str(example).partition(": ")
    return _("page %(number)s: %(found)s") % {"number": page, "found": found} if found else page


def disk_full_text() -> str:
    """That a file could not be written."""
    return _("The server’s disk is full or cannot be written. Nothing was kept; try again later.")


def rewritten_text() -> str:
    """That a picture lost its metadata."""
    return _("Place, camera and author were removed from the picture.")

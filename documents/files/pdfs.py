"""PDF: opened by qpdf, every object looked at once; nothing in it may act by itself."""

import re
from pathlib import Path
from typing import Any

import pikepdf

from documents.files.refused import Refused

MAX_PAGES = 20_000
MAX_OBJECTS = 2_000_000
MAX_DEPTH = 60
_ACTIONS = frozenset({"/JavaScript", "/Rendition", "/Movie", "/Sound", "/RichMediaExecute"})
_PROGRAMS = frozenset({"/Launch", "/ImportData", "/SubmitForm"})
_RICH = frozenset({"/RichMedia", "/3D", "/Movie", "/Sound", "/Screen"})
# By itself a PDF may only go to a page of its own; a link elsewhere waits for a click.
_HARMLESS = frozenset({"/GoTo", "/Named", "/SetOCGState", "/Trans", "/Hide", "/Thread"})
_LOCAL_PLACE = re.compile(r"\s*(file:|\\\\|//|smb:)", re.I)
_AFTER_END = re.compile(rb"%%EOF[\r\n\s\0]*")


def check_pdf(path: Path) -> int:
    """The number of pages; refuses scripts, programs, attachments, passwords and bombs."""
    _check_end(path)
    try:
        with pikepdf.open(path, suppress_warnings=True) as pdf:
            pages = _count_pages(pdf)
            _check_objects(pdf)
    except pikepdf.PasswordError as error:
        raise Refused("encrypted") from error
    except pikepdf.PdfError as error:
        # qpdf walks the pages itself when it opens a file, and gives up in time.
        raise Refused("too-complex" if "/Pages structure" in str(error) else "truncated") from error
    except (ValueError, KeyError, AttributeError, TypeError) as error:
        raise Refused("truncated") from error
    if not pages:
        raise Refused("truncated")
    return pages


def _check_end(path: Path) -> None:
    """A whole file ends by its mark, with no other file behind."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - (1 << 17)))
        tail = file.read()
    ends = [match.end() for match in _AFTER_END.finditer(tail)]
    if not ends:
        raise Refused("truncated")
    if b"PK\x05\x06" in tail or len(tail) - ends[-1] > 64:
        raise Refused("polyglot")


def _count_pages(pdf: pikepdf.Pdf) -> int:
    """Walk the tree of pages, each node once: a tree that meets itself is no tree."""
    waiting, seen, pages = [(pdf.Root.Pages, 0)], set(), 0
    while waiting:
        node, depth = waiting.pop()
        if not isinstance(node, pikepdf.Dictionary):
            raise Refused("truncated")
        if node.is_indirect:
            if node.objgen in seen:
                raise Refused("too-complex")
            seen.add(node.objgen)
        kids = node.get("/Kids")
        if kids is None:
            pages += 1
        else:
            waiting += [(kid, depth + 1) for kid in kids]
        if depth > MAX_DEPTH or pages > MAX_PAGES or len(waiting) > MAX_OBJECTS:
            raise Refused("too-complex")
    return pages


def _check_objects(pdf: pikepdf.Pdf) -> None:
    budget = MAX_OBJECTS
    for top in pdf.objects:
        waiting = [(top, 0)]
        while waiting:
            part, depth = waiting.pop()
            budget -= 1
            if budget < 0 or depth > MAX_DEPTH:
                raise Refused("too-complex")
            waiting += [(child, depth + 1) for child in _children(part)]
    _check_names(pdf)


def _children(part: Any) -> list[Any]:
    """What lies directly in an object; what it points to is looked at by itself."""
    if isinstance(part, pikepdf.Array):
        return [c for c in part if isinstance(c, pikepdf.Array | pikepdf.Dictionary)
                and not c.is_indirect]  # fmt: skip
    if not isinstance(part, pikepdf.Dictionary | pikepdf.Stream):
        return []
    children = []
    for key, value in part.items():
        _check_entry(key, value)
        nested = isinstance(value, pikepdf.Array | pikepdf.Dictionary)
        if nested and not value.is_indirect:
            children.append(value)
    return children


def _check_entry(key: str, value: Any) -> None:
    if key in {"/JS", "/JavaScript"}:
        raise Refused("script")
    if key in {"/OpenAction", "/AA"}:
        _check_automatic(value)
    if key in {"/URI", "/F", "/UF"} and _LOCAL_PLACE.match(_text(value)):
        raise Refused("remote")
    if key == "/XFA":
        raise Refused("form")
    if key in {"/EmbeddedFiles", "/EF"}:
        raise Refused("attachment")
    name = str(value) if isinstance(value, pikepdf.Name) else ""
    if key == "/S" and name in _ACTIONS:
        raise Refused("script")
    if key == "/S" and name in _PROGRAMS:
        raise Refused("program")
    if key == "/Type" and name == "/EmbeddedFile":
        raise Refused("attachment")
    if key == "/Subtype" and name in _RICH:
        raise Refused("media")


def _text(value: Any) -> str:
    return str(value) if isinstance(value, pikepdf.String) else ""


def _check_automatic(value: Any) -> None:
    """What is done when the file or a page is opened: nothing that leaves the file."""
    waiting, looked_at = [value], 0
    while waiting:
        part = waiting.pop()
        looked_at += 1
        if looked_at > 1000:
            raise Refused("too-complex")
        if isinstance(part, pikepdf.Array):
            # A place within the file begins with its page; anything else is a list of actions.
            waiting += [c for c in part if isinstance(c, pikepdf.Dictionary) and "/S" in c]
        elif isinstance(part, pikepdf.Dictionary) and part.get("/Type") != pikepdf.Name.Page:
            if isinstance(name := part.get("/S"), pikepdf.Name):
                if str(name) in _ACTIONS:
                    raise Refused("script")
                if str(name) not in _HARMLESS:
                    raise Refused("program")
                waiting += [part.Next] if "/Next" in part else []
            else:
                waiting += [child for _key, child in part.items()]


def _check_names(pdf: pikepdf.Pdf) -> None:
    names = pdf.Root.get("/Names")
    if isinstance(names, pikepdf.Dictionary) and "/JavaScript" in names:
        raise Refused("script")


def is_tagged(path: Path) -> bool:
    """Whether it tells headings, lists and tables apart for those who hear it read."""
    with pikepdf.open(path, suppress_warnings=True) as pdf:
        mark = pdf.Root.get("/MarkInfo")
        marked = isinstance(mark, pikepdf.Dictionary) and bool(mark.get("/Marked", False))
        return marked and "/StructTreeRoot" in pdf.Root


def facts_of(path: Path) -> dict[str, str]:
    """Title, language and date that the file states of itself."""
    with pikepdf.open(path, suppress_warnings=True) as pdf:
        info = pdf.docinfo
        return {
            "title": str(info.get("/Title", "")),
            "language": str(pdf.Root.get("/Lang", "")),
            "date": str(info.get("/CreationDate", "")).removeprefix("D:"),
        }

"""The text of a file, page by page: PDF pages, sheets, slides, pages of a text document."""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from lxml import etree

from documents.files import kinds
from documents.files.refused import Refused
from portal.kit.encodings import encoding_of

LONGEST_PAGE = 200_000  # characters; more of one page is left out
_SPACES = re.compile(r"[ \t\xa0]+")


def pages(path: Path, kind: str) -> Iterator[str]:
    """The text of each page in order, "" for one without text."""
    read = {
        kinds.PDF: _pdf,
        kinds.DOCX: _docx,
        kinds.XLSX: _xlsx,
        kinds.PPTX: _pptx,
        kinds.ODT: _odt,
        kinds.ODS: _odt,
        kinds.ODP: _odt,
        kinds.TEXT: _plain,
        kinds.CSV: _plain,
    }.get(kind)
    for text in read(path) if read else ():
        yield tidy(text)


def tidy(text: str) -> str:
    """One space between words, one line end between lines, no NUL."""
    text = _SPACES.sub(" ", text.replace("\0", ""))
    lines = (line.strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line)[:LONGEST_PAGE]


def _pdf(path: Path) -> Iterator[str]:
    # Not for other files: it takes longer to come than they to be read.
    import pypdfium2

    try:
        opened = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        raise Refused("encrypted" if "password" in str(error).lower() else "unreadable") from error
    with opened as pdf:
        for number in range(len(pdf)):
            page = pdf[number]
            text = page.get_textpage()
            yield text.get_text_bounded()
            text.close()
            page.close()


def _plain(path: Path) -> Iterator[str]:
    with path.open(encoding=encoding_of(path)) as file:
        while piece := file.read(20_000):
            yield piece + file.readline(LONGEST_PAGE)


def _events(part: IO[bytes]) -> Iterator[tuple[str, Any]]:
    options: dict[str, Any] = {"resolve_entities": False, "no_network": True, "load_dtd": False}
    return etree.iterparse(part, events=("start", "end"), huge_tree=False, **options)


def _local(element: Any) -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _docx(path: Path) -> Iterator[str]:
    """Pages as Word last saw them, where it noted them."""
    with zipfile.ZipFile(path) as package, package.open("word/document.xml") as part:
        words: list[str] = []
        for event, element in _events(part):
            name = _local(element)
            if event == "start":
                page_break = name == "lastRenderedPageBreak" or (
                    name == "br" and "page" in element.attrib.values()
                )
                if page_break and "".join(words).strip():
                    yield "".join(words)
                    words = []
                continue
            if name == "t":
                words.append(element.text or "")
            elif name in {"p", "tr", "br"}:
                words.append("\n")
            elif name in {"tab", "tc"}:
                words.append(" ")
            if name == "p":
                element.clear()
        yield "".join(words)


def _numbered(package: zipfile.ZipFile, pattern: str) -> list[str]:
    found = [(int(m[1]), name) for name in package.namelist() if (m := re.fullmatch(pattern, name))]
    return [name for _number, name in sorted(found)]


def _pptx(path: Path) -> Iterator[str]:
    with zipfile.ZipFile(path) as package:
        for name in _numbered(package, r"ppt/slides/slide(\d+)\.xml"):
            with package.open(name) as part:
                yield "".join(_words(part, {"t"}, {"p"}))


def _words(part: IO[bytes], texts: set[str], ends: set[str]) -> Iterator[str]:
    for event, element in _events(part):
        if event == "end" and _local(element) in texts:
            yield element.text or ""
        elif event == "end" and _local(element) in ends:
            yield "\n"


def _xlsx(path: Path) -> Iterator[str]:
    """Each sheet is a page; numbers are no text to search for, so only words are read."""
    with zipfile.ZipFile(path) as package:
        shared: list[str] = []
        if "xl/sharedStrings.xml" in package.namelist():
            with package.open("xl/sharedStrings.xml") as part:
                shared = "".join(_words(part, {"t"}, {"si"})).split("\n")
        for name in _numbered(package, r"xl/worksheets/sheet(\d+)\.xml"):
            with package.open(name) as part:
                yield "".join(_cells(part, shared))


def _cells(part: IO[bytes], shared: list[str]) -> Iterator[str]:
    length = 0
    for event, element in _events(part):
        name = _local(element)
        if event != "end" or length > LONGEST_PAGE:
            continue
        if name == "c":
            words = _cell(element, shared)
            length += len(words)
            yield words + " "
            element.clear()
        elif name == "row":
            yield "\n"
            element.clear()


def _cell(element: Any, shared: list[str]) -> str:
    texts = [e.text or "" for e in element.iter() if _local(e) in {"t", "v"}]
    text = "".join(texts)
    if element.get("t") == "s" and text.isdecimal():
        return shared[int(text)] if int(text) < len(shared) else ""
    return text


def _odt(path: Path) -> Iterator[str]:
    """Pages of a text by its soft breaks, sheets, or slides."""
    with zipfile.ZipFile(path) as package, package.open("content.xml") as part:
        words: list[str] = []
        for event, element in _events(part):
            name = _local(element)
            if event == "start":
                if name in {"soft-page-break", "table", "page"} and "".join(words).strip():
                    if name == "table" and "spreadsheet" not in _above(element):
                        continue
                    yield "".join(words)
                    words = []
            elif name in {"p", "h"}:
                words.append("".join(element.itertext()) + "\n")
        yield "".join(words)


def _above(element: Any) -> set[str]:
    return {_local(parent) for parent in element.iterancestors()}

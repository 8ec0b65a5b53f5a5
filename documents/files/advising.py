"""What an uploader should look at in a file before the public does; it is taken in all the same."""

import re
import zipfile
from collections.abc import Sequence
from pathlib import Path

from lxml import etree

from documents.files import kinds

_PHONE = re.compile(
    r"\+\d[\d\s()./-]{7,18}\d|(?i:tel|phone|mobile|cell|whatsapp|tél|móvil)\w*\W{0,4}\d[\d\s().-]{6,18}"
)
_PLACE = re.compile(
    r"-?\d{1,2}\.\d{3,}\s*°?\s*[NS]?\s*[,;/ ]\s*-?\d{1,3}\.\d{3,}"
    r"|\d{1,3}\s*°\s*\d{1,2}\s*['′’]\s*(\d{1,2}([.,]\d+)?\s*(\"|″|”|'')\s*)?[NSEWO]"
)
_PERSON = re.compile(
    r"\b(?:Mr|Mrs|Ms|Dr|Prof|Mme|Mlle|Sr|Sra|Srta)\.?\s+(?:[A-ZÀ-Þ][\w'’-]*\.?\s+){0,2}[A-ZÀ-Þ][\w'’-]+"
    r"|(?:السيد|السيدة|الدكتور)\s+\S+"
)
_MAIL = re.compile(r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_IN_TEXTS = (("phone", _PHONE), ("place", _PLACE), ("person", _PERSON), ("mail", _MAIL))
_CHANGES = {
    kinds.DOCX: ("word/document.xml", ("{*}ins", "{*}del", "{*}moveFrom")),
    kinds.ODT: ("content.xml", ("{*}changed-region",)),
}
# Fewer letters than this on a page are a page number or a stamp, no text.
_SOME_TEXT = 20


def warnings(
    path: Path, kind: str, texts: Sequence[str], stated: dict[str, str]
) -> dict[str, list[str]]:
    """Code of each matter, with examples "page: words"; `stated`: what the file says of itself."""
    found: dict[str, list[str]] = {}
    if _has_changes(path, kind):
        found["changes"] = []
    for number, text in enumerate(texts, 1):
        for code, rule in _IN_TEXTS:
            for match in rule.finditer(text):
                examples = found.setdefault(code, [])
                if len(examples) < 5:
                    examples.append(f"{number}: {' '.join(match[0].split())[:40]}")
    return found | {code: [] for code in _of_form(path, kind, texts, stated)}


def _of_form(path: Path, kind: str, texts: Sequence[str], stated: dict[str, str]) -> list[str]:
    """What keeps people from finding, searching or hearing it."""
    codes = []
    if kind == kinds.PDF:
        bare = sum(len(re.findall(r"\w", text)) < _SOME_TEXT for text in texts)
        if bare * 2 > len(texts):
            return ["scanned"]
        from documents.files.pdfs import is_tagged

        if not is_tagged(path):
            codes.append("untagged")
    if stated:
        codes += [code for code, name in _STATED.items() if not stated.get(name, "").strip()]
    return codes


_STATED = {"untitled": "title", "no-language": "language"}


def _has_changes(path: Path, kind: str) -> bool:
    if kind not in _CHANGES:
        return False
    part_name, marks = _CHANGES[kind]
    with zipfile.ZipFile(path) as package, package.open(part_name) as part:
        for _event, element in etree.iterparse(part, tag=marks, resolve_entities=False):
            if kind == kinds.ODT or any(name.endswith("}author") for name in element.attrib):
                return True
    return False

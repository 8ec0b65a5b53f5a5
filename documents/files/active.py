"""What acts by itself in the XML of an Office file: told by the parser, on names and values.

However it is spelled – blanks, character references, another encoding, split into runs – a
parser hands over the same names and values as Word or LibreOffice see.
"""

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from documents.files.refused import Refused

# A link that is followed only when somebody clicks on it.
_CLICKED = frozenset({"hyperlink"})
_MACROS = frozenset(
    {"vbaproject", "wordvbadata", "vbaprojectsignature", "control", "activexcontrolbinary",
     "xlmacrosheet", "xlintlmacrosheet", "macrosheet", "attachedtoolbars"}
)  # fmt: skip
_FOREIGN = frozenset({"afchunk"})  # a page or file that is taken into the text when it is opened
_ELSEWHERE = re.compile(r"\s*([a-z][a-z0-9+.-]+:|//|\\\\)", re.I)
_DDE_ELEMENTS = frozenset(
    {"ddeLink", "dde-source", "dde-connection-decl", "dde-connection", "dde-link"}
)
_FETCHED = frozenset(
    {"object", "object-ole", "plugin", "applet", "floating-frame", "section-source",
     "table-source", "cell-range-source", "image", "fill-image", "background-image"}
)  # fmt: skip
_PROGRAM_FIELD = re.compile(r"\s*DDE(AUTO)?\b", re.I)
# Fields that take something in from where they point to; a blank path is one of the file's own.
_TAKES_IN = re.compile(r"\s*(INCLUDEPICTURE|INCLUDETEXT|IMPORT|INCLUDE|LINK|RD)\b", re.I)
_PLACE = re.compile(r"(?:https?|ftp|file|smb):|\\\\|//", re.I)
_QUOTED = re.compile(r"\s*QUOTE\b([\s0-9]*)$", re.I)
_FETCHING = re.compile(
    r"\b(WEBSERVICE|IMPORTDATA|IMPORTXML|IMPORTHTML|IMPORTFEED|IMPORTRANGE|RTD|DDE|CALL|"
    r"REGISTER(\.ID)?|EXEC)\s*\(|\bIMAGE\s*\(\s*\"",
    re.I,
)
_HYPERLINK = re.compile(r"\bHYPERLINK\s*\(", re.I)
CALLS = re.compile(f"{_FETCHING.pattern}|{_HYPERLINK.pattern}", re.I)
_LITERAL = re.compile(r'"[^"]*"')
LONGEST_FORMULA = 9000  # Excel allows 8,192


def acts(formula: str) -> bool:
    """Whether a formula starts a program, fetches something or sends what stands in cells."""
    formula = formula[:LONGEST_FORMULA]
    bare = _LITERAL.sub('"', formula)
    bar = bare.find("|")
    if bar >= 0 and "!" in bare[bar:]:
        return True
    if _FETCHING.search(_LITERAL.sub('""', formula)):
        return True
    if not _HYPERLINK.search(bare):
        return False
    # A link that is put together takes along what stands in other cells.
    joined = "&" in bare or "concat" in bare.lower()
    return joined and any(_ELSEWHERE.match(text[1:]) for text in _LITERAL.findall(formula))


class Watch:
    """A parser's target that refuses what would act; it keeps no tree."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.root = ""
        self.content_types: list[tuple[str, str]] = []
        self._texts: list[list[str]] = []  # of the fields that are open, the innermost last
        self._taken: list[str] | None = None  # the text of the element that is read now
        self._is_formula = False

    def doctype(self, *_names: Any) -> None:
        """No Office file declares one; entities and their bombs need one."""
        raise Refused("entities", self.name)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        space, _brace, local = tag.rpartition("}")
        values = {key.rpartition("}")[2]: value for key, value in attributes.items()}
        self.root = self.root or local
        if local == "Relationship":
            self._relationship(values)
        elif local in {"Default", "Override"}:
            kind = values.get("ContentType", "").strip().lower()
            self.content_types.append((values.get("PartName", ""), kind))
            if "macroenabled" in kind or "vbaproject" in kind or "activex" in kind:
                raise Refused("macros", self.name)
        elif local in _DDE_ELEMENTS:
            raise Refused("program", self.name)
        elif local in {"script", "library"} or (local == "event-listener" and "script" in space):
            raise Refused("macros", self.name)
        elif local == "event-listener" and values.get("action") in {"execute", "execute-macro"}:
            raise Refused("program", self.name)
        elif local in _FETCHED and _ELSEWHERE.match(values.get("href", "")):
            raise Refused("remote", self.name)
        elif local == "fldChar":
            self._field(values.get("fldCharType", "").strip())
        elif local == "fldSimple":
            self._check_field(values.get("instr", ""))
        elif local in {"instrText", "delInstrText", "f"}:
            self._taken, self._is_formula = [], local == "f"
        if values.get("refreshOnLoad", "").strip() in {"1", "true"} and local == "connection":
            raise Refused("remote", self.name)
        if acts(values.get("formula", "")):
            raise Refused("formula", self.name)

    def data(self, text: str) -> None:
        """Text within an element."""
        if self._taken is not None:
            self._taken.append(text)

    def end(self, tag: str) -> None:
        """An element ends."""
        if self._taken is None or tag.rpartition("}")[2] not in {"instrText", "delInstrText", "f"}:
            return
        text = "".join(self._taken)
        self._taken = None
        if self._is_formula:
            if acts(text):
                raise Refused("formula", self.name)
            return
        if not self._texts:
            self._texts.append([])
        self._texts[-1].append(text)
        self._check_field("".join(self._texts[-1][:200]))

    def close(self) -> None:
        """The part is at its end."""

    def _relationship(self, values: dict[str, str]) -> None:
        kind = values.get("Type", "").strip().rstrip("/").rpartition("/")[2].lower()
        if kind in _MACROS:
            raise Refused("macros", self.name)
        if kind in _FOREIGN:
            raise Refused("attachment", self.name)
        is_outside = values.get("TargetMode", "").strip().lower() == "external"
        if kind not in _CLICKED and (is_outside or _ELSEWHERE.match(values.get("Target", ""))):
            raise Refused("remote", self.name)

    def _field(self, kind: str) -> None:
        if kind == "begin":
            self._texts.append([])
        elif kind == "end" and self._texts:
            inner = "".join(self._texts.pop()[:200])
            if self._texts and (quoted := _QUOTED.match(inner)):
                # A field of codes of letters stands for these letters in the field around it.
                codes = [int(code) for code in quoted[1].split()[:1000]]
                self._texts[-1].append("".join(chr(code) for code in codes if code < 0x110000))
                self._check_field("".join(self._texts[-1][:200]))

    def _check_field(self, text: str) -> None:
        if _PROGRAM_FIELD.match(text):
            raise Refused("program", self.name)
        if _TAKES_IN.match(text) and _PLACE.search(text):
            raise Refused("remote", self.name)


def watch(pieces: Iterator[bytes], name: str) -> Watch:
    """Read a part of XML to its end. Raises Refused where something in it acts."""
    target: Any = Watch(name)
    parser = etree.XMLParser(
        target=target, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        for piece in pieces:
            parser.feed(piece)
        parser.close()
    except etree.XMLSyntaxError as error:
        raise Refused("truncated", name) from error
    return target

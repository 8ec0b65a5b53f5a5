"""Streams an XML file as activities' child elements, each with its true line number.

Expat, not lxml: libxml2 stops counting lines at 65,535, gives the line where a start tag
ends rather than begins, and does not count lone CR line ends. Expat also announces a DOCTYPE
before it reads a single entity, so an entity bomb is refused before it expands.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, Protocol
from xml.parsers import expat

from django.utils.translation import gettext as _

from portal.iati.errors import FaultyActivity, Refused
from portal.iati.sniff import web_page
from portal.iati.stated import VERSIONS, FileHeader, StatedActivity
from portal.iati.values import moment, shown
from portal.iati.xml_errors import explain

CHUNK = 1 << 18
MAX_DEPTH = 64
MAX_ACTIVITY_BYTES = 64 << 20
MAX_TOKEN_BYTES = 8 << 20
XML_LANG = "http://www.w3.org/XML/1998/namespace lang xml"
_XSI = "http://www.w3.org/2001/XMLSchema-instance "
_ROOT, _ACTIVITY = 1, 2

Progress = Callable[[int, int], None]


class Node:
    """One element: its name, attributes, line, child elements and own text."""

    __slots__ = ("attributes", "children", "line", "tag", "text")

    def __init__(self, tag: str, attributes: dict[str, str], line: int) -> None:
        self.tag = tag
        self.attributes = attributes
        self.line = line
        self.children: list[Node] = []
        self.text = ""


class ActivityBuilder(Protocol):
    """Takes an activity's children one by one, so that no whole activity is kept as nodes."""

    def wants(self, tag: str) -> bool:
        """Tell whether a child of this name is read; if not, count it as unplaced."""

    def add(self, child: Node) -> None:
        """Take one finished child element."""

    def finish(self) -> StatedActivity | FaultyActivity:
        """Return the activity after its last child, or all that is wrong with it."""


NewBuilder = Callable[[Node, str], ActivityBuilder]


def readable_name(name: str) -> str:
    """Turn expat's "uri local prefix" into "prefix:local"; plain names stay."""
    parts = name.split(" ")
    if len(parts) == 1:
        return name
    return f"{parts[2]}:{parts[1]}" if len(parts) > 2 else parts[1]


def is_parser_hint(attribute: str) -> bool:
    """Tell an xsi:… attribute, which instructs programs and states nothing."""
    return attribute.startswith(_XSI)


class ActivityStream:
    """One pass over one file."""

    def __init__(self, path: Path, new_builder: NewBuilder) -> None:
        self._path = path
        self._new_builder = new_builder
        self._parser = self._new_parser()
        self._stack: list[Node] = []
        self._depth = 0
        self._skipping_from = 0
        self._builder: ActivityBuilder | None = None
        self._activity_starts_at = 0
        self._activity_line = 0
        self._done: deque[StatedActivity | FaultyActivity] = deque()
        self._fed = 0
        self.header: FileHeader | None = None
        self.unplaced: Counter[str] = Counter()

    def activities(self, progress: Progress | None) -> Iterator[StatedActivity | FaultyActivity]:
        """Yield the activities; Refused may come after the first ones were yielded."""
        size = self._path.stat().st_size
        any_activity = False
        with self._path.open("rb") as file:
            more = True
            while more:
                fault = None
                try:
                    more = self._feed(file)
                except Refused as refused:
                    fault = refused
                any_activity = any_activity or bool(self._done)
                while self._done:
                    yield self._done.popleft()
                if fault is not None:
                    raise fault
                if progress is not None:
                    progress(min(self._fed, size), size)
        if not any_activity:
            raise Refused(None, _("there is no activity in it. Choose a file with activities."))

    def read_header(self) -> FileHeader:
        """Read the root element; what is wrong after it is for `activities` to say."""
        try:
            with self._path.open("rb") as file:
                while self.header is None and self._feed(file):
                    pass
        except Refused:
            if self.header is None:
                raise
        if self.header is None:  # Expat would have raised; this tells the type checker.
            raise Refused(None, _("it has no root element."))
        return self.header

    def _feed(self, file: BinaryIO) -> bool:
        chunk = file.read(CHUNK)
        self._fed += len(chunk)
        try:
            self._parser.Parse(chunk, not chunk)
        except expat.ExpatError as error:
            raise explain(error, self._parser, file, self._activity_line) from error
        except (LookupError, ValueError) as error:
            # The codec that the XML declaration names is unknown, or has several bytes a sign;
            # past the root element it would be a fault of ours.
            if self.header is not None:
                raise
            reason = _("its encoding cannot be read (%(error)s). Save it as UTF-8.")
            raise Refused(1, reason % {"error": error}) from error
        if chunk:
            self._refuse_what_would_fill_memory()
        return bool(chunk)

    def _refuse_what_would_fill_memory(self) -> None:
        if self._fed - self._parser.CurrentByteIndex > MAX_TOKEN_BYTES:
            reason = _("one tag, comment or text of more than %(size)d MB begins here.")
            line = self._parser.CurrentLineNumber
            raise Refused(line, reason % {"size": MAX_TOKEN_BYTES >> 20})
        if self._builder and self._fed - self._activity_starts_at > MAX_ACTIVITY_BYTES:
            reason = _("this one activity has more than %(size)d MB. Split it at the source.")
            raise Refused(self._activity_line, reason % {"size": MAX_ACTIVITY_BYTES >> 20})

    def _new_parser(self) -> expat.XMLParserType:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.namespace_prefixes = True
        parser.buffer_text = True
        parser.buffer_size = 1 << 16
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.StartDoctypeDeclHandler = self._doctype
        return parser

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth = depth = self._depth + 1
        if depth > MAX_DEPTH:
            reason = _("elements are nested more than %(limit)d deep, which IATI never needs.")
            raise Refused(self._parser.CurrentLineNumber, reason % {"limit": MAX_DEPTH})
        if self._skipping_from:
            return
        if depth > _ACTIVITY:
            self._start_inside(tag, attributes, depth)
        elif depth == _ACTIVITY:
            self._start_activity(tag, attributes)
        else:
            self.header = read_root(tag, attributes, self._parser.CurrentLineNumber)

    def _start_inside(self, tag: str, attributes: dict[str, str], depth: int) -> None:
        if depth == _ACTIVITY + 1 and self._builder and not self._builder.wants(tag):
            self._skipping_from = depth
            return
        node = Node(tag, attributes, self._parser.CurrentLineNumber)
        if self._stack:
            self._stack[-1].children.append(node)
        self._stack.append(node)

    def _start_activity(self, tag: str, attributes: dict[str, str]) -> None:
        if tag != "iati-activity":
            namespace, _blank, name = tag.partition(" ")
            if name.split(" ")[0] == "iati-activity":
                line = self._parser.CurrentLineNumber
                raise Refused(line, _in_a_namespace(namespace, readable_name(tag)))
            self.unplaced[readable_name(tag)] += 1
            self._skipping_from = _ACTIVITY
            return
        self._activity_line = self._parser.CurrentLineNumber
        self._activity_starts_at = self._parser.CurrentByteIndex
        node = Node(tag, attributes, self._activity_line)
        self._builder = self._new_builder(node, self.header.language if self.header else "")

    def _end(self, _tag: str) -> None:
        depth, self._depth = self._depth, self._depth - 1
        if self._skipping_from:
            if depth == self._skipping_from:
                self._skipping_from = 0
        elif depth > _ACTIVITY:
            node = self._stack.pop()
            if not self._stack and self._builder:
                self._builder.add(node)
        elif depth == _ACTIVITY and self._builder:
            self._done.append(self._builder.finish())
            self._builder = None

    def _text(self, text: str) -> None:
        if self._stack and not self._skipping_from:
            node = self._stack[-1]
            if node.text or not text.isspace():
                node.text += text

    def _doctype(self, name: str, *_ids: object) -> None:
        line = self._parser.CurrentLineNumber
        if name.lower() == "html":
            raise Refused(line, web_page())
        raise Refused(
            line,
            _(
                "it has a DOCTYPE, which IATI does not use and which can hide attacks. "
                "Remove the DOCTYPE with its declarations."
            ),
        )


def read_root(tag: str, attributes: dict[str, str], line: int) -> FileHeader:
    """Accept the root element of an IATI 2.01 to 2.03 activity file, and nothing else."""
    if tag != "iati-activities":
        namespace, _blank, name = tag.partition(" ")
        if name.split(" ")[0] == "iati-activities":
            raise Refused(line, _in_a_namespace(namespace, readable_name(tag)))
        raise Refused(line, _wrong_root(readable_name(tag)))
    version = attributes.get("version", "").strip()
    if version not in VERSIONS:
        raise Refused(line, _wrong_version(version))
    return FileHeader(
        version=version,
        generated=moment(attributes.get("generated-datetime", "")),
        language=attributes.get(XML_LANG, "").strip().lower(),
    )


def _wrong_root(name: str) -> str:
    if name == "iati-organisations":
        return _(
            "it is an IATI organisation file, which describes an organization and has no "
            "activities. Choose the activity file."
        )
    if name == "iati-activity":
        return _(
            "it begins with <iati-activity>. Put the activities into one "
            '<iati-activities version="2.03"> element.'
        )
    if name.lower() == "html":
        return web_page()
    reason = _(
        "it is XML but not an IATI activity file: it begins with <%(name)s> where "
        "<iati-activities> is needed."
    )
    return reason % {"name": shown(name)}


def _in_a_namespace(namespace: str, written: str) -> str:
    reason = _(
        "its <%(name)s> stands in a namespace (%(namespace)s), and IATI has none: take "
        'xmlns="…" out, or export the file again.'
    )
    return reason % {"name": written, "namespace": shown(namespace)}


def _wrong_version(version: str) -> str:
    if not version:
        return _(
            "it does not say which version of IATI it follows. Version 2.01, 2.02 or 2.03 is "
            'needed: <iati-activities version="2.03">. Files of version 1 must be converted.'
        )
    if version.startswith("1"):
        reason = _(
            "it follows IATI version %(version)s, which has been withdrawn. Export it as "
            "version 2.03."
        )
    else:
        reason = _(
            "it follows IATI version “%(version)s”, which is not known here. Versions 2.01, "
            "2.02 and 2.03 can be read."
        )
    return reason % {"version": shown(version)}

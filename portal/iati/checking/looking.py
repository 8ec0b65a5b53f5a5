"""Looks at a whole file, an activity at a time: what breaks which rule, and where."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lxml import etree

from portal.iati.checking.codes import unknown_codes
from portal.iati.checking.completeness import Completeness
from portal.iati.checking.rules import broken_in, standard_rules
from portal.iati.standard.files import activities_schema, organisations_schema

SCHEMA, LIST, RULE = "schema", "list", "rule"
ERROR, WARNING = "error", "warning"
NAMED = 100  # activities that are named of each rule
_MEMBERS = ("iati-activity", "iati-organisation")


@dataclass
class Issue:
    """What is wrong in the same way, however often."""

    kind: str
    number: str
    severity: str
    message: str
    count: int = 0
    activities: dict[str, int] = field(default_factory=dict)
    """How often, by the identifiers of the first activities."""

    def seen(self, identifier: str) -> None:
        """Once more."""
        self.count += 1
        if identifier in self.activities or len(self.activities) < NAMED:
            self.activities[identifier] = self.activities.get(identifier, 0) + 1


@dataclass
class Look:
    """What was found in a file."""

    activities: int = 0
    issues: dict[tuple[str, str], Issue] = field(default_factory=dict)
    completeness: Completeness = field(default_factory=Completeness)

    def count(self, severity: str) -> int:
        """How often something of this severity was found."""
        return sum(each.count for each in self.issues.values() if each.severity == severity)

    def numbers(self, severity: str) -> Counter[tuple[str, str]]:
        """How often each, to compare with another file."""
        rows = self.issues.items()
        return Counter({key: each.count for key, each in rows if each.severity == severity})

    def as_json(self) -> dict[str, Any]:
        """For keeping."""
        order = sorted(
            self.issues.values(), key=lambda each: (each.severity, -each.count, each.number)
        )
        return {
            "issues": [vars(each) for each in order],
            "completeness": self.completeness.as_json(),
        }


def look_at(path: Path, today: dt.date, into: Look | None = None) -> Look:
    """Look at a file, or at another one; memory does not grow with it.

    Raises etree.XMLSyntaxError.
    """
    look = into or Look()
    for root, member in members(path):
        is_activity = member.tag == "iati-activity"
        identifier = _identifier(member)
        look.activities += is_activity
        schema = activities_schema() if is_activity else organisations_schema()
        _see_schema(look, schema, root, identifier)
        for code in unknown_codes(root):
            number = f"{code.path}: {code.list}"
            _seen(look, Issue(LIST, number, ERROR, code.code), identifier)
        for broken in broken_in(root, standard_rules(), today):
            rule = broken.rule
            _seen(look, Issue(RULE, rule.number, rule.severity, rule.message), identifier)
        if is_activity:
            look.completeness.add(member)
    return look


def members(path: Path) -> Iterator[tuple[etree._Element, etree._Element]]:
    """Each activity or organisation alone below its root; what was read is forgotten."""
    found = etree.iterparse(
        path, events=("end",), tag=_MEMBERS, resolve_entities=False, no_network=True,
        remove_comments=True, huge_tree=False,
    )  # fmt: skip
    for _event, member in found:
        above = member.getparent()
        if above is None or above.getparent() is not None:
            continue
        root = etree.Element(above.tag, dict(above.attrib))
        above.remove(member)
        root.append(member)
        yield root, member


def _identifier(member: etree._Element) -> str:
    text = member.findtext("iati-identifier") or member.findtext("organisation-identifier") or ""
    return " ".join(text.split())


def _see_schema(look: Look, schema: etree.XMLSchema, root: etree._Element, identifier: str) -> None:
    if schema.validate(root):
        return
    for error in schema.error_log:  # type: ignore[attr-defined]
        _seen(look, Issue(SCHEMA, error.message[:300], ERROR, error.message[:300]), identifier)


def _seen(look: Look, issue: Issue, identifier: str) -> None:
    look.issues.setdefault((issue.kind, issue.number), issue).seen(identifier)

"""Makes `portal/data/iati` from the standard as its publisher gives it out.

Schemas without their manuals, rules without links, code lists as codes with their English names:
what programs need, and no more.
"""

import json
import shutil
from pathlib import Path
from typing import Any

from lxml import etree

_XSD = "{http://www.w3.org/2001/XMLSchema}"
_DROPPED = frozenset({"link", "category"})
# Others may have codes beside theirs; those of agencies are the beginnings of identifiers.
_OPEN = frozenset({"OrganisationRegistrationAgency"})
SCHEMAS = (
    "iati-activities-schema.xsd",
    "iati-organisations-schema.xsd",
    "iati-common.xsd",
    "xml.xsd",
)


def make_reference(standard: Path, target: Path) -> dict[str, int]:
    """Write it anew from the folder of the standard; returns how many of each kind.

    The folder has schemas/, rulesets/standard.json, codelists-embedded/ with mapping.xml, and
    codelists-nonembedded/.
    """
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    for name in SCHEMAS:
        tree = etree.parse(standard / "schemas" / name)
        etree.strip_elements(tree, f"{_XSD}annotation", with_tail=False)
        etree.strip_tags(tree, etree.Comment)
        etree.indent(tree)
        tree.write(target / name, encoding="utf-8", xml_declaration=True)
    rules = _without(json.loads((standard / "rulesets/standard.json").read_text("utf-8")))
    _write(target / "rules.json", rules)
    lists = _lists(standard)
    _write(target / "codelists.json", lists)
    places = _places(standard / "codelists-embedded/mapping.xml", lists)
    _write(target / "coded.json", places)
    return {"schemas": len(SCHEMAS), "lists": len(lists), "coded": len(places)}


def _write(path: Path, what: Any) -> None:
    lines = json.dumps(what, ensure_ascii=False, indent=0, separators=(",", ":"))
    path.write_text(f"{lines}\n", encoding="utf-8")


def _without(rules: Any) -> Any:
    if isinstance(rules, dict):
        return {key: _without(value) for key, value in rules.items() if key not in _DROPPED}
    return [_without(each) for each in rules] if isinstance(rules, list) else rules


def _lists(standard: Path) -> dict[str, dict[str, list[str]]]:
    """Of each list, its codes with name and, where it has one, category; the complete ones."""
    found = {}
    for folder in ("codelists-embedded", "codelists-nonembedded"):
        for path in sorted((standard / folder).glob("*.xml")):
            if path.name == "mapping.xml":
                continue
            root = etree.parse(path).getroot()
            if root.get("complete") == "0" and path.stem not in _OPEN:
                continue
            found[path.stem] = dict(filter(None, map(_item, root.iter("codelist-item"))))
    return found


def _item(item: etree._Element) -> tuple[str, list[str]] | None:
    code = (item.findtext("code") or "").strip()
    name = (item.findtext("name/narrative") or code).strip()
    category = (item.findtext("category") or "").strip()
    return (code, [name, category] if category else [name]) if code else None


def _places(path: Path, lists: dict[str, Any]) -> list[dict[str, str]]:
    """Where the standard asks for a code of which list."""
    found = []
    for mapping in etree.parse(path).getroot().iter("mapping"):
        stated = mapping.find("codelist")
        name = stated.get("ref", "") if stated is not None else ""
        where = (mapping.findtext("path") or "").strip()
        if name in lists and name not in _OPEN and where:
            condition = (mapping.findtext("condition") or "").strip()
            found.append({"path": where, "list": name, "condition": condition})
    return found

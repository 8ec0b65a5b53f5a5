"""What an activity says beside money that has no field of its own, kept as the standard has it.

Locations, results, markers, tags and the like are kept as trees that the schema took for valid,
and written again at their place. Who gives or gets a planned disbursement is left out: a tree
names no organization, which may be withheld some day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from lxml import etree

from portal.iati.standard.files import activities_schema
from portal.iati.stream import XML_LANG, Node
from portal.kit.language.markup import escaped, plain
from portal.kit.safe import seen_text

Tree = tuple[str, tuple[tuple[str, str], ...], str, tuple["Tree", ...]]
"""Name, attributes, text, children."""

# In the order of the schema; of those that are marked an activity has one at most.
TAGS = {
    "activity-scope": True,
    "location": False,
    "tag": False,
    "country-budget-items": False,
    "humanitarian-scope": False,
    "policy-marker": False,
    "collaboration-type": True,
    "default-flow-type": True,
    "default-finance-type": True,
    "default-aid-type": False,
    "default-tied-status": True,
    "planned-disbursement": False,
    "capital-spend": True,
    "conditions": True,
    "result": False,
}
_LEFT_OUT = frozenset({"provider-org", "receiver-org"})
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


class Unfit(Exception):
    """An element that the schema does not take."""


def tree_of(node: Node, language: str, currency: str | None, dropped: list[str]) -> Tree:
    """The element as a tree; `dropped` gets the paths of what is left out. Raises Unfit."""
    tree = _tree(node, node.tag, language, currency, dropped)
    says_nothing = not (tree[1] or tree[2] or tree[3])
    if says_nothing or not activities_schema().validate(as_element(tree)):
        raise Unfit(node.tag)
    return tree


def _tree(node: Node, path: str, language: str, currency: str | None, dropped: list[str]) -> Tree:
    attributes = {}
    for name, value in node.attributes.items():
        if name == XML_LANG:
            attributes["xml:lang"] = value.strip().lower()
        elif " " in name:
            dropped.append(f"{path}/@{name.split(' ')[1]}")
        else:
            attributes[name] = " ".join(seen_text(value).split())
    is_narrative = node.tag == "narrative"
    if is_narrative and language:
        attributes.setdefault("xml:lang", language)
    if node.tag == "value" and currency and "currency" not in attributes and node.text.strip():
        attributes["currency"] = currency
    text = seen_text(plain(node.text)).strip() if is_narrative else node.text.strip()
    children = []
    for child in node.children:
        if child.tag in _LEFT_OUT or " " in child.tag:
            dropped.append(f"{path}/{child.tag.split(' ')[-1]}")
        else:
            children.append(_tree(child, f"{path}/{child.tag}", language, currency, dropped))
    return node.tag, tuple(attributes.items()), text, tuple(children)


def as_element(tree: Tree) -> etree._Element:
    """The tree as XML."""
    tag, attributes, text, children = tree
    node = etree.Element(tag)
    for name, value in attributes:
        node.set(_LANG if name == "xml:lang" else name, value)
    if text:
        node.text = escaped(text) if tag == "narrative" else text
    node.extend(as_element(child) for child in children)
    return node


def trees_from(values: Iterable[Any]) -> tuple[Tree, ...]:
    """Trees that were kept as JSON."""
    return tuple(_from_json(value) for value in values)


def _from_json(value: Any) -> Tree:
    tag, attributes, text, children = value
    pairs = tuple((str(name), str(said)) for name, said in attributes)
    return tag, pairs, text, trees_from(children)


# --- Reading trees


def named(trees: Iterable[Tree], tag: str) -> Iterator[Tree]:
    """Those of a name."""
    return (tree for tree in trees if tree[0] == tag)


def said(tree: Tree, attribute: str) -> str:
    """An attribute, "" if absent."""
    return dict(tree[1]).get(attribute, "")


def first(tree: Tree, tag: str) -> Tree | None:
    """The first child of a name."""
    return next(named(tree[3], tag), None)


def narrative(tree: Tree | None, *languages: str) -> str:
    """The text in the first of these languages that is there, or else any."""
    texts = (
        {said(each, "xml:lang"): each[2] for each in named(tree[3], "narrative")} if tree else {}
    )
    found = next((texts[language] for language in languages if texts.get(language)), "")
    return found or next(filter(None, texts.values()), "")

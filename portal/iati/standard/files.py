"""Schemas and rules as the portal brings them along; each is read once."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from lxml import etree

FOLDER = Path(__file__).resolve().parents[2] / "data" / "iati"


@cache
def activities_schema() -> etree.XMLSchema:
    """The schema of activity files, which also takes a single element of an activity."""
    return etree.XMLSchema(etree.parse(FOLDER / "iati-activities-schema.xsd"))


@cache
def organisations_schema() -> etree.XMLSchema:
    """The schema of organisation files."""
    return etree.XMLSchema(etree.parse(FOLDER / "iati-organisations-schema.xsd"))


@cache
def _json(name: str) -> Any:
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


def rules() -> dict[str, Any]:
    """The standard's rules, by the path of what they are about."""
    found: dict[str, Any] = _json("rules.json")
    return found


def coded_places() -> list[dict[str, str]]:
    """Where a code of which list is asked for."""
    found: list[dict[str, str]] = _json("coded.json")
    return found

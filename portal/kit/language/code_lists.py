"""Public lists of codes as the portal brings them along, with what each code means in English."""

import json
from functools import cache
from pathlib import Path

DATA = Path(__file__).resolve().parents[2] / "data" / "iati" / "codelists.json"


@cache
def _lists() -> dict[str, dict[str, list[str]]]:
    found: dict[str, dict[str, list[str]]] = json.loads(DATA.read_text(encoding="utf-8"))
    return found


def code_list(name: str) -> dict[str, list[str]]:
    """The codes of a complete list, each with its English name and, if any, its category."""
    return _lists()[name]


def name_of(name: str, code: str) -> str:
    """What a code means in English; "" where the list does not have it."""
    return code_list(name).get(code, [""])[0]

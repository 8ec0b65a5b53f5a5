"""The names of languages in the language of who reads them, from `portal/data/languages.csv`.

The two-letter codes of ISO 639-1, with the names of Unicode CLDR.
"""

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from django.utils.text import capfirst
from django.utils.translation import get_language

from portal.kit.text import fold

DATA = Path(__file__).resolve().parents[2] / "data" / "languages.csv"
_COLUMNS = ("fr", "es", "ar")


def language_names() -> Mapping[str, str]:
    """Code and name of every language, in the active language, by name; as labels begin."""
    language = (get_language() or "").partition("-")[0]
    return _names(language if language in _COLUMNS else "name")


@cache
def _names(column: str) -> Mapping[str, str]:
    with DATA.open(encoding="utf-8", newline="") as file:
        rows = [(row["code"], capfirst(row[column])) for row in csv.DictReader(file)]
    return dict(sorted(rows, key=lambda row: fold(row[1])))

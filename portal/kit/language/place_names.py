"""The names of countries and regions in the language of who reads them.

They stand in `portal/data/countries.csv` beside the English ones: of countries those of Unicode
CLDR, or of the United Nations where these differ. A name that an office gave a country itself is
shown as it is.
"""

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import get_language

DATA = Path(__file__).resolve().parents[2] / "data" / "countries.csv"
# Columns of names, of languages of the portal and of those in which people search.
LANGUAGES = ("fr", "es", "ar", "ru", "zh")


def place_name(name: str) -> str:
    """The name in the active language, as far as it is that of the reference data."""
    language = (get_language() or "").partition("-")[0]
    return _names(language).get(name, name) if language in LANGUAGES else name


def shown_name(thing: Any) -> str:
    """What a thing is called on pages: a country in their language, others as they are written."""
    return getattr(thing, "local_name", None) or str(thing)


@cache
def _names(language: str) -> Mapping[str, str]:
    with DATA.open(encoding="utf-8", newline="") as file:
        return {row["name"]: row[language] for row in csv.DictReader(file) if row[language]}

"""Reference data that every portal needs: places, document types, budget categories, the office.

Only what is missing is added, by its code: what staff changed stays as they left it.
"""

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from django.conf import settings
from django.db import transaction

from documents.models import DocumentType
from finance.models import BudgetCategory
from portal.accounts.roles import make_groups
from portal.kit.language.place_names import LANGUAGES
from portal.kit.text import fold
from projects.models import Country, Office

DATA = Path(__file__).resolve().parent.parent / "data"


Row = TypeVar("Row", Country, DocumentType, BudgetCategory)


def load_reference_data() -> None:
    """Add the reference data that is not there yet."""
    with transaction.atomic():
        _add(Country, [_country(row) for row in _rows("countries.csv")])
        _add(DocumentType, [_document_type(row) for row in _rows("document-types.csv")])
        _add(BudgetCategory, [_category(row) for row in _rows("budget-categories.csv")])
        make_groups()
        _map_older_categories()
        office = Office(pk=1, time_zone=settings.TIME_ZONE)
        Office.objects.bulk_create([office], ignore_conflicts=True)


def _map_older_categories() -> None:
    """Say of older budget categories that count as none yet what they count as."""
    of_today = {row["code"]: row["counts_as"] for row in _rows("budget-categories.csv")}
    known = BudgetCategory.objects.in_bulk(field_name="code")
    for code, today in of_today.items():
        if today in known and code in known and known[code].counts_as_id is None:
            BudgetCategory.objects.filter(pk=known[code].pk).update(counts_as=known[today])


def _add(model: type[Row], rows: list[Row]) -> None:
    known = set(model.objects.values_list("code", flat=True))
    missing = [row for row in rows if row.code not in known]
    # Another process may add the same at the same time.
    model.objects.bulk_create(missing, ignore_conflicts=True)


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _country(row: dict[str, str]) -> Country:
    stated = [*row["other_names"].split("|"), *(row[language] for language in LANGUAGES)]
    stated += row["elsewhere"].split("|")
    others = {fold(name): name for name in reversed(stated) if fold(name) != fold(row["name"])}
    return Country(
        code=row["code"],
        name=row["name"],
        kind=row["kind"],
        other_names="\n".join(filter(None, reversed(others.values()))),
    )


def _document_type(row: dict[str, str]) -> DocumentType:
    flags = {name: row[name] == "yes" for name in ("is_read_from_iati", "is_of_decisions")}
    values: dict[str, Any] = {**row, **flags}
    return DocumentType(**values)


def _category(row: dict[str, str]) -> BudgetCategory:
    return BudgetCategory(
        code=row["code"],
        name=row["name"],
        position=row["position"],
        is_indirect=row["is_indirect"] == "yes",
        valid_from=_date(row["valid_from"]),
        valid_to=_date(row["valid_to"]),
    )


def _date(text: str) -> date | None:
    return date.fromisoformat(text) if text else None

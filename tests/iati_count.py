"""Counts the transactions of an IATI file, independently of the portal's own reader.

Deliberately naive: another parser, no checks, so that the two can disagree.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree as ET


def count_transactions(path: Path) -> dict[tuple[str, str | None], tuple[int, Decimal]]:
    """Return number and sum of transactions by type code and currency."""
    totals: dict[tuple[str, str | None], tuple[int, Decimal]] = {}
    for activity in ET.parse(path).getroot().findall("iati-activity"):
        for transaction in activity.findall("transaction"):
            kind, value = transaction.find("transaction-type"), transaction.find("value")
            assert kind is not None and value is not None and value.text
            currency = value.get("currency") or activity.get("default-currency")
            key = kind.attrib["code"], currency
            number, total = totals.get(key, (0, Decimal(0)))
            totals[key] = number + 1, total + Decimal(value.text.strip())
    return totals

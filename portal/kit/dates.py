"""Dates as they stand in addresses: YYYY-MM-DD and nothing else."""

import re
from datetime import date

_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def parse_day(text: str | None) -> date | None:
    """The day that the text names, or None: 2025-02-30 and "yesterday" name none."""
    if not text or not _ISO_DAY.fullmatch(text.strip()):
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None

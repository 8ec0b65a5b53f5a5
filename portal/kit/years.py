"""Years that money, reports and documents can have; what lies outside is a slip of the pen."""

from datetime import date
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

FIRST_YEAR, LAST_YEAR = 1945, 2200
FIRST_DAY, LAST_DAY = date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)
OUTSIDE = format_lazy(
    _("The year must lie between {first} and {last}."), first=FIRST_YEAR, last=LAST_YEAR
)
# For fields of forms and filters, and for fields of models.
YEARS: dict[str, Any] = {"min_value": FIRST_YEAR, "max_value": LAST_YEAR}
YEAR_VALIDATORS = [MinValueValidator(FIRST_YEAR), MaxValueValidator(LAST_YEAR)]


def is_plausible(year: int) -> bool:
    """Whether it is a year that money can have."""
    return FIRST_YEAR <= year <= LAST_YEAR


def year_of(text: str | None) -> int | None:
    """The year that four digits name; None where they name none."""
    text = (text or "").strip()
    if len(text) != 4 or not text.isascii() or not text.isdecimal():
        return None
    return int(text) if is_plausible(int(text)) else None


def year_constraint(name: str) -> models.CheckConstraint:
    """What a model with a field `year` holds."""
    return models.CheckConstraint(
        condition=models.Q(year__gte=FIRST_YEAR, year__lte=LAST_YEAR),
        name=name,
        violation_error_message=OUTSIDE,
    )

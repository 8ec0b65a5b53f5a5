"""Quarters of years, as the view ahead counts by them."""

import re
from datetime import date
from typing import NamedTuple

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from portal.kit.years import is_plausible

_CODE = re.compile(r"(\d{4})-([1-4])", re.ASCII)


class Quarter(NamedTuple):
    """A quarter of a year; its number is 1 to 4."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> "Quarter":
        """The one that the day is in."""
        return cls(day.year, (day.month + 2) // 3)

    @classmethod
    def asked(cls, text: str) -> "Quarter | None":
        """What an address calls it, such as 2027-1; None where that names none."""
        found = _CODE.fullmatch(text)
        if found is None or not is_plausible(int(found[1])):
            return None
        return cls(int(found[1]), int(found[2]))

    @property
    def code(self) -> str:
        """Its name in addresses."""
        return f"{self.year}-{self.number}"

    @property
    def next(self) -> "Quarter":
        """The one after it."""
        return Quarter(self.year + self.number // 4, self.number % 4 + 1)

    def __str__(self) -> str:
        first, last = (date(self.year, self.number * 3 - n, 1) for n in (2, 0))
        return _("%(first)s–%(last)s %(year)s") % {
            "first": date_format(first, "M"),
            "last": date_format(last, "M"),
            "year": self.year,
        }

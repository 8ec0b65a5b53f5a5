"""Filters by an amount, and by what rows of a list have, looked at once for many visitors."""

from collections.abc import Iterable
from typing import Any

import django_filters as filters

from portal.about.versions import counted_once
from portal.kit.named_choice import LOOKED_AT, HeldChoiceFilter


class AmountFilter(filters.NumberFilter):
    """A figure of the row, in the base currency."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_digits=18, decimal_places=2, **options)

    @property
    def field(self) -> Any:
        """The field, which says that its number is an amount."""
        field = super().field
        field.is_amount = True
        return field


class CountedChoiceFilter(HeldChoiceFilter):
    """A value that any row of the list has; looked at once for many visitors, where `whole` of the
    filters names all rows."""

    def among(self, rows: Any) -> Iterable[Any] | None:
        """As of any such filter."""
        whole = getattr(self.parent, "whole", None)
        if whole is None:
            return super().among(rows)
        look = super().among
        held: Iterable[Any] | None
        [held] = counted_once(("held", self.field_name, *whole), lambda: [look(rows)])
        return held


class StatusFilter(CountedChoiceFilter):
    """A status that any project of the list has."""

    def among(self, rows: Any) -> Iterable[Any] | None:
        """As of any such filter; of all projects their numbers tell it."""
        if not self.parent.is_of_all:
            return super().among(rows)
        today = self.parent.shown.get("status", {})
        if not self.parent.figures.known.is_past:
            return today
        # Of a past day none is left out that is there now: too many are not looked at.
        return None if sum(today.values()) > LOOKED_AT else super().among(rows)

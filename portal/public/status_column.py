"""A project's status in a list, said to be only as stated where its money does not bear it out."""

from collections.abc import Sequence
from typing import Any

from django.utils.safestring import mark_safe

from portal.kit.tables.cells import Cell
from portal.kit.tables.columns import ChoiceColumn
from projects.models import Status


class StatusColumn(ChoiceColumn):
    """Of rows that carry the figures of `finance.figures.listed`."""

    def __init__(self, verbose_name: Any = None, **options: Any):
        super().__init__(verbose_name, choices=Status, marks=Status.marks(), **options)

    def values(self, records: Sequence[Any]) -> list[str | None]:
        return list(map(self._told, records))

    def _told(self, record: Any) -> str | None:
        raw = self.raw(record)
        if not raw:
            return None
        is_paid = any(
            getattr(record, name)
            for name in ("transfer", "transfer_left_out", "expenditure", "expenditure_left_out")
        )
        return Status(raw).as_told(is_paid=is_paid)

    def cell(self, record: Any) -> Cell:
        label = self._told(record)
        if label is None:
            return super().cell(record)
        return Cell(mark_safe(self.badge(self.raw(record), label)), self.css)  # noqa: S308 – escaped

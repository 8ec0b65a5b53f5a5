"""What lists of projects have in common; a status is said to be only as stated where the money does
not bear it out."""

from collections.abc import Sequence
from typing import Any

from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from portal.kit.tables.base import Table
from portal.kit.tables.cells import Cell
from portal.kit.tables.columns import ChoiceColumn, IdentifierColumn, LinkColumn, TextColumn
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


class FundColumn(LinkColumn):
    """The fund of a project; rows of a past day are sorted by the fund of then."""

    def bind(self, table: Any, name: str) -> None:
        super().bind(table, name)
        self.is_of_then = table.data.can_sort_by("fund_name_then")

    def sort_paths(self) -> list[str]:
        return ["fund_name_then"] if self.is_of_then else super().sort_paths()


class ProjectColumns(Table):
    """Which project it is, of which fund, and at which stage."""

    wide = True
    number = IdentifierColumn(
        verbose_name=_("Project number"),
        term="project-number",
        definition=_("Text; leading zeros matter."),
        link=True,
    )
    title_ = TextColumn(
        accessor="title_then",
        order_by="sort_name",
        verbose_name=_("Title"),
        definition=_("Title of the project."),
        language="language",
        link=True,
        css="name",
    )
    fund = FundColumn(
        order_by="fund__sort_name",
        verbose_name=_("Fund"),
        term="fund",
        definition=_("The fund that pays for it."),
        css="names",
    )
    status = StatusColumn(
        accessor="status_then",
        verbose_name=_("Status"),
        term="on-going",
        definition=_("Stage in the project’s life."),
    )

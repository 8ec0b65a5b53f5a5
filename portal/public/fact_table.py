"""The facts and key figures of a factsheet as tables, for its files."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from operator import attrgetter

from django.utils.translation import gettext_lazy as _

from finance.figures.catalogue import FIGURES, Figure, Unit
from finance.figures.sums import Totals
from finance.reports.key_facts import SHOWN
from portal.kit.tables.base import Table
from portal.kit.tables.columns import MoneyColumn, PercentColumn, TextColumn
from portal.kit.tables.parts import NO_PARTS, Parts
from portal.public.project_facts import facts_panel
from portal.public.project_page import ProjectPage


@dataclass(frozen=True, slots=True)
class Fact:
    """What is known of the project under one heading."""

    label: str
    value: str
    note: str = ""


class FactTable(Table):
    """What the page says above its tables."""

    title = sheet = _("Facts")
    label = TextColumn(verbose_name=_("Fact"), definition=_("What it is about."), orderable=False)
    value = TextColumn(verbose_name=_("Value"), definition=_("As on the page."), orderable=False)
    note = TextColumn(
        verbose_name=_("Note"), definition=_("What is to be known of it."), orderable=False
    )


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """One of the figures above the tables, to the cent."""

    figure: Figure
    totals: Totals

    @property
    def label(self) -> str:
        """Its name, as everywhere."""
        return str(self.figure.label)

    @property
    def _is_rate(self) -> bool:
        return self.figure.unit is Unit.PERCENT

    @property
    def amount(self) -> Decimal | None:
        """In the base currency; None where it is a rate or not known."""
        return None if self._is_rate else self.totals.told(self.figure.key)

    @property
    def amount_parts(self) -> Parts:
        """What the amount holds of a state or leaves out."""
        return NO_PARTS if self._is_rate else self.totals.parts(self.figure.key)

    @property
    def rate(self) -> Decimal | None:
        """In percent; None where it is an amount or not known."""
        return self.totals.told(self.figure.key) if self._is_rate else None

    @property
    def rate_parts(self) -> Parts:
        """What the rate leaves out."""
        return self.totals.parts(self.figure.key) if self._is_rate else NO_PARTS


class KeyFigureTable(Table):
    """The key figures, with what they hold of which state."""

    title = sheet = _("At a glance")
    label = TextColumn(verbose_name=_("Figure"), definition=_("What is summed."), orderable=False)
    amount = MoneyColumn(
        verbose_name=_("Amount"),
        definition=_("Sum of the records, in the base currency."),
        parts=attrgetter("amount_parts"), interim=True, orderable=False,
    )  # fmt: skip
    rate = PercentColumn(
        verbose_name=_("Rate"),
        definition=_("Of a figure that is a rate."),
        parts=attrgetter("rate_parts"), orderable=False,
    )  # fmt: skip


def key_figure_table(page: ProjectPage) -> KeyFigureTable:
    """The key figures of the page, in its order."""
    totals = page.money.totals
    return KeyFigureTable([KeyFigure(FIGURES[key], totals) for key in SHOWN], id="glance")


def fact_table(page: ProjectPage) -> FactTable:
    """The facts of the page, in its order."""
    return FactTable(list(_facts(page)), id="facts")


def _facts(page: ProjectPage) -> Iterator[Fact]:
    yield Fact(str(_("Title")), page.project.title)
    for fact in facts_panel(page)["facts"]:
        parts = [str(part["text"]) for part in fact.get("parts", ())]
        value = "; ".join(parts) if parts else str(fact.get("value", ""))
        yield Fact(str(fact["label"]), value, str(fact.get("note", "")))

"""The facts of a factsheet as a table, for its files."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from portal.kit.tables.base import Table
from portal.kit.tables.columns import TextColumn
from portal.public.factsheet import glance_panel
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


def fact_table(page: ProjectPage) -> FactTable:
    """The facts and key facts of the page, in its order."""
    return FactTable(list(_facts(page)), id="facts")


def _facts(page: ProjectPage) -> Iterator[Fact]:
    yield Fact(str(_("Title")), page.project.title)
    for fact in facts_panel(page)["facts"]:
        parts = [str(part["text"]) for part in fact.get("parts", ())]
        value = "; ".join(parts) if parts else str(fact.get("value", ""))
        yield Fact(str(fact["label"]), value, str(fact.get("note", "")))
    for fact in glance_panel(page)["key_facts"]:
        beside = [str(part) for part in (*fact["states"], fact["unconverted"]) if part]
        yield Fact(str(fact["label"]), str(fact["value"]), "; ".join(beside))

"""Terms of the glossary, from people to dates; {names} in braces are the office's settings."""

from dataclasses import dataclass
from typing import Any

from django.utils.functional import lazy
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from projects.models import Status
from projects.models.dates import END_MEANING, START_MEANING


@dataclass(frozen=True)
class Term:
    """A word that pages use, what it means, and the formula if it is a figure."""

    anchor: str
    name: Any
    definition: Any
    formula: Any = ""
    see: tuple[str, ...] = ()


PEOPLE = (
    Term(
        "fund",
        _("Fund"),
        _("Money of several contributors, held together for one purpose and paid out to projects."),
        see=("contributor", "steering-committee"),
    ),
    Term(
        "project",
        _("Project"),
        _("One undertaking that a fund pays for, carried out by one organization or by several."),
        see=("project-number", "participating-organization"),
    ),
    Term(
        "administrative-agent",
        _("Administrative Agent (AA)"),
        _(
            "The office that receives a fund’s money, keeps it, passes it on and reports on it. "
            "It does not choose the projects. Here this is {office}."
        ),
        see=("aa-fee", "steering-committee"),
    ),
    Term(
        "contributor",
        _("Contributor"),
        _(
            "Whoever pays into a fund: a government, agency, foundation, company, non-governmental "
            "organization or another fund. Individuals are shown only as a sum."
        ),
        see=("commitment", "deposit", "contributor-share"),
    ),
    Term(
        "contributor-share",
        _("Contributor’s share"),
        _(
            "What one contributor paid, set against all that was paid into the same fund. It is "
            "notional: money in a pooled fund cannot be followed from one contributor to one "
            "project."
        ),
        _("own deposits ÷ all deposits of the fund to date"),
    ),
    Term(
        "participating-organization",
        _("Participating organization"),
        _(
            "An organization that receives money straight from the Administrative Agent and "
            "answers for it under its own financial rules."
        ),
        see=("implementing-partner", "indirect-cost"),
    ),
    Term(
        "implementing-partner",
        _("Implementing partner"),
        _(
            "An organization that carries out part of a project for a participating organization. "
            "It receives no money straight from the fund."
        ),
        see=("participating-organization",),
    ),
    Term(
        "steering-committee",
        _("Steering Committee"),
        _("The body that decides which projects a fund pays for, and how much. Nobody else does."),
        see=("approved-budget",),
    ),
    Term(
        "portfolio-manager",
        _("Portfolio Manager"),
        _("The officer of the Administrative Agent who looks after a fund and its projects."),
        see=("administrative-agent",),
    ),
    Term(
        "gateway-user",
        _("Gateway user"),
        _("A named person who may upload and maintain the documents of certain projects or funds."),
    ),
)

IDENTIFIERS = (
    Term(
        "project-number",
        _("Project number"),
        _(
            "What tells a project from all others. It is a text: leading zeros and letters belong "
            "to it."
        ),
        see=("award-number",),
    ),
    Term(
        "award-number",
        _("Award number"),
        _("The number under which a participating organization keeps the project in its books."),
        see=("project-number",),
    ),
    Term(
        "ledger-label",
        _("Label in the ledger"),
        _(
            "The short name of a project or theme in the accounts. It may be cut off, and may name "
            "organizations that no longer take part."
        ),
    ),
    Term("theme", _("Theme"), _("What a project is about, in the fund’s own grouping.")),
    Term(
        "country-share",
        _("Country share"),
        _(
            "The part of a project that its publisher states for a country; only that part counts "
            "in the country’s totals. Of a project in several countries, what no share is stated "
            "for stands under “several countries”."
        ),
        _("figure of the project × stated share"),
    ),
)


def _stage(status: Status) -> Term:
    """The term of a status, in the words of factsheets."""
    stage = status.stage
    definition = lazy(lambda: f"{capfirst(str(stage.meaning))} {stage.glossary}".strip(), str)()
    return Term(status.value, status.label, definition, see=stage.see)


STATUS = (
    Term(
        "status",
        _("Project status"),
        _(
            "How far a project has come. If several organizations take part, the one that is least "
            "far decides."
        ),
        see=("on-going", "operationally-closed", "financially-closed"),
    ),
    *map(_stage, Status),
    Term(
        "report-state",
        _("State of a report"),
        _(
            "Received, on the day it arrived; due; extended to a later day; late from the day "
            "after; missing when it has been late for long; exempt where none is asked for. Late "
            "reports stay marked with the days that they were late."
        ),
        see=("certified", "interim"),
    ),
    Term(
        "start-date",
        _("Start date"),
        START_MEANING,
        see=("transfer",),
    ),
    Term(
        "end-date",
        _("End date"),
        END_MEANING,
        see=("extension", "original-end-date"),
    ),
    Term("original-end-date", _("Original end date"), _("The end as it was first approved.")),
    Term(
        "extension",
        _("Extension"),
        _("An approved change of the end date. Old end, new end and day of approval are kept."),
        see=("end-date",),
    ),
)

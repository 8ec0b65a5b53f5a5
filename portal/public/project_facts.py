"""The facts of a factsheet: two columns with footnotes, and what its status means."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.kit.formatting import apart, day
from portal.public.project_page import ProjectPage
from projects.models import Project, Status
from projects.models.dates import END_MEANING, START_MEANING
from projects.project_panels import extension_notes, organization_parts, other_parts, place_parts

NOT_KNOWN = gettext_lazy("today’s; what it was then is not known")


def status_label(page: ProjectPage) -> str:
    """The status, as far as the records of money bear it out."""
    return Status(page.project.status).as_told(is_paid=page.money.is_paid)


def status_words(page: ProjectPage) -> str:
    """What the status means, as the rest of a sentence, as far as the records do not deny it."""
    status = page.project.status
    if status == Status.PIPELINE and page.money.first_transfer:
        return _("yet money has been transferred.")
    if status == Status.PIPELINE and page.money.is_paid:
        return _("yet spending is reported.")
    if status == Status.ON_GOING and page.facts.end and page.facts.end < page.known.day:
        return _("the status as stated; yet its end date has passed.")
    start = page.facts.stated_start
    if status == Status.ON_GOING and not page.money.is_paid and start and start > page.known.day:
        return _("the status as stated; yet it is to start on %(day)s.") % {"day": day(start)}
    if status == Status.FINANCIALLY_CLOSED and any(part.open for part in page.closure):
        return _("the status as stated; yet not all steps of closure are done.")
    if status == Status.FINANCIALLY_CLOSED and not page.closure:
        return _("the status as stated by the source.")
    if status == Status.FINANCIALLY_CLOSED and not all(part.is_settled for part in page.closure):
        return _("no step of its closure is open; not all of them were asked for.")
    if status == Status.CANCELLED and page.money.is_spent:
        return _("it is not carried out any further.")
    return page.project.status_meaning


def facts_panel(page: ProjectPage) -> dict[str, Any]:
    """The two columns of facts, with footnotes that exist."""
    project = page.project
    start = page.money.first_transfer
    facts: list[dict[str, Any]] = [
        {"label": _("Project ID"), "term": "project-number", "value": project.number},
        {"label": _("Ledger label"), "term": "ledger-label", "value": project.ledger_label},
        {
            "label": _("Fund"),
            "term": "fund",
            "parts": [{"text": project.fund.name, "url": project.fund.get_absolute_url()}],
        },
        {
            "label": _("Theme"),
            "term": "theme",
            "value": str(project.theme or ""),
            "note": _cut_label(project),
        },
        {
            "label": _("Start date"),
            "term": "start-date",
            "footnote": {"id": "start", "mark": "*"},
            "value": _day(start or project.start_as_stated),
            "note": "" if start else _start_note(page),
        },
        {
            "label": _("End date"),
            "term": "end-date",
            "footnote": {"id": "end", "mark": "†"},
            "value": _day(page.facts.end or project.stated_end or project.original_end),
            "note": "; ".join(extension_notes(page.facts)) or _end_note(page),
        },
        {
            "label": _("Original end date"),
            "term": "original-end-date",
            "value": _day(project.original_end),
        },
        {"label": _("Country"), "parts": place_parts(page.facts)},
        {
            "label": _("Project status"),
            "term": str(project.status),
            "value": status_label(page),
            "note": _status_note(page),
        },
        {
            "label": _("Participating organizations"),
            "term": "participating-organization",
            "parts": organization_parts(page.facts),
        },
    ]
    others = other_parts(page.facts)
    if others:
        facts.append({"label": _("Also taking part"), "parts": others})
    return {
        "facts": [f for f in facts if f.get("value") != "" or "parts" in f],
        "footnotes": _feet(),
    }


def _start_note(page: ProjectPage) -> str:
    is_stated = page.project.start_as_stated is not None
    if page.facts.is_of_then:
        if is_stated:
            return _("as planned or stated; no transfer is recorded")
        return _("no transfer is recorded")
    if is_stated:
        return _("as planned or stated today; no transfer was known then")
    return _("no transfer was known then")


def _end_note(page: ProjectPage) -> str:
    stated = page.project.stated_end or page.project.original_end
    return str(NOT_KNOWN) if stated and not page.facts.end else ""


def _status_note(page: ProjectPage) -> str:
    if not page.facts.status:
        return str(NOT_KNOWN)
    on = page.project.status_on
    return _("set on %(day)s") % {"day": day(on)} if on else ""


def _cut_label(project: Project) -> str:
    theme = project.theme
    if theme and theme.ledger_label and theme.ledger_label != theme.name:
        return _("in the ledger cut to “%(label)s”") % {"label": apart(theme.ledger_label)}
    return ""


def _day(value: date | None) -> str:
    return day(value) if value else _("not stated")


def _feet() -> list[dict[str, str]]:
    return [
        {
            "id": "start",
            "mark": "*",
            "text": str(START_MEANING),
        },
        {
            "id": "end",
            "mark": "†",
            "text": str(END_MEANING),
        },
    ]

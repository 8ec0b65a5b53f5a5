"""The project factsheet: the list of its panels, and what stands above them."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from documents.document_panels import documents_panel, gateway_users
from finance.figures.catalogue import FIGURES
from finance.models.figures import Measure
from finance.reports.key_facts import key_facts
from finance.reports.left_out import came_back, left_out, told
from finance.reports.other_flows import other_flows_panel
from finance.reports.project_panels import (
    changes_panel,
    key_figures_panel,
    vouchers_panel,
)
from finance.reports.reconciliation import reconciliation_panel
from portal.closure.closure_panels import closure_panel, revisions_panel
from portal.kit.formatting import day, percent
from portal.kit.panels import Panel
from portal.kit.tables.parts import left_out_note
from portal.kit.text import fold
from portal.public import hints
from portal.public.notes import open_matters, other_notes
from portal.public.project_page import ProjectPage
from portal.reporting.due_pages import reports_panel
from projects.models import Project, Status
from projects.models.dates import END_MEANING, START_MEANING
from projects.project_panels import (
    about_panel,
    contact_cards,
    extension_notes,
    family_panel,
    organization_parts,
    other_parts,
    place_parts,
)

MOST_NAMED = 4
NOT_KNOWN = gettext_lazy("today’s; what it was then is not known")


def glance_panel(page: ProjectPage) -> dict[str, Any]:
    """Key facts, and time elapsed against money spent."""
    totals = page.money.totals
    return {
        "key_facts": key_facts(totals, page.money.page),
        "progress": _progress(page),
        "lead": opening(page),
        "open_matters": open_matters(page),
        "unconverted": left_out_note(totals.unconverted_on_the_way),
    }


def _progress(page: ProjectPage) -> list[dict[str, Any]]:
    """Two bars: the share of the time up to the last reported period, and of the money."""
    totals = page.money.totals
    rate = totals.delivery_rate
    if rate is None:
        return []
    start = page.money.first_transfer or page.facts.stated_start
    end, spent_until = page.facts.end, page.money.spent_until
    if not start or not end or end <= start or not spent_until:
        return []
    reported = min(spent_until, end)
    elapsed = Decimal(max((reported - start).days, 0) * 100) / (end - start).days
    return [
        {
            "label": FIGURES["time_elapsed"].label,
            "percent": _cut(elapsed),
            "text": _("%(percent)s up to %(day)s, the last reported period")
            % {"percent": percent(elapsed), "day": day(reported)},
        },
        {
            "label": FIGURES["delivery_rate"].label,
            "percent": _cut(rate),
            "text": _("%(percent)s of the net funded amount") % {"percent": percent(rate)},
            "class": "bar-warm" if rate > 100 else "bar-a",
        },
    ]


def _cut(value: Decimal) -> Decimal:
    return round(min(max(value, Decimal(0)), Decimal(100)), 1)


def opening(page: ProjectPage) -> list[str]:
    """The factsheet's first sentences, in plain words."""
    totals = page.money.totals
    if not totals.records:
        if page.known.is_past:
            return [_("Nothing had been published about this project’s money by that date.")]
        return [_("No money has been recorded for this project yet.")]
    sentences = []
    beside = left_out(page.money)
    start = page.money.first_transfer
    if start:
        sentences.append(
            _("Since %(start)s the fund passed %(amount)s to %(who)s.")
            % {
                "start": day(start),
                "amount": told("transfer", totals, beside),
                "who": _named(page, Measure.TRANSFER) or _("the organizations that carry it out"),
            }
        )
    else:
        sentences.append(_("No transfer to the organizations has been recorded yet."))
    if totals.has("expenditure") and page.money.spent_until:
        text = _("%(spent)s is reported as spent up to %(day)s; the fund office has not audited "
                 "this.")  # fmt: skip
        if start and _who(page, Measure.EXPENDITURE) <= _who(page, Measure.TRANSFER):
            text = _(
                "They report %(spent)s spent up to %(day)s; the fund office has not audited this."
            )
        spent = told("expenditure", totals, beside)
        sentences.append(text % {"spent": spent, "day": day(page.money.spent_until)})
    if returned := came_back(page.money):
        sentences.append(returned)
    return sentences


def _who(page: ProjectPage, measure: Measure) -> set[int | None]:
    """Whom these amounts name; None among them for nobody."""
    return {f.organization_id for f in page.money.figures if f.measure == measure}


def _named(page: ProjectPage, measure: Measure) -> str:
    """Names of those whose amounts these are, some and the number of the others; "" where any
    amount names nobody and the project has not one participant alone."""
    parts = page.facts.participating if page.facts.is_of_then else []
    short = {p.organization_id: p.organization.short_name or p.organization.name for p in parts}
    names = {
        f.organization_id: short.get(f.organization_id) or f.organization
        for f in page.money.figures
        if f.measure == measure
    }
    if None in names:
        others = {pk for pk in names if pk} | set(short)
        return next(iter(short.values())) if len(others) == 1 == len(short) else ""
    listed = sorted(names.values(), key=fold)
    if (more := len(listed) - MOST_NAMED) > 1:
        rest = ngettext("%(count)s other", "%(count)s others", more) % {"count": more}
        listed = [*listed[:MOST_NAMED], rest]
    return ", ".join(listed)


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
    if status == Status.FINANCIALLY_CLOSED and any(part.open for part in page.closure):
        return _("the status as stated; yet not all steps of closure are done.")
    if status == Status.FINANCIALLY_CLOSED and not page.project.fund.follows_rules:
        return _("the status as stated by the source.")
    if status == Status.CANCELLED and page.money.totals.expenditure:
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
    if page.facts.is_of_then:
        return _("as planned or stated; no transfer yet")
    return _("as planned or stated today; no transfer was known then")


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
        return _("in the ledger cut to “%(label)s”") % {"label": theme.ledger_label}
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


def contacts_panel(project: Project) -> dict[str, Any]:
    """Offices, and the persons with access rights."""
    return {
        "contacts": contact_cards(project),
        "gateway_users": gateway_users(project),
        "form": f"{reverse('feedback')}?{urlencode({'page': project.get_absolute_url()})}",
    }


def notes_panel(page: ProjectPage) -> dict[str, Any] | None:
    """Data-quality notes, on the record itself."""
    notes = other_notes(page)
    return {"notes": notes} if notes else None


PANELS = (
    Panel("glance", gettext_lazy("At a glance"), "factsheet/glance.html", glance_panel),
    Panel("facts", gettext_lazy("Facts"), "factsheet/facts.html", facts_panel),
    Panel(
        "about",
        gettext_lazy("About"),
        "factsheet/about.html",
        lambda page: about_panel(page.project),
    ),
    Panel(
        "figures",
        gettext_lazy("Key figures"),
        "factsheet/key_figures.html",
        lambda page: key_figures_panel(page.money, page.asked, page.office),
    ),
    Panel(
        "reconciliation",
        gettext_lazy("Reconciliation"),
        "factsheet/reconciliation.html",
        lambda page: reconciliation_panel(page.facts, page.money, page.office.waived_balance),
    ),
    Panel(
        "documents",
        gettext_lazy("Recent documents"),
        "factsheet/documents.html",
        lambda page: documents_panel(page.project, page.known),
        folded=True,
        hint=hints.documents_hint,
    ),
    Panel(
        "family",
        gettext_lazy("Related projects"),
        "factsheet/family.html",
        lambda page: family_panel(page.project),
    ),
    Panel(
        "reports",
        gettext_lazy("Reports due"),
        "factsheet/reports.html",
        lambda page: reports_panel(page.project, page.reports),
        folded=True,
        hint=hints.reports_hint,
    ),
    Panel(
        "closure",
        gettext_lazy("Closure"),
        "factsheet/closure.html",
        lambda page: closure_panel(page.facts, page.closure),
        folded=True,
    ),
    Panel(
        "revisions",
        gettext_lazy("Revisions and extensions"),
        "factsheet/revisions.html",
        lambda page: revisions_panel(page.project, page.revisions),
        folded=True,
        hint=hints.revisions_hint,
    ),
    Panel(
        "vouchers",
        gettext_lazy("Latest vouchers"),
        "factsheet/vouchers.html",
        lambda page: vouchers_panel(page.money),
        folded=True,
        hint=hints.vouchers_hint,
    ),
    Panel(
        "other-flows",
        gettext_lazy("Other flows"),
        "factsheet/other_flows.html",
        lambda page: other_flows_panel(page.money),
        folded=True,
    ),
    Panel(
        "changes",
        gettext_lazy("What changed"),
        "factsheet/changes.html",
        lambda page: changes_panel(page.project, page.known),
        folded=True,
    ),
    Panel(
        "contacts",
        gettext_lazy("Contacts"),
        "factsheet/contacts.html",
        lambda page: contacts_panel(page.project),
        folded=True,
    ),
    Panel(
        "notes",
        gettext_lazy("Data notes"),
        "factsheet/notes.html",
        notes_panel,
        folded=True,
    ),
)


def drawn_panels(page: ProjectPage) -> list[dict[str, Any]]:
    """All panels that have something to show, in order."""
    drawn = (panel.drawn(page) for panel in PANELS)
    return [panel for panel in drawn if panel is not None]

"""The project factsheet: the list of its panels, and what stands above them."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from documents.document_panels import documents_panel, gateway_users
from finance.figures.sums import Totals, total
from finance.models.figures import Measure
from finance.reports.key_facts import key_facts
from finance.reports.project_panels import (
    changes_panel,
    first_transfer,
    key_figures_panel,
    project_figures,
    vouchers_panel,
)
from finance.reports.reconciliation import reconciliation_panel
from portal.closure.closure_panels import closure_panel, revisions_panel
from portal.kit.currency import told_in_base
from portal.kit.formatting import day, money, percent
from portal.kit.panels import Ask, Panel
from portal.public.notes import data_notes
from portal.reporting.due_pages import reports_panel
from projects.models import Project, Status
from projects.project_panels import (
    about_panel,
    contact_cards,
    end_date,
    extension_notes,
    family_panel,
    organization_parts,
    other_parts,
    participating,
    place_parts,
)

CLOSED = frozenset({Status.OPERATIONALLY_CLOSED, Status.FINANCIALLY_CLOSED, Status.CLOSED})


def totals_of(project: Project, ask: Ask) -> Totals:
    """The project's totals, in US$."""
    return ask.once("totals", lambda: total(project_figures(project, ask)))


def glance_panel(project: Project, ask: Ask) -> dict[str, Any]:
    """Key facts, and time elapsed against money spent."""
    totals = totals_of(project, ask)
    return {
        "key_facts": key_facts(totals, project.get_absolute_url(), marks=True),
        "progress": _progress(project, ask, totals),
        "lead": opening(project, ask, totals),
        "unconverted": totals.unconverted,
    }


def _progress(project: Project, ask: Ask, totals: Totals) -> list[dict[str, Any]]:
    """Two bars: the share of the time up to the last reported period, and of the money."""
    start = first_transfer(project, ask) or project.stated_start or project.planned_start
    end = end_date(project, ask)
    spent = [f for f in project_figures(project, ask) if f.measure == Measure.EXPENDITURE]
    rate = totals.delivery_rate
    if not start or not end or end <= start or not spent or rate is None:
        return []
    reported = min(max(f.until for f in spent), end)
    elapsed = Decimal(max((reported - start).days, 0) * 100) / (end - start).days
    return [
        {
            "label": _("Time elapsed"),
            "percent": _cut(elapsed),
            "text": _("%(percent)s up to %(day)s, the last reported period")
            % {"percent": percent(elapsed), "day": day(reported)},
        },
        {
            "label": _("Money spent"),
            "percent": _cut(rate),
            "text": _("%(percent)s of the net funded amount") % {"percent": percent(rate)},
            "class": "bar-warm" if rate > 100 else "bar-a",
        },
    ]


def _cut(value: Decimal) -> Decimal:
    return round(min(max(value, Decimal(0)), Decimal(100)), 1)


def opening(project: Project, ask: Ask, totals: Totals) -> list[str]:
    """The factsheet's first sentences, in plain words."""
    names = [p.organization.short_name or p.organization.name for p in participating(project, ask)]
    who = ", ".join(names[:4]) if names else _("the organizations that carry it out")
    if not totals.records:
        if ask.is_past:
            return [_("No money of this project was known then.")]
        return [_("No money has been recorded for this project yet.")]
    sentences = []
    start = first_transfer(project, ask)
    if totals.transfer and start:
        sentences.append(
            told_in_base(
                _("Since %(start)s the fund passed %(currency)s %(amount)s to %(who)s."),
                start=day(start),
                amount=money(totals.transfer),
                who=who,
            )
        )
    else:
        sentences.append(_("No transfer to the organizations has been recorded yet."))
    if totals.expenditure:
        until = max(
            f.until for f in project_figures(project, ask) if f.measure == Measure.EXPENDITURE
        )
        sentences.append(
            told_in_base(
                _(
                    "They report %(currency)s %(spent)s spent up to %(day)s; "
                    "the fund office has not audited this."
                ),
                spent=money(totals.expenditure),
                day=day(until),
            )
        )
    if totals.refund:
        sentences.append(
            told_in_base(_("%(currency)s %(amount)s came back."), amount=money(totals.refund))
        )
    return sentences


def facts_panel(project: Project, ask: Ask) -> dict[str, Any]:
    """The two columns of facts, with footnotes that exist."""
    start = first_transfer(project, ask)
    end = end_date(project, ask)
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
            "value": _day(start or project.stated_start or project.planned_start),
            "note": "" if start else _("as planned or stated; no transfer yet"),
        },
        {
            "label": _("End date"),
            "term": "end-date",
            "footnote": {"id": "end", "mark": "†"},
            "value": _day(end),
            "note": "; ".join(extension_notes(project, ask)),
        },
        {
            "label": _("Original end date"),
            "term": "original-end-date",
            "value": _day(project.original_end),
        },
        {"label": _("Country"), "parts": place_parts(project, ask)},
        {
            "label": _("Project status"),
            "term": str(project.status),
            "value": project.get_status_display(),
            "note": _("set on %(day)s") % {"day": day(project.status_on)}
            if project.status_on
            else "",
        },
        {
            "label": _("Participating organizations"),
            "term": "participating-organization",
            "parts": organization_parts(project, ask),
        },
    ]
    others = other_parts(project, ask)
    if others:
        facts.append({"label": _("Also taking part"), "parts": others})
    return {
        "facts": [f for f in facts if f.get("value") != "" or "parts" in f],
        "footnotes": _feet(),
    }


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
            "text": _("The date of the first transfer from the fund office."),
        },
        {
            "id": "end",
            "mark": "†",
            "text": _("The last approved extension, or else the end date as first approved."),
        },
    ]


def contacts_panel(project: Project, ask: Ask) -> dict[str, Any]:
    """Offices, and the persons with access rights."""
    return {
        "contacts": contact_cards(project, ask),
        "gateway_users": gateway_users(project),
        "form": f"{reverse('feedback')}?{urlencode({'page': project.get_absolute_url()})}",
    }


def notes_panel(project: Project, ask: Ask) -> dict[str, Any] | None:
    """Data-quality notes, on the record itself."""
    notes = data_notes(project, ask, totals_of(project, ask))
    return {"notes": notes} if notes else None


Build = Callable[[Project, Ask], dict[str, Any] | None]

PANELS = (
    Panel("glance", gettext_lazy("At a glance"), "factsheet/glance.html", glance_panel),
    Panel("facts", gettext_lazy("Facts"), "factsheet/facts.html", facts_panel),
    Panel("about", gettext_lazy("About"), "factsheet/about.html", about_panel),
    Panel("family", gettext_lazy("Related projects"), "factsheet/family.html", family_panel),
    Panel(
        "documents", gettext_lazy("Recent documents"), "factsheet/documents.html", documents_panel
    ),
    Panel("figures", gettext_lazy("Key figures"), "factsheet/key_figures.html", key_figures_panel),
    Panel(
        "reconciliation",
        gettext_lazy("Reconciliation"),
        "factsheet/reconciliation.html",
        reconciliation_panel,
    ),
    Panel("vouchers", gettext_lazy("Latest vouchers"), "factsheet/vouchers.html", vouchers_panel),
    Panel("reports", gettext_lazy("Reports due"), "factsheet/reports.html", reports_panel),
    Panel("closure", gettext_lazy("Closure"), "factsheet/closure.html", closure_panel),
    Panel(
        "revisions",
        gettext_lazy("Revisions and extensions"),
        "factsheet/revisions.html",
        revisions_panel,
    ),
    Panel("changes", gettext_lazy("What changed"), "factsheet/changes.html", changes_panel),
    Panel("contacts", gettext_lazy("Contacts"), "factsheet/contacts.html", contacts_panel),
    Panel("notes", gettext_lazy("Data notes"), "factsheet/notes.html", notes_panel),
)


def drawn_panels(project: Project, ask: Ask) -> list[dict[str, Any]]:
    """All panels that have something to show, in order."""
    drawn = (panel.drawn(project, ask) for panel in PANELS)
    return [panel for panel in drawn if panel is not None]

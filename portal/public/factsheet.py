"""The project factsheet: the list of its panels, and what stands above them."""

from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from documents.document_panels import documents_panel, gateway_users
from finance.figures.catalogue import FIGURES
from finance.reports.below.sub_grant_panel import sub_grants_panel
from finance.reports.key_facts import key_facts
from finance.reports.other_flows import other_flows_panel
from finance.reports.project_panels import (
    changes_panel,
    key_figures_panel,
    vouchers_panel,
)
from finance.reports.reconciliation import reconciliation_panel
from portal.closure.closure_panels import closure_panel, revisions_panel
from portal.decisions.decision_panel import decisions_panel
from portal.iati.telling.panels import TOLD
from portal.kit.formatting import day, percent
from portal.kit.panels import Panel
from portal.kit.tables.parts import left_out_note
from portal.public import hints
from portal.public.notes import open_matters, other_notes
from portal.public.opening import opening
from portal.public.project_facts import facts_panel
from portal.public.project_page import ProjectPage
from portal.reporting.due_pages import reports_panel
from projects.project_panels import (
    about_panel,
    cards_of,
    family_panel,
)


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
    reported = min(spent_until, end, page.known.day)
    if reported < start:
        return []
    elapsed = Decimal((reported - start).days * 100) / (end - start).days
    text = _("%(percent)s up to %(day)s, the last reported period")
    if reported < spent_until:
        # The project ended within that period, or the period goes on.
        text = _("%(percent)s up to %(day)s, within the last reported period")
    return [
        {
            "label": FIGURES["time_elapsed"].label,
            "percent": _cut(elapsed),
            "text": text % {"percent": percent(elapsed), "day": day(reported)},
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


def contacts_panel(page: ProjectPage) -> dict[str, Any]:
    """Offices, and the persons with access rights."""
    url = page.project.get_absolute_url()
    return {
        "contacts": cards_of(page.contacts, url),
        "gateway_users": gateway_users(page.rights),
        "form": f"{reverse('feedback')}?{urlencode({'page': url})}",
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
        lambda page: key_figures_panel(page.money, page.asked, page.final_from),
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
        lambda page: documents_panel(page.project, page.documents),
        folded=True,
        hint=hints.documents_hint,
    ),
    *TOLD,
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
        "decisions",
        gettext_lazy("Who approved this"),
        "factsheet/decisions.html",
        lambda page: decisions_panel(page.project, page.known, page.decisions),
        folded=True,
        hint=hints.decisions_hint,
    ),
    Panel(
        "sub-grants",
        gettext_lazy("Passed on to implementing partners"),
        "factsheet/sub_grants.html",
        lambda page: sub_grants_panel(page.money, page.grants),
        folded=True,
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
        lambda page: other_flows_panel(page.project, page.flows),
        folded=True,
    ),
    Panel(
        "changes",
        gettext_lazy("What changed"),
        "factsheet/changes.html",
        lambda page: changes_panel(page.project, page.loads, page.known.until),
        folded=True,
    ),
    Panel(
        "contacts",
        gettext_lazy("Contacts"),
        "factsheet/contacts.html",
        contacts_panel,
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

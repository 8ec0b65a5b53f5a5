"""A project of these records, its page, and all that the page says in words."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.http import QueryDict

from finance.loading.lines import Line
from finance.models import BudgetLine, ExpenditureLine, ReportReceived, VoucherLine
from finance.reports.project_panels import vouchers_panel
from finance.reports.reconciliation import reconciliation_panel
from portal.closure.closure_panels import closure_panel
from portal.kit.dates import TODAY, Known, end_of
from portal.public import hints
from portal.public.factsheet import glance_panel
from portal.public.notes import data_notes
from portal.public.opening import opening
from portal.public.project_facts import facts_panel, status_label, status_words
from portal.public.project_page import ProjectPage
from projects.history import show_as_of
from projects.models import Extension, Fund, Office, Organization, Project, StatusChange
from tests.factories import (
    OrganizationFactory,
    ParticipationFactory,
    ProjectFactory,
    SourceFactory,
    booked,
    budget,
    expenditure,
    fund_cost,
    released,
    report,
    transfer,
)
from tests.portal.public.words.said import (
    APPROVED_ON,
    MOMENTS,
    PARTIES,
    WAIVED,
    Arrived,
    Said,
    World,
    known_by,
)


def made(w: World) -> Project:
    """The project with these records, said today."""
    project, parties = project_of(w)
    if lines := lines_of(w.stated, project, parties):
        released(*lines)
    return project


def project_of(w: World) -> tuple[Project, dict[str, Organization]]:
    """The project without records, and the organizations that they may name."""
    said = w.project
    project: Any = ProjectFactory(
        status=said.status,
        status_on=said.status_on,
        stated_start=said.start,
        original_end=said.end,
        fund__follows_rules=said.follows,
    )
    if said.logged_on:
        log = {"status": "operationally-closed", "set_on": said.logged_on}
        StatusChange.objects.create(project=project, **log)
    if said.extended:
        old = said.end or date(2019, 12, 31)
        days = {"old_end": old, "new_end": said.extended, "approved_on": APPROVED_ON}
        Extension.objects.create(project=project, **days)
    parties: Any = {
        code: OrganizationFactory(name=code, short_name=code) for code in PARTIES if code
    }
    for code in sorted(filter(None, w.parts)):
        ParticipationFactory(project=project, organization=parties[code])
    return project, parties


def lines_of(
    said: Iterable[Said], project: Project, parties: dict[str, Organization]
) -> list[Line]:
    """The records as a load says them."""
    other_fund, lines = Fund.objects.get_or_create(code="OTHER")[0], []
    for number, one in enumerate(said):
        own: dict[str, Any] = {"currency": one.currency, "description": str(number)}
        own["organization_id"] = parties[one.party].pk if one.party else None
        if one.kind == "budget":
            lines.append(budget(project, one.amount, one.day, **own))
        elif one.kind == "spent":
            lines.append(expenditure(project, one.amount, one.day.year, one.state, **own))
        else:
            sign = 1 if one.kind == "transfer" else -1
            own |= {"kind": one.kind, "voucher": f"V{number}"}
            if one.by_other_fund:
                own["drawn_on"] = other_fund.pk
            lines.append(transfer(project, one.amount * sign, one.day, **own))
    return lines


_MODELS = (BudgetLine, ExpenditureLine, ReportReceived, VoucherLine)


def made_in_two_loads(
    w: World, said: list[tuple[Said, str]], arrived: list[tuple[Arrived, str]]
) -> Project:
    """The project, of which two loads of one source said this, the later on a later day.

    Its fund had interest, which is no money of the project.
    """
    project, parties = project_of(w)
    interest = [fund_cost(project.fund, f"{whose}-interest", 7) for whose in ("fund", "po")]
    booked(*interest, moment=MOMENTS[0])
    source = SourceFactory()
    for moment in MOMENTS:
        then = moment.date()
        lines = lines_of(known_by(said, then), project, parties)
        lines += [
            report(project, parties[r.party], r.year, r.kind, received_on=r.day, exempt=not r.day)
            for r in known_by(arrived, then)
        ]
        released(
            *lines, source=source, models=_MODELS, projects=[project], moment=moment,
            received_at=moment,
        )  # fmt: skip
    return project


def page_of(project: Project, then: date | None = None) -> ProjectPage:
    """Its page, of today or as of a past day."""
    known = Known(end_of(then)) if then else TODAY
    project = Project.objects.get(pk=project.pk)
    show_as_of(project, known)
    return ProjectPage(project, known, Office.current(), QueryDict())


def sentences(page: ProjectPage) -> list[str]:
    """All that the factsheet says of it in words."""
    found = [*opening(page), *data_notes(page)]
    if page.project.is_status_known:
        found += [status_label(page), status_words(page)]
    strip = reconciliation_panel(page.facts, page.money, WAIVED)
    found += [remark["text"] for remark in strip["remarks"]] if strip else []
    if closure_panel(page.facts, page.closure):
        found += [item.text for part in page.closure for item in part.items.values()]
    found += [bar["text"] for bar in glance_panel(page)["progress"]]
    found.append(hints.vouchers_hint(vouchers_panel(page.money)))
    facts = {str(fact["label"]): fact for fact in facts_panel(page)["facts"]}
    for name, label in (("Start", "Start date"), ("End", "End date")):
        note = facts[label]["note"]
        found.append(f"{name}: {facts[label]['value']}" + (f" ({note})" if note else ""))
    return [re.sub(r"\s", " ", str(text)) for text in found]

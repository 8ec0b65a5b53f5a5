"""The first sentences of a factsheet: who got how much since when, and what became of it."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from finance.models.figures import Measure
from finance.reports.left_out import came_back, left_out, told
from portal.kit.formatting import day
from portal.kit.text import fold
from portal.public.project_page import ProjectPage

MOST_NAMED = 4


def opening(page: ProjectPage) -> list[str]:
    """The factsheet's first sentences, in plain words."""
    totals = page.money.totals
    if not totals.records:
        if page.known.until:
            text = _("Up to %(day)s no money is recorded of this project.")
            return [text % {"day": day(page.known.until)}]
        if page.known.is_past:
            return [_("Nothing had been published about this project’s money by that date.")]
        return [_("No money has been recorded for this project yet.")]
    return [text for text in (_passed_on(page), _spent(page), came_back(page.money)) if text]


def _passed_on(page: ProjectPage) -> str:
    start = page.money.first_transfer
    if not start:
        return _("No transfer to the organizations has been recorded yet.")
    text = _("Since %(start)s the fund passed %(amount)s to %(who)s.")
    if page.money.is_paid_by_others:
        text = _("Since %(start)s %(amount)s was passed to %(who)s.")
    if start > page.known.day:
        text = _("%(amount)s is recorded as passed to %(who)s, first on %(start)s: a day to come.")
    return text % {
        "start": day(start),
        "amount": told("transfer", page.money.totals, left_out(page.money)),
        "who": _named(page, Measure.TRANSFER) or _("the organizations that carry it out"),
    }


def _spent(page: ProjectPage) -> str:
    totals, until = page.money.totals, page.money.spent_until
    if not totals.has("expenditure") or not until:
        return ""
    # "They" are all that were paid.
    is_theirs = page.money.first_transfer and (
        _who(page, Measure.EXPENDITURE) == _who(page, Measure.TRANSFER)
    )
    spent = {"spent": told("expenditure", totals, left_out(page.money))}
    if until > page.known.day:
        # Of a period that goes on nobody can have reported all.
        text = _("%(spent)s is reported as spent, up to a day in %(year)s; the fund office has not "
                 "audited this.")  # fmt: skip
        if is_theirs:
            text = _("They report %(spent)s spent up to a day in %(year)s; the fund office has not "
                     "audited this.")  # fmt: skip
        return text % {**spent, "year": until.year}
    text = _("%(spent)s is reported as spent up to %(day)s; the fund office has not audited this.")
    if is_theirs:
        text = _("They report %(spent)s spent up to %(day)s; the fund office has not audited this.")
    return text % {**spent, "day": day(until)}


def _who(page: ProjectPage, measure: Measure) -> set[int | None]:
    """Whom these amounts name; None among them for nobody. A transfer of zero is none."""
    return {
        f.organization_id
        for f in page.money.figures
        if f.measure == measure and (f.base_amount or f.unconverted or measure != Measure.TRANSFER)
    }


def _named(page: ProjectPage, measure: Measure) -> str:
    """Names of those whose amounts these are, some and the number of the others; "" where any
    amount names nobody and the project has not one participant alone."""
    parts = page.facts.participating if page.facts.is_of_then else []
    short = {p.organization_id: p.organization.short_name or p.organization.name for p in parts}
    who = _who(page, measure)
    names = {
        f.organization_id: short.get(f.organization_id) or f.organization
        for f in page.money.figures
        if f.measure == measure and f.organization_id in who
    }
    if None in names:
        others = {pk for pk in names if pk} | set(short)
        return next(iter(short.values())) if len(others) == 1 == len(short) else ""
    listed = sorted(names.values(), key=fold)
    if (more := len(listed) - MOST_NAMED) > 1:
        rest = ngettext("%(count)s other", "%(count)s others", more) % {"count": more}
        listed = [*listed[:MOST_NAMED], rest]
    return ", ".join(listed)

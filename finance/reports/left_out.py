"""Amounts without a known rate of exchange: in no sum, but told in their own currency."""

from collections import defaultdict
from decimal import Decimal

from django.db.models import Sum
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from finance.figures.catalogue import OF_PROJECTS
from finance.figures.reading import project_entries
from finance.figures.sums import Totals
from finance.models.figures import Measure
from finance.reports.project_money import ProjectMoney
from portal.kit.currency import told_in_base
from portal.kit.formatting import amount, money

LeftOut = dict[str, list[str]]


def left_out(money: ProjectMoney) -> LeftOut:
    """What the project's sums leave out, by measure, in words; read only where there is any."""
    measures = [measure for measure, count in money.totals.left_out.items() if count]
    if not measures:
        return {}
    found: LeftOut = defaultdict(list)
    rows = (
        project_entries(money.known, measures, [money.project.pk])
        .exclude(unconverted=0)
        .order_by()
        .values_list("measure", "currency")
        .annotate(Sum("amount"), Sum("unconverted"))
        .exclude(unconverted__sum=0)
        .order_by("measure", "currency")
    )
    for measure, currency, total, _count in rows:
        # Refunds are stated as negative transfers and told as what came back.
        stated = abs(total) if measure == Measure.REFUND else total
        found[measure].append(amount(stated, currency))
    return found


def told(figure: str, totals: Totals, beside: LeftOut) -> str:
    """A figure with what is left out of it: "US$ 120, plus KRW 10,000 not converted"."""
    value: Decimal = getattr(totals, figure)
    sure = told_in_base("%(currency)s %(amount)s", amount=money(value))
    parts = totals.parts(figure)
    if not parts.unconverted:
        return sure
    measures = sorted(OF_PROJECTS[figure].measures.measures)
    named = get_text_list(
        [text for measure in measures for text in beside.get(measure, ())], _("and")
    )
    if parts.hide(value):
        return _("%(amounts)s (not converted)") % {"amounts": named}
    return _("%(sure)s, plus %(amounts)s not converted") % {"sure": sure, "amounts": named}


def came_back(money: ProjectMoney) -> str:
    """What was returned, in words; "" where nothing was."""
    totals = money.totals
    if not totals.refund and not totals.parts("refund"):
        return ""
    text = _("%(amount)s came back.")
    if totals.has_corrections:
        text = _("%(amount)s came back or was corrected.")
    return text % {"amount": told("refund", totals, left_out(money))}

"""What lists of projects show of those that are withheld: one nameless row, so that all adds up."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import ngettext

from finance.figures.sums import totals_of
from portal.kit.filters import described_filters
from portal.kit.tables.base import TotalRow
from portal.kit.views import TableView
from projects.models.projects import ProjectQuerySet

_SHOWN = ("approved", "net_funded", "expenditure", "delivery_rate")


def withheld_row(view: TableView, projects: ProjectQuerySet, figures: QuerySet) -> dict[str, Any]:
    """Options of a table of these projects; a filtered list speaks of what it shows only."""
    if described_filters(view.filterset):
        return {}
    withheld = projects.filter(withheld_on__isnull=False)
    if not (count := withheld.count()):
        return {}
    totals = totals_of(figures.filter(project__in=withheld))
    label = ngettext("One withheld project", "%(count)s withheld projects", count)
    values = {name: getattr(totals, name) for name in _SHOWN}
    parts = {name: totals.parts(name) for name in _SHOWN}
    return {"totals": [TotalRow(values, label=label % {"count": count}, parts=parts)]}

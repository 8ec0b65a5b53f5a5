"""What lists of projects show of those that are withheld: one nameless row, so that all adds up."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import ngettext

from finance.figures import totals_of
from portal.kit.filters import described_filters
from portal.kit.tables import TotalRow
from portal.kit.views import TableView
from projects.models.projects import ProjectQuerySet


def withheld_row(view: TableView, projects: ProjectQuerySet, figures: QuerySet) -> dict[str, Any]:
    """The option of a table of these projects; a filtered list speaks of what it shows only."""
    withheld = projects.filter(withheld_on__isnull=False)
    count = 0 if described_filters(view.filterset) else withheld.count()
    if not count:
        return {}
    totals = totals_of(figures.filter(project__in=withheld))
    label = ngettext("One withheld project", "%(count)s withheld projects", count)
    values = {
        "approved": totals.approved,
        "net_funded": totals.net_funded,
        "expenditure": totals.expenditure,
        "rate": totals.delivery_rate,
    }
    return {"totals": [TotalRow(values, label=label % {"count": count})]}

"""Other flows: what a source stated that has no place among the figures, such as a loan repaid."""

from collections.abc import Sequence
from typing import Any

from django.db import models
from django.db.models import Case, QuerySet, Value, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from finance.models import OtherFlow
from finance.reports.project_money import ProjectMoney
from portal.kit.currency import BASE_LABEL, in_base
from portal.kit.dates import Known
from portal.kit.tables.base import Table
from portal.kit.tables.columns import (
    AmountColumn,
    DateColumn,
    IdentifierColumn,
    MoneyColumn,
    TextColumn,
)
from projects.models import Fund, Project

# Types of transactions of IATI, by their code today and in files of version 1.
TYPES = {
    "5": _("Interest payment"),
    "6": _("Loan repayment"),
    "7": _("Reimbursement"),
    "8": _("Purchase of equity"),
    "9": _("Sale of equity"),
    "10": _("Credit guarantee"),
    "12": _("Outgoing pledge"),
}
_OF_VERSION_1 = {"IR": "5", "LR": "6", "R": "7", "QP": "8", "QS": "9", "CG": "10"}
TYPES |= {old: TYPES[new] for old, new in _OF_VERSION_1.items()}
SHOWN = 10


class OtherFlowTable(Table):
    """Other flows of one project."""

    title = _("Other flows")
    caption = _("Other flows")
    caption_hidden = True
    empty_text = _("No other flow is known.")
    date = DateColumn(verbose_name=_("Date"), definition=_("Day of the flow, as stated."))
    flow = TextColumn(
        accessor="type_label",
        verbose_name=_("Kind"),
        definition=_("What kind of flow it is, as its source says."),
    )
    organization = TextColumn(
        accessor="organization__name",
        order_by="organization__sort_name",
        verbose_name=_("Organization"),
        definition=_("Organization that received it, or else gave it, as stated."),
        css="name",
    )
    description = TextColumn(verbose_name=_("Description"), definition=_("As stated."))
    amount = AmountColumn(
        verbose_name=_("Amount as stated"), definition=_("In the currency of the source.")
    )
    base_amount = MoneyColumn(
        verbose_name=BASE_LABEL,
        term="base-currency",
        definition=in_base(_("Amount in %(currency)s. Empty where no rate is known.")),
        cents=True,
    )


class FundOtherFlowTable(OtherFlowTable):
    """Other flows of the projects of a fund."""

    project = IdentifierColumn(
        accessor="project__number",
        verbose_name=_("Project"),
        term="project-number",
        definition=_("Number of the project that it belongs to."),
        link=lambda flow: flow.project.get_absolute_url(),
    )

    class Meta:
        sequence = ("project", "...")


def _known(known: Known) -> QuerySet:
    labels = [When(flow_type=code, then=Value(str(label))) for code, label in TYPES.items()]
    flows = (
        OtherFlow.objects.known_at(known.as_of)
        .up_to(known.until)
        .annotate(type_label=Case(*labels, default="flow_type", output_field=models.CharField()))
    )
    return flows.select_related("organization").order_by("-date", "-pk")


def flows_of_project(money: ProjectMoney) -> QuerySet:
    """Those of the project, newest first."""
    return _known(money.known).filter(project=money.project)


def flows_of_fund(fund: Fund, known: Known) -> QuerySet:
    """Those of the fund's projects that are not withheld, newest first."""
    of_fund = _known(known).filter(project__fund=fund, project__withheld_on=None)
    return of_fund.select_related("organization", "project")


def newest_flows(money: ProjectMoney) -> QuerySet:
    """The newest of them, and one more where there are more."""
    return flows_of_project(money)[: SHOWN + 1]


def other_flows_panel(project: Project, flows: Sequence[OtherFlow]) -> dict[str, Any] | None:
    """The newest of them, where there are any."""
    if not flows:
        return None
    return {
        "table": OtherFlowTable(flows[:SHOWN], orderable=False, id="other-flow-table"),
        "more": len(flows) > SHOWN,
        "url": reverse("project-other-flows", args=[project.number]),
    }

"""What pages of funds and organizations show of decisions and of what was passed on."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from finance.figures.sums import ZERO
from finance.models import Decision, SubGrant
from finance.reports.below.passed_on import PassedOn, grants_url, known_grants
from portal.decisions.decision_tables import DecisionTable
from portal.decisions.reading import known_decisions, with_papers
from portal.kit.currency import told_in_base
from portal.kit.dates import Known
from portal.kit.formatting import day, money
from portal.kit.tables.parts import Parts
from projects.models import Fund, Organization

SHOWN = 5


def newest_of_fund(fund: Fund, known: Known) -> QuerySet[Decision]:
    """The newest decisions of a fund."""
    return known_decisions(known).filter(fund=fund)[:SHOWN]


def decisions_of_fund(
    fund: Fund, known: Known, decisions: Iterable[Decision]
) -> dict[str, Any] | None:
    """The newest decisions of a fund; None where none is recorded."""
    found = with_papers(decisions, known)
    if not found:
        return None
    return {
        "table": DecisionTable(
            found, id="decisions-table", orderable=False, exclude=("fund", "source")
        ),
        "hint": day(found[0].date),
        "url": f"{reverse('decision-list')}?{urlencode({'fund': fund.code})}",
    }


def passed_on_of_fund(
    fund: Fund, known: Known, net_funded: Any, parts: Parts
) -> dict[str, Any] | None:
    """What was passed on of the fund’s projects."""
    grants = known_grants(known).filter(project__fund=fund)
    return _section(PassedOn(grants, {"fund": fund.code}), net_funded, parts)


def passed_on_by(
    organization: Organization, known: Known, net_funded: Any, parts: Parts
) -> dict[str, Any] | None:
    """What a participating organization passed on."""
    grants = known_grants(known).filter(organization=organization)
    return _section(PassedOn(grants, {"organization": organization.code}), net_funded, parts)


def _section(passed_on: PassedOn, net_funded: Any, parts: Parts) -> dict[str, Any] | None:
    if not passed_on:
        return None
    count = passed_on.whole.partners
    return {
        "table": passed_on.table(),
        "share": passed_on.share_of(net_funded, parts),
        "hint": ngettext("one partner", "%(count)s partners", count) % {"count": count},
        "url": passed_on.whole.url,
    }


def received_fact(organization: Organization, known: Known) -> dict[str, Any] | None:
    """What an implementing partner received, as a fact of its page; None where nothing is."""
    grants: Any = known_grants(known).filter(partner=organization)
    sums = grants.order_by().aggregate(
        amount=Coalesce(Sum("base_amount"), ZERO),
        count=Count("pk"),
        left_out=Count("pk", filter=Q(base_amount=None)),
    )
    if not sums["count"]:
        return None
    parts = Parts(unconverted=sums["left_out"])
    text = told_in_base(_("received %(currency)s %(amount)s"), amount=money(sums["amount"]))
    if parts.hide(sums["amount"]):
        text = parts.words
    types = sorted(
        {
            str(SubGrant.PartnerType(code).label)
            for code in grants.order_by().values_list("partner_type", flat=True).distinct()
            if code
        }
    )
    return {
        "label": _("As an implementing partner"),
        "parts": [
            {
                "text": text,
                "url": grants_url(partner=organization.code),
                "note": "; ".join(filter(None, (", ".join(types), parts.words))),
            }
        ],
    }

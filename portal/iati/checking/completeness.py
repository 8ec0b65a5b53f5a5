"""How much of what readers look for activities have: a score of our own, explained part by part."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from lxml import etree

from portal.kit.text import Words

# What is asked of each activity, and how it is found there.
PARTS: dict[str, tuple[Words, str]] = {
    "title": (_("Title"), "title/narrative[string-length(.) > 5]"),
    "description": (_("Description"), "description/narrative[string-length(.) > 60]"),
    "status": (_("Status"), "activity-status[@code != '']"),
    "start": (_("Planned and actual start"), "activity-date[@type = '2']"),
    "end": (_("End, planned or actual"), "activity-date[@type = '3' or @type = '4']"),
    "accountable": (_("Who answers for it"), "participating-org[@role = '2']"),
    "implementing": (_("Who carries it out"), "participating-org[@role = '4']"),
    "refs": (_("Identifier of who carries it out"), "participating-org[@role = '4'][@ref]"),
    "place": (_("Country or region"), "*[self::recipient-country or self::recipient-region]"
        " | transaction/*[self::recipient-country or self::recipient-region]"),
    "location": (_("Locations within the country"), "location"),
    "sector": (
        _("Sector of the OECD’s list"),
        "sector[not(@vocabulary) or @vocabulary = '1' or @vocabulary = '2'][@code != '99810']"
        " | transaction/sector[@code != '99810']",
    ),
    "marker": (_("Policy markers"), "policy-marker"),
    "goal": (_("Sustainable development goals"), "tag[@vocabulary = '2' or @vocabulary = '3']"
        " | sector[@vocabulary = '7' or @vocabulary = '8']"),
    "flow": (_("Kind of flow, finance and aid"), "default-flow-type | default-aid-type"),
    "budget": (_("Budget"), "budget | transaction[transaction-type/@code = '2']"),
    "planned": (_("Planned disbursements"), "planned-disbursement"),
    "outgoing": (
        _("Payments or spending"),
        "transaction[transaction-type/@code = '3' or transaction-type/@code = '4']",
    ),
    "incoming": (
        _("Where the money comes from"),
        "transaction[transaction-type/@code = '1' or transaction-type/@code = '11']"
        " | participating-org[@role = '1']",
    ),
    "traced": (
        _("Activities of providers or receivers"),
        "transaction/provider-org[@provider-activity-id]"
        " | transaction/receiver-org[@receiver-activity-id] | related-activity",
    ),
    "contact": (_("Contact"), "contact-info"),
    "documents": (_("Documents"), "document-link"),
    "results": (_("Results with indicators"), "result/indicator"),
}  # fmt: skip
_WAYS = {name: etree.XPath(way) for name, (_label, way) in PARTS.items()}


@dataclass
class Completeness:
    """How many activities have each part."""

    activities: int = 0
    having: dict[str, int] = field(default_factory=lambda: dict.fromkeys(PARTS, 0))

    def add(self, activity: etree._Element) -> None:
        """One more activity."""
        self.activities += 1
        for name, way in _WAYS.items():
            self.having[name] += bool(way(activity))

    @property
    def score(self) -> Decimal | None:
        """The mean of the shares of all parts, in percent; None without activities."""
        if not self.activities:
            return None
        most = self.activities * len(PARTS)
        return Decimal(100) * sum(self.having.values()) / most

    def as_json(self) -> dict[str, Any]:
        """For keeping."""
        return {"activities": self.activities, "having": self.having}

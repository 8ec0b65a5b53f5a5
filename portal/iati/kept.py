"""What an IATI file says that has no column here, kept to be said again in ours.

Of a project it stands in its statement, under `iati`, which is emptied as soon as anything of the
project is withheld; of a record in its column `iati`, which has codes only. Neither names an
organization, a person or another project: what is withheld there would stay here.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from portal.iati.stated import (
    StatedActivity,
    StatedBudget,
    StatedCode,
    StatedDescription,
    StatedRegion,
    StatedSector,
    StatedTransaction,
)
from projects.models import Status

Kept = dict[str, Any]
DAC_REGIONS = frozenset({"", "1"})  # vocabularies whose regions are places here
REIMBURSEMENT = "7"
# Sides on which a record's organization may stand beside the usual one.
PROVIDER, RECEIVER, REPORTING = "provider", "receiver", "reporting"


def kept_of_activity(activity: StatedActivity) -> Kept:
    """What a project's own fields do not say."""
    regions = [region for region in activity.regions if region.vocabulary not in DAC_REGIONS]
    kept = {
        "updated": activity.last_updated.isoformat() if activity.last_updated else "",
        "hierarchy": activity.hierarchy,
        "humanitarian": activity.humanitarian,
        "currency": activity.default_currency,
        "language": activity.language,
        "status": "" if Status.of_iati(activity.status).stage.iati else activity.status,
        "reporting_ref": activity.reporting_org.ref,
        "reporting_type": activity.reporting_org.type,
        "titles": activity.titles,
        "descriptions": [[each.type, each.texts] for each in activity.descriptions],
        "sectors": [_code(sector) for sector in activity.sectors],
        "regions": [_code(region) for region in regions],
        "described": list(activity.described),
    }
    return {name: value for name, value in kept.items() if value not in (None, "", [], {})}


def _code(stated: StatedSector | StatedRegion) -> list[str | None]:
    share = stated.percentage
    return [
        stated.code,
        stated.vocabulary,
        stated.vocabulary_uri,
        None if share is None else format(share, "f"),
    ]


def descriptions_kept(kept: Kept) -> tuple[StatedDescription, ...]:
    """The descriptions as stated, with their types and languages."""
    return tuple(
        StatedDescription(type=kind, texts=texts) for kind, texts in kept.get("descriptions", ())
    )


def sectors_kept(kept: Kept) -> tuple[StatedSector, ...]:
    """The sectors as stated."""
    return tuple(StatedSector(**_coded(values)) for values in kept.get("sectors", ()))


def regions_kept(kept: Kept) -> tuple[StatedRegion, ...]:
    """The regions of vocabularies that are no places here."""
    return tuple(StatedRegion(**_coded(values)) for values in kept.get("regions", ()))


def _coded(values: list[Any]) -> Kept:
    code, vocabulary, uri, share = values
    return {
        "code": code,
        "vocabulary": vocabulary,
        "vocabulary_uri": uri,
        "percentage": None if share is None else Decimal(share),
    }


def kept_of_transaction(stated: StatedTransaction, party: str) -> Kept:
    """What a record's columns do not say: a reimbursement, whose its organization is.

    `party` tells the side that its organization stands on, where it is not the usual one.
    """
    kept = {
        "type": stated.type if stated.type == REIMBURSEMENT else "",
        "party": party,
        "humanitarian": stated.humanitarian,
        "sectors": [_code(sector) for sector in stated.sectors],
        "countries": [country.code for country in stated.countries],
        "regions": [_code(region) for region in stated.regions],
        "codes": [list(code) for code in stated.codes],
    }
    return {name: value for name, value in kept.items() if value not in (None, "", [])}


def codes_kept(kept: Kept) -> tuple[StatedCode, ...]:
    """A transaction's codes of channel, flow, finance, aid and tying."""
    return tuple(StatedCode(*values) for values in kept.get("codes", ()))


def kept_of_budget(stated: StatedBudget) -> Kept:
    """What a budget line's columns do not say."""
    kept = {"type": stated.type, "status": stated.status}
    return {name: value for name, value in kept.items() if value}

"""A comparison as pages show it: a row for each project and year, largest differences first."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy

from finance.figures.addresses import records_url
from portal.iati.comparing.matching import RECEIVED
from portal.kit.formatting import money
from portal.models import IatiComparison
from projects.models import Project

KINDS = {
    RECEIVED: gettext_lazy("Transfers received, less refunds"),
    "spent": gettext_lazy("Spending"),
}
_CENT = Decimal("0.01")


def shown(comparison: IatiComparison) -> dict[str, Any]:
    """What differs and what agrees; projects that are withheld since are left out."""
    found = comparison.found
    ids = {row[0] for row in found.get("rows", [])} | {int(pk) for pk in found.get("matched", {})}
    ids |= set(found.get("unmatched", []))
    projects = Project.objects.shown().in_bulk(ids)
    rows = [_row(row, projects[row[0]]) for row in found.get("rows", []) if row[0] in projects]
    differing = [row for row in rows if row["differs"]]
    return {
        "rows": sorted(differing, key=lambda row: -abs(row["difference"])),
        "agreeing": len(rows) - len(differing),
        "matched": [
            {"project": projects[int(pk)], "identifiers": names}
            for pk, names in found.get("matched", {}).items()
            if int(pk) in projects
        ],
        "unmatched": [projects[pk] for pk in found.get("unmatched", []) if pk in projects],
        "unconverted": found.get("unconverted", 0),
        "our_unconverted": found.get("our_unconverted", 0),
        "shared": found.get("shared", []),
    }


def _row(row: list[Any], project: Project) -> dict[str, Any]:
    _pk, year, kind, ours, theirs = row
    difference = Decimal(theirs) - Decimal(ours)
    figure = "net_funded" if kind == RECEIVED else "expenditure"
    return {
        "project": project,
        "year": year,
        "kind": KINDS[kind],
        "ours": money(Decimal(ours)),
        "theirs": money(Decimal(theirs)),
        "url": records_url(project.get_absolute_url(), figure, year=year),
        "difference": difference,
        "difference_shown": money(difference),
        "differs": abs(difference) >= _CENT,
    }

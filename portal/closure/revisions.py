"""The log of a project's revisions and extensions, from its budget lines and extensions."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from finance.figures.addresses import NONE, records_url
from finance.models import BudgetLine
from portal.decisions.reading import day_url
from portal.kit.dates import TODAY, Known
from portal.kit.formatting import day
from portal.kit.language.reference_names import translated
from portal.kit.together import Shaped
from projects.facts import ProjectFacts
from projects.models import Project

# A larger move between categories needs the Steering Committee's consent.
MATERIAL_REVISION = Decimal(15)
_WHOSE = ("organization_id", "organization__name", "organization__code")
_WHAT = ("category_id", "category__name", "category__code", "category__position")


@dataclass(frozen=True)
class Revision:
    """One change: of a budget category of one organization, or of the end date."""

    on: date
    what: str
    organization: str = ""
    category: str = ""
    before: Decimal | None = None
    change: Decimal | None = None
    note: str = ""
    url: str = ""
    decided: str = ""  # where the decision of its day stands

    @property
    def share(self) -> Decimal | None:
        """The change in percent of what was approved before; None where that is nothing."""
        return self.change * 100 / self.before if self.before and self.change else None

    @property
    def is_large(self) -> bool:
        """Whether more than 15 % of the category moved; out of nothing, any amount did."""
        if self.change is None or self.before is None:
            return False
        return not self.before or abs(self.change) * 100 > MATERIAL_REVISION * abs(self.before)


def revisions(facts: ProjectFacts, decision_days: Iterable[date]) -> list[Revision]:
    """All changes known then, newest first, each with the decision of its day, if there is one."""
    found = [*_budget(facts.project, facts.known), *_extensions(facts)]
    decided = set(decision_days) if found else set()
    code = facts.project.fund.code
    return sorted(
        (replace(r, decided=day_url(code, r.on)) if r.on in decided else r for r in found),
        key=lambda r: (-r.on.toordinal(), r.organization, r.what),
    )


def _extensions(facts: ProjectFacts) -> list[Revision]:
    return [
        Revision(
            e.approved_on,
            _("Extension from %(old)s to %(new)s") % {"old": day(e.old_end), "new": day(e.new_end)},
            note=e.note,
        )
        for e in facts.extensions
    ]


def _budgeted(project: int, known: Known) -> QuerySet[Any, Any]:
    """What was approved by day, organization and category, the oldest first."""
    return (
        BudgetLine.objects.known_at(known.as_of)
        .up_to(known.until)
        .filter(project=project)
        .order_by("date", "organization_id", "category__position", "category_id")
        .values_list("date", *_WHOSE, *_WHAT)
        .annotate(
            total=Sum("base_amount", default=0),
            unconverted=Count("pk", filter=Q(base_amount__isnull=True)),
            # What is dated by its period's beginning is the budget of a further period.
            revising=Count("pk", filter=~Q(date=F("period_start")) | Q(period_start__isnull=True)),
        )
    )


_TODAY = Shaped(partial(_budgeted, known=TODAY))


def _budget(project: Project, known: Known) -> list[Revision]:
    """What was added to or taken from categories after the first approval.

    None where the source is no record of approvals: a publisher's commitments and budgets.
    """
    if not project.fund.follows_rules:
        return []
    of_today = known == TODAY
    lines = _TODAY.of(project=project.pk) if of_today else _budgeted(project.pk, known)
    before: dict[tuple[Any, Any], Decimal] = defaultdict(Decimal)
    unknown: set[tuple[Any, Any]] = set()
    first: dict[Any, date] = {}
    found = []
    for row in lines:
        on, whose, name, code, what, category, category_code, _position, *sums = row
        change, unconverted, revising = sums
        key = whose, what
        if first.setdefault(whose, on) != on and revising and (change or unconverted):
            url = records_url(
                project.get_absolute_url(),
                "approved",
                organization=code or NONE,
                category=category_code or NONE,
            )
            found.append(
                Revision(
                    on,
                    _("Revision of the budget"),
                    name or "",
                    translated(category or "") or _("not stated"),
                    None if key in unknown else before[key],
                    None if unconverted else change,
                    url=url,
                )
            )
        before[key] += change
        if unconverted:
            unknown.add(key)
    return found

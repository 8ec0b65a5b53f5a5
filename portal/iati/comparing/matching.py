"""Which of an organization's activities is which project of ours, and what both say of money."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum

from finance.conversion import Rates, TooLarge
from finance.models import Entry
from finance.models.figures import Measure
from portal.iati.publishing.publisher import Publisher
from portal.kit.text import any_case
from projects.models import Organization, Participation

RECEIVED, SPENT = "received", "spent"
_LONG = 5  # signs of a number that the end of another identifier may be taken for
Key = tuple[int, int, str]  # project, year, received or spent


@dataclass
class Theirs:
    """What the organization's own file says, as far as it is about our projects."""

    activities: int = 0
    matched: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    """The identifiers of its activities, by project."""
    sums: dict[Key, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    unconverted: int = 0
    shared: list[str] = field(default_factory=list)
    """Activities of several of our projects: what they spent cannot be parted."""


class Matcher:
    """Finds the project of an activity, by what either names of the other."""

    def __init__(self, organization: Organization) -> None:
        self.publisher = Publisher.current()
        parts = Participation.objects.filter(organization=organization)
        parts = parts.filter(project__withheld_on=None).select_related("project")
        self.exact: dict[str, int] = {}
        self.ends: dict[str, int] = {}
        self.projects: set[int] = set()
        for part in parts:
            project = part.project
            self.projects.add(project.pk)
            numbers = [project.number, self.publisher.identifier(project), part.award_number]
            for number in filter(None, numbers):
                self.exact[any_case(number)] = project.pk
                if len(number) >= _LONG:
                    self.ends[any_case(number)] = project.pk

    def named(self, identifier: str) -> int | None:
        """The project that this identifier is of."""
        return self.exact.get(any_case(identifier)) if identifier else None

    def of(self, activity: dict[str, Any]) -> set[int]:
        """The projects that the activity is of, by all that it names and is named."""
        names = [activity["identifier"], *activity["others"], *activity["named"]]
        names += [money[5] for money in activity["money"]]
        found = {pk for name in names if (pk := self.named(name))}
        return found or self._by_end(activity["identifier"])

    def _by_end(self, identifier: str) -> set[int]:
        """Identifiers are often the organization's own, and behind that the project's number."""
        text, found = any_case(identifier), set()
        for position, sign in enumerate(text):
            if sign in "-/_." and (pk := self.ends.get(text[position + 1 :])):
                found.add(pk)
        return found


def theirs(lines: Iterable[dict[str, Any]], matcher: Matcher) -> Theirs:
    """Add up what they say of our projects, in the base currency."""
    said, rates = Theirs(), Rates()
    for activity in lines:
        said.activities += 1
        projects = matcher.of(activity)
        if not projects:
            continue
        for pk in projects:
            said.matched[pk].append(activity["identifier"])
        if len(projects) > 1:
            said.shared.append(activity["identifier"])
        for kind, day, value_day, amount, currency, giver_activity, giver in activity["money"]:
            project = _of_money(projects, matcher, kind, giver_activity, giver)
            if project is None:
                continue
            base = _in_base(rates, Decimal(amount), currency, date.fromisoformat(value_day))
            if base is None:
                said.unconverted += 1
                continue
            said.sums[project, date.fromisoformat(day).year, kind] += base
    return said


def _in_base(rates: Rates, amount: Decimal, currency: str, day: date) -> Decimal | None:
    """What it comes to; None where that is not known, or beyond what anybody can have meant."""
    try:
        return rates.convert(amount, currency, day)[0]
    except TooLarge:
        return None


def _of_money(
    projects: set[int], matcher: Matcher, kind: str, giver_activity: str, giver: str
) -> int | None:
    """The project that an amount is of; None where it is of none, or of several."""
    if kind == RECEIVED:
        if pk := matcher.named(giver_activity):
            return pk
        ours = matcher.publisher.ref
        if giver_activity or (giver and ours and any_case(giver) != any_case(ours)):
            # It came from somebody else.
            return None
    return next(iter(projects)) if len(projects) == 1 else None


def ours(organization: Organization, projects: Iterable[int]) -> tuple[dict[Key, Decimal], int]:
    """What we say that it received, refunds taken off, and spent, by project and year; and how many
    amounts of that are left out, for no rate is known."""
    signs = {Measure.TRANSFER: 1, Measure.REFUND: -1, Measure.EXPENDITURE: 1}
    rows = (
        Entry.objects.known()
        .filter(organization=organization, project_id__in=list(projects), measure__in=list(signs))
        .order_by()
        .values_list("project_id", "year", "measure")
        .annotate(
            total=Sum("base_amount"), left_out=Count("pk", filter=Q(base_amount__isnull=True))
        )
    )
    sums: dict[Key, Decimal] = defaultdict(Decimal)
    unconverted = 0
    for project, year, measure, amount, left_out in rows:
        kind = SPENT if measure == Measure.EXPENDITURE else RECEIVED
        sums[project, year, kind] += signs[Measure(measure)] * (amount or Decimal(0))
        unconverted += left_out
    return sums, unconverted


def rows_of(one: dict[Key, Decimal], other: dict[Key, Decimal]) -> list[list[Any]]:
    """Project, year, kind, our amount, theirs; both are texts, as exact as they are."""
    keys = sorted({*one, *other})
    return [[*key, str(one.get(key, Decimal(0))), str(other.get(key, Decimal(0)))] for key in keys]

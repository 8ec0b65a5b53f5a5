"""A project of the office's own, from its ledger, as an activity that the office publishes."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from finance.models import BudgetLine, VoucherLine
from portal.iati.described import Tree
from portal.iati.mapping.links import link_to
from portal.iati.mapping.subjects import (
    NO_SECTOR,
    Scheme,
    stated_sectors,
    stated_trees,
)
from portal.iati.publishing.material import Spent
from portal.iati.publishing.money import named, transaction_of, value_of
from portal.iati.publishing.project_activity import (
    ROLES,
    ProjectActivity,
    country_of,
    region_of,
    share_of,
)
from portal.iati.stated import (
    ACTUAL_END,
    ACTUAL_START,
    PLANNED_END,
    PLANNED_START,
    StatedBudget,
    StatedContact,
    StatedCountry,
    StatedDescription,
    StatedDocument,
    StatedOrganization,
    StatedRegion,
    StatedRelation,
    StatedSector,
    StatedTransaction,
    StatedValue,
    Texts,
)
from portal.kit.currency import NO_CURRENCY, base_currency
from projects.models import Country, Participation, Project, ProjectSubject, Status

# What the lists of the standard have for “not specified”; the rules ask for one of each.
NO_COUNTRY = StatedRegion(code="998", vocabulary="1")
COMMITTED = "2"
_WHOLE = Decimal(100)
_YEAR = 366  # days that a budget's period may have


class OwnActivity(ProjectActivity):
    """As the ledger has it: first transfer, approved budgets, vouchers, what counts as spent."""

    def identifier(self) -> str:
        """With the prefix of the office."""
        return self.publisher.identifier(self.project)

    def language(self) -> str:
        """That of its texts."""
        return self.project.language or "en"

    def hierarchy(self) -> int:
        """Below its fund, and below its programme."""
        if not self.publisher.ref:
            return 1
        return 3 if self.project.parent_id else 2

    def currency(self) -> str | None:
        """The base currency, in which most of it is."""
        if any(record.currency == NO_CURRENCY for record in self.records):
            return None
        return base_currency()

    def updated(self) -> datetime | None:
        """When anything of its money was published last."""
        found = (record.load.released_at for record in self.records)
        return max(filter(None, found), default=None)

    def reporting(self) -> StatedOrganization:
        """The office."""
        return self.publisher.reporting(self.project.fund)

    def titles(self, language: str) -> Texts:
        """The title, or the number of one that has none."""
        return {language: self.project.title or self.project.number}

    def descriptions(self, language: str) -> tuple[StatedDescription, ...]:
        """The narrative, or the title again where there is none: the rules ask for words."""
        text = self.project.narrative or self.project.title or self.project.number
        return (StatedDescription(type="1", texts={language: text}),)

    def participating(self) -> tuple[StatedOrganization, ...]:
        """The fund pays, the office answers for it, organizations carry it out."""
        fund, publisher = self.project.fund, self.publisher
        found = [
            named(part.organization, self.refs, role=ROLES[Participation.Role(part.role)])
            for part in self.parts
        ]
        if publisher.ref:
            found.insert(0, publisher.itself(role="2"))
        if not any(each.role == "1" for each in found):
            # Prefix and code name the fund's activity: it is no organization by them.
            above = publisher.identifier(fund)
            paying = StatedOrganization(
                ref="" if publisher.ref else above, role="1", names={"": fund.name},
                activity_id=above if publisher.ref else "",
            )  # fmt: skip
            found.insert(0, paying)
        return tuple(found)

    def dates(self) -> dict[str, date | None]:
        """It began with the first transfer; it ended when it was closed."""
        project, extensions = self.project, self.material.extensions[self.project.pk]
        paid = (r.date for r in self.records if isinstance(r, VoucherLine) and r.amount > 0)
        end = extensions[-1].new_end if extensions else project.end_as_stated
        planned = project.planned_start
        return {
            PLANNED_START: planned if planned and (end is None or planned <= end) else None,
            ACTUAL_START: self._past(min(paid, default=None)),
            PLANNED_END: end,
            ACTUAL_END: self._ended(end),
        }

    def _ended(self, end: date | None) -> date | None:
        """The day on which activities were over, where the status says that they are."""
        if self.project.status not in Status.over():
            return None
        days = [day for day in (end, self.project.status_on) if day]
        started = [r.date for r in self.records if isinstance(r, VoucherLine) and r.amount > 0]
        day = min(days, default=None)
        if day and started and day < min(started):
            day = max(days)
        return None if day and started and day < min(started) else self._past(day)

    def _past(self, day: date | None) -> date | None:
        return day if day and day <= self.material.known.day else None

    def contacts(self) -> tuple[StatedContact, ...]:
        """The office, and those of the project."""
        office = self.publisher.contact()
        return (*((office,) if office else ()), *super().contacts())

    def recipients(self) -> tuple[tuple[StatedCountry, ...], tuple[StatedRegion, ...]]:
        """Countries and regions; what no share names is in no single country."""
        places = [p for p in self.places if p.country.kind != Country.Kind.PLACEHOLDER]
        if len(places) > 1 and any(place.share is None for place in places):
            return (), (NO_COUNTRY,)
        is_alone = len(places) == 1 and places[0].share in (None, _WHOLE)
        countries = tuple(country_of(p) for p in places if p.country.kind == Country.Kind.COUNTRY)
        regions = tuple(region_of(p) for p in places if p.country.kind == Country.Kind.REGION)
        left = _WHOLE - sum(place.share or 0 for place in places)
        if not places:
            return (), (NO_COUNTRY,)
        if is_alone or left <= 0:
            return countries, regions
        return countries, (
            *regions,
            StatedRegion(code="998", vocabulary="1", percentage=share_of(left)),
        )

    def sectors(self) -> tuple[StatedSector, ...]:
        """Those that staff gave; else that none is specified."""
        return stated_sectors(self.subjects) or super().sectors() or (NO_SECTOR,)

    def humanitarian(self) -> bool | None:
        """As staff say."""
        flagged = any(each.scheme == Scheme.HUMANITARIAN for each in self.subjects)
        return True if flagged else super().humanitarian()

    def described(self) -> tuple[Tree, ...]:
        """Goals and the marker of gender equality that staff gave, and planned transfers."""
        return (*stated_trees(self.subjects), *self._planned(), *super().described())

    def _planned(self) -> Iterator[Tree]:
        """What was approved for a period that is stated and is still to be transferred, by the
        beginning of the period; none where part of it is not known in the base currency."""
        rows = self.material.planned.get(self.project.pk, [])
        if any(row.parts.unconverted for row in rows):
            return
        sums: dict[date, Decimal] = defaultdict(Decimal)
        for row in rows:
            if row.on and row.left > 0:
                sums[row.on] += row.left
        for day, amount in sorted(sums.items()):
            of_value = (("currency", base_currency()), ("value-date", day.isoformat()))
            yield (
                "planned-disbursement",
                (("type", "1"),),
                "",
                (
                    ("period-start", (("iso-date", day.isoformat()),), "", ()),
                    ("value", of_value, f"{amount.normalize():f}", ()),
                ),
            )

    @property
    def subjects(self) -> list[ProjectSubject]:
        """What it is about, by codes of public lists."""
        return self.material.subjects[self.project.pk]

    def documents(self) -> tuple[StatedDocument, ...]:
        """All that anybody may read, here or elsewhere."""
        documents = self.material.documents[self.project.pk]
        return tuple(link_to(document, site=self.publisher.site) for document in documents)

    def related(self) -> tuple[StatedRelation, ...]:
        """Its programme, or else its fund; and its parts."""
        publisher, parent = self.publisher, self.project.parent
        found = []
        if parent is not None and not parent.withheld_on:
            found.append(StatedRelation(ref=self._identifier_of(parent), type="1"))
        elif publisher.ref:
            found.append(StatedRelation(ref=publisher.identifier(self.project.fund), type="1"))
        for child in self.material.children[self.project.pk]:
            found.append(StatedRelation(ref=self._identifier_of(child), type="2"))
        return tuple(found)

    def _identifier_of(self, other: Project) -> str:
        is_foreign = self.material.is_foreign(other)
        return self.publisher.identifier(other, is_foreign=is_foreign)

    # --- What is said of its money

    def money(self) -> Iterator[StatedBudget | StatedTransaction]:
        """Approved budgets are commitments, and budgets too where their period is known."""
        budgets: dict[tuple[date, date, str], Decimal] = defaultdict(Decimal)
        for record in self.records:
            if isinstance(record, BudgetLine) and (period := _period(record)):
                currency = value_of(record).currency or ""
                budgets[(*period, currency)] += record.amount
        for (start, end, currency), amount in sorted(budgets.items()):
            value = StatedValue(amount=amount.normalize(), currency=currency or None)
            yield StatedBudget(
                period_start=start, period_end=end, value=value, type="1", status=COMMITTED
            )
        for record in self.records:
            yield self._with_sides(transaction_of(record, self.refs))
        for spent in self.material.spent[self.project.pk]:
            yield self._spending(spent)

    def _with_sides(self, stated: StatedTransaction) -> StatedTransaction:
        """The office gives what an organization gets, and gets what a contributor gives."""
        publisher = self.publisher
        if not publisher.ref:
            return stated
        itself = publisher.itself(activity_id=self.identifier())
        if stated.receiver and not stated.provider:
            return replace(stated, provider=itself)
        if stated.provider and not stated.receiver:
            return replace(stated, receiver=itself)
        return stated

    def _spending(self, spent: Spent) -> StatedTransaction:
        who = spent.organization
        return StatedTransaction(
            type="4",
            date=spent.date,
            value=StatedValue(
                amount=spent.amount.normalize(),
                currency=spent.currency if spent.currency != NO_CURRENCY else None,
                value_date=spent.date,
            ),
            provider=named(who, self.refs) if who else None,
        )


def _period(record: BudgetLine) -> tuple[date, date] | None:
    start, end = record.period_start, record.period_end
    if start is None or end is None or not 0 <= (end - start).days <= _YEAR:
        return None
    return start, end

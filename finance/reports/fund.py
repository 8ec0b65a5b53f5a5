"""Reports of a fund up to a year's end: by contributor, organization, country, category, year."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from finance.contributors.arrangements import Arrangement, Position, arrangements, by
from finance.figures.addresses import NONE, NOT_STATED
from finance.figures.catalogue import FIGURES, OF_FUNDS, WORKED_OUT
from finance.figures.fund_figures import (
    FundSums,
    PartSums,
    Party,
    PlaceSums,
    fund_sums,
    sums_by_part,
    sums_by_place,
)
from finance.figures.spans import Span
from finance.models import BudgetCategory
from finance.reports import fund_tables as tables
from finance.reports.fund_tables import OF_FUNDING, ContributionRow, FundRow
from finance.reports.sources_and_uses import SourcesAndUses, last_year
from portal.kit.dates import Known
from portal.kit.language.place_names import place_name
from portal.kit.tables.base import Table, TotalRow
from portal.kit.tables.cells import address_of
from portal.kit.text import fold
from projects.models import Fund, Organization

INDIVIDUALS = Organization.Kind.INDIVIDUALS
# Shares add up to nothing new.
_NO_TOTAL = frozenset({"deposit_share", "programme_share"})
# Figures whose records make a row of an organization, a country, a theme.
_DELIVERY = ("approved", "net_funded", "expenditure")


class FundMoney:
    """All sums of a fund as known then; each kind is read once for all reports of a page."""

    def __init__(self, fund: Fund, known: Known) -> None:
        self.fund = fund
        self.known = known
        self._parts: dict[Span, PartSums] = {}
        self._places: dict[Span, PlaceSums] = {}
        self._ways: dict[Span, FundSums] = {}

    @cached_property
    def sums(self) -> FundSums:
        """By measure and year."""
        return fund_sums(self.known, self.fund.pk)

    def parts(self, span: Span) -> PartSums:
        """By organization, and by budget category."""
        if span not in self._parts:
            self._parts[span] = sums_by_part(self.known, self.fund.pk, span)
        return self._parts[span]

    def ways(self, span: Span) -> FundSums:
        """What was paid in and what was funded, by organization; less than all of it where only
        this is asked for."""
        if span in self._parts:
            return self._parts[span].by_party
        if span not in self._ways:
            found = sums_by_part(self.known, self.fund.pk, span, "deposit", "net_funded")
            self._ways[span] = found.by_party
        return self._ways[span]

    def places(self, span: Span) -> PlaceSums:
        """By country and theme; what was funded, by organization and country."""
        if span not in self._places:
            self._places[span] = sums_by_place(self.known, self.fund.pk, span)
        return self._places[span]

    @cached_property
    def arrangements(self) -> list[Arrangement]:
        """Its arrangements with contributors."""
        return arrangements(self.known, fund=self.fund)

    @cached_property
    def categories(self) -> dict[int, BudgetCategory]:
        """All budget categories by id."""
        return BudgetCategory.objects.in_bulk()

    @property
    def last_year(self) -> int:
        """The last year with money that has begun."""
        return last_year(self.known, self.sums.years())

    @property
    def reports(self) -> "FundReports":
        """Tables of all its money, that of years which have not begun as well."""
        return FundReports(self, self.last_year, max(self.sums.years(), default=0))


@dataclass(frozen=True)
class FundReports:
    """A fund's tables for a year; their sums go on to the end of `last`, where that is later."""

    money: FundMoney
    year: int
    last: int = 0

    @property
    def fund(self) -> Fund:
        """Whose tables they are."""
        return self.money.fund

    @property
    def last_year(self) -> int:
        """The last year of their sums."""
        return max(self.year, self.last)

    @property
    def page(self) -> str:
        """The address that their figures lead on from: the fund's page."""
        return address_of(self.fund)

    @property
    def sums(self) -> FundSums:
        """All sums of the fund."""
        return self.money.sums

    @property
    def _span(self) -> Span:
        return Span(self.year, self.last_year)

    @property
    def parties(self) -> FundSums:
        """Its sums by organization, up to the last year and beyond."""
        return self.money.parts(self._span).by_party

    @property
    def places(self) -> PlaceSums:
        """Its sums by country and theme, and what was funded by organization and country."""
        return self.money.places(self._span)

    @property
    def ways(self) -> FundSums:
        """Who paid in and who received up to the last year, of what by organization there is."""
        return self.money.ways(self._span)

    @property
    def statement(self) -> SourcesAndUses:
        """What came in, what became of it, and what is left."""
        return SourcesAndUses(self.sums, self.year, self.page, last_day=self.money.known.last_day)

    # --- By whom

    def contributors(self) -> Table:
        """What each contributor signed for, paid, and owes."""
        rows = []
        groups = by(self.money.arrangements, lambda one: one.is_individual or one.party)
        whole = Position.of(self.money.arrangements)
        for found in groups.values():
            first, position = found[0], Position.of(found)
            where = {"organization": first.party.code or NONE}
            if first.is_individual:
                where = {"kind": INDIVIDUALS.value}
            row = ContributionRow(first.contributor, first.page, position, self.page, where)
            row.deposit_share = _percent(position.deposit, whole.deposit)
            row.share_left_out = whole.parts("deposit").unconverted
            rows.append(row)
        rows.sort(key=lambda row: fold(row.name))
        total = ContributionRow("", "", whole, self.page, {})
        return tables.ContributionTable(
            rows, id="by-contributor", totals=_total(tables.ContributionTable, total, rows)
        )

    def organizations(self, most: int | None = None) -> Table:
        """Transfers, net funded amount and expenditure of each participating organization, or of
        so many that spent most; the total is of all."""
        sums = self.parties.of(*_DELIVERY)
        groups = sums.by(lambda s: s.party)
        shown = sorted(groups, key=lambda p: (not p.pk, fold(p.name)))
        if most is not None and len(shown) > most:
            first = sorted(shown, key=lambda party: -groups[party].total("expenditure"))[:most]
            kept = set(first)
            shown = [party for party in shown if party in kept]
        rows = [self._row(*_named(party), groups[party]) for party in shown]
        return self._table(tables.FundOrganizationTable, rows, "by-organization", of=sums)

    def count_organizations(self) -> int:
        """How many rows the table of organizations has."""
        return len({s.party for s in self.parties.of(*_DELIVERY)})

    # --- Where and what for

    def countries(self) -> Table:
        """By country, by the stated shares of projects; an amount without a rate is left out of
        each of its countries, and of the total once."""
        groups = self.places.by_country.of(*_DELIVERY).by(lambda s: s.part)
        rows = []
        for code, name in sorted(groups, key=lambda c: (not c[0], fold(place_name(c[1] or "")))):
            label = name or _("Several countries, or none stated")
            url = reverse("country", args=[code]) if code else ""
            rows.append(self._row(label, url, {"country": code or NONE}, groups[code, name]))
        whole = self.sums.of(*_DELIVERY)
        return self._table(tables.FundCountryTable, rows, "by-country", of=whole)

    def themes(self) -> Table:
        """By theme of the projects."""
        groups = self.places.by_theme.of(*_DELIVERY).by(lambda s: s.part)
        rows = [
            self._row(name or str(NOT_STATED), "", {"theme": pk or 0}, groups[pk, name])
            for pk, name in sorted(groups, key=lambda t: (not t[0], fold(t[1] or "")))
        ]
        return self._table(tables.FundThemeTable, rows, "by-theme")

    def categories(self) -> Table:
        """By category of today's set; indirect cost stands apart from programme cost."""
        known = self.money.categories
        by_category = self.money.parts(self._span).by_part
        spent = by_category.of("approved", "expenditure").by(lambda s: s.part[0])
        groups: dict[Any, list[Any]] = {}
        for pk in spent:
            category = known.get(pk)
            today = category.counts_as_id or pk if category else None
            groups.setdefault(today, []).append(pk)
        shown = sorted(
            groups, key=lambda pk: (pk is None, known[pk].position if pk in known else 0)
        )
        rows = []
        for today in shown:
            codes = [known[pk].code for pk in groups[today] if pk in known]
            row = self._row(
                str(known.get(today, NOT_STATED)),
                "",
                {"category": ",".join(sorted(codes)) or NONE},
                FundSums(s for pk in groups[today] for s in spent[pk]),
            )
            rows.append((row, today in known and known[today].is_indirect))
        programme = [row for row, indirect in rows if not indirect]
        cost = sum((row.amount("expenditure") for row in programme), Decimal(0))
        left_out = sum(row.parts("expenditure").unconverted for row in programme)
        for row, is_indirect in rows:
            row.programme_share = _percent(row.amount("expenditure"), cost)
            own = row.parts("expenditure").unconverted if is_indirect else 0
            row.share_left_out = left_out + own
        listed = list(programme)
        indirect = [row for row, is_indirect in rows if is_indirect]
        if indirect and programme:
            all_codes = ",".join(str(row.where["category"]) for row in programme)
            merged = FundSums(s for row in programme for s in row.sums)
            total = self._row(_("Programme cost"), "", {"category": all_codes}, merged)
            total.css, total.programme_share = "sum", _percent(cost, cost)
            total.share_left_out = left_out
            listed.append(total)
        return self._table(
            tables.FundCategoryTable, [*listed, *indirect], "by-category",
            of=FundSums(s for sums in spent.values() for s in sums),
        )  # fmt: skip

    def years(self) -> Table:
        """Each year, and the delivery rate to its end."""
        sums = self.sums.of(*_DELIVERY).between(None, self.last_year)
        rows = [FundRow(str(year), sums, year, self.page, first=year) for year in sums.years()]
        total = FundRow("", sums, self.last_year, self.page)
        names = ("approved", "transfer", "refund", "net_funded", "expenditure")
        totals = _total(tables.FundYearTable, total, rows, names)
        return tables.FundYearTable(rows, id="by-year", totals=totals)

    # --- Parts

    def _row(self, name: str, url: str, where: dict[str, Any], sums: FundSums) -> FundRow:
        return FundRow(name, sums, self.year, self.page, url, where, last=self.last_year)

    def _table(
        self, table: type[Table], rows: list[FundRow], anchor: str, of: FundSums | None = None
    ) -> Table:
        if of is None:
            of = FundSums(s for row in rows for s in row.sums)
        total = FundRow("", of, self.year, self.page, last=self.last_year)
        exclude = () if of.states_funding else OF_FUNDING
        return table(rows, id=anchor, totals=_total(table, total, rows), exclude=exclude)


def _named(party: Party) -> tuple[str, str, dict[str, Any]]:
    """Name, address of its page, and what narrows records to it."""
    if not party.pk:
        return str(NOT_STATED), "", {"organization": NONE}
    url = reverse("organization", args=[party.code])
    return party.name, url, {"organization": party.code}


def _percent(part: Decimal, whole: Decimal) -> Decimal | None:
    return part * 100 / whole if whole else None


def _total(
    table: type[Table], total: Any, rows: list[Any], names: Iterable[str] | None = None
) -> list[TotalRow]:
    """The line that adds the rows up; none where there is but one."""
    if len(rows) < 2:
        return []
    columns = [name for name in table.base_columns if name in FIGURES and name not in _NO_TOTAL]
    return [total_row(total, names or columns)]


def total_row(total: Any, names: Iterable[str], *, is_known: bool = True) -> TotalRow:
    """The values of these figures, each with the way to all its records; `is_known`: whether all
    of it tells what it was funded with."""
    values, links = {}, {}
    for name in names:
        values[name] = None if name in OF_FUNDING and not is_known else getattr(total, name)
        url = None
        if name in WORKED_OUT:
            url = total.breakdown_url(name)
        elif FIGURES[name].records_of in OF_FUNDS:
            url = total.records_url(name)
        if url:
            links[name] = url
    return TotalRow(values, links=links, parts={name: total.parts(name) for name in values})


REPORTS: dict[str, Callable[[FundReports], Table]] = {
    "contributor": FundReports.contributors,
    "organization": FundReports.organizations,
    "country": FundReports.countries,
    "theme": FundReports.themes,
    "category": FundReports.categories,
    "year": FundReports.years,
}

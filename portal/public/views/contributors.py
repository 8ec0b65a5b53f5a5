"""Contributors: the list, the page of each, its annual statement, and the records behind it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from itertools import chain
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from finance.contributors.arrangement_tables import (
    ArrangementTable,
    DueRow,
    ScheduleTable,
)
from finance.contributors.arrangements import (
    Arrangement,
    FundRef,
    Position,
    arrangements,
    by,
)
from finance.contributors.contributor import Contributor, contributors
from finance.contributors.contributor_tables import (
    ContributorRow,
    ContributorTable,
    DepositTable,
    GivenRow,
    GivenTable,
    ShareRow,
    ShareTable,
)
from finance.figures.addresses import breakdown_url, records_url
from finance.figures.catalogue import WORKED_OUT
from finance.models import Deposit
from finance.reports.charts import Bar
from finance.reports.given import became, given_facts, picture, together, year_table
from finance.reports.sources_and_uses import counted_notes, years_moved
from portal.kit.dates import Known, asked_dates, set_dates
from portal.kit.files.about import warn_in_files
from portal.kit.files.exports import table_response
from portal.kit.filters import described_filters
from portal.kit.formatting import day
from portal.kit.tables.base import Table, TotalRow
from portal.kit.tables.chosen import Facet
from portal.kit.tables.parts import left_out_note
from portal.kit.text import fold
from portal.kit.views import TableView
from portal.kit.years import is_plausible
from portal.public.facets import facets_of
from portal.public.list_filters import OrganizationFilter
from portal.public.views.entities import get_organization_or_404
from projects.models import Organization

_GIVEN = ("commitment", "pledge", "deposit")
_SUMS = (
    "commitment", "deposit", "not_due", "overdue", "exchange_differences", "unmatched_deposits",
)  # fmt: skip


class ContributorList(TableView):
    """All contributors; individuals as one."""

    title = gettext_lazy("Contributors")
    intro = gettext_lazy(
        "Governments, agencies, foundations, companies and others that pay into the funds."
    )
    table_class = ContributorTable
    filterset_class = OrganizationFilter
    paginate_by = 50

    def get_queryset(self) -> QuerySet[Organization]:
        return contributors()

    def get_table(self) -> Table:
        found: set[Any] = set(self.rows.values_list("pk", flat=True))
        if not described_filters(self.filterset):
            found.add("")
        self.every, self.found = arrangements(self.known), found
        self.rows = _contributor_rows([one for one in self.every if one.party.pk in found])
        return super().get_table()

    def get_facets(self) -> list[Facet]:
        among = self.found
        if self.filterset.form.cleaned_data["kind"]:
            among = set(self.filterset.among("kind").values_list("pk", flat=True))
        kinds = {one.party.pk: str(one.party.kind) for one in self.every if one.party.pk in among}
        counted = Counter(kind for pk, kind in kinds.items() if pk)
        rows = [("kind", kind, "", number) for kind, number in counted.items()]
        return facets_of(self.filterset, self.request.GET, ["kind"], rows)

    def get_table_options(self) -> dict[str, Any]:
        whole = Position.of([row.position for row in self.rows])
        if len(self.rows) < 2:
            return {}
        links: dict[str, str] = {}
        if not described_filters(self.filterset):
            links = _total_links(whole, reverse("contributor-list"), reverse("fund-list"))
        return {"totals": [_total(whole, links)]}


def _total(whole: Position, links: dict[str, str]) -> TotalRow:
    """The line that adds arrangements up."""
    values = {name: getattr(whole, name) for name in _SUMS}
    return TotalRow(values, links=links, parts={name: whole.parts(name) for name in _SUMS})


def _total_links(whole: Position, page: str, records: str) -> dict[str, str]:
    """Where the sums over all arrangements lead: to their parts, or to their records."""
    links = {
        name: records_url(records, name) for name in ("commitment", "deposit") if whole.has(name)
    }
    for name in WORKED_OUT:
        if url := breakdown_url(page, name, whole):
            links[name] = url
    return links


def _contributor_rows(given: Iterable[Arrangement]) -> list[ContributorRow]:
    kinds = dict(Organization.Kind.choices)
    rows = []
    for found in by(given, lambda one: one.is_individual or one.party).values():
        first = found[0]
        kind = str(kinds.get(first.party.kind, ""))
        funds = len({one.fund for one in found})
        rows.append(ContributorRow(first.contributor, first.page, kind, funds, Position.of(found)))
    return sorted(rows, key=lambda row: fold(row.name))


def get_contributor_or_404(code: str, known: Known) -> Contributor:
    """The contributor with this code. Raises Http404."""
    giver = Contributor(get_organization_or_404(code), known)
    if not giver.is_sum and not contributors().filter(pk=giver.organization.pk).exists():
        raise Http404(_("This organization has not contributed to a fund."))
    return giver


def name_of(giver: Contributor) -> str:
    """What pages call it."""
    return _("Individuals, as a sum") if giver.is_sum else str(giver.organization)


class ContributorPage(TableView):
    """What one contributor gave, what is outstanding, and its notional share of each fund."""

    template_name = "contributors/page.html"
    paginate_by = 50
    kicker: Any = gettext_lazy("Contributor")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.giver = get_contributor_or_404(kwargs["code"], self.known)

    # --- What is shown

    def get_queryset(self) -> QuerySet[Deposit]:
        return self.giver.deposits()

    def get_table(self) -> Table:
        # Individuals appear only as a sum.
        if self.giver.is_sum:
            self.given = self.get_given()
            return self.given
        return DepositTable(self.rows, query=self.request.GET, caption_hidden=True, id="deposits")

    def get_given(self) -> GivenTable:
        """By fund and year."""
        rows = []
        groups = self.giver.own.of(*_GIVEN).by(lambda s: (FundRef(*s.part), s.year))
        for (fund, year), sums in sorted(groups.items(), key=lambda g: (fold(g[0][0].name), g[0])):
            rows.append(GivenRow(fund, year, sums, self.giver.page))
        totals = None
        if len(rows) > 1:
            values = {name: self.giver.own.total(name) for name in _GIVEN}
            parts = {name: self.giver.own.parts(name) for name in _GIVEN}
            links = {
                name: records_url(self.giver.page, name)
                for name in _GIVEN
                if self.giver.own.has_records(name)
            }
            totals = [TotalRow(values, links=links, parts=parts)]
        return GivenTable(rows, id="given", totals=totals)

    def get_tables(self) -> list[Table]:
        """All tables, in the order of the page."""
        if self.giver.is_sum:
            return [self.given, ShareTable(self.shares, id="share")]
        found = self.giver.arrangements
        whole = Position.of(found)
        totals = None
        if len(found) > 1:
            links = _total_links(whole, self.giver.page, self.giver.page)
            totals = [_total(whole, links)]
        dues = [DueRow(one, due) for one in found for due in one.schedule]
        dues.sort(key=lambda row: (row.on is None, row.on or date.max, row.fund, row.reference))
        return [
            ShareTable(self.shares, id="share"),
            ArrangementTable(found, id="arrangements", totals=totals),
            self.get_given(),
            ScheduleTable(dues, id="schedule"),
            self.table,
        ]

    @cached_property
    def shares(self) -> list[ShareRow]:
        """Its notional share of each fund, read once."""
        return self.giver.shares()

    @cached_property
    def bars(self) -> list[Bar]:
        """What became of all it gave."""
        return became(self.giver, self.shares)

    def get_key_facts(self) -> list[dict[str, Any]]:
        """What became of all it gave, and what it owes."""
        whole = Position.of(self.giver.arrangements)
        links = _total_links(whole, self.giver.page, self.giver.page)
        links["unpaid"] = records_url(self.giver.page, "unpaid")
        return given_facts(self.giver, self.bars, links)

    def get_picture(self) -> dict[str, Any] | None:
        return picture(self.bars)

    # --- The page

    def get_title(self) -> str:
        return name_of(self.giver)

    def get_crumbs(self) -> list[dict[str, Any]]:
        return [
            {"label": _("Contributors"), "url": reverse("contributor-list")},
            {"label": self.get_title()},
        ]

    def get_years(self) -> list[int]:
        """The years that a statement can be had for, the newest first."""
        first = min((s.year for s in self.giver.own), default=None)
        last = self.known.day.year
        return [] if first is None else list(range(last, min(first, last) - 1, -1))

    def get_notes(self, whole: Position) -> list[str]:
        """What its sums leave out, and that they count money of a year to come."""
        sums = chain(self.giver.own, *(row.whole for row in self.shares))
        left_out, to_come = (
            left_out_note(whole.left_out),
            counted_notes(years_moved(sums), self.known),
        )
        return [left_out, *to_come] if left_out else [*to_come]

    def get_common_context(self) -> dict[str, Any]:
        entity, whole = self.giver.organization, Position.of(self.giver.arrangements)
        return {
            **super().get_common_context(),
            "entity": entity,
            "kicker": self.kicker,
            "key_facts": self.get_key_facts(),
            "together": together(whole, self.bars),
            "due_day": day(self.giver.arrangements[0].today) if self.giver.arrangements else "",
            "notes_of_sums": self.get_notes(whole),
            "tables": self.get_tables(),
            "statements": [
                {"year": year, "url": reverse("contributor-statement", args=[entity.code, year])}
                for year in self.get_years()
            ],
            # The order and the page in the address are those of the deposits.
            "open_tables": any(self.request.GET.get(name) for name in ("page", "sort")),
            "organization_url": "" if self.giver.is_sum else entity.get_absolute_url(),
        }

    def export(self, fmt: str) -> HttpResponseBase:
        context = self.get_common_context()
        warn_in_files(self.request, *context["notes_of_sums"])
        return table_response(
            self.request,
            context["tables"],
            fmt=fmt,
            title=self.get_title(),
            file_name=str(self.get_title()),
            template=self.template_name,
            context=context,
        )


class ContributorStatement(ContributorPage):
    """The same up to a year's end: the annual statement."""

    kicker = gettext_lazy("Annual statement")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        self.year = kwargs["year"]
        today = timezone.localdate()
        if not is_plausible(self.year) or self.year > today.year:
            raise Http404(_("There is no statement for this year; the page lists those there are."))
        asked = asked_dates(request)
        end = date(self.year, 12, 31)
        if end < today:
            set_dates(request, replace(asked, until=min(end, asked.until or end)))
        super().setup(request, *args, **kwargs)

    def get_tables(self) -> list[Table]:
        """The year first, and then the page as it was at its end."""
        return [year_table(self.giver, self.year), *super().get_tables()]

    def get_title(self) -> str:
        title = _("%(name)s: statement for %(year)s")
        if self.known.last_day < date(self.year, 12, 31):
            title = _("%(name)s: statement for %(year)s up to %(day)s")
        return title % {
            "name": super().get_title(),
            "year": self.year,
            "day": day(self.known.last_day),
        }

    def get_crumbs(self) -> list[dict[str, Any]]:
        return [
            {"label": _("Contributors"), "url": reverse("contributor-list")},
            {"label": super().get_title(), "url": self.giver.page},
            {"label": str(self.year)},
        ]

"""Contributors: the list, the page of each, its annual statement, and the records behind it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from finance.contributions import Arrangement, FundRef, Position, arrangements, by
from finance.contributor_tables import (
    ArrangementTable,
    ContributorRow,
    ContributorTable,
    DepositTable,
    DueRow,
    GivenRow,
    GivenTable,
    ScheduleTable,
    ShareRow,
    ShareTable,
)
from finance.fund_drilldown import FUND_FIGURES
from finance.fund_figures import FundSums, sums_by_fund
from finance.fund_reports import INDIVIDUALS
from finance.models import Commitment, Deposit, FundEffect
from finance.tables import NOT_STATED
from portal.filters import OrganizationFilter
from portal.kit.dates import asked_dates
from portal.kit.exports import table_response
from portal.kit.filters import described_filters
from portal.kit.formatting import day, money
from portal.kit.tables import Table, TotalRow
from portal.kit.text import fold
from portal.kit.views import TableView
from portal.views.nouns import coded
from portal.views.statements import AllFundsRecords
from projects.models import Organization

_SUMS = ("committed", "deposited", "not_due", "overdue", "exchange", "beyond")


def contributors() -> QuerySet[Organization]:
    """Organizations that ever signed, pledged or paid."""
    signed = Exists(Commitment.objects.filter(contributor=OuterRef("pk")))
    paid = Exists(Deposit.objects.filter(contributor=OuterRef("pk")))
    return Organization.objects.filter(signed | paid)


class ContributorList(TableView):
    """All contributors; individuals as one."""

    title = gettext_lazy("Contributors")
    intro = gettext_lazy(
        "Governments, agencies, foundations, companies and others that pay into the funds."
    )
    table_class = ContributorTable
    filterset_class = OrganizationFilter
    paginate_by = 100

    def get_queryset(self) -> QuerySet[Organization]:
        return contributors()

    def get_table(self) -> Table:
        found: set[Any] = set(self.rows.values_list("pk", flat=True))
        if not described_filters(self.filterset):
            found.add("")
        given = [one for one in arrangements(self.ask) if one.party.pk in found]
        self.rows = _contributor_rows(given)
        return super().get_table()

    def get_table_options(self) -> dict[str, Any]:
        whole = Position.of([row.position for row in self.rows])
        if len(self.rows) < 2:
            return {}
        return {"totals": [TotalRow({name: getattr(whole, name) for name in _SUMS})]}


def _contributor_rows(given: Iterable[Arrangement]) -> list[ContributorRow]:
    kinds = dict(Organization.Kind.choices)
    rows = []
    for key, found in by(given, lambda a: a.party.kind == INDIVIDUALS or a.party).items():
        party = found[0].party
        name = _("Individuals, as a sum") if key is True else party.name or str(NOT_STATED)
        url = reverse("contributor", args=[party.code]) if party.pk else ""
        kind = str(kinds.get(party.kind, ""))
        funds = len({one.fund for one in found})
        rows.append(ContributorRow(name, url, kind, funds, Position.of(found)))
    return sorted(rows, key=lambda row: fold(row.name))


class ContributorPage(TableView):
    """What one contributor gave, what is outstanding, and its notional share of each fund."""

    template_name = "contributors/page.html"
    paginate_by = 50
    kicker: Any = gettext_lazy("Contributor")

    def setup(self, request, *args, **kwargs) -> None:
        super().setup(request, *args, **kwargs)
        self.noun: Organization = coded(Organization.objects.all(), kwargs["code"])
        self.is_sum = self.noun.kind == INDIVIDUALS
        if not self.is_sum and not contributors().filter(pk=self.noun.pk).exists():
            raise Http404(_("This organization has not contributed to a fund."))

    @property
    def which(self) -> dict[str, Any]:
        """What narrows contributions to it; individuals are one."""
        if self.is_sum:
            return {"contributor__kind": INDIVIDUALS}
        return {"contributor": self.noun}

    @property
    def url(self) -> str:
        """The address of the page."""
        return reverse("contributor", args=[self.noun.code])

    # --- What is shown

    @property
    def arrangements(self) -> list[Arrangement]:
        """All arrangements, to the day that the page is asked for."""
        return self.ask.once("arrangements", lambda: arrangements(self.ask, **self.which))

    @property
    def funds(self) -> list[FundRef]:
        """The funds that it gave to, by name."""
        return sorted({one.fund for one in self.arrangements}, key=lambda f: (fold(f.name), f.pk))

    @property
    def own(self) -> FundSums:
        """Its own sums by fund."""
        which = {"organization__kind": INDIVIDUALS} if self.is_sum else {"organization": self.noun}
        ids = [fund.pk for fund in self.funds]
        return self.ask.once("own", lambda: sums_by_fund(self.ask, ids, **which))

    def get_queryset(self) -> QuerySet[Deposit]:
        return (
            Deposit.objects.known_at(self.ask.as_of)
            .up_to(self.ask.until)
            .filter(**self.which)
            .select_related("fund", "load")
            .order_by("-date", "-pk")
        )

    def get_table(self) -> Table:
        # Individuals appear only as a sum.
        if self.is_sum:
            self.given = self.get_given()
            return self.given
        return DepositTable(self.rows, request=self.request, caption_hidden=True, id="deposits")

    def get_given(self) -> GivenTable:
        """By fund and year."""
        rows = []
        kept = FundSums(s for s in self.own if s.measure in {"commitment", "pledge", "deposit"})
        groups = kept.by(lambda s: (FundRef(*s.part), s.year))
        for (fund, year), sums in sorted(groups.items(), key=lambda g: (fold(g[0][0].name), g[0])):
            signed, pledged, paid = (
                sums.total(FUND_FIGURES[n]) for n in ("commitment", "pledge", "deposit")
            )
            has = frozenset(s.measure for s in sums)
            rows.append(GivenRow(fund, year, signed, pledged, paid, self.url, has))
        totals = {
            "committed": sum(row.committed for row in rows),
            "pledged": sum(row.pledged for row in rows),
            "deposited": sum(row.deposited for row in rows),
        }
        return GivenTable(rows, id="given", totals=totals if len(rows) > 1 else None)

    def get_share(self) -> ShareTable:
        """The notional share of each fund that it paid into."""
        ids = [fund.pk for fund in self.funds]
        whole = sums_by_fund(self.ask, ids).by(lambda s: s.part[0]) if ids else {}
        own = self.own.by(lambda s: s.part[0])
        rows = []
        for fund in self.funds:
            sums, mine = whole.get(fund.pk, FundSums()), own.get(fund.pk, FundSums())
            figures = ("contributions", "net_funded", "expenditure", "total_balance")
            paid = mine.total(FUND_FIGURES["deposit"])
            if paid:
                rows.append(ShareRow(fund, paid, *(sums.total(FUND_FIGURES[n]) for n in figures)))
        return ShareTable(rows, id="share")

    def get_tables(self) -> list[Table]:
        """All tables, in the order of the page."""
        if self.is_sum:
            return [self.given, self.get_share()]
        found = self.arrangements
        whole = Position.of(found)
        totals = [TotalRow({n: getattr(whole, n) for n in _SUMS})] if len(found) > 1 else None
        dues = [DueRow(one, due) for one in found for due in one.schedule]
        dues.sort(key=lambda row: (row.on is None, row.on or date.max, row.fund, row.reference))
        return [
            ArrangementTable(found, id="arrangements", totals=totals),
            self.get_share(),
            self.get_given(),
            ScheduleTable(dues, id="schedule"),
            self.table,
        ]

    def get_key_facts(self) -> list[dict[str, Any]]:
        """The sums over all arrangements."""
        whole = Position.of(self.arrangements)
        where = f"{self.url}records/?figure="
        return [
            {
                "label": _("Commitments"),
                "term": "commitment",
                "value": money(whole.committed),
                "url": f"{where}commitment" if whole.committed else None,
            },
            {
                "label": _("Deposits"),
                "term": "deposit",
                "value": money(whole.deposited),
                "url": f"{where}deposit" if whole.deposited else None,
            },
            {
                "label": _("Outstanding, not due"),
                "term": "outstanding",
                "value": money(whole.not_due),
            },
            {
                "label": _("Outstanding, overdue"),
                "term": "outstanding",
                "value": money(whole.overdue),
            },
            {
                "label": _("Commitments less deposits"),
                "term": "outstanding",
                "value": money(whole.unpaid),
                "url": f"{where}unpaid",
            },
        ]

    # --- The page

    def get_title(self) -> str:
        return _("Individuals, as a sum") if self.is_sum else str(self.noun)

    def get_crumbs(self) -> list[dict[str, Any]]:
        return [
            {"label": _("Contributors"), "url": reverse("contributor-list")},
            {"label": self.get_title()},
        ]

    def get_years(self) -> list[int]:
        """The years that a statement can be had for, the newest first."""
        first = min((s.year for s in self.own), default=None)
        last = timezone.localdate(self.ask.as_of).year
        return [] if first is None else list(range(last, min(first, last) - 1, -1))

    def get_common_context(self) -> dict[str, Any]:
        whole = Position.of(self.arrangements)
        return {
            **super().get_common_context(),
            "noun": self.noun,
            "kicker": self.kicker,
            "key_facts": self.get_key_facts(),
            "due_day": day(self.arrangements[0].today) if self.arrangements else "",
            "unconverted": whole.unconverted,
            "tables": self.get_tables(),
            "statements": [
                {"year": year, "url": reverse("contributor-statement", args=[self.noun.code, year])}
                for year in self.get_years()
            ],
            "organization_url": self.noun.get_absolute_url() if not self.is_sum else "",
        }

    def export(self, fmt: str):
        context = self.get_common_context()
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

    def setup(self, request, *args, **kwargs) -> None:
        self.year = kwargs["year"]
        today = timezone.localdate()
        if not 1945 <= self.year <= today.year:
            raise Http404(_("There is no statement for this year; the page lists those there are."))
        asked = asked_dates(request)
        end = date(self.year, 12, 31)
        if end < today:
            request.asked_dates = replace(asked, until=min(end, asked.until or end))
        super().setup(request, *args, **kwargs)

    def get_title(self) -> str:
        return _("%(name)s: statement for %(year)s") % {
            "name": super().get_title(),
            "year": self.year,
        }

    def get_crumbs(self) -> list[dict[str, Any]]:
        return [
            {"label": _("Contributors"), "url": reverse("contributor-list")},
            {"label": super().get_title(), "url": self.url},
            {"label": str(self.year)},
        ]


class ContributorRecords(AllFundsRecords):
    """The records behind a figure of a contributor."""

    def setup(self, request, *args, **kwargs) -> None:
        super().setup(request, *args, **kwargs)
        self.page = ContributorPage()
        self.page.setup(request, *args, **kwargs)

    def get_of(self) -> str:
        return str(self.page.get_title())

    def get_back(self) -> list[dict[str, Any]]:
        return [self.page.get_crumbs()[0], {"label": self.get_of(), "url": self.page.url}]

    def get_queryset(self) -> QuerySet[FundEffect]:
        self.fund_ids = [fund.pk for fund in self.page.funds]
        effects = super().get_queryset()
        if self.page.is_sum:
            return effects.filter(organization__kind=INDIVIDUALS)
        return effects.filter(organization=self.page.noun)

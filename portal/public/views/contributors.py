"""Contributors: the list, the page of each, its annual statement, and the records behind it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from django.db.models import DecimalField, Exists, OuterRef, QuerySet, Value
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from finance.contributors.arrangement_tables import (
    POSITION_LABELS,
    ArrangementTable,
    DueRow,
    ScheduleTable,
)
from finance.contributors.arrangements import (
    ZERO,
    Arrangement,
    FundRef,
    Position,
    arrangements,
    by,
    worked_url,
)
from finance.contributors.contributor_tables import (
    ContributorRow,
    ContributorTable,
    DepositTable,
    GivenRow,
    GivenTable,
    ShareRow,
    ShareTable,
)
from finance.figures.drilldown import records_url
from finance.figures.fund_drilldown import FUND_FIGURES
from finance.figures.fund_figures import FundSums, sums_by_fund
from finance.models import Commitment, Deposit, FundEffect
from finance.reports.fund import INDIVIDUALS
from portal.kit.currency import told_in_base
from portal.kit.dates import asked_dates
from portal.kit.files.exports import table_response
from portal.kit.filters import described_filters
from portal.kit.formatting import cents, day, money, percent
from portal.kit.tables.base import Table, TotalRow
from portal.kit.text import fold
from portal.kit.views import TableView
from portal.public.list_filters import OrganizationFilter
from portal.public.views.entities import get_by_code_or_404
from portal.public.views.statements import AllFundsRecords, found_fund
from projects.models import Organization

_GIVEN = {"committed": "commitment", "pledged": "pledge", "deposited": "deposit"}
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
        links: dict[str, str] = {}
        if not described_filters(self.filterset):
            links = _total_links(whole, reverse("contributor-list"), reverse("fund-list"))
        return {"totals": [TotalRow({name: getattr(whole, name) for name in _SUMS}, links=links)]}


def _total_links(whole: Position, page: str, records: str) -> dict[str, str]:
    """Where the sums over all arrangements lead: to their parts, or to their records."""
    links = {"committed": records_url(records, "commitment")} if whole.committed else {}
    if whole.deposited:
        links["deposited"] = records_url(records, "deposit")
    for name in POSITION_LABELS:
        if url := worked_url(page, name, whole):
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


class ContributorPage(TableView):
    """What one contributor gave, what is outstanding, and its notional share of each fund."""

    template_name = "contributors/page.html"
    paginate_by = 50
    kicker: Any = gettext_lazy("Contributor")

    def setup(self, request, *args, **kwargs) -> None:
        super().setup(request, *args, **kwargs)
        self.noun: Organization = get_by_code_or_404(Organization.objects.all(), kwargs["code"])
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
        kept = FundSums(s for s in self.own if s.measure in _GIVEN.values())
        groups = kept.by(lambda s: (FundRef(*s.part), s.year))
        for (fund, year), sums in sorted(groups.items(), key=lambda g: (fold(g[0][0].name), g[0])):
            signed, pledged, paid = (sums.total(FUND_FIGURES[figure]) for figure in _GIVEN.values())
            has = frozenset(s.measure for s in sums)
            rows.append(GivenRow(fund, year, signed, pledged, paid, self.url, has))
        totals = None
        if len(rows) > 1:
            values = {name: sum(getattr(row, name) for row in rows) for name in _GIVEN}
            links = {
                name: records_url(self.url, figure)
                for name, figure in _GIVEN.items()
                if any(figure in row.has for row in rows)
            }
            totals = [TotalRow(values, links=links)]
        return GivenTable(rows, id="given", totals=totals)

    def get_shares(self) -> list[ShareRow]:
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
                amounts = (sums.total(FUND_FIGURES[n]) for n in figures)
                rows.append(ShareRow(self.url, fund, paid, *amounts))
        return rows

    def get_tables(self) -> list[Table]:
        """All tables, in the order of the page."""
        if self.is_sum:
            return [self.given, ShareTable(self.get_shares(), id="share")]
        found = self.arrangements
        whole = Position.of(found)
        totals = None
        if len(found) > 1:
            links = _total_links(whole, self.url, self.url)
            totals = [TotalRow({n: getattr(whole, n) for n in _SUMS}, links=links)]
        dues = [DueRow(one, due) for one in found for due in one.schedule]
        dues.sort(key=lambda row: (row.on is None, row.on or date.max, row.fund, row.reference))
        return [
            ArrangementTable(found, id="arrangements", totals=totals),
            ShareTable(self.get_shares(), id="share"),
            self.get_given(),
            ScheduleTable(dues, id="schedule"),
            self.table,
        ]

    def get_key_facts(self) -> list[dict[str, Any]]:
        """The sums over all arrangements."""
        whole = Position.of(self.arrangements)
        links = _total_links(whole, self.url, self.url)
        facts = [
            ("committed", _("Commitments"), "commitment"),
            ("deposited", _("Deposits"), "deposit"),
            ("not_due", POSITION_LABELS["not_due"], "outstanding"),
            ("overdue", POSITION_LABELS["overdue"], "outstanding"),
            ("unpaid", _("Commitments less deposits"), "outstanding"),
        ]
        links["unpaid"] = records_url(self.url, "unpaid")
        return [
            {
                "label": label,
                "term": term,
                "value": money(getattr(whole, name)),
                "url": links.get(name),
            }
            for name, label, term in facts
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


class ContributorChildList(TableView):
    """What stands below a contributor's page."""

    def setup(self, request, *args, **kwargs) -> None:
        super().setup(request, *args, **kwargs)
        self.page = ContributorPage()
        self.page.setup(request, *args, **kwargs)

    def get_of(self) -> str:
        return str(self.page.get_title())

    def get_back(self) -> list[dict[str, Any]]:
        return [self.page.get_crumbs()[0], {"label": self.get_of(), "url": self.page.url}]


class ContributorRecords(ContributorChildList, AllFundsRecords):
    """The records behind a figure of a contributor."""

    def get_queryset(self) -> QuerySet[FundEffect]:
        self.fund_ids = [fund.pk for fund in self.page.funds]
        effects = super().get_queryset()
        if self.page.is_sum:
            return effects.filter(organization__kind=INDIVIDUALS)
        return effects.filter(organization=self.page.noun)


class NotionalRecords(ContributorChildList, AllFundsRecords):
    """The records of a fund, each by the contributor's notional share (docs/domain.md#formulas)."""

    def setup(self, request, *args, **kwargs) -> None:
        super().setup(request, *args, **kwargs)
        self.fund = found_fund(request.GET.get("fund", ""))
        found = [row for row in self.page.get_shares() if row.fund.pk == self.fund.pk and row.all]
        self.row = found[0] if found else ShareRow(self.page.url, self.fund, ZERO, ZERO)
        self.fund_ids = [self.fund.pk]

    def get_share(self) -> Value:
        return Value((self.row.share or ZERO) / 100, output_field=DecimalField())

    def get_title(self) -> str:
        return _("%(figure)s, notional: its records") % {"figure": self.labels[self.figure]}

    def get_intro(self) -> str:
        return told_in_base(
            _(
                "%(name)s, %(fund)s. Notional, because money is pooled: each record of the fund "
                "counts by %(share)s, which is own deposits of %(currency)s %(own)s ÷ all "
                "deposits of %(currency)s %(all)s."
            ),
            name=self.get_of(),
            fund=self.fund.name,
            share=percent(self.row.share, 2),
            own=cents(self.row.own),
            all=cents(self.row.all),
        )

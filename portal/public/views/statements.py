"""Sources-and-uses statements of a fund and of all funds together, and the records behind them."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from finance.figures.addresses import NONE
from finance.figures.catalogue import OF_FUNDS
from finance.figures.fund_entries import counted, fund_entries, of_funds
from finance.figures.fund_figures import (
    FundSums,
    PlaceSums,
    fund_sums,
    sums_by_fund,
    sums_by_part,
    sums_by_place,
)
from finance.figures.reading import what_stands
from finance.figures.spans import Span
from finance.figures.telling import OF_INCOME
from finance.figures.totals import share_of, unplaced_part, whole
from finance.models import EntryQuerySet, FundFigure, can_roll_up
from finance.reports.flow import AllFunds, FlowTable, flow_chart, parts
from finance.reports.sources_and_uses import SourcesAndUses, last_year, notes_of
from portal.about.versions import counted_once
from portal.kit.dates import Known
from portal.kit.files.about import warn_in_files
from portal.kit.filters import wrong_filters
from portal.kit.tables.base import Table
from portal.kit.tables.parts import left_out_note
from portal.kit.views import TableView
from portal.kit.web.asked import asked_year
from portal.public.entry_filters import FundEntryFilter
from portal.public.record_tables import FundEntryTable
from portal.public.views.entities import get_by_code_or_404
from portal.public.views.records import Records
from projects.models import Fund


class AllFundsStatement(TableView):
    """Of all funds together."""

    asks = ("year",)
    title = gettext_lazy("Sources and uses of all funds")
    intro = gettext_lazy(
        "What all funds together received, what became of it, and what is left; "
        "every figure leads to its records."
    )
    template_name = "funds/statement.html"
    paginate_by = 25
    is_heavy = True
    fund_id: int | None = None

    def get_address(self) -> str:
        """The page that figures lead on from."""
        return reverse("fund-list")

    def get_statement(self) -> SourcesAndUses:
        """The statement of the year asked for."""
        sums = fund_sums(self.known, self.fund_id)
        year = asked_year(self.request.GET) or last_year(self.known, sums.years())
        return SourcesAndUses(
            sums,
            year,
            self.get_address(),
            whole=self.fund_id is None,
            last_day=self.known.last_day,
            **self.count_silent_funds(),
        )

    def count_silent_funds(self) -> dict[str, int]:
        """How many funds paid out without an income being stated, or had projects that spent
        without a transfer being stated."""
        funds = sums_by_fund(self.known).by(lambda s: s.part).values()
        return {
            "without_income": sum(
                own.has_records("total_uses") and not own.states_income for own in funds
            ),
            "without_funding": sum(not own.states_funding for own in funds),
        }

    def get_queryset(self) -> list:
        return []

    def get_table(self) -> Table:
        self.statement = self.get_statement()
        warn_in_files(self.request, *notes_of(self.statement.sums, self.known))
        return self.statement.table()

    def get_crumbs(self) -> list[dict[str, Any]]:
        return [
            {"label": _("Funds"), "url": reverse("fund-list")},
            {"label": _("Sources and uses")},
        ]

    def get_filter_lines(self) -> list[tuple[str, str]]:
        return [*super().get_filter_lines(), (_("Year"), str(self.statement.year))]

    def get_common_context(self) -> dict[str, Any]:
        return {
            **super().get_common_context(),
            "count": None,
            "statement": self.statement,
            "years": sorted({*self.statement.sums.years(), self.statement.year}, reverse=True),
            "notes_of_sums": notes_of(self.statement.sums, self.known),
        }


def _of_all(known: Known) -> tuple[FundSums, FundSums, PlaceSums, int]:
    """The sums of all funds together: whole, by party, and by place; and their last year."""
    sums = fund_sums(known, None)
    last = max((*sums.years(), known.last_day.year))
    span = Span(last, last)
    ways = sums_by_part(known, None, span, "deposit", "net_funded").by_party
    return sums, ways, sums_by_place(known, None, span), last


class AllFundsFlow(TableView):
    """The way of the money of all funds together, from contributors to countries."""

    title = gettext_lazy("Where the money went")
    intro = gettext_lazy(
        "The way of all money: from contributors through the funds to organizations, and on to "
        "the countries where they work. Each amount leads to its records."
    )
    template_name = "funds/flow.html"
    paginate_by = 40
    is_heavy = True
    file_name = "flow"

    @cached_property
    def flow(self) -> AllFunds:
        """All sums, added up once for many visitors."""
        return AllFunds(*counted_once(("flow", self.known), lambda: _of_all(self.known)))

    def get_queryset(self) -> list:
        return []

    def get_table(self) -> Table:
        warn_in_files(self.request, left_out_note(self.flow.sums.unconverted))
        return FlowTable(parts(self.flow), id="flow")

    def get_picture(self) -> dict[str, Any] | None:
        return flow_chart(self.flow)

    def get_crumbs(self) -> list[dict[str, Any]]:
        return [{"label": _("Funds"), "url": reverse("fund-list")}, {"label": self.title}]

    def get_common_context(self) -> dict[str, Any]:
        common = super().get_common_context()
        # Drawn at its own place.
        return {**common, "chart": common["picture"], "picture": None}


class FundStatement(AllFundsStatement):
    """Of one fund."""

    intro = gettext_lazy(
        "What the fund received, what became of it, and what is left; every figure leads to "
        "its records."
    )

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.fund = get_fund_or_404(kwargs["code"])
        self.fund_id = self.fund.pk

    def get_address(self) -> str:
        return self.fund.get_absolute_url()

    def count_silent_funds(self) -> dict[str, int]:
        return {}  # its own sums tell

    def get_title(self) -> str:
        return _("Sources and uses of funds – %(fund)s") % {"fund": self.fund}

    def get_crumbs(self) -> list[dict[str, Any]]:
        return [*fund_crumbs(self.fund), {"label": _("Sources and uses")}]


def get_fund_or_404(code: str) -> Fund:
    """The fund with this code. Raises Http404."""
    return get_by_code_or_404(Fund.objects.all(), code)


def fund_crumbs(fund: Fund) -> list[dict[str, Any]]:
    """The way to a page below a fund's."""
    return [
        {"label": _("Funds"), "url": reverse("fund-list")},
        {"label": str(fund), "url": fund.get_absolute_url()},
    ]


class AllFundsRecords(Records):
    """The records behind a figure of all funds together."""

    filterset_class = FundEntryFilter
    table_class = FundEntryTable
    figures = OF_FUNDS
    fund_ids: list[int] | None = None

    def get_back(self) -> list[dict[str, Any]]:
        return [
            {"label": _("Funds"), "url": reverse("fund-list")},
            {"label": _("Sources and uses"), "url": reverse("funds-statement")},
        ]

    @cached_property
    def codes(self) -> dict[str, str]:
        """The codes that the address asks for, as they are written here, by filter; "" for none,
        and for what nothing has, by which the page finds nothing."""
        return {name: self._code(name) for name in ("fund", "country")}

    def _code(self, name: str) -> str:
        field = self.filterset_class.base_filters[name].field
        try:
            return str(field.clean(self.request.GET.get(name, "")))
        except ValidationError:
            return ""

    def get_funds(self) -> list[int] | None:
        """The funds whose figure it is: those of the page, or the one that the address names."""
        if not (code := self.codes["fund"]):
            return self.fund_ids
        named = Fund.objects.filter(code=code).values_list("pk", flat=True)
        return [pk for pk in named if self.fund_ids is None or pk in self.fund_ids]

    def get_filter_options(self) -> dict[str, Any]:
        whole = (self.request.path_info, self.known, self.figure, self.codes["fund"])
        return {**super().get_filter_options(), "whole": whole}

    def get_kept(self) -> QuerySet[Any] | None:
        """Those of the figure and of its funds: by fund that paid and fund of the project, of which
        each tells its half."""
        if not can_roll_up(self.known):
            return None
        funds = self.get_funds()
        found = FundFigure.objects.known(self.known)
        found = found if funds is None else found.filter(of_funds(funds))
        return counted(found, self.figures[self.figure].measures, funds)

    @cached_property
    def kept(self) -> QuerySet[Any] | None:
        """The same where no other filter narrows the records."""
        if self.is_unknown or wrong_filters(self.filterset):
            return None
        values = self.filterset.form.cleaned_data
        asked = {name for name, value in values.items() if value not in ("", None)}
        return None if asked - {"figure", "fund"} else self.get_kept()

    def knows_funding(self) -> bool:
        """What is left of income is known where each fund that paid out states some."""
        if self.figure not in OF_INCOME:
            return super().knows_funding()
        funds = sums_by_fund(self.known, self.get_funds()).by(lambda s: s.part).values()
        return all(own.states_income for own in funds if own.has_records("total_uses"))

    def _sign(self) -> Any:
        """How each counts, which `counted` has told."""
        return F("sign")

    def get_share(self) -> Any:
        """The part by which each record counts."""
        return whole()

    def _share_there(self) -> Any:
        """The same of the country that the address names: by its share of the project."""
        if not (code := self.codes["country"]):
            return self.get_share()
        return self.get_share() * (
            unplaced_part(self.known) if code == NONE else share_of(code, self.known)
        )

    def get_queryset(self) -> EntryQuerySet:
        signs = self.figures[self.figure].measures
        funds = self.get_funds()
        entries = what_stands(fund_entries(self.known, funds), self.known)
        return (
            counted(entries, signs, funds)
            .annotate(share=self._share_there(), counted=F("base_amount") * F("sign") * F("share"))
            .select_related("fund", "project_fund", "project", "organization", "voucher")
            .prefetch_related("load", "original_load", "category")
            .order_by("-date", "-record_id", "kind", "adjusts")
        )


class FundRecords(AllFundsRecords):
    """Of one fund."""

    hidden = ("fund",)
    by_fund = False

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.fund = get_fund_or_404(kwargs["code"])
        self.fund_ids = [self.fund.pk]

    def get_of(self) -> str:
        return str(self.fund)

    def get_back(self) -> list[dict[str, Any]]:
        return fund_crumbs(self.fund)

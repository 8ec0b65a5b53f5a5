"""The tables of the consolidated annual report of a fund, live or as an edition had them."""

from dataclasses import replace
from datetime import date
from typing import Any

from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from finance.figures.catalogue import FIGURES
from finance.models import Edition
from finance.reports.annual import annual_tables
from finance.reports.charts import Bar, bars_across
from finance.reports.editions import edition_filters, edition_title, figures_of_statement
from finance.reports.fund import FundMoney
from finance.reports.sources_and_uses import notes_of
from portal.kit.dates import asked_dates, set_dates
from portal.kit.files.about import warn_in_files
from portal.kit.files.exports import table_response
from portal.kit.formatting import day
from portal.kit.tables.base import Table, any_interim
from portal.kit.views import TableView
from portal.kit.web.asked import asked_year
from portal.public.views.statements import fund_crumbs, get_fund_or_404


class AnnualReport(TableView):
    """All tables for any year, as known today or on the day asked for."""

    asks = ("year",)
    template_name = "funds/annual.html"
    # Its tables stand whole, for the page has no links to further rows of one of them.
    paginate_by = 10_000
    is_heavy = True
    edition: Any = None

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.fund = get_fund_or_404(kwargs["code"])
        self.money = FundMoney(self.fund, self.known)

    def get_year(self) -> int:
        """The year of the report."""
        return asked_year(self.request.GET) or self.money.last_year

    def get_queryset(self) -> list:
        return []

    def get_table(self) -> Table:
        self.year = self.get_year()
        self.all_tables = annual_tables(self.money, self.year)
        warn_in_files(self.request, *notes_of(self.money.sums, self.known))
        return self.all_tables[0]

    def get_picture(self) -> dict[str, Any] | None:
        """What came in and what became of it, up to the end of the year."""
        sums = self.money.sums
        return bars_across(
            self._span(),
            (
                Bar(FIGURES[key].label, sums.total(key, None, self.year),
                    sums.parts(key, None, self.year))
                for key in ("deposit", "approved", "net_funded", "expenditure")
            ),
        )  # fmt: skip

    def _span(self) -> str:
        """The years of the picture, the last of them as far as it has come."""
        last = self.money.known.last_day
        if date(self.year, 12, 31) > last >= date(self.year, 1, 1):
            return _("From the beginning to %(day)s") % {"day": day(last)}
        return _("From the beginning to the end of %(year)s") % {"year": self.year}

    def get_title(self) -> str:
        return _("Annual report %(year)s – %(fund)s") % {"year": self.year, "fund": self.fund}

    def get_crumbs(self) -> list[dict[str, Any]]:
        return [*fund_crumbs(self.fund), {"label": _("Annual report")}]

    def get_filter_lines(self) -> list[tuple[str, str]]:
        return [(_("Year"), str(self.year))]

    def get_common_context(self) -> dict[str, Any]:
        return {
            **super().get_common_context(),
            "count": None,
            "tables": self.all_tables,
            "year": self.year,
            "years": sorted({*self.money.sums.years(), self.year}, reverse=True),
            "notes_of_sums": notes_of(self.money.sums, self.known),
            "editions": Edition.objects.filter(fund=self.fund),
            "edition": self.edition,
            "page_interim": any_interim(self.all_tables),
        }

    def export(self, fmt: str) -> HttpResponseBase:
        return table_response(
            self.request,
            self.all_tables,
            fmt=fmt,
            title=self.get_title(),
            file_name=f"{self.fund.code}-{self.year}",
            filters=self.get_filter_lines(),
            template=self.template_name,
            context=self.get_common_context() if fmt in {"pdf", "print"} else {},
        )


class EditionPage(AnnualReport):
    """One edition, for ever as it was published."""

    edition: Edition

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        editions = Edition.objects.select_related("fund").filter(
            fund=get_fund_or_404(kwargs["code"]), year=kwargs["year"], number=kwargs["number"]
        )
        self.edition = get_object_or_404(editions)
        dates = asked_dates(request)
        until = self.edition.until
        set_dates(request, replace(dates, as_of=self.edition.as_of, until=until, wrong=()))
        super().setup(request, *args, **kwargs)

    def get_year(self) -> int:
        return self.kwargs["year"]

    def get_title(self) -> str:
        return edition_title(self.edition)

    def get_filter_lines(self) -> list[tuple[str, str]]:
        return edition_filters(self.edition)

    def get_common_context(self) -> dict[str, Any]:
        now = figures_of_statement(self.money.sums, self.year)
        files = list(self.edition.files.all())
        return {
            **super().get_common_context(),
            "differs": now != self.edition.figures,
            "file": next((file for file in files if not file.withdrawn_at), None),
            "remade": len(files) > 1,
            "file_url": reverse("fund-edition-file", kwargs=self.kwargs),
        }


def edition_file(_request: HttpRequest, code: str, year: int, number: int) -> HttpResponseBase:
    """The workbook of an edition as it was made when the edition was published."""
    edition = get_object_or_404(Edition, fund=get_fund_or_404(code), year=year, number=number)
    made = edition.files.filter(withdrawn_at=None).first()
    if made is None:
        raise Http404(_("The file of this edition is being made; try again in some minutes."))
    name = f"{edition.fund.code}-{year}-edition-{number}.xlsx"
    response = FileResponse(made.file.open("rb"), as_attachment=True, filename=name)
    # Something in it may be withheld at any time.
    response.headers["Cache-Control"] = "private, no-store"
    return response

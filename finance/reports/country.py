"""What a country had of its projects, by fund, by organization and by year; each project counts
by its stated share."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import F, QuerySet, Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from finance.figures.columns import figure_column
from finance.figures.reading import KnownFigures
from finance.figures.sums import Totals, together
from finance.figures.totals import projects_in, rest_of, several_projects, share_of
from portal.kit.tables.base import Table
from portal.kit.tables.cells import Column
from portal.kit.tables.columns import TextColumn
from portal.kit.text import fold
from projects.models import Country

_FUND = ("project__fund__code", "project__fund__name")
_ORGANIZATION = ("organization__code", "organization__name")


@dataclass(frozen=True)
class ShareRow:
    """A fund, an organization or a year, with the country's part of its projects."""

    name: str
    url: str
    totals: Totals

    def __getattr__(self, name: str) -> Decimal | None:
        found: Decimal | None = getattr(self.totals, name)
        return found


def _figure(key: str) -> Column:
    return figure_column(key, link=None, parts=lambda row: row.totals.parts(key))


class SharesTable(Table):
    """The country's part by one of these."""

    caption_hidden = True
    card = ("name", "approved", "net_funded", "expenditure")
    name = TextColumn(
        verbose_name=gettext_lazy("Name"),
        definition=gettext_lazy("The fund, organization or year."),
        link=lambda row: row.url or None,
        orderable=False,
        css="name",
    )
    approved = _figure("approved")
    net_funded = _figure("net_funded")
    expenditure = _figure("expenditure")
    delivery_rate = _figure("delivery_rate")


class YearSharesTable(SharesTable):
    """The country's part of each year. A rate is cumulative only: that of a year means nothing."""

    delivery_rate = None  # type: ignore[assignment]
    name = TextColumn(
        verbose_name=gettext_lazy("Year"),
        definition=gettext_lazy("The fund, organization or year."),
        orderable=False,
        css="name",
    )


def shares_tables(figures: KnownFigures, country: Any) -> list[SharesTable]:
    """By fund, by organization and by year; `country` is one, or the words for several."""
    is_one = isinstance(country, Country)
    known = figures.known
    projects = projects_in(country, known) if is_one else several_projects(known)
    weight = share_of(country.code, known) if is_one else rest_of(known)
    rows = figures.all().filter(project__in=projects).annotate(weight=weight)
    return [
        SharesTable(_named(rows, _FUND, "fund"), title=_("By fund"), id="by-fund"),
        SharesTable(
            _named(rows, _ORGANIZATION, "organization"),
            title=_("By organization"),
            id="by-organization",
        ),
        YearSharesTable(_years(rows), title=_("By year"), id="by-year"),
    ]


def years_moved(by_year: SharesTable) -> list[int]:
    """The years of such a table in which money moved: what was approved has not."""
    moved = ("net_funded", "expenditure")
    return [int(row.name) for row in by_year.data if any(map(row.totals.has, moved))]


def _named(rows: QuerySet, names: tuple[str, str], page: str) -> list[ShareRow]:
    """Each as the whole of its parts of funds, of each of which funding has to be stated."""
    wholes: dict[tuple[Any, Any], list[Totals]] = {}
    for (code, name, _fund), totals in _by(rows, *names, "project__fund").items():
        wholes.setdefault((code, name), []).append(totals)
    found = [
        ShareRow(
            str(name or _("Not stated")),
            reverse(page, args=[code]) if code else "",
            together(parts),
        )
        for (code, name), parts in wholes.items()
    ]
    return sorted(found, key=lambda row: (-row.totals.net_funded, fold(row.name)))


def _years(rows: QuerySet) -> list[ShareRow]:
    found = sorted(_by(rows, "year").items(), reverse=True)
    return [ShareRow(str(year), "", totals) for (year,), totals in found]


def _by(rows: QuerySet, *names: str) -> dict[tuple[Any, ...], Totals]:
    """The totals of each of these, with what has no share left out."""
    sums = (
        rows.filter(weight__isnull=False)
        .order_by()
        .values_list(*names, "measure", "state")
        .annotate(
            sum=Sum(F("base_amount") * F("weight")),
            number=Sum("records"),
            left_out=Sum("unconverted"),
        )
    )
    totals: dict[tuple[Any, ...], Totals] = {}
    for row in sums:
        part, (measure, *figure) = row[: len(names)], row[len(names) :]
        first = part[names.index("year")] if "year" in names else None
        totals.setdefault(part, Totals(first=first)).count(measure, *figure)
    return {part: found for part, found in totals.items() if found.records}

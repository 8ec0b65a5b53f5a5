"""Contributors and their arrangements, vouchers, and the records of money."""

from dataclasses import dataclass, field
from typing import Any

import django_filters as filters
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from finance.contributors.arrangements import Arrangement, Position, arrangements, by
from finance.contributors.contributor import Contributor
from finance.figures.catalogue import OF_A_CONTRIBUTOR, WORKED_OUT
from finance.models import BudgetLine, ExpenditureLine, Voucher, VoucherLine
from portal.api import rows
from portal.api.asked import asked_limit, told_organizations
from portal.api.base import Detail, List
from portal.api.figures import Told, address, told_position
from portal.api.paging import Part, part_of_list
from portal.kit.filters import CodesFilter, DayFilter, WholeFilter, codes_of
from portal.kit.years import YEARS
from portal.public.list_filters import VoucherFilter
from portal.public.views.contributors import get_contributor_or_404, name_of
from projects.models import Fund, Organization, Project

OF_AN_ARRANGEMENT = tuple(key for key in OF_A_CONTRIBUTOR if key != "unpaid")


class GivenFilter(filters.FilterSet):
    """Arrangements by fund, contributor and kind of contributor."""

    fund = CodesFilter(label=_("Fund (code)"), field_name="fund__code", among=codes_of(Fund))
    contributor = CodesFilter(
        label=_("Contributor (code)"), field_name="contributor__code", among=told_organizations
    )
    kind = filters.ChoiceFilter(
        label=_("Kind of contributor"),
        choices=Organization.Kind.choices,
        field_name="contributor__kind",
    )

    def which(self) -> dict[str, Any]:
        """The conditions asked for."""
        values = self.form.cleaned_data if self.form.is_valid() else {}
        return {self.filters[n].field_name: v for n, v in values.items() if v}


class Contributors(List):
    """All contributors; individuals as one."""

    name = _("Contributors")
    text = _("Who pays into the funds, with what was signed for, paid and is outstanding.")
    example = "?fund=CODE&fields=name,figures.deposit,figures.overdue"
    serializer = rows.Contributor
    figures = OF_A_CONTRIBUTOR
    filterset_class = GivenFilter

    def filtered_from(self) -> QuerySet:
        return Organization.objects.none()

    def part(self, filterset: Any, cursor: str) -> Part[Any]:
        given = arrangements(self.known, **filterset.which())
        groups = by(given, lambda one: one.is_individual or one.party)
        found = [_giver(group) for group in groups.values()]
        limit = asked_limit(self.request.query_params)
        return part_of_list(found, lambda giver: (giver.code or "",), cursor, limit)

    def finish(self, rows: list[Any]) -> list[Any]:
        for giver in rows:
            giver.told = told_position(
                Position.of(giver.found), giver.page, self.dates, self.wanted_figures
            )
        return rows


@dataclass
class Giver:
    """A contributor with its arrangements; individuals as one."""

    code: str | None
    name: str
    kind: str
    page: str
    found: list[Arrangement]
    told: Told = field(default_factory=dict)

    @property
    def funds(self) -> list[str]:
        """The codes of the funds that it gave to."""
        return sorted({one.fund.code for one in self.found})


def _giver(found: list[Arrangement]) -> Giver:
    first = found[0]
    return Giver(first.party.code or None, first.contributor, first.party.kind, first.page, found)


class ContributorDetail(Detail):
    """One contributor."""

    name = _("Contributor")
    text = _("One contributor.")
    serializer = rows.Contributor
    figures = OF_A_CONTRIBUTOR

    def found(self, **kwargs: Any) -> Any:
        found: Contributor = get_contributor_or_404(kwargs["code"], self.known)
        who = found.organization
        giver = Giver(who.code, name_of(found), who.kind, found.page, found.arrangements)
        giver.told = told_position(
            Position.of(giver.found), giver.page, self.dates, self.wanted_figures
        )
        return giver


class Arrangements(List):
    """All arrangements of contributors with funds."""

    name = _("Arrangements")
    text = _("What each contributor signed for with each fund, in its currency, and what is open.")
    example = "?fund=CODE&contributor=CODE"
    serializer = rows.Arrangement
    figures = OF_AN_ARRANGEMENT
    filterset_class = GivenFilter

    def filtered_from(self) -> QuerySet:
        return Organization.objects.none()

    def part(self, filterset: Any, cursor: str) -> Part[Any]:
        found = [Agreed(one) for one in arrangements(self.known, **filterset.which())]
        limit = asked_limit(self.request.query_params)
        return part_of_list(found, lambda agreed: agreed.key, cursor, limit)

    def finish(self, rows: list[Any]) -> list[Any]:
        for agreed in rows:
            page = "" if agreed.one.is_individual else agreed.one.page
            told = told_position(Position.of([agreed.one]), page, self.dates, self.wanted_figures)
            agreed.told = {
                key: {**figure, "records": agreed.records(key, self.dates)}
                for key, figure in told.items()
            }
        return rows


class Agreed:
    """An arrangement as it may be told."""

    def __init__(self, one: Arrangement) -> None:
        self.one = one
        self.key = (one.fund.code, one.party.code, one.reference, one.currency)
        self.fund, self.code = one.fund, one.party.code or None
        self.told_reference, self.currency = one.told_reference, one.currency
        self.signed, self.paid, self.open = one.signed, one.paid, one.open
        self.told: Told = {}

    def records(self, key: str, dates: str) -> str | None:
        """Where its records behind a figure are listed, or what the figure is made of."""
        whole = Position.of([self.one])
        if key in WORKED_OUT:
            return address(self.one.breakdown_url(key), dates)
        return address(self.one.records_url(key), dates) if whole.has(key) else None


# Filters for which the lines of all vouchers are added up; else those of one answer are.
_BY_TOTAL = frozenset({"total_min", "total_max"})


class Vouchers(List):
    """All vouchers with standing lines."""

    name = _("Vouchers")
    text = _("Payments of the fund office to participating organizations, and refunds.")
    example = "?fund=CODE&year=2024"
    serializer = rows.Voucher
    filterset_class = VoucherFilter

    def rows(self) -> QuerySet:
        lines = _standing(VoucherLine.objects.all(), self).filter(voucher=OuterRef("pk"))
        vouchers = Voucher.objects.select_related("payee", "fund").filter(Exists(lines))
        if _BY_TOTAL & self.request.query_params.keys():
            total = lines.order_by().values("voucher").annotate(total=Sum("base_amount"))
            vouchers = vouchers.annotate(total=Subquery(total.values("total")))
        return vouchers

    def filter_options(self) -> dict[str, Any]:
        return {"known": self.known}

    def finish(self, rows: list[Any]) -> list[Any]:
        _add_up(rows, self)
        return rows


class VoucherDetail(Detail):
    """One voucher; its lines are /api/v1/voucher-lines/?voucher=ID."""

    name = _("Voucher")
    text = _("One voucher; its lines: /api/v1/voucher-lines/?voucher=ID.")
    serializer = rows.Voucher

    def found(self, **kwargs: Any) -> Any:
        voucher: Any = get_object_or_404(Voucher.objects.select_related("payee", "fund"), **kwargs)
        _add_up([voucher], self)
        if not voucher.line_count:
            raise Http404(_("This voucher has no lines then."))
        return voucher


def _standing(lines: Any, view: Any) -> QuerySet:
    return lines.known_at(view.known.as_of).up_to(view.known.until)


def _add_up(vouchers: list[Any], view: Any) -> None:
    """The sums of these vouchers' lines, in one query."""
    lines = _standing(VoucherLine.objects.filter(voucher__in=vouchers), view)
    sums = (
        lines.order_by()
        .values_list("voucher")
        .annotate(Sum("base_amount"), Count("pk"), left_out=Count("pk", filter=Q(base_amount=None)))
    )
    found = {pk: values for pk, *values in sums}
    for voucher in vouchers:
        total = found.get(voucher.pk, (None, 0, 0))
        voucher.total, voucher.line_count, voucher.unconverted = total


class LineFilter(filters.FilterSet):
    """Records by project, fund of the project, organization, days and source file."""

    project = filters.CharFilter(label=_("Project number"), method="by_project")
    fund = CodesFilter(
        label=_("Fund of the project (code)"),
        field_name="project__fund__code",
        among=codes_of(Fund),
    )
    organization = CodesFilter(
        label=_("Organization (code)"),
        field_name="organization__code",
        among=told_organizations,
    )
    first = DayFilter(label=_("From day"), field_name="date", lookup_expr="gte")
    last = DayFilter(label=_("To day"), field_name="date", lookup_expr="lte")
    load = WholeFilter(label=_("Source file (id)"), min_value=1, max_value=2**62)

    def by_project(self, lines: QuerySet, _name: str, value: str) -> QuerySet:
        """Of the project with this number, whatever its case."""
        return lines.filter(project__in=Project.objects.numbered(value.strip()))


class VoucherLineFilter(LineFilter):
    """The same, and those of one voucher."""

    voucher = WholeFilter(label=_("Voucher (id)"), min_value=1, max_value=2**62)


class ExpenditureFilter(LineFilter):
    """The same, by year and state."""

    year = WholeFilter(label=_("Year"), **YEARS)
    state = filters.ChoiceFilter(label=_("State"), choices=ExpenditureLine.State.choices)


class Lines(List):
    """Records of one kind, as known then, the oldest first."""

    model: Any
    related: tuple[str, ...] = ("category",)
    filterset_class = LineFilter

    def rows(self) -> QuerySet:
        return _standing(self.model.objects.all(), self).select_related(
            "project", "organization", *self.related
        )


class VoucherLines(Lines):
    """All lines of vouchers."""

    name = _("Lines of vouchers")
    text = _("One project’s part of a voucher. Refunds and corrections are negative.")
    example = "?project=NUMBER"
    serializer = rows.VoucherLine
    model = VoucherLine
    related = ("voucher__fund",)
    filterset_class = VoucherLineFilter


class Budgets(Lines):
    """All approved budgets."""

    name = _("Approved budgets")
    text = _("What the Steering Committee has allocated, line by line.")
    example = "?project=NUMBER"
    serializer = rows.BudgetLine
    model = BudgetLine


class Expenditures(Lines):
    """All expenditure as reported."""

    name = _("Expenditures")
    text = _(
        "As reported: interim, at the end of a year, and certified, which is cumulative. Do not "
        "add lines up; the figures of projects tell what counts."
    )
    example = "?project=NUMBER&year=2023&state=certified"
    serializer = rows.ExpenditureLine
    model = ExpenditureLine
    filterset_class = ExpenditureFilter

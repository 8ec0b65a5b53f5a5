"""Tables of projects, funds, organizations, countries, vouchers and loads."""

from collections.abc import Iterator
from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from finance.figures.addresses import records_url
from finance.figures.columns import figure_column
from finance.figures.listed import parts_of_row
from finance.figures.vouchers import VoucherRow, in_order, paid_projects, voucher_rows
from portal.kit.currency import in_base
from portal.kit.dates import Known
from portal.kit.tables.base import CHUNK, Table
from portal.kit.tables.cells import Column, address_of
from portal.kit.tables.columns import (
    DateColumn,
    IdentifierColumn,
    IntegerColumn,
    LinkColumn,
    ListColumn,
    MoneyColumn,
    PlaceColumn,
    TextColumn,
)
from portal.kit.tables.parts import NO_PARTS, Parts
from portal.public.project_columns import ProjectColumns


def listed(figure: str) -> Column:
    """The column of a figure, which pages sort by."""
    return figure_column(
        figure,
        link=lambda row: records_url(address_of(row), figure),
        parts=lambda row: parts_of_row(row, figure),
        orderable=True,
    )


class _WithFigures(Table):
    """Rows that carry the figures of `finance.figures.listed`."""

    note = in_base(_("All amounts in %(currency)s"))
    caption_hidden = True
    approved = listed("approved")
    net_funded = listed("net_funded")
    expenditure = listed("expenditure")
    delivery_rate = listed("delivery_rate")


class _WithMoreFigures(_WithFigures):
    """The same with those that are shown where somebody asks for them."""

    transfer = listed("transfer")
    refund = listed("refund")
    balance = listed("balance")
    optional: tuple[str, ...] = ("transfer", "refund", "balance")


class ProjectTable(ProjectColumns, _WithMoreFigures):
    """Projects."""

    title = _("Projects")
    empty_text = _("No project is known yet.")
    card: tuple[str, ...] = ("number", "title_", "status", "approved", "net_funded", "expenditure")
    optional: tuple[str, ...] = ("theme", "transfer", "refund", "balance")
    organizations = ListColumn(
        get=lambda project: [p.organization for p in project.participating],
        verbose_name=_("Participating organizations"),
        term="participating-organization",
        definition=_("Who receives money from the fund office."),
        item_link=True,
        short="short_name",
        css="names",
    )
    countries = ListColumn(
        get=lambda project: [place.country for place in project.places],
        verbose_name=_("Country"),
        definition=_("Where it works."),
        item_link=True,
        css="names",
    )
    theme = TextColumn(
        verbose_name=_("Theme"), term="theme", definition=_("Field of work."), orderable=False
    )

    class Meta:
        sequence = (
            "number", "title_", "fund", "organizations", "countries", "status", "theme", "..."
        )  # fmt: skip


class FundTable(_WithMoreFigures):
    """Funds."""

    title = _("Funds")
    empty_text = _("No fund is known yet.")
    card: tuple[str, ...] = ("code", "name", "approved", "net_funded", "expenditure")
    code = IdentifierColumn(
        verbose_name=_("Fund code"), term="fund", definition=_("Code of the fund."), link=True
    )
    name = TextColumn(
        order_by="sort_name",
        verbose_name=_("Fund"),
        definition=_("Name of the fund."),
        link=True,
        css="name",
    )
    project_count = IntegerColumn(verbose_name=_("Projects"), definition=_("Number of projects."))

    class Meta:
        sequence = ("code", "name", "project_count", "...")


class OrganizationTable(_WithMoreFigures):
    """Organizations with what they received and spent."""

    title = _("Organizations")
    empty_text = _("No organization is known yet.")
    card: tuple[str, ...] = ("name", "kind", "approved", "net_funded", "expenditure")
    name = TextColumn(
        order_by="sort_name",
        verbose_name=_("Organization"),
        definition=_("Full name."),
        link=True,
        css="name",
    )
    kind = TextColumn(
        accessor="get_kind_display",
        order_by="kind",
        verbose_name=_("Kind"),
        definition=_("Kind of organization."),
    )
    project_count = IntegerColumn(
        verbose_name=_("Projects"), definition=_("Projects in which it takes part.")
    )

    class Meta:
        sequence = ("name", "kind", "project_count", "...")


class CountryTable(_WithFigures):
    """Countries; a project counts by its stated share."""

    title = _("Countries")
    empty_text = _("No project has a country yet.")
    card: tuple[str, ...] = ("name", "approved", "net_funded", "expenditure")
    note = in_base(
        _(
            "All amounts in %(currency)s. A project in several countries counts by its stated "
            "shares; without shares it stands under “Several countries”."
        )
    )
    name = PlaceColumn(
        verbose_name=_("Country"),
        order_by="sort_name",
        definition=_("Country, region or placeholder of the ledger."),
        link=lambda row: row.url,
        css="name",
    )
    project_count = IntegerColumn(
        verbose_name=_("Projects"), definition=_("Projects that work there.")
    )

    class Meta:
        sequence = ("name", "project_count", "...")


class VoucherTable(Table):
    """Vouchers with their totals."""

    title = _("Vouchers")
    caption_hidden = True
    note = in_base(_("Amounts in %(currency)s, with cents."))
    empty_text = _("No voucher is known yet.")
    card: tuple[str, ...] = ("payment_date", "voucher", "payee", "projects", "total")
    payment_date = DateColumn(
        verbose_name=_("Payment date"), definition=_("Day on which it was paid.")
    )
    voucher = IdentifierColumn(
        get=str,
        order_by="number",
        verbose_name=_("Voucher"),
        term="payment-voucher",
        definition=_("Number in the ledger; not unique across ledgers and years."),
        link=True,
    )
    payee = LinkColumn(
        order_by="payee__sort_name",
        verbose_name=_("Payee"),
        term="participating-organization",
        definition=_("Organization that was paid, or that refunded."),
        css="name",
    )
    fund = LinkColumn(
        order_by="fund__sort_name",
        verbose_name=_("Fund"),
        term="fund",
        definition=_("The fund that paid."),
    )
    projects = ListColumn(
        get=paid_projects,
        verbose_name=_("Projects paid"),
        term="project-number",
        definition=_("The projects that it paid, or that paid back."),
        item_link=True,
        short="number",
        most=3,
        css="names",
    )
    line_count = IntegerColumn(
        verbose_name=_("Lines"), definition=_("Lines, one for each project and payment.")
    )
    total = MoneyColumn(
        verbose_name=in_base(_("Total %(currency)s")),
        term="base-currency",
        definition=_("Sum of the lines; refunds are negative."),
        link=True,
        parts=lambda v: Parts(unconverted=v.left_out) if v.left_out else NO_PARTS,
        parts_in="left_out",
        cents=True,
    )

    def __init__(self, vouchers: QuerySet, *, known: Known, **options: Any):
        super().__init__(vouchers, **options)
        self.known = known

    def order_voucher(self, vouchers: QuerySet, is_descending: bool) -> tuple[QuerySet, bool]:
        """By number."""
        return self._in_order(vouchers, "number", is_descending)

    def order_payee(self, vouchers: QuerySet, is_descending: bool) -> tuple[QuerySet, bool]:
        """By its name."""
        return self._in_order(vouchers, "payee", is_descending)

    def order_fund(self, vouchers: QuerySet, is_descending: bool) -> tuple[QuerySet, bool]:
        """By its name."""
        return self._in_order(vouchers, "fund_name", is_descending)

    def order_line_count(self, vouchers: QuerySet, is_descending: bool) -> tuple[QuerySet, bool]:
        """By how many there are."""
        return self._in_order(vouchers, "line_count", is_descending)

    def _in_order(self, vouchers: QuerySet, key: str, is_descending: bool) -> tuple[QuerySet, bool]:
        """As an index has it; by several columns as any table."""
        if len(self.order_by) > 1:
            return vouchers, False
        return in_order(vouchers, key, descending=is_descending), True

    def records(self) -> Iterator[VoucherRow]:
        """All of them, as plain values."""
        return voucher_rows(self.data.data, self.known, CHUNK)


class LoadTable(Table):
    """Loads: what came when, from which source, and what it changed."""

    title = _("Source files")
    caption_hidden = True
    empty_text = _("No source file has been published yet.")
    card = ("released_at", "file_name", "kind", "source", "new", "changed", "withdrawn")
    released_at = DateColumn(verbose_name=_("Published on"), definition=_("When it became public."))
    reversed_at = DateColumn(
        verbose_name=_("Reversed"),
        definition=_("When what it stated was taken out again; empty where it was not."),
    )
    file_name = TextColumn(
        verbose_name=_("File"), definition=_("Name of the source file."), link=True
    )
    kind = TextColumn(
        accessor="get_kind_display",
        order_by="kind",
        verbose_name=_("Kind"),
        definition=_("What it states."),
    )
    source = TextColumn(
        order_by="source__name",
        verbose_name=_("Source"),
        term="source",
        definition=_("The ledger or publisher."),
    )
    new = IntegerColumn(
        get=lambda load: load.counts.get("new", 0),
        orderable=True,
        verbose_name=_("New"),
        definition=_("Records added."),
    )
    changed = IntegerColumn(
        get=lambda load: load.counts.get("changed", 0),
        orderable=True,
        verbose_name=_("Changed"),
        definition=_("Records replaced."),
    )
    withdrawn = IntegerColumn(
        get=lambda load: load.counts.get("withdrawn", 0),
        orderable=True,
        verbose_name=_("Withdrawn"),
        definition=_("Records no longer stated."),
    )

    class Meta:
        sequence = (
            "released_at",
            "file_name",
            "kind",
            "source",
            "new",
            "changed",
            "withdrawn",
            "...",
        )

    def order_new(self, loads: QuerySet, is_descending: bool) -> tuple[QuerySet, bool]:
        """By how many were added."""
        return _by_count(loads, "new", is_descending), True

    def order_changed(self, loads: QuerySet, is_descending: bool) -> tuple[QuerySet, bool]:
        """By how many were replaced."""
        return _by_count(loads, "changed", is_descending), True

    def order_withdrawn(self, loads: QuerySet, is_descending: bool) -> tuple[QuerySet, bool]:
        """By how many were no longer stated."""
        return _by_count(loads, "withdrawn", is_descending), True


def _by_count(loads: QuerySet, name: str, is_descending: bool) -> QuerySet:
    """By one of the counts of what a load changed; none is the least."""
    count = F(f"counts__{name}")
    first = count.desc(nulls_last=True) if is_descending else count.asc(nulls_first=True)
    return loads.order_by(first, "-pk")

"""Tables of projects, funds, organizations, countries, vouchers and loads."""

from django.utils.translation import gettext_lazy as _

from portal.kit.columns import (
    ChoiceColumn,
    DateColumn,
    IdentifierColumn,
    IntegerColumn,
    LinkColumn,
    ListColumn,
    MoneyColumn,
    PercentColumn,
    TextColumn,
)
from portal.kit.tables import Table


class _WithFigures(Table):
    """Rows that carry the figures of `finance.figures.with_figures`."""

    note = _("All amounts in US$")
    caption_hidden = True
    approved = MoneyColumn(
        verbose_name=_("Approved budget"),
        term="approved-budget",
        definition=_("What the Steering Committee approved."),
    )
    net_funded = MoneyColumn(
        verbose_name=_("Net funded amount"),
        term="net-funded-amount",
        definition=_("Transfers less refunds."),
    )
    expenditure = MoneyColumn(
        verbose_name=_("Expenditure"),
        term="expenditure",
        definition=_("Reported as spent by participating organizations."),
    )
    rate = PercentColumn(
        verbose_name=_("Delivery rate"),
        term="delivery-rate",
        definition=_("Expenditure ÷ net funded amount; n/a where nothing was funded."),
    )


class ProjectTable(_WithFigures):
    """Projects."""

    title = _("Projects")
    empty_text = _("No project matches. Take a filter away, or search by another word.")
    wide = True
    number = IdentifierColumn(
        verbose_name=_("Project number"),
        term="project-number",
        definition=_("Text; leading zeros matter."),
        link=True,
    )
    title_ = TextColumn(
        accessor="title",
        order_by="sort_name",
        verbose_name=_("Title"),
        definition=_("Title of the project."),
        link=True,
        css="name",
    )
    fund = LinkColumn(
        order_by="fund__sort_name",
        verbose_name=_("Fund"),
        term="fund",
        definition=_("The fund that pays for it."),
        css="names",
    )
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
    status = ChoiceColumn(
        verbose_name=_("Status"), term="on-going", definition=_("Stage in the project’s life.")
    )

    class Meta:
        sequence = ("number", "title_", "fund", "organizations", "countries", "status", "...")


class FundTable(_WithFigures):
    """Funds."""

    title = _("Funds")
    empty_text = _("No fund is known yet.")
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


class OrganizationTable(_WithFigures):
    """Organizations with what they received and spent."""

    title = _("Organizations")
    empty_text = _("No organization matches. Search by another word.")
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
    note = _(
        "All amounts in US$. A project in several countries counts by its stated shares; "
        "without shares it stands under “Several countries”."
    )
    name = TextColumn(
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
    note = _("Amounts in US$, with cents.")
    empty_text = _("No voucher matches. Take a filter away.")
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
    line_count = IntegerColumn(
        verbose_name=_("Lines"), definition=_("Lines, one for each project and payment.")
    )
    total = MoneyColumn(
        verbose_name=_("Total US$"),
        term="us-dollars",
        definition=_("Sum of the lines; refunds are negative."),
        cents=True,
    )


class LoadTable(Table):
    """Loads: what came when, from which source, and what it changed."""

    title = _("Loads")
    caption_hidden = True
    empty_text = _("Nothing has been loaded yet.")
    released_at = DateColumn(verbose_name=_("Released"), definition=_("When it became public."))
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
        verbose_name=_("New"),
        definition=_("Records added."),
    )
    changed = IntegerColumn(
        get=lambda load: load.counts.get("changed", 0),
        verbose_name=_("Changed"),
        definition=_("Records replaced."),
    )
    withdrawn = IntegerColumn(
        get=lambda load: load.counts.get("withdrawn", 0),
        verbose_name=_("Withdrawn"),
        definition=_("Records no longer stated."),
    )

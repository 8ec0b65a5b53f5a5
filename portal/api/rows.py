"""What one row of each kind holds; serializers, from which answers and the schema are made."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from portal.api.figures import address
from portal.kit.files.streams import plain
from portal.kit.formatting import half_up


class Money(serializers.DecimalField):
    """An amount as text with two decimals, which no parser rounds."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_digits=None, decimal_places=2, **{"allow_null": True, **options})

    def to_representation(self, value: Any) -> str | None:
        rounded = half_up(value, 2)
        return None if rounded is None else plain(rounded)


class Percent(serializers.DecimalField):
    """A share in percent, as text."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_digits=None, decimal_places=4, allow_null=True, **options)


class Page(serializers.URLField):
    """The public page of a thing; null where it has none, as what is withheld."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("source", "get_absolute_url")
        options.setdefault("help_text", _("Its page; its figures and history stand there."))
        super().__init__(allow_null=True, **options)

    def get_attribute(self, instance: Any) -> Any:
        if getattr(instance, "withheld_on", None):
            return None
        return super().get_attribute(instance)

    def to_representation(self, value: Any) -> str | None:
        return address(value)


class Named(serializers.Serializer):
    """A fund, organization or country."""

    code = serializers.CharField()
    name = serializers.CharField()
    url = Page()


class Of(serializers.Serializer):
    """A project, as other rows name it."""

    number = serializers.CharField(help_text=_("Text; leading zeros matter."))
    url = Page()


class Figure(serializers.Serializer):
    """One figure of the catalogue."""

    value = serializers.CharField(
        allow_null=True,
        help_text=_(
            "As text: money with two decimals, percentages with one; null where it is not known."
        ),
    )
    unit = serializers.CharField(help_text=_("A currency, or percent."))
    states = serializers.DictField(
        child=serializers.CharField(allow_null=True),
        allow_null=True,
        help_text=_(
            "How much interim, reported and certified expenditure is in it; null where nothing of "
            "that state has a known rate of exchange."
        ),
    )
    unconverted = serializers.IntegerField(
        help_text=_("Amounts without a known rate of exchange, which it leaves out.")
    )
    records = serializers.URLField(
        allow_null=True, help_text=_("The records that add up to it; with &format=json for data.")
    )


class WithFigures(serializers.Serializer):
    """Rows with figures."""

    figures = serializers.DictField(
        child=Figure(), source="told", help_text=_("By the keys of /api/v1/figures/.")
    )

    def get_fields(self) -> dict[str, Any]:
        """What it is first, then its figures."""
        fields = super().get_fields()
        fields["figures"] = fields.pop("figures")
        return fields


class Place(serializers.Serializer):
    """A country of a project."""

    code = serializers.CharField(source="country.code")
    name = serializers.CharField(source="country.name")
    share = Percent(help_text=_("Its share of the project in percent, where one is stated."))


class Project(WithFigures):
    """A project."""

    number = serializers.CharField(help_text=_("Text; leading zeros matter."))
    title = serializers.CharField(source="title_then")
    fund = Named()
    theme = serializers.CharField(source="theme.name", allow_null=True, default=None)
    status = serializers.CharField(
        source="status_then", allow_null=True, help_text=_("Null where no record knows it.")
    )
    end = serializers.DateField(allow_null=True, help_text=_("The end date as last extended."))
    organizations = Named(many=True, help_text=_("Participating organizations."))
    countries = Place(many=True, source="places")
    url = Page()


class Step(serializers.Serializer):
    """An approved change of a project's end date."""

    old_end = serializers.DateField()
    new_end = serializers.DateField()
    approved_on = serializers.DateField()


class Part(serializers.Serializer):
    """Who takes part in a project, and as what."""

    organization = Named()
    role = serializers.CharField()


class WholeProject(Project):
    """A project, as its factsheet shows it."""

    narrative = serializers.CharField(allow_blank=True)
    language = serializers.CharField()
    start = serializers.DateField(allow_null=True, help_text=_("The day of the first transfer."))
    planned_start = serializers.DateField(allow_null=True)
    original_end = serializers.DateField(allow_null=True)
    taking_part = Part(many=True, help_text=_("In any role."))
    extensions = Step(many=True, source="told_extensions")
    parent = Of(allow_null=True)


class Fund(WithFigures):
    """A fund."""

    code = serializers.CharField()
    name = serializers.CharField()
    description = serializers.CharField(allow_blank=True)
    started_on = serializers.DateField(allow_null=True)
    ends_on = serializers.DateField(allow_null=True)
    website = serializers.CharField(allow_blank=True)
    url = Page()


class Organization(WithFigures):
    """An organization that takes part in projects."""

    code = serializers.CharField()
    name = serializers.CharField()
    short_name = serializers.CharField(allow_blank=True)
    kind = serializers.CharField()
    identifiers = serializers.ListField(
        child=serializers.CharField(), source="identifier_texts", help_text=_("Scheme: value.")
    )
    url = Page()


class Country(WithFigures):
    """A country, a region, or several together; its share of each project counts."""

    code = serializers.CharField()
    name = serializers.CharField()
    project_count = serializers.IntegerField(help_text=_("Projects that work there."))
    url = Page()


class Contributor(WithFigures):
    """A contributor; individuals as one sum."""

    code = serializers.CharField(allow_null=True)
    name = serializers.CharField()
    kind = serializers.CharField()
    funds = serializers.ListField(child=serializers.CharField(), help_text=_("Codes."))
    url = Page(source="page")


class Arrangement(WithFigures):
    """An arrangement of a contributor with a fund; its figures are in the base currency."""

    fund = serializers.CharField(source="fund.code")
    contributor = serializers.CharField(source="code", allow_null=True)
    reference = serializers.CharField(source="told_reference", allow_blank=True)
    currency = serializers.CharField(help_text=_("Of the amounts signed, paid and open."))
    signed = Money()
    paid = Money()
    open = Money(help_text=_("What remains to be paid."))


class Voucher(serializers.Serializer):
    """A payment voucher."""

    id = serializers.IntegerField(help_text=_("Stays; the number is not unique."))
    number = serializers.CharField(allow_blank=True)
    payment_date = serializers.DateField()
    payee = Named(allow_null=True)
    fund = Named(help_text=_("The fund that paid."))
    line_count = serializers.IntegerField()
    total = Money(help_text=_("In the base currency; null where nothing of it is converted."))
    unconverted = serializers.IntegerField(help_text=_("Lines that the total leaves out."))
    url = Page()


class Line(serializers.Serializer):
    """What all records of money have in common."""

    id = serializers.IntegerField()
    project = Of(allow_null=True)
    organization = Named(allow_null=True)
    date = serializers.DateField()
    amount = Money(help_text=_("As stated."))
    currency = serializers.CharField()
    base_amount = Money(help_text=_("In the base currency; null while no rate is known."))
    load = serializers.IntegerField(
        source="load_id", help_text=_("The source file that states it: /api/v1/loads/.")
    )
    line = serializers.IntegerField(help_text=_("Row or line of that file."))


class VoucherLine(Line):
    """One project's part of a voucher; refunds are negative."""

    voucher = serializers.IntegerField(source="voucher_id")
    fund = serializers.CharField(source="voucher.fund.code", help_text=_("The fund that paid."))
    kind = serializers.CharField()


class BudgetLine(Line):
    """An approved budget."""

    category = serializers.CharField(source="category.code", allow_null=True, default=None)
    period_start = serializers.DateField(allow_null=True)
    period_end = serializers.DateField(allow_null=True)


class ExpenditureLine(Line):
    """Expenditure as reported. Certified lines are cumulative, and a later state replaces an
    earlier one: not lines but figures add up."""

    category = serializers.CharField(source="category.code", allow_null=True, default=None)
    year = serializers.IntegerField()
    state = serializers.CharField()


class Document(serializers.Serializer):
    """A public document."""

    id = serializers.IntegerField()
    title = serializers.CharField()
    type = serializers.CharField(source="type.code")
    project = Of(allow_null=True)
    fund = serializers.CharField(source="owner_fund.code")
    languages = serializers.ListField(child=serializers.CharField())
    document_date = serializers.DateField(allow_null=True)
    year_reported = serializers.IntegerField(allow_null=True)
    media_type = serializers.CharField(allow_blank=True)
    size = serializers.IntegerField(allow_null=True, help_text=_("In bytes."))
    url = Page(help_text=_("The file, here or elsewhere."))


class Seal(serializers.Serializer):
    """The seal of a release."""

    number = serializers.IntegerField()
    hash = serializers.CharField()
    previous = serializers.CharField(allow_blank=True)


class Load(serializers.Serializer):
    """A source file that was published, with the seal of its release."""

    id = serializers.IntegerField()
    kind = serializers.CharField()
    source = serializers.CharField(source="source.code")
    file_name = serializers.CharField()
    sha256 = serializers.CharField()
    size = serializers.IntegerField(help_text=_("In bytes."))
    released_at = serializers.DateTimeField()
    reversed_at = serializers.DateTimeField(allow_null=True)
    reverses = serializers.IntegerField(source="reverses_id", allow_null=True)
    new = serializers.IntegerField(source="told.new")
    changed = serializers.IntegerField(source="told.changed")
    withdrawn = serializers.IntegerField(source="told.withdrawn")
    seal = Seal(allow_null=True, default=None)
    url = Page()


class Report(serializers.Serializer):
    """A report due, and what became of it."""

    project = Of()
    organization = Named()
    fund = serializers.CharField(source="fund.code")
    kind = serializers.CharField()
    year = serializers.IntegerField()
    first_due_on = serializers.DateField()
    due_on = serializers.DateField()
    state = serializers.CharField()
    days_late = serializers.IntegerField()
    received_on = serializers.DateField(allow_null=True)


class Meaning(serializers.Serializer):
    """A figure of the catalogue: what it means and how it is worked out."""

    key = serializers.CharField()
    label = serializers.CharField()
    definition = serializers.CharField()
    formula = serializers.CharField(allow_blank=True)
    unit = serializers.CharField(source="unit.value")
    has_expenditure = serializers.BooleanField(
        help_text=_("Whether some of it may be interim expenditure.")
    )

"""Administration of money: sources and categories can be changed, records only looked at."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from finance.models import (
    BudgetCategory,
    BudgetLine,
    Commitment,
    Deposit,
    Edition,
    ExchangeRate,
    ExpenditureLine,
    FundCost,
    KeyFigure,
    Load,
    OtherFlow,
    ProjectStatement,
    Source,
    SourceMapping,
    SubGrant,
    VerifyResult,
    Voucher,
    VoucherLine,
)
from finance.reports.editions import check_edition, publish_edition
from portal.kit.web.careful import CarefulAdmin
from projects.admin import ReadOnly
from projects.signed_in import signed_in


class EditionForm(forms.ModelForm):
    """Fund, year and day of knowledge."""

    class Meta:
        model = Edition
        fields = ("fund", "year", "as_of")

    def clean(self) -> dict[str, Any]:
        """Say beside the field what the service would refuse."""
        values = super().clean() or {}
        if values.get("as_of") and values.get("year"):
            check_edition(values["year"], values["as_of"])
        return values


_STANDING = ("withdrawn_by", admin.EmptyFieldListFilter)


@admin.register(Source)
class SourceAdmin(CarefulAdmin, admin.ModelAdmin):
    """Ledgers and publishers."""

    list_display = ["name", "code"]
    search_fields = ["name", "code"]


@admin.register(BudgetCategory)
class BudgetCategoryAdmin(CarefulAdmin, admin.ModelAdmin):
    """Budget categories with their dates of validity."""

    list_display = ["name", "code", "position", "is_indirect", "valid_from", "valid_to"]
    list_filter = ["is_indirect"]
    search_fields = ["name", "code"]


@admin.register(Edition)
class EditionAdmin(ReadOnly, admin.ModelAdmin):
    """Editions of annual reports: published here, and never changed afterwards."""

    list_display = ["fund", "year", "number", "as_of", "published_at", "published_by"]
    list_filter = ["year", "fund"]
    list_select_related = ["fund", "published_by"]
    form = EditionForm

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Who may publish."""
        return request.user.has_perm("finance.add_edition")

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Publish it; the form has checked what the service asks for."""
        values = form.cleaned_data
        made = publish_edition(
            fund=values["fund"], year=values["year"], as_of=values["as_of"], by=signed_in(request)
        )
        obj.pk, obj.number = made.pk, made.number


@admin.register(Load)
class LoadAdmin(ReadOnly, admin.ModelAdmin):
    """Files taken in."""

    list_display = ["file_name", "kind", "source", "received_at", "released_at", "released_by"]
    list_filter = ["kind", "source", ("released_at", admin.EmptyFieldListFilter)]
    list_select_related = ["source", "released_by"]
    search_fields = ["file_name", "sha256", "reason"]
    date_hierarchy = "received_at"


@admin.register(SourceMapping)
class SourceMappingAdmin(ReadOnly, admin.ModelAdmin):
    """How files of a source are read; stated in the staff's room, on the page of a load."""

    list_display = ["source", "kind", "updated_at", "updated_by"]
    list_filter = ["kind", "source"]
    list_select_related = ["source", "updated_by"]


@admin.register(VerifyResult)
class VerifyResultAdmin(ReadOnly, admin.ModelAdmin):
    """What each verification found."""

    list_display = ["ended_at", "ok", "projects", "seal_number", "took", "difference"]
    list_filter = ["ok", ("projects", admin.EmptyFieldListFilter)]
    date_hierarchy = "ended_at"


@admin.register(ProjectStatement)
class ProjectStatementAdmin(ReadOnly, admin.ModelAdmin):
    """What loads said of projects."""

    list_display = ["project", "load", "line"]
    list_select_related = ["project", "load"]
    search_fields = ["project__number"]


@admin.register(KeyFigure)
class KeyFigureAdmin(ReadOnly, admin.ModelAdmin):
    """Sums derived from the records."""

    list_display = [
        "project",
        "organization",
        "year",
        "category",
        "measure",
        "state",
        "base_amount",
    ]
    list_filter = ["measure", "state", "year"]
    list_select_related = ["project", "organization", "category"]
    search_fields = ["project__number"]
    ordering = ["-pk"]


@admin.register(ExchangeRate)
class ExchangeRateAdmin(ReadOnly, admin.ModelAdmin):
    """Rates of exchange."""

    list_display = ["currency", "effective_on", "units_per_base", "load", "withdrawn_by"]
    list_filter = ["currency", _STANDING]
    list_select_related = ["load", "withdrawn_by"]
    search_fields = ["currency"]
    date_hierarchy = "effective_on"


class VoucherLineInline(ReadOnly, admin.TabularInline):
    """Lines of a voucher."""

    model = VoucherLine
    fields = [
        "project",
        "organization",
        "kind",
        "amount",
        "currency",
        "base_amount",
        "date",
        "withdrawn_by",
    ]
    extra = 0
    show_change_link = True

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """With the names that each line shows."""
        found = super().get_queryset(request)
        return found.select_related("project", "organization", "withdrawn_by")


@admin.register(Voucher)
class VoucherAdmin(ReadOnly, admin.ModelAdmin):
    """Payment vouchers with their lines."""

    list_display = ["__str__", "payment_date", "payee", "fund", "source"]
    list_filter = ["source", ("fund", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["payee", "fund", "source"]
    search_fields = ["number", "payee__name", "fund__code"]
    date_hierarchy = "payment_date"
    inlines = [VoucherLineInline]


class RecordAdmin(ReadOnly, admin.ModelAdmin):
    """Records of amounts: what each load stated of a project or fund."""

    list_display = ["date", "project", "organization", "amount", "currency", "base_amount", "load"]
    list_filter = ["source", "currency", _STANDING]
    list_select_related = ["project", "organization", "load"]
    search_fields = ["project__number", "organization__name", "description"]
    date_hierarchy = "date"


@admin.register(VoucherLine)
class VoucherLineAdmin(RecordAdmin):
    """Transfers and refunds."""

    list_filter = ["kind", *RecordAdmin.list_filter]
    search_fields = [*RecordAdmin.search_fields, "voucher__number"]


@admin.register(BudgetLine)
class BudgetLineAdmin(RecordAdmin):
    """Approved budgets."""

    list_filter = ["category", *RecordAdmin.list_filter]


@admin.register(ExpenditureLine)
class ExpenditureLineAdmin(RecordAdmin):
    """Expenditure as reported."""

    list_display = ["year", "state", *RecordAdmin.list_display]
    list_filter = ["state", "year", "category", *RecordAdmin.list_filter]


@admin.register(OtherFlow)
class OtherFlowAdmin(RecordAdmin):
    """Flows without a place of their own."""

    list_filter = ["flow_type", *RecordAdmin.list_filter]


@admin.register(SubGrant)
class SubGrantAdmin(RecordAdmin):
    """What organizations pass on."""

    list_filter = ["partner_type", "women_led", *RecordAdmin.list_filter]


class ContributionAdmin(RecordAdmin):
    """What commitments and deposits share."""

    list_display = ["date", "fund", "contributor", "amount", "currency", "base_amount", "load"]
    list_select_related = ["fund", "contributor", "load"]
    search_fields = ["fund__code", "fund__name", "contributor__name", "arrangement"]


@admin.register(Commitment)
class CommitmentAdmin(ContributionAdmin):
    """Signed and pledged amounts."""

    list_filter = ["is_pledge", *RecordAdmin.list_filter]


@admin.register(Deposit)
class DepositAdmin(ContributionAdmin):
    """Money received."""


@admin.register(FundCost)
class FundCostAdmin(RecordAdmin):
    """Money of a fund that sits on no project."""

    list_display = [
        "date",
        "fund",
        "kind",
        "organization",
        "amount",
        "currency",
        "base_amount",
        "load",
    ]
    list_filter = ["kind", *RecordAdmin.list_filter]
    list_select_related = ["fund", "organization", "load"]
    search_fields = ["fund__code", "fund__name", "organization__name", "description"]

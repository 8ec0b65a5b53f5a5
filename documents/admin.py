"""Administration of documents, their types, and who may upload them."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from documents.models import (
    Document,
    DocumentEvent,
    DocumentType,
    DocumentVersion,
    FundRule,
    GatewayAccess,
)
from documents.services import added_by_hand, changed_by_hand
from portal.kit.web.careful import CarefulAdmin, CarefulModelForm
from projects.admin import HTTPS, NoDelete, ReadOnly
from projects.signed_in import signed_in


@admin.register(DocumentType)
class DocumentTypeAdmin(CarefulAdmin, admin.ModelAdmin):
    """Kinds of documents."""

    list_display = [
        "name", "code", "iati_category", "is_read_from_iati", "report_kind", "position",
    ]  # fmt: skip
    search_fields = ["name", "code", "iati_category"]


class DocumentVersionInline(ReadOnly, admin.TabularInline):
    """Files of a document; new ones come by upload."""

    model = DocumentVersion
    fields = ["number", "file_name", "media_type", "size", "uploaded_at", "uploaded_by"]
    readonly_fields = ["uploaded_at"]
    extra = 0
    show_change_link = True

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """With the name of who uploaded each."""
        return super().get_queryset(request).select_related("uploaded_by")


class DocumentForm(CarefulModelForm):
    """A document; its take-down and its return need a reason, here as elsewhere."""

    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        help_text=_("For withdrawing and restoring. The public will not read it."),
    )

    def clean(self) -> dict[str, Any]:
        """As in the gateway: with a reason, and what was withdrawn is held first."""
        data = super().clean() or {}
        before, after = self.initial.get("state"), data.get("state")
        if not before or before == after:
            return data
        withdrawn = Document.State.WITHDRAWN
        if withdrawn in {before, after} and not data.get("reason", "").strip():
            self.add_error("reason", _("Give the reason; the public will not read it."))
        if before == withdrawn and after == Document.State.PUBLIC:
            self.add_error("state", _("Put it back as held first, and publish it then."))
        return data


@admin.register(Document)
class DocumentAdmin(CarefulAdmin, NoDelete, admin.ModelAdmin):
    """Documents; what must go is withdrawn by its state, at once, with the reason."""

    form = DocumentForm
    formfield_overrides = HTTPS
    list_display = ["title", "type", "project", "fund", "document_date", "state"]
    list_filter = ["state", "type", "stated_by_source"]
    list_select_related = ["type", "project", "fund"]
    search_fields = ["title", "project__number", "fund__code"]
    date_hierarchy = "document_date"
    autocomplete_fields = ["project", "fund", "type", "extension", "organization"]
    readonly_fields = ["stated_by_source", "added_at"]
    inlines = [DocumentVersionInline]
    show_full_result_count = False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """A change by hand is in the document's history, like any other."""
        super().save_model(request, obj, form, change)
        if not change:
            added_by_hand(document=obj, by=signed_in(request))
        elif fields := set(form.changed_data) - {"reason"}:
            changed_by_hand(
                document=obj,
                by=signed_in(request),
                fields=fields,
                before=form.initial.get("state", obj.state),
                reason=form.cleaned_data["reason"].strip(),
            )


class DocumentInline(ReadOnly, admin.TabularInline):
    """Documents of a project or fund, each with a way to its own page."""

    model = Document
    fields = ["title", "type", "document_date", "state"]
    extra = 0
    show_change_link = True

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """With the type that each shows."""
        return super().get_queryset(request).select_related("type")


@admin.register(DocumentEvent)
class DocumentEventAdmin(ReadOnly, admin.ModelAdmin):
    """What happened to documents, by whom and why."""

    list_display = ["at", "kind", "document", "version", "by", "reason"]
    list_filter = ["kind"]
    list_select_related = ["document", "by"]
    search_fields = ["document__title", "reason", "by__email"]
    date_hierarchy = "at"


class FundRuleInline(admin.StackedInline):
    """Whether a fund's documents are reviewed before they are public."""

    model = FundRule
    extra = 0


@admin.register(DocumentVersion)
class DocumentVersionAdmin(ReadOnly, admin.ModelAdmin):
    """Files, with their digests."""

    list_display = ["file_name", "document", "number", "size", "uploaded_at", "uploaded_by"]
    list_select_related = ["document", "uploaded_by"]
    search_fields = ["file_name", "sha256", "document__title"]
    date_hierarchy = "uploaded_at"


@admin.register(GatewayAccess)
class GatewayAccessAdmin(ReadOnly, admin.ModelAdmin):
    """Who may upload and maintain documents, of what, and how long; given in the staff's room."""

    list_display = [
        "user",
        "project",
        "fund",
        "organization",
        "valid_from",
        "valid_to",
        "withdrawn_at",
    ]
    list_filter = [
        ("withdrawn_at", admin.EmptyFieldListFilter),
        ("valid_to", admin.EmptyFieldListFilter),
    ]
    list_select_related = ["user", "project", "fund", "organization"]
    search_fields = ["user__email", "project__number", "fund__code", "organization__name"]

"""Administration of entities: funds, projects, organizations, countries and people."""

from collections.abc import Mapping
from typing import Any, cast

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as BaseUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.db import models
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from portal.kit.web.careful import Careful, CarefulAdmin
from projects.forms import ProjectForm
from projects.models import (
    Contact,
    Country,
    Extension,
    Fund,
    Organization,
    OrganizationIdentifier,
    Participation,
    Project,
    ProjectCountry,
    ReportRule,
    StatusChange,
    Theme,
    User,
)

# An address typed without "https:" is meant to have it.
HTTPS: Mapping[type[models.Field], Mapping[str, Any]] = {
    models.URLField: {"assume_scheme": "https"}
}


class ReadOnly:
    """For what only loads may write: it can be looked at, and nothing else."""

    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody adds by hand."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody changes by hand."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody deletes."""
        return False

    def get_exclude(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Kept files have no public address that a link could lead to."""
        fields = self.model._meta.fields  # type: ignore[attr-defined]
        return [field.name for field in fields if isinstance(field, models.FileField)]


class NoDelete:
    """For what others refer to for good: it is ended by a status or a date, not deleted."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody deletes."""
        return False


# --- Places, themes, organizations


@admin.register(Theme)
class ThemeAdmin(CarefulAdmin, admin.ModelAdmin):
    """Themes."""

    list_display = ["name", "ledger_label"]
    search_fields = ["name", "sort_name", "ledger_label"]


@admin.register(Country)
class CountryAdmin(CarefulAdmin, admin.ModelAdmin):
    """Countries, regions and placeholders."""

    list_display = ["name", "code", "kind"]
    list_filter = ["kind"]
    search_fields = ["name", "sort_name", "code", "other_names"]


class IdentifierInline(admin.TabularInline):
    """Identifiers of an organization."""

    model = OrganizationIdentifier
    extra = 0


@admin.register(Organization)
class OrganizationAdmin(CarefulAdmin, admin.ModelAdmin):
    """Organizations with their identifiers."""

    formfield_overrides = HTTPS
    list_display = ["name", "short_name", "code", "kind", "country"]
    list_filter = ["kind", ("country", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["country"]
    search_fields = [
        "name", "sort_name", "short_name", "code", "other_names", "identifiers__value",
    ]  # fmt: skip
    autocomplete_fields = ["country"]
    inlines = [IdentifierInline]


# --- Funds and projects


class ContactInline(admin.StackedInline):
    """Contacts of a project or fund."""

    formfield_overrides = HTTPS
    model = Contact
    extra = 0
    classes = ["collapse"]


@admin.register(Contact)
class ContactAdmin(CarefulAdmin, admin.ModelAdmin):
    """All contacts, to find those who agreed, or did not, to be named."""

    formfield_overrides = HTTPS
    list_display = [
        "role",
        "organization_name",
        "person_name",
        "name_consent_on",
        "project",
        "fund",
    ]
    list_filter = ["role", ("name_consent_on", admin.EmptyFieldListFilter)]
    list_select_related = ["project", "fund"]
    search_fields = ["organization_name", "person_name", "office_email", "project__number"]
    autocomplete_fields = ["project", "fund"]


class ReportRuleInline(admin.TabularInline):
    """Which reports a fund asks for, where it differs from the office."""

    model = ReportRule
    extra = 0


@admin.register(Fund)
class FundAdmin(CarefulAdmin, NoDelete, admin.ModelAdmin):
    """Funds with their contacts."""

    formfield_overrides = HTTPS
    list_display = ["name", "code", "started_on", "ends_on", "follows_rules"]
    search_fields = ["name", "sort_name", "code"]
    date_hierarchy = "started_on"
    inlines = [ReportRuleInline, ContactInline]


class ParticipationInline(admin.TabularInline):
    """Who takes part in a project; closures are entered in the staff's room, by checklist."""

    model = Participation
    extra = 0
    readonly_fields = ["operationally_closed_on", "financially_closed_on"]
    autocomplete_fields = ["organization"]


class ProjectCountryInline(admin.TabularInline):
    """Where a project works."""

    model = ProjectCountry
    extra = 0
    autocomplete_fields = ["country"]
    readonly_fields = ["in_place_of", "basis", "given_on"]


class StatusChangeInline(admin.TabularInline):
    """How a project's status moved."""

    model = StatusChange
    extra = 0


class ExtensionInline(admin.TabularInline):
    """How a project's end moved."""

    model = Extension
    extra = 0


@admin.register(Extension)
class ExtensionAdmin(CarefulAdmin, admin.ModelAdmin):
    """All extensions, for the documents that approve them."""

    list_display = ["project", "old_end", "new_end", "approved_on"]
    list_select_related = ["project"]
    search_fields = ["project__number", "project__title", "note"]
    date_hierarchy = "approved_on"
    autocomplete_fields = ["project"]


@admin.register(Project)
class ProjectAdmin(CarefulAdmin, NoDelete, admin.ModelAdmin):
    """Projects with all that belongs to them."""

    formfield_overrides = HTTPS
    form = ProjectForm
    list_display = ["number", "title", "fund", "status", "status_on"]
    list_filter = [
        "status",
        "theme",
        ("fund", admin.RelatedOnlyFieldListFilter),
        ("project_countries__country", admin.RelatedOnlyFieldListFilter),
    ]
    list_select_related = ["fund"]
    search_fields = ["number", "title", "sort_name", "ledger_label"]
    date_hierarchy = "planned_start"
    autocomplete_fields = ["fund", "theme", "parent"]
    show_full_result_count = False
    fieldsets = [
        (None, {"fields": ["number", "title", "ledger_label", "narrative", "language"]}),
        (_("Place in the portfolio"), {"fields": ["fund", "theme", "parent"]}),
        (_("Status"), {"fields": ["status", "status_on"]}),
        (
            _("Dates"),
            {"fields": ["planned_start", "stated_start", "original_end", "stated_end"]},
        ),
        (_("Loads"), {"fields": ["held_fields"]}),
    ]
    inlines = [
        ParticipationInline,
        ProjectCountryInline,
        ExtensionInline,
        StatusChangeInline,
        ContactInline,
    ]

    def save_related(
        self, request: HttpRequest, form: ModelForm, formsets: Any, change: bool
    ) -> None:
        """A status set by hand is logged."""
        super().save_related(request, form, formsets, change)
        cast(ProjectForm, form).log_status()


# --- People


class UserAddForm(AdminUserCreationForm):
    """A new user, known by e-mail address."""

    class Meta:
        model = User
        fields = ["email"]


class UserForm(Careful, UserChangeForm):
    """A user, known by e-mail address."""

    class Meta:
        model = User
        fields = "__all__"
        field_classes: dict[str, Any] = {}


@admin.register(User)
class UserAdmin(NoDelete, BaseUserAdmin):
    """People who sign in; those who leave are made inactive, for records name them."""

    form = UserForm
    add_form = UserAddForm
    list_display = ["email", "first_name", "last_name", "organization", "is_active", "is_staff"]
    list_filter = ["is_active", "is_staff", "is_superuser", "groups"]
    list_select_related = ["organization"]
    search_fields = ["email", "first_name", "last_name"]
    ordering = ["email"]
    autocomplete_fields = ["organization"]
    fieldsets = [
        (None, {"fields": ["email", "password"]}),
        (_("Person"), {"fields": ["first_name", "last_name", "organization"]}),
        (_("Consent"), {"fields": ["name_consent_on", "email_consent_on"]}),
        (
            _("Rights"),
            {"fields": ["is_active", "is_staff", "is_superuser", "groups", "user_permissions"]},
        ),
        (_("Dates"), {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [
        (
            None,
            {
                "classes": ["wide"],
                "fields": ["email", "usable_password", "password1", "password2"],
            },
        )
    ]

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        """Only administrators give rights, and consent only the person, in the own account."""
        fixed = ["last_login", "date_joined", "name_consent_on", "email_consent_on"]
        if request.user.is_superuser:
            return fixed
        return [*fixed, "is_staff", "is_superuser", "groups", "user_permissions"]

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Only administrators change administrators."""
        if obj is not None and obj.is_superuser and not request.user.is_superuser:
            return False
        return super().has_change_permission(request, obj)

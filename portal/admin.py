"""Administration of the office and of feedback; the roof that joins documents to projects."""

import calendar
import zoneinfo
from dataclasses import dataclass
from typing import Any

from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminFileWidget
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import lazystr
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from documents.admin import DocumentInline, FundRuleInline
from finance.formats.currencies import CODES
from finance.models import Load
from portal.about.feedback import mail_feedback
from portal.about.pages import COLOUR, LOGO_TYPES, image_format
from portal.closure.forms import ClosingProjectForm, StatusChangeForm
from portal.models import Feedback
from projects.admin import HTTPS, FundAdmin, ProjectAdmin, ReadOnly, StatusChangeInline
from projects.models import Fund, Office, Project

LIGHT, DARK = "#ffffff", "#131718"  # the page's ground by day and by night, as in tokens.css
MIN_CONTRAST = 4.5
MAX_LOGO_BYTES = 1_000_000
_DUE = ("expenditure_due", "narrative_due", "consolidated_due")


class _Brand:
    """The office's name, looked up whenever a page prints it."""

    def __str__(self) -> str:
        return Office.current().portal_name


admin.site.site_header = lazystr(_Brand())
admin.site.site_title = _("Administration")
admin.site.index_title = _("Administration")


# --- Projects and funds with their documents


admin.site.unregister([Project, Fund])


class CheckedStatusChangeInline(StatusChangeInline):
    """How a project's status moved; with the rule of closure."""

    form = StatusChangeForm


@admin.register(Project)
class ProjectWithDocumentsAdmin(ProjectAdmin):
    """Projects, and what was uploaded for them; with the rule of closure."""

    form = ClosingProjectForm
    inlines = [
        *(
            CheckedStatusChangeInline if inline is StatusChangeInline else inline
            for inline in ProjectAdmin.inlines
        ),
        DocumentInline,
    ]


@admin.register(Fund)
class FundWithDocumentsAdmin(FundAdmin):
    """Funds, and what was uploaded for them."""

    inlines = [*FundAdmin.inlines, FundRuleInline, DocumentInline]


# Sessions are ended on the pages of people.
admin.site.unregister(UserSession)


# --- The office


def contrast(one: str, other: str) -> float:
    """The contrast of two colours such as #0b5d6b, as WCAG 2 defines it: 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@dataclass(frozen=True)
class _ServedLogo:
    """The uploaded logo as the widget shows it: by the address at which it is served."""

    name: str

    @property
    def url(self) -> str:
        """Where it is served."""
        return reverse("office-logo")

    def __str__(self) -> str:
        return self.name


class LogoWidget(AdminFileWidget):
    """The file widget, for a file that has no address below MEDIA_URL."""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """With a link that works."""
        context = super().get_context(name, value, attrs)
        if context["widget"]["is_initial"]:
            context["widget"]["value"] = _ServedLogo(value.name)
        return context

    def is_initial(self, value: Any) -> bool:
        """Whether there is a logo already."""
        return bool(getattr(value, "name", ""))


class OfficeForm(ModelForm):
    """The office; what would make pages unreadable or deadlines impossible is refused."""

    time_zone = forms.ChoiceField(label=Office._meta.get_field("time_zone").verbose_name)

    class Meta:
        widgets = {
            "logo": LogoWidget,
            "accent": forms.TextInput(attrs={"type": "color"}),
            "accent_dark": forms.TextInput(attrs={"type": "color"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.pk = 1
        zones = self.fields.get("time_zone")
        if isinstance(zones, forms.ChoiceField):
            zones.choices = [(zone, zone) for zone in sorted(zoneinfo.available_timezones())]

    def clean_accent(self) -> str:
        """Readable by day."""
        return self._readable("accent", LIGHT)

    def clean_accent_dark(self) -> str:
        """Readable by night."""
        return self._readable("accent_dark", DARK)

    def _readable(self, field: str, ground: str) -> str:
        colour: str = self.cleaned_data[field]
        if not COLOUR.fullmatch(colour):
            return colour  # The model says what is wrong with it.
        if (ratio := contrast(colour, ground)) < MIN_CONTRAST:
            raise ValidationError(
                _(
                    "Text in %(colour)s on %(ground)s has a contrast of %(ratio).2f : 1; readers "
                    "need at least %(least)s : 1. Choose a colour that stands out more."
                ),
                code="contrast",
                params={
                    "colour": colour,
                    "ground": ground,
                    # Rounded down, or 4.499 would read as enough.
                    "ratio": int(ratio * 100) / 100,
                    "least": MIN_CONTRAST,
                },
            )
        return colour

    def clean_base_currency(self) -> str:
        """A currency of ISO 4217; the one that released amounts are kept in stays."""
        code: str = self.cleaned_data["base_currency"].upper()
        if code not in CODES:
            raise ValidationError(_("Give a currency code of ISO 4217, such as EUR."), code="code")
        if code != self.instance.base_currency and Load.objects.released().exists():
            raise ValidationError(
                _("Amounts in %(code)s have been released already; the base currency stays."),
                code="released",
                params={"code": self.instance.base_currency},
            )
        return code

    def clean_logo(self) -> Any:
        """A small image of a kind that browsers show."""
        logo = self.cleaned_data["logo"]
        if not logo or "logo" not in self.changed_data:
            return logo
        if logo.size > MAX_LOGO_BYTES:
            raise ValidationError(_("The logo is larger than 1 MB."), code="size")
        if image_format(logo) not in LOGO_TYPES:
            raise ValidationError(_("Give a PNG, JPEG, GIF or WebP image."), code="kind")
        return logo

    def clean(self) -> dict[str, Any]:
        """Each deadline is a day that every year has."""
        cleaned = super().clean() or self.cleaned_data
        for due in _DUE:
            month, day = cleaned.get(f"{due}_month"), cleaned.get(f"{due}_day")
            # 2001: not a leap year.
            if month and day and day > calendar.monthrange(2001, month)[1]:
                self.add_error(f"{due}_day", _("This month has no such day."))
        return cleaned


@admin.register(Office)
class OfficeAdmin(admin.ModelAdmin):
    """The one office; its list is its page."""

    formfield_overrides = HTTPS
    form = OfficeForm
    fieldsets = [
        (_("Names"), {"fields": ["name", "short_name", "portal_name", "tagline", "introduction"]}),
        (_("Look"), {"fields": ["logo", "accent", "accent_dark"]}),
        (
            _("Addresses"),
            {"fields": ["email", "feedback_email", "fraud_email", "postal_address", "phone"]},
        ),
        (
            _("Deadlines"),
            {
                "fields": [
                    *((f"{due}_day", f"{due}_month") for due in _DUE),
                    "final_narrative_months",
                    "certified_statement_months",
                    "reports_from",
                    "missing_after_days",
                    "reminders_on",
                    "reminder_days",
                ]
            },
        ),
        (
            _("Money and time"),
            {
                "fields": [
                    "base_currency",
                    "currency_label",
                    "waived_balance",
                    "vouchers_from",
                    "time_zone",
                ]
            },
        ),
        (_("Data"), {"fields": ["licence_name", "licence_url", "four_eyes", "sample"]}),
    ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Only as long as there is none."""
        return super().has_add_permission(request) and not Office.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A portal has an office."""
        return False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Straight to the one row."""
        if Office.objects.exists() and self.has_view_or_change_permission(request):
            return redirect("admin:projects_office_change", 1)
        if self.has_add_permission(request):
            return redirect("admin:projects_office_add")
        return super().changelist_view(request, extra_context)


# --- Feedback


@admin.register(Feedback)
class FeedbackAdmin(ReadOnly, admin.ModelAdmin):
    """Messages; those that could not be mailed can be mailed again."""

    list_display = ["received_at", "topic", "figure", "page", "email", "mailed_at"]
    list_filter = ["topic", ("mailed_at", admin.EmptyFieldListFilter)]
    search_fields = ["message", "email", "page", "figure"]
    date_hierarchy = "received_at"
    actions = ["mail_again"]

    def get_exclude(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """The sender's digest tells staff nothing."""
        return ["sender"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Messages hold personal data, so they can be deleted."""
        return request.user.has_perm("portal.delete_feedback")

    @admin.action(description=_("Mail those that were not mailed yet"))
    def mail_again(self, request: HttpRequest, queryset: QuerySet[Feedback]) -> None:
        """Put them back in the queue."""
        waiting = list(queryset.filter(mailed_at__isnull=True).values_list("pk", flat=True))
        for pk in waiting:
            mail_feedback.enqueue(pk)
        text = ngettext("%d message will be mailed.", "%d messages will be mailed.", len(waiting))
        self.message_user(request, text % len(waiting), messages.SUCCESS)

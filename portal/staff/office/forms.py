"""The form of the office's settings; what would make pages unreadable is refused, in words."""

import calendar
import zoneinfo
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.dates import MONTHS
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from finance.formats.currencies import CODES
from finance.models import Load
from portal.about.look import COLOUR, DARK, LIGHT, require_contrast
from portal.kit.files.logos import as_logo
from portal.kit.text import Words
from portal.kit.web.careful import Careful
from projects.models import Office

_DUE = ("expenditure_due", "narrative_due", "consolidated_due")
_FOUR_EYES = gettext_lazy(
    "A load is released by somebody else than the person who entered it. An office of one has to "
    "switch this off, or nothing can be released: then one person alone can publish a wrong "
    "figure, and only the check of the file and the history of loads stand in the way. Switch it "
    "on as soon as there are two of you."
)
_ADDRESS = gettext_lazy("Left empty, pages leave the line out, and the staff’s room says so.")


@dataclass(frozen=True)
class Section:
    """Fields that stand together; those of a row share a line."""

    anchor: str
    title: Words
    rows: tuple[tuple[str, ...], ...]
    lead: Words = ""


SECTIONS = (
    Section(
        "names",
        gettext_lazy("Names"),
        (("name",), ("short_name", "portal_name"), ("tagline",), ("introduction",)),
        gettext_lazy("The office is who answers for the portal; the portal’s name is its brand."),
    ),
    Section(
        "look",
        gettext_lazy("Look"),
        (("logo",), ("accent", "accent_dark")),
        gettext_lazy("Links, buttons and charts have the accent colour; text in it must be read."),
    ),
    Section(
        "addresses",
        gettext_lazy("Addresses that the public sees"),
        (("email",), ("feedback_email",), ("fraud_email",), ("postal_address",), ("phone",)),
        _ADDRESS,
    ),
    Section(
        "money",
        gettext_lazy("Money, time, languages"),
        (
            ("base_currency", "currency_label"),
            ("time_zone",),
            ("languages",),
            ("waived_balance", "vouchers_from"),
            ("indirect_rate",),
        ),
        gettext_lazy("The base currency stays once amounts in it have been released."),
    ),
    Section(
        "deadlines",
        gettext_lazy("Deadlines of reports"),
        (
            *((f"{due}_day", f"{due}_month") for due in _DUE),
            ("final_narrative_months", "certified_statement_months"),
            ("reports_from", "missing_after_days"),
            ("reminders_on", "reminder_days"),
        ),
        gettext_lazy("A fund may ask for other days; these hold where it does not."),
    ),
    Section("release", gettext_lazy("Who releases"), (("four_eyes",),)),
    Section(
        "data",
        gettext_lazy("Licence of the data"),
        (("licence_name",), ("licence_url",), ("sample",)),
    ),
    Section(
        "iati",
        gettext_lazy("Our own IATI"),
        (("iati_org_id",), ("iati_org_type", "iati_publisher")),
        gettext_lazy(
            "Without an identifier nobody can register our files: then projects are published "
            "with their numbers alone."
        ),
    ),
)


class LogoWidget(forms.ClearableFileInput):
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


class OfficeForm(Careful, forms.ModelForm):
    """All that an office decides for itself."""

    time_zone = forms.ChoiceField(label=Office._meta.get_field("time_zone").verbose_name)
    languages = forms.MultipleChoiceField(
        label=Office._meta.get_field("languages").verbose_name,
        help_text=gettext_lazy(
            "Those that readers may choose from; a language is offered here once its texts are "
            "complete. None chosen: all of them."
        ),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    licence_url = forms.URLField(
        label=Office._meta.get_field("licence_url").verbose_name, assume_scheme="https"
    )

    class Meta:
        model = Office
        fields = [name for section in SECTIONS for row in section.rows for name in row]
        widgets = {
            "introduction": forms.Textarea(attrs={"rows": 4}),
            "postal_address": forms.Textarea(attrs={"rows": 3}),
            "logo": LogoWidget,
            "accent": forms.TextInput(attrs={"type": "color"}),
            "accent_dark": forms.TextInput(attrs={"type": "color"}),
            "vouchers_from": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            **{f"{due}_month": forms.Select(choices=list(MONTHS.items())) for due in _DUE},
        }
        help_texts = {
            "four_eyes": _FOUR_EYES,
            "logo": gettext_lazy(
                "PNG, JPEG, GIF or WebP of at most 1 MB; it is drawn anew, so that nothing but "
                "the picture is published."
            ),
            "base_currency": gettext_lazy("A code of ISO 4217, such as EUR."),
            "currency_label": gettext_lazy("How amounts are written, such as €."),
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for field in self.fields.values():
            field.label = capfirst(str(field.label))
        zones, languages = self.fields["time_zone"], self.fields["languages"]
        zones.choices = [  # type: ignore[attr-defined]
            (zone, zone) for zone in sorted(zoneinfo.available_timezones())
        ]
        languages.choices = settings.LANGUAGES  # type: ignore[attr-defined]

    def sections(self) -> Iterator[dict[str, Any]]:
        """The fields as the page lays them out."""
        for section in SECTIONS:
            rows = [[self[name] for name in row] for row in section.rows]
            yield {
                "anchor": section.anchor, "title": section.title, "lead": section.lead,
                "rows": rows,
            }  # fmt: skip

    def clean_accent(self) -> str:
        """Readable by day."""
        return self._readable("accent", LIGHT)

    def clean_accent_dark(self) -> str:
        """Readable by night."""
        return self._readable("accent_dark", DARK)

    def _readable(self, field: str, ground: str) -> str:
        colour: str = self.cleaned_data[field]
        # The model says what is wrong with what is no colour.
        if COLOUR.fullmatch(colour):
            require_contrast(colour, ground)
        return colour

    def clean_base_currency(self) -> str:
        """A currency of ISO 4217; the one that released amounts are kept in stays."""
        code: str = self.cleaned_data["base_currency"].upper()
        if code not in CODES:
            raise ValidationError(_("Give a currency code of ISO 4217, such as EUR."), code="code")
        before = self.initial["base_currency"]
        if code != before and Load.objects.released().exists():
            raise ValidationError(
                _("Amounts in %(code)s have been released already; the base currency stays."),
                code="released",
                params={"code": before},
            )
        return code

    def clean_logo(self) -> Any:
        """A small image of a kind that browsers show, drawn anew."""
        logo = self.cleaned_data["logo"]
        return as_logo(logo) if logo and "logo" in self.changed_data else logo

    def clean(self) -> dict[str, Any]:
        """Each deadline is a day that every year has."""
        cleaned = super().clean() or self.cleaned_data
        for due in _DUE:
            month, day = cleaned.get(f"{due}_month"), cleaned.get(f"{due}_day")
            # 2001: not a leap year.
            if month in MONTHS and day and day > calendar.monthrange(2001, month)[1]:
                self.add_error(f"{due}_day", _("This month has no such day."))
        return cleaned

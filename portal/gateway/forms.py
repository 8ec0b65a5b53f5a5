"""Forms of the gateway."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from documents.access import looks_first
from documents.languages import COMMON, common_languages, other_languages
from documents.models import Document, DocumentType, ReportPeriod, Upload
from documents.reporters import reporters
from portal.kit.language.language_names import language_names
from portal.kit.web.careful import Careful
from portal.kit.years import FIRST_DAY, YEARS

TOGETHER = "all"
_PARTS_OF_YEAR = [choice for choice in ReportPeriod.choices if choice[0] != ReportPeriod.FINAL]
ACCEPT = ".pdf,.docx,.xlsx,.pptx,.odt,.ods,.odp,.txt,.csv,.jpg,.jpeg,.png,.webp"


class ManyFilesInput(forms.ClearableFileInput):
    """A field for several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files; each is cleaned by itself."""

    def __init__(self, *args: Any, **options: Any) -> None:
        options.setdefault("widget", ManyFilesInput(attrs={"accept": ACCEPT}))
        super().__init__(*args, **options)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """All files, in the order in which they were chosen."""
        files = data if isinstance(data, list | tuple) and data else [data or None]
        return [super(FilesField, self).clean(file, initial) for file in files]


class UploadForm(forms.Form):
    """Files for a project or fund."""

    file = FilesField(label=gettext_lazy("Files"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["file"].help_text = _(
            "PDF, Word, Excel, PowerPoint, OpenDocument, text, csv, JPEG, PNG or WebP; at most "
            "%(limit)s MB each."
        ) % {"limit": settings.DOCUMENT_MAX_MB}


class AnnouncementForm(forms.Form):
    """What a script says of a file before it sends the parts."""

    kind = forms.ChoiceField(choices=[(kind, kind) for kind in ("project", "fund", "document")])
    key = forms.CharField(max_length=200)
    name = forms.CharField(max_length=300)
    size = forms.IntegerField(min_value=0, max_value=2**53)
    modified = forms.CharField(max_length=50, required=False)


class VersionForm(UploadForm):
    """A new version of one document."""

    file = FilesField(
        label=gettext_lazy("File"), widget=forms.ClearableFileInput(attrs={"accept": ACCEPT})
    )


class TypeSelect(forms.Select):
    """Types of documents; each says what more is asked of it, so that a style sheet can hide
    the rest."""

    def create_option(self, name: str, value: Any, *args: Any, **options: Any) -> dict[str, Any]:
        """With what kind of report the type is."""
        option = super().create_option(name, value, *args, **options)
        kind = getattr(value, "instance", None)
        if kind is not None and kind.is_report:
            option["attrs"]["data-report"] = "annual" if kind.is_annual_report else "final"
        return option


class DocumentForm(Careful, forms.Form):
    """What is said of a document."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=500)
    type = forms.ModelChoiceField(
        label=gettext_lazy("Type"), queryset=DocumentType.objects.all(), widget=TypeSelect
    )
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Language"),
        choices=common_languages,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    more_languages = forms.MultipleChoiceField(
        label=gettext_lazy("Other languages"),
        choices=other_languages,
        widget=forms.SelectMultiple(attrs={"size": 5}),
        required=False,
        help_text=gettext_lazy("Several: hold Ctrl, or ⌘ on a Mac."),
    )
    document_date = forms.DateField(
        label=gettext_lazy("Date of the document"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        required=False,
    )
    period = forms.ChoiceField(
        label=gettext_lazy("Period"),
        choices=[("", gettext_lazy("Choose")), *_PARTS_OF_YEAR],
        required=False,
        help_text=gettext_lazy("What the report tells of, not when it was written."),
    )
    year_reported = forms.IntegerField(
        label=gettext_lazy("Year reported on"),
        **YEARS,
        required=False,
        help_text=gettext_lazy("By year and organization the report counts as received."),
    )
    organization = forms.ChoiceField(
        label=gettext_lazy("Organization that reports"), required=False
    )

    def __init__(self, *args: Any, of: Document | Upload, **options: Any) -> None:
        super().__init__(*args, **options)
        known = dict(language_names())
        strange = [(code, code) for code in of.languages if code not in known]
        more: Any = self.fields["more_languages"]
        more.choices = [*other_languages(), *strange]
        self.reporters = {str(one.pk): one for one in reporters(of.project)}
        choices: list[tuple[str, Any]] = [(key, str(one)) for key, one in self.reporters.items()]
        if len(choices) > 1:
            choices = [
                ("", gettext_lazy("Choose")),
                *choices,
                (TOGETHER, gettext_lazy("All of them together, in one report")),
            ]
        field: Any = self.fields["organization"]
        field.choices = choices
        if not choices:
            del self.fields["organization"]

    def clean(self) -> dict[str, Any]:
        """A report tells of a period, and is of an organization; nothing else has either."""
        data: dict[str, Any] = super().clean() or {}
        data["languages"] = [*data.get("languages", []), *data.pop("more_languages", [])]
        kind = data.get("type")
        if kind is None:
            return data
        if not kind.is_report:
            return {**data, "period": "", "year_reported": None, "organization": None}
        if kind.is_final_report:
            data |= {"period": ReportPeriod.FINAL, "year_reported": None}
        else:
            self._ask_for(data, "period", _("Say which part of the year the report tells of."))
            self._ask_for(data, "year_reported", _("Give the year that the report tells of."))
        if len(self.reporters) > 1:
            text = _("Say which organization reports, or that all do together.")
            self._ask_for(data, "organization", text)
        data["organization"] = self.reporters.get(str(data.get("organization")))
        return data

    def _ask_for(self, data: dict[str, Any], name: str, text: str) -> None:
        if not data.get(name) and name not in self.errors:
            self.add_error(name, text)

    def clean_document_date(self) -> Any:
        """No day to come."""
        day = self.cleaned_data["document_date"]
        if day and (day > timezone.localdate() or day < FIRST_DAY):
            raise ValidationError(_("Give the day that the document bears, not one to come."))
        return day


class SubmitForm(DocumentForm):
    """That, and whether the public may read it: at once, after a look, or not yet."""

    publish = forms.ChoiceField(
        label=gettext_lazy("Publication"),
        widget=forms.RadioSelect,
        choices=[],
        initial="yes",
    )

    def __init__(self, *args: Any, of: Upload, **options: Any) -> None:
        super().__init__(*args, of=of, **options)
        if not of.has_file:
            # It was said when it was asked for.
            del self.fields["publish"]
            return
        now = _("Publish now")
        hold = _("Hold back until I publish it")
        if looks_first(of, of.by):
            now = _("Publish once the fund office has looked at it")
        if of.document and of.document.state == Document.State.PUBLIC:
            hold = _("Hold the whole document back until I publish it, older versions too")
        field: Any = self.fields["publish"]
        field.choices = [("yes", now), ("no", hold)]


class DecisionForm(forms.Form):
    """What is decided of a file that waits for a look."""

    upload = forms.UUIDField()
    decision = forms.ChoiceField(choices=[("approve", ""), ("back", "")])
    note = forms.CharField(max_length=2000, required=False)


class ReasonForm(forms.Form):
    """Why a document is withdrawn."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        help_text=gettext_lazy("Only staff and those who keep the documents read it."),
    )


def said_of(thing: Document | Upload) -> dict[str, Any]:
    """What a document or upload has in those fields.

    A document of no organization is of all together; of an upload nobody has said it yet.
    """
    joint = isinstance(thing, Document) or thing.document is not None
    is_report = thing.type is not None and thing.type.is_report
    nobody = TOGETHER if joint and is_report else ""
    return {
        "title": thing.title,
        "type": thing.type,
        "languages": [code for code in thing.languages if code in COMMON],
        "more_languages": [code for code in thing.languages if code not in COMMON],
        "document_date": thing.document_date,
        "year_reported": thing.year_reported,
        "period": thing.period or (ReportPeriod.YEAR if thing.year_reported else ""),
        "organization": thing.organization_id or nobody,
    }

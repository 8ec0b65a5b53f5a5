"""Forms of the gateway."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from documents.intake import is_annual
from documents.models import DocumentType

LANGUAGES = (
    ("en", gettext_lazy("English")),
    ("fr", gettext_lazy("French")),
    ("es", gettext_lazy("Spanish")),
    ("ar", gettext_lazy("Arabic")),
    ("ru", gettext_lazy("Russian")),
    ("zh", gettext_lazy("Chinese")),
    ("pt", gettext_lazy("Portuguese")),
)
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


class VersionForm(UploadForm):
    """A new version of one document."""

    file = FilesField(
        label=gettext_lazy("File"), widget=forms.ClearableFileInput(attrs={"accept": ACCEPT})
    )


class DocumentForm(forms.Form):
    """What is said of a document."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=500)
    type = forms.ModelChoiceField(label=gettext_lazy("Type"), queryset=DocumentType.objects.all())
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Language"),
        choices=LANGUAGES,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    document_date = forms.DateField(
        label=gettext_lazy("Date of the document"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        required=False,
    )

    year_reported = forms.IntegerField(
        label=gettext_lazy("Year reported on"),
        min_value=1945,
        max_value=2200,
        required=False,
        help_text=gettext_lazy("For annual reports: by it the report counts as received."),
    )

    def clean(self) -> dict[str, Any]:
        """An annual report tells of a year."""
        data: dict[str, Any] = super().clean() or {}
        if is_annual(data.get("type")) and not data.get("year_reported") and not self.errors:
            self.add_error("year_reported", _("Give the year that the report tells of."))
        return data

    def clean_document_date(self) -> Any:
        """No day to come."""
        day = self.cleaned_data["document_date"]
        if day and (day > timezone.localdate() or day.year < 1900):
            raise ValidationError(_("Give the day that the document bears, not one to come."))
        return day


class SubmitForm(DocumentForm):
    """That, and whether the public may read it."""

    publish = forms.ChoiceField(
        label=gettext_lazy("Publication"),
        widget=forms.RadioSelect,
        choices=[
            ("yes", gettext_lazy("Publish now")),
            ("no", gettext_lazy("Hold back until I publish it")),
        ],
        initial="yes",
    )


class ReasonForm(forms.Form):
    """Why a document is withdrawn."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        help_text=gettext_lazy("Only staff and those who keep the documents read it."),
    )


def said_of(thing: Any) -> dict[str, Any]:
    """What a document or upload has in those fields."""
    return {
        "title": thing.title,
        "type": thing.type,
        "languages": thing.languages,
        "document_date": thing.document_date,
        "year_reported": thing.year_reported,
    }

"""The form of a decision: its row, and its minutes as a file where the person keeps documents."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from documents.access import funds_kept_by, is_keeper, projects_kept_by
from documents.cleanup import dropped_on_error
from documents.models import DocumentType, Upload
from documents.tasks import receive_file
from finance.loading.references import References, Unknown
from portal.staff.rows.row_form import RowForm
from projects.models import Fund, Project, User

MINUTES_FILE = "minutes_file"


class DecisionForm(RowForm):
    """Minutes that are uploaded here are a file on its way like any other: looked into, scanned,
    completed on their own page."""

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.user = user
        if not is_keeper(user):
            return
        self.fields[MINUTES_FILE] = forms.FileField(
            label=gettext_lazy("Minutes as a file"),
            required=False,
            help_text=gettext_lazy(
                "Where they are not published here yet. They get the date of the decision, and "
                "are shown with it once you have completed them on the next page."
            ),
        )
        names = [name for name in self.fields if name != MINUTES_FILE]
        names.insert(names.index("minutes") + 1, MINUTES_FILE)
        self.order_fields(names)

    def clean(self) -> dict[str, Any]:
        """A file belongs to what the person keeps, and is not named besides."""
        data = super().clean()
        if not data.get(MINUTES_FILE):
            return data
        if data.get("minutes"):
            self.add_error(MINUTES_FILE, _("Name minutes above or choose a file, not both."))
        elif not self.errors and self._owner() is None:
            self.add_error(
                MINUTES_FILE,
                _("You do not keep the documents of this project or fund, so the file cannot be "
                  "taken in here. Ask somebody who does, or enter the decision without it."),
            )  # fmt: skip
        return data

    def _owner(self) -> Project | Fund | None:
        """The project that the decision names, or else the fund, if the person keeps it."""
        references = References()
        try:
            if name := self.cleaned_data.get("project"):
                pk = references.project(name)[0]
                return projects_kept_by(self.user).filter(pk=pk).first()
            pk = references.fund(self.cleaned_data["fund"])
        except Unknown:
            return None
        return funds_kept_by(self.user).filter(pk=pk).first()

    def receive_minutes(self) -> Upload | None:
        """The file, as a draft of minutes of that day. Raises Refused, and OSError."""
        file, of = self.cleaned_data.get(MINUTES_FILE), self._owner()
        if not file or of is None:
            return None
        upload = receive_file(by=self.user, of=of, file=file)
        with dropped_on_error(upload):
            upload.document_date = self.cleaned_data["date"]
            if upload.type is None or not upload.type.is_of_decisions:
                upload.type = DocumentType.objects.filter(is_of_decisions=True).first()
            upload.save(update_fields=["document_date", "type"])
        return upload


def completing_url(upload: Upload) -> str:
    """Where the file is completed."""
    return reverse("gateway-upload", args=[upload.pk])

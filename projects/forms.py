"""The form of a project, wherever people edit one by hand."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.kit.web.careful import CarefulModelForm
from projects.models import Project


class ProjectForm(CarefulModelForm):
    """A project, and which of its fields later loads leave alone."""

    held_fields = forms.MultipleChoiceField(
        label=_("Fields edited by hand"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Later loads leave these as they are. A field that you change is added; take the "
            "mark away and the next load may change the field again."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = self.fields.get("held_fields")
        if isinstance(held, forms.MultipleChoiceField):
            held.choices = [(name, field_label(name)) for name in self.instance.held_fields]

    def clean(self) -> dict[str, Any]:
        """Hold what was changed by hand, too; a status set without a day is set today."""
        cleaned = super().clean() or self.cleaned_data
        changed = [name for name in self.changed_data if name != "held_fields"]
        cleaned["held_fields"] = sorted({*cleaned.get("held_fields", ()), *changed})
        if "status" in changed and "status_on" not in changed and "status_on" in self.fields:
            cleaned["status_on"] = timezone.localdate()
        return cleaned

    def log_status(self) -> None:
        """Once the project and what belongs to it is saved: a status set by hand is logged,
        unless the log names it already."""
        project: Project = self.instance
        if "status" in self.changed_data and project.status_on:
            project.status_changes.get_or_create(status=project.status, set_on=project.status_on)


class WordingForm(CarefulModelForm):
    """A text of the office, in a language that pages are read in."""

    language = forms.ChoiceField(label=_("Language"), choices=lambda: settings.LANGUAGES)


def field_label(name: str) -> str:
    """What a field of a project is called, even when there is no longer such a field."""
    labels = {field.name: str(field.verbose_name) for field in Project._meta.fields}
    return labels.get(name, name)

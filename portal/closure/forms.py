"""Forms of the administration, which close no project before its time."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from portal.closure.checklist import obstacles
from projects.forms import ProjectForm
from projects.models import Project, Status


class ClosingProjectForm(ProjectForm):
    """A project whose status is set with the checklist in hand."""

    def clean(self) -> dict[str, Any]:
        """Refuse Financially Closed as long as something of the checklist is open."""
        cleaned = super().clean()
        is_new = cleaned.get("status") != self.initial.get("status")
        if is_new and (why := _too_early(self.instance.pk, cleaned.get("status"))):
            self.add_error("status", why)
        return cleaned


class StatusChangeForm(forms.ModelForm):
    """A line of the log of a project's status, held against the same checklist."""

    def clean(self) -> dict[str, Any]:
        """Refuse Financially Closed of a project that is not, nor can be."""
        cleaned = super().clean() or self.cleaned_data
        project = self.instance.project
        is_closed = project.status == Status.FINANCIALLY_CLOSED
        if self.has_changed() and not is_closed:
            why = _too_early(project.pk, cleaned.get("status"))
            if why:
                self.add_error("status", why)
        return cleaned


def _too_early(project_pk: int | None, status: Any) -> str:
    """Why the project cannot have this status yet; "" where it can."""
    if status != Status.FINANCIALLY_CLOSED:
        return ""
    stored = Project.objects.filter(pk=project_pk or 0).first()
    found = obstacles(stored) if stored else []
    if stored and not found:
        return ""
    why = " ".join(found) or _("Nothing is known of it yet.")
    return _("It cannot be set to Financially Closed yet. %(why)s") % {"why": why}

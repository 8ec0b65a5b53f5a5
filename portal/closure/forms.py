"""The form of a project in the administration, which closes none before its time."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from portal.closure.checklist import closure_ask, obstacles
from projects.admin import ProjectForm
from projects.models import Office, Project, Status


class ClosingProjectForm(ProjectForm):
    """A project whose status is set with the checklist in hand."""

    def clean(self) -> dict[str, Any]:
        """Refuse Financially Closed as long as something of the checklist is open."""
        cleaned = super().clean()
        is_new = cleaned.get("status") != self.initial.get("status")
        if is_new and cleaned.get("status") == Status.FINANCIALLY_CLOSED:
            stored = Project.objects.filter(pk=self.instance.pk).first()
            found = obstacles(stored, closure_ask(Office.current())) if stored else []
            if found or stored is None:
                why = " ".join(found) or _("Nothing is known of it yet.")
                self.add_error(
                    "status",
                    forms.ValidationError(
                        _("It cannot be set to Financially Closed yet. %(why)s") % {"why": why}
                    ),
                )
        return cleaned

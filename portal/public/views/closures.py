"""Public pages of closure and of revisions."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.closure.closure_tables import ClosureTable, RevisionTable
from portal.public.views.lists import ProjectChildList


class ProjectClosure(ProjectChildList):
    """The checklist of closure of a project."""

    title = _("Closure")
    table_class = ClosureTable

    def get_queryset(self) -> list[Any]:
        return self.page.closure


class ProjectRevisions(ProjectChildList):
    """All revisions and extensions of a project."""

    title = _("Revisions and extensions")
    table_class = RevisionTable

    def get_queryset(self) -> list[Any]:
        return self.page.revisions

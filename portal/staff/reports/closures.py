"""Closure in the staff's room: which projects wait for it, and the steps of one project."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from portal.closure import services
from portal.closure.checklist import closure_today
from portal.kit.tables.columns import IdentifierColumn
from portal.kit.years import OUTSIDE, is_plausible
from portal.public.list_tables import ProjectTable
from portal.public.views.factsheet import get_project_or_404
from portal.public.views.lists import ProjectList
from portal.staff.access import ENTER, crumbs, may, staff_only
from projects.models import Participation, Project, Status


class StaffClosureTable(ProjectTable):
    """Projects, each with the way to its steps."""

    number = IdentifierColumn(
        verbose_name=gettext_lazy("Project number"),
        term="project-number",
        definition=gettext_lazy("Leads to the steps of closure."),
        link=lambda project: reverse("staff-closure", args=[project.number]),
    )

    class Meta(ProjectTable.Meta):
        pass


class Closures(ProjectList):
    """Projects that are not financially closed."""

    title = gettext_lazy("Closure")
    intro = gettext_lazy(
        "Choose a project to enter that an organization has closed its part. Financial closure "
        "asks for the final narrative report, the certified statement, and the refund of what is "
        "left."
    )
    table_class = StaffClosureTable

    def get_queryset(self) -> QuerySet:
        rows = super().get_queryset().filter(fund__follows_rules=True)
        return rows.filter(status__in=Status.awaiting_closure())

    def get_table_options(self) -> dict[str, Any]:
        return {}

    def get_crumbs(self) -> list[dict[str, Any]]:
        return crumbs((self.title, ""))


closures = staff_only()(Closures.as_view())


class StepForm(forms.Form):
    """One step of one organization's closure."""

    STEPS = {
        "operational": services.close_operationally,
        "financial": services.close_financially,
    }
    on = forms.DateField(
        label=gettext_lazy("Day"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    step = forms.ChoiceField(choices=[(name, name) for name in (*STEPS, "open")])

    def clean_on(self) -> Any:
        """A day that money can have."""
        if not is_plausible(self.cleaned_data["on"].year):
            raise ValidationError(str(OUTSIDE))
        return self.cleaned_data["on"]


@require_safe
@staff_only()
def closure(request: HttpRequest, number: str) -> HttpResponse:
    """The checklists of a project, with the next step of each organization."""
    project = get_project_or_404(number)
    title = _("Closure of %(number)s") % {"number": project.number}
    context = {
        "title": title,
        "crumbs": crumbs((_("Closure"), reverse("staff-closures")), (project.number, "")),
        "project": project,
        "parts": closure_today(project),
        "today": timezone.localdate(),
        "may_enter": may(request.user, ENTER),
    }
    return render(request, "staff/closure.html", context)


@require_POST
@staff_only(ENTER)
def step(request: HttpRequest, pk: int) -> HttpResponse:
    """Close one organization's part, operationally or financially, or open it again."""
    parts = Participation.objects.participating().select_related("project", "organization")
    part = get_object_or_404(parts, pk=pk)
    form = StepForm(request.POST)
    back = redirect("staff-closure", part.project.number)
    if form.data.get("step") == "open":
        services.open_again(part=part)
        messages.success(request, _("Opened again."))
        return back
    if not form.is_valid():
        messages.error(request, _("Give the day as a date, such as 2025-05-31."))
        return back
    try:
        form.STEPS[form.cleaned_data["step"]](part=part, on=form.cleaned_data["on"])
    except services.ClosureError as error:
        messages.error(request, str(error))
    else:
        status = Project.objects.get(pk=part.project_id).get_status_display()
        messages.success(
            request, _("Entered. The project’s status is now: %(status)s.") % {"status": status}
        )
    return back

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

from documents.models import Document
from portal.closure import services
from portal.closure.checklist import closure_today
from portal.kit.tables.columns import IdentifierColumn
from portal.kit.years import OUTSIDE, is_plausible
from portal.models import ClosureStep
from portal.public.list_tables import ProjectTable
from portal.public.views.factsheet import get_project_or_404
from portal.public.views.lists import ProjectList
from portal.staff.access import ENTER, RELEASE, crumbs, may, staff_only
from projects.models import Office, Participation, Project, Status
from projects.signed_in import signed_in

# Documents that are offered for a step.
MOST_DOCUMENTS = 200


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
    template_name = "staff/closures.html"

    def get_queryset(self) -> QuerySet:
        rows = super().get_queryset().filter(fund__follows_rules=True)
        return rows.filter(status__in=Status.awaiting_closure())

    def get_table_options(self) -> dict[str, Any]:
        return {}

    def get_common_context(self) -> dict[str, Any]:
        waiting = ClosureStep.objects.waiting().filter(part__project__withheld_on=None)
        related = ("part__project", "part__organization")
        return {**super().get_common_context(), "waiting": waiting.select_related(*related)}

    def get_crumbs(self) -> list[dict[str, Any]]:
        return crumbs((self.title, ""))


closures = staff_only()(Closures.as_view())


class StepForm(forms.Form):
    """One step of one organization's closure, with the paper that says so."""

    on = forms.DateField(
        label=gettext_lazy("Day"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    step = forms.ChoiceField(choices=ClosureStep.Step.choices)
    document = forms.ModelChoiceField(
        label=gettext_lazy("Document"), queryset=Document.objects.none(), required=False
    )
    reason = forms.CharField(max_length=500, required=False)

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["document"]
        field.queryset = documents_of(project)

    def clean_on(self) -> Any:
        """A day that money can have."""
        if not is_plausible(self.cleaned_data["on"].year):
            raise ValidationError(str(OUTSIDE))
        return self.cleaned_data["on"]


def documents_of(project: Project) -> QuerySet[Document]:
    """The papers on which a step may rest: the project's public documents, newest first."""
    return Document.objects.public().filter(project=project)


@require_safe
@staff_only()
def closure(request: HttpRequest, number: str) -> HttpResponse:
    """The checklists of a project, with the next step of each organization."""
    return _page(request, get_project_or_404(number))


def _page(request: HttpRequest, project: Project, typed: Any = None) -> HttpResponse:
    """With what was typed and could not be entered, of one of them."""
    title = _("Closure of %(number)s") % {"number": project.number}
    user = signed_in(request)
    steps = ClosureStep.objects.waiting().filter(part__project=project)
    waiting = {step.part_id: step for step in steps.select_related("document")}
    parts = closure_today(project)
    documents = list(documents_of(project)[:MOST_DOCUMENTS])
    for document in documents:
        document.chosen = str(document.pk) == (typed or {}).get("document")  # type: ignore[attr-defined]
    context = {
        "title": title,
        "crumbs": crumbs((_("Closure"), reverse("staff-closures")), (project.number, "")),
        "project": project,
        "parts": [(part, waiting.get(part.part.pk)) for part in parts],
        "documents": documents,
        "today": timezone.localdate().isoformat(),
        "typed": typed or {},
        "may_enter": may(user, ENTER),
        "may_confirm": may(user, RELEASE),
        "own": {s.pk for s in waiting.values() if s.entered_by_id == user.pk}
        if Office.current().four_eyes
        else set(),
    }
    return render(request, "staff/closure.html", context)


@require_POST
@staff_only(ENTER)
def step(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter that one organization closed its part, or that it is opened again."""
    parts = Participation.objects.participating().select_related("project", "organization")
    part = get_object_or_404(parts, pk=pk)
    data = request.POST.copy()
    if data.get("step") == ClosureStep.Step.OPEN:
        data["on"] = timezone.localdate().isoformat()
    form = StepForm(data, project=part.project)
    why = ""
    if not form.is_valid():
        why = _("Give the day as a date, such as 2025-05-31.")
        if "document" in form.errors:
            why = _("Choose one of the documents of this project.")
        elif "reason" in form.errors:
            why = " ".join(map(str, form.errors["reason"]))
    else:
        try:
            made = services.enter_step(part=part, by=signed_in(request), **form.cleaned_data)
        except services.ClosureError as error:
            why = str(error)
    if why:
        messages.error(request, why)
        return _page(request, part.project, {**request.POST.dict(), "part": part.pk})
    if made.confirmed_at is None:
        messages.success(request, _("Entered. It counts once a second person has confirmed it."))
    else:
        _say_status(request, part)
    return redirect("staff-closure", part.project.number)


@require_POST
@staff_only(RELEASE)
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm a step that waits, or put it aside."""
    found = get_object_or_404(ClosureStep.objects.select_related("part__project"), pk=pk)
    try:
        if "refuse" in request.POST:
            services.refuse_step(step=found)
            messages.success(request, _("Put aside."))
        else:
            services.confirm_step(step=found, by=signed_in(request))
            _say_status(request, found.part)
    except services.ClosureError as error:
        messages.error(request, str(error))
    return redirect("staff-closure", found.part.project.number)


def _say_status(request: HttpRequest, part: Participation) -> None:
    status = Project.objects.get(pk=part.project_id).get_status_display()
    messages.success(
        request, _("Entered. The project’s status is now: %(status)s.") % {"status": status}
    )

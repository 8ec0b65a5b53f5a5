"""True countries of projects whose ledger only has a placeholder, given by staff."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from portal.kit.tables.columns import IdentifierColumn
from portal.kit.web.careful import Careful, saved_meanwhile
from portal.public.list_tables import ProjectTable
from portal.public.views.factsheet import get_project_or_404
from portal.public.views.lists import ProjectList
from portal.staff.access import ENTER, crumbs, staff_only
from projects.models import Country, Project, ProjectCountry
from projects.true_country import CountryError, give_country, take_country_back

CHANGE = "projects.change_project"


class StaffPlaceTable(ProjectTable):
    """Projects, each with the way to its country."""

    number = IdentifierColumn(
        verbose_name=gettext_lazy("Project number"),
        term="project-number",
        definition=gettext_lazy("Leads to the project’s country."),
        link=lambda project: reverse("staff-country", args=[project.number]),
    )

    class Meta(ProjectTable.Meta):
        pass


class Placeholders(ProjectList):
    """Projects under a placeholder, or that the office has taken from one."""

    title = gettext_lazy("True countries")
    intro = gettext_lazy(
        "The ledger has no country for these projects, or the office has given one. Choose a "
        "project whose title or documents tell where it works."
    )
    table_class = StaffPlaceTable

    def get_queryset(self) -> QuerySet:
        places = ProjectCountry.objects.filter(project=OuterRef("pk"))
        unknown = Q(country__kind=Country.Kind.PLACEHOLDER) | Q(in_place_of__isnull=False)
        return super().get_queryset().filter(Exists(places.filter(unknown)))

    def get_table_options(self) -> dict[str, Any]:
        return {}

    def get_crumbs(self) -> list[dict[str, Any]]:
        return crumbs((self.title, ""))


countries = staff_only()(Placeholders.as_view())


class CountryForm(Careful, forms.Form):
    """A country and how the office knows it."""

    country = forms.ModelChoiceField(
        Country.objects.exclude(kind=Country.Kind.PLACEHOLDER),
        label=gettext_lazy("Country or region"),
        to_field_name="code",
    )
    basis = forms.CharField(
        label=gettext_lazy("How the office knows"),
        help_text=gettext_lazy("Visitors read it, such as: The title and the report name Mali."),
        max_length=300,
    )


def _given(project: Project) -> dict[str, Any]:
    """The country that the office gave the project, if it did."""
    given = project.project_countries.exclude(in_place_of=None).select_related("country").first()
    return {"country": given.country.code, "basis": given.basis} if given else {}


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only(ENTER, CHANGE)
def country(request: HttpRequest, number: str) -> HttpResponse:
    """Give the project a country in place of the ledger's placeholder, or take it back."""
    project = get_project_or_404(number)
    here = redirect("staff-country", project.number)
    form = CountryForm(request.POST or None, initial=_given(project))
    try:
        if request.method == "POST" and "undo" in request.POST:
            if form.is_stale():
                raise CountryError(saved_meanwhile())
            take_country_back(project=project)
            messages.success(request, _("The project stands again where the ledger has it."))
            return here
        if request.method == "POST" and form.is_valid():
            place = give_country(project=project, **form.cleaned_data)
            messages.success(request, _("It now stands under %(country)s.") % {"country": place})
            return here
    except CountryError as error:
        messages.error(request, str(error))
        if "undo" in request.POST:
            return here
    title = _("Country of %(number)s") % {"number": project.number}
    history = ProjectCountry.pgh_event_model.objects.filter(  # type: ignore[attr-defined]
        project_id=project.pk
    )
    places = project.project_countries.select_related("country", "in_place_of")
    context = {
        "title": title,
        "crumbs": crumbs((_("True countries"), reverse("staff-countries")), (project.number, "")),
        "project": project,
        "places": places,
        "is_given": any(place.in_place_of_id for place in places),
        "history": history.select_related("country", "pgh_context").order_by("-pgh_created_at")[
            :20
        ],
        "form": form,
    }
    return render(request, "staff/country.html", context)

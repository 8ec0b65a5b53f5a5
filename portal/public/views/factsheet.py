"""The factsheet of a project in all its formats, and the pages below it."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from documents.document_panels import documents_of
from documents.document_tables import DocumentTable
from finance.reports.money_tables import VoucherLineTable
from finance.reports.other_flows import OtherFlowTable, flows_of_project
from finance.reports.project_panels import REPORTS, report_table, year_filter
from portal.about.office import office_of
from portal.closure.closure_tables import ClosureTable, RevisionTable
from portal.iati.publishing.activities import iati_response
from portal.kit.dates import asked_known
from portal.kit.files.about import About, sample_notice, warn_in_files
from portal.kit.files.exports import files_inside, table_response
from portal.kit.files.links import export_links
from portal.kit.files.pdf import pdf_response
from portal.kit.files.pictures import with_links_of
from portal.kit.together import Shaped
from portal.kit.web.asked import refuse_unknown_names
from portal.public.fact_table import fact_table, key_figure_table
from portal.public.factsheet import drawn_panels
from portal.public.notes import data_notes
from portal.public.project_facts import status_label, status_words
from portal.public.project_page import ProjectPage
from portal.reporting.due_tables import ReportTable
from projects.history import show_as_of
from projects.models import Project
from projects.models.projects import ITSELF
from projects.withheld import refuse_withheld_project

_NUMBERED = Shaped(
    lambda number: (
        Project.objects.with_parts().select_related("fund", "theme", "parent").numbered(number)
    )
)


def get_project_or_404(number: str) -> Project:
    """The project with this number, as it is today. Raises Http404 in words that help."""
    project = next(iter(_NUMBERED.of(number=number)), None)
    if project is None and number.endswith(ITSELF):
        number = number.removesuffix(ITSELF)
        project = next(iter(_NUMBERED.of(number=number)), None)
    refuse_withheld_project(project, number)
    if project is None:
        raise Http404(
            _("There is no project with the number “%(number)s”.") % {"number": number[:100]}
        )
    return project


def page_of(request: HttpRequest, number: str) -> ProjectPage:
    """What a page of the project with this number shows. Raises Http404.

    The request takes along what history cannot tell of that time, for the banner.
    """
    project, known = get_project_or_404(number), asked_known(request)
    request.remark = show_as_of(project, known)  # type: ignore[attr-defined]
    return ProjectPage(project, known, office_of(request), request.GET)


def factsheet(request: HttpRequest, number: str) -> HttpResponseBase:
    """The page, its print view, PDF, Excel of everything, JSON and IATI XML."""
    page = page_of(request, number)
    project = page.project
    if reverse("project", args=[number]) != project.get_absolute_url():
        return HttpResponsePermanentRedirect(project.get_absolute_url())
    refuse_unknown_names(request, ("from", "to"))
    form = request.GET.get("format", "")
    # What they ask for has to be years, whatever the format makes of them.
    years = year_filter(page.money, page.asked)
    if form == "iati":
        return iati_response([project], page.known, f"{project.number}.xml", sample_notice(request))
    title = f"{project.number} {project.title}"
    if form in {"xlsx", "json", "pdf"}:
        warn_in_files(request, *data_notes(page))
    if form in {"xlsx", "json"}:
        return table_response(
            request,
            all_tables(page),
            fmt=form,
            title=title,
            file_name=project.number,
            filters=years,
        )
    page.read_lists()
    context = _context(request, page, on_paper=form in {"pdf", "print"})
    if form == "pdf":
        about = About.of(request, title, years)
        files = files_inside(all_tables(page), about, project.number)
        return pdf_response(
            request, "factsheet/page.html", context, project.number, about=about, files=files
        )
    if form not in {"", "print"}:
        raise Http404(_("There is no such format; the tools menu lists those that exist."))
    return render(request, "factsheet/page.html", {**context, "print_view": form == "print"})


def _context(request: HttpRequest, page: ProjectPage, *, on_paper: bool) -> dict[str, Any]:
    project, panels = page.project, drawn_panels(page)
    for panel in panels:
        _add_exports(panel, request)
    return {
        "project": project,
        "panels": panels,
        "lead": " ".join(panels[0]["lead"]),
        "open_matters": " ".join(panels[0]["open_matters"]),
        "status_label": status_label(page),
        "status_words": status_words(page),
        "sections": [] if on_paper else panels,
        "tools": tools(project),
        "tools_label": _("Tools for this project"),
        "crumbs": [*crumbs(project)[:-1], {"label": project.number}],
    }


def _add_exports(panel: dict[str, Any], request: HttpRequest) -> None:
    """Give each table and chart of a panel the links to its files."""
    for part in (panel, *panel.get("reports", ())):
        if "table" in part:
            part["export_links"] = export_links(request, part["url"])
        if part.get("chart"):
            part["chart"] = with_links_of(part["chart"], request, part["url"])


def tools(project: Project) -> list[dict[str, Any]]:
    """The menu "Tools for this project"."""
    url = project.get_absolute_url()
    return [
        {"label": _("Print-friendly format"), "url": f"{url}?format=print"},
        {"label": _("PDF with its data inside"), "url": f"{url}?format=pdf", "download": True},
        {"label": _("View as Excel: all tables"), "url": f"{url}?format=xlsx", "download": True},
        {"label": _("JSON: all tables"), "url": f"{url}?format=json"},
        {"label": _("IATI XML of this project"), "url": f"{url}?format=iati", "download": True},
        {"label": _("Link to cite"), "url": url, "to_cite": True},
    ]


def crumbs(project: Project) -> list[dict[str, str]]:
    """The way to a page below the factsheet."""
    return [
        {"label": _("Projects"), "url": reverse("project-list")},
        {"label": project.fund.name, "url": project.fund.get_absolute_url()},
        {"label": project.number, "url": project.get_absolute_url()},
    ]


def all_tables(page: ProjectPage) -> list:
    """Every table of the factsheet, whole, after its facts and key figures."""
    documents = documents_of(page.project, page.known.as_of)
    return [
        fact_table(page),
        key_figure_table(page),
        *(report_table(page.money, report_by, page.asked) for report_by in REPORTS),
        VoucherLineTable(page.money.lines, id="vouchers"),
        OtherFlowTable(flows_of_project(page.money), id="other-flows"),
        DocumentTable(documents, id="documents"),
        ReportTable(page.reports, id="reports"),
        ClosureTable(page.closure, id="closure"),
        RevisionTable(page.revisions, id="revisions"),
    ]

"""Addresses of the portal."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

from documents import views as documents
from portal.about.stopping import stop_reminders
from portal.inbox.pages import mails as inbox_mails
from portal.public.performance.pages import MeasuredProjects, Performance
from portal.public.registers.decisions import DecisionList, FundDecisions
from portal.public.registers.sub_grants import SubGrantList
from portal.public.views import (
    annual,
    contributor_records,
    contributors,
    entities,
    factsheet,
    forward,
    funds,
    home,
    lists,
    loads,
    outstanding,
    records,
    statements,
)
from portal.public.views import documents as inside
from portal.public.views.beside import SideBySide
from portal.public.views.closures import ProjectClosure, ProjectRevisions
from portal.public.views.presets import PresetList
from portal.public.views.programs import calendars, discovery, feeds
from portal.public.views.seals import SealList, checkpoint, entity_file, seal_file, time_stamp
from portal.public.views.withholdings import WithheldList
from portal.reporting.due_pages import ReportList
from portal.search import pages as searching
from portal.staff.on_site import on_site

admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path("", home.home, name="home"),
    path("search/", searching.search, name="search"),
    path("search/suggestions/", searching.suggestions, name="search-suggestions"),
    path("sitemap.xml", discovery.sitemap, name="sitemap"),
    path("sitemap-<slug:kind>-<int:number>.xml", discovery.sitemap_part, name="sitemap-part"),
    path("data/catalogue.jsonld", discovery.catalogue, name="data-catalogue"),
    path("projects/", lists.ProjectList.as_view(is_of_all=True), name="project-list"),
    path("projects/<slug:preset>/", PresetList.as_view(), name="project-preset"),
    path("side-by-side/<slug:kind>/", SideBySide.as_view(), name="side-by-side"),
    path("funds/", lists.FundList.as_view(), name="fund-list"),
    path("contributors/", contributors.ContributorList.as_view(), name="contributor-list"),
    path("contributor/<str:code>/", contributors.ContributorPage.as_view(), name="contributor"),
    path(
        "contributor/<str:code>/statement/<int:year>/",
        contributors.ContributorStatement.as_view(),
        name="contributor-statement",
    ),
    path(
        "contributor/<str:code>/records/",
        contributor_records.ContributorRecords.as_view(),
        name="contributor-records",
    ),
    path("contributors/outstanding/", outstanding.Outstanding.as_view(), name="outstanding"),
    path(
        "contributor/<str:code>/outstanding/",
        outstanding.ContributorOutstanding.as_view(),
        name="contributor-outstanding",
    ),
    path(
        "contributor/<str:code>/forward/",
        forward.ContributorForward.as_view(),
        name="contributor-forward",
    ),
    path(
        "contributor/<str:code>/notional/",
        contributor_records.NotionalRecords.as_view(),
        name="contributor-notional",
    ),
    path("funds/statement/", statements.AllFundsStatement.as_view(), name="funds-statement"),
    path("funds/flow/", statements.AllFundsFlow.as_view(), name="funds-flow"),
    path("funds/performance/", Performance.as_view(), name="funds-performance"),
    path(
        "funds/performance/<slug:measure>/",
        MeasuredProjects.as_view(),
        name="funds-performance-projects",
    ),
    path("funds/records/", statements.AllFundsRecords.as_view(), name="funds-records"),
    path("organizations/", lists.OrganizationList.as_view(), name="organization-list"),
    path("countries/", lists.CountryList.as_view(), name="country-list"),
    path("vouchers/", lists.VoucherList.as_view(), name="voucher-list"),
    path("documents/search/", inside.search_inside, name="document-search"),
    path("documents/feed/", inside.feed, name="document-feed"),
    path("documents/", lists.DocumentList.as_view(), name="document-list"),
    path("seals/", SealList.as_view(), name="seal-list"),
    path("seals/checkpoint", checkpoint, name="seal-checkpoint-newest"),
    path("seals/checkpoint/<int:pk>", checkpoint, name="seal-checkpoint"),
    path("withheld/", WithheldList.as_view(), name="withheld"),
    path("seals/entities.jsonl", entity_file, name="seal-entities"),
    path("seals/<int:number>.jsonl", seal_file, name="seal-file"),
    path("seals/<int:number>.tsr", time_stamp, name="seal-time-stamp"),
    path("decisions/", DecisionList.as_view(), name="decision-list"),
    path("sub-grants/", SubGrantList.as_view(), name="sub-grant-list"),
    path("loads/", loads.LoadList.as_view(), name="load-list"),
    # A project number may hold slashes, so what stands below a project comes first.
    path(
        "project/<path:number>/key-figures/",
        lists.ProjectKeyFigures.as_view(),
        name="key-figures",
    ),
    path(
        "project/<path:number>/vouchers/",
        lists.ProjectVouchers.as_view(),
        name="project-vouchers",
    ),
    path(
        "project/<path:number>/other-flows/",
        lists.ProjectOtherFlows.as_view(),
        name="project-other-flows",
    ),
    path(
        "project/<path:number>/documents/all.zip", inside.all_in_one, name="project-documents-zip"
    ),
    path(
        "project/<path:number>/documents/",
        lists.ProjectDocuments.as_view(),
        name="project-documents",
    ),
    path(
        "project/<path:number>/records/", records.ProjectRecords.as_view(), name="project-records"
    ),
    path("project/<path:number>/changes/", loads.ProjectChanges.as_view(), name="project-changes"),
    path("project/<path:number>/compare/", loads.ProjectCompare.as_view(), name="project-compare"),
    path("project/<path:number>/feed/", feeds.project_feed, name="project-feed"),
    path("project/<path:number>/closure/", ProjectClosure.as_view(), name="project-closure"),
    path("project/<path:number>/revisions/", ProjectRevisions.as_view(), name="project-revisions"),
    path(
        "project/<path:number>/reports.ics",
        calendars.project_calendar,
        name="project-reports-ics",
    ),
    path("project/<path:number>/", factsheet.factsheet, name="project"),
    path("fund/<str:code>/", funds.FundPage.as_view(), name="fund"),
    path("organization/<str:code>/", entities.OrganizationPage.as_view(), name="organization"),
    path("country/<str:code>/", entities.CountryPage.as_view(), name="country"),
    path("reports/", ReportList.as_view(), name="report-list"),
    path("reminders/stop/<str:token>/", stop_reminders, name="reminders-stop"),
    path("fund/<str:code>/reports.ics", calendars.fund_calendar, name="fund-reports-ics"),
    path(
        "organization/<str:code>/reports.ics",
        calendars.organization_calendar,
        name="organization-reports-ics",
    ),
    path("records/", records.Records.as_view(), name="records"),
    path("fund/<str:code>/compare/", loads.FundCompare.as_view(), name="fund-compare"),
    path("fund/<str:code>/feed/", feeds.fund_feed, name="fund-feed"),
    path("fund/<str:code>/workbook.xlsx", funds.fund_workbook, name="fund-workbook"),
    path("fund/<str:code>/records/", statements.FundRecords.as_view(), name="fund-records"),
    path(
        "organization/<str:code>/report/",
        entities.OrganizationReport.as_view(),
        name="organization-report",
    ),
    path("fund/<str:code>/annual-report/", annual.AnnualReport.as_view(), name="fund-annual"),
    path(
        "fund/<str:code>/annual-report/<int:year>/<int:number>/",
        annual.EditionPage.as_view(),
        name="fund-edition",
    ),
    path(
        "fund/<str:code>/outstanding/",
        outstanding.FundOutstanding.as_view(),
        name="fund-outstanding",
    ),
    path(
        "fund/<str:code>/annual-report/<int:year>/<int:number>/as-published.xlsx",
        annual.edition_file,
        name="fund-edition-file",
    ),
    path("fund/<str:code>/decisions/<str:on>/", FundDecisions.as_view(), name="fund-decisions"),
    path("fund/<str:code>/forward/", forward.FundForward.as_view(), name="fund-forward"),
    path("fund/<str:code>/other-flows/", funds.FundOtherFlows.as_view(), name="fund-other-flows"),
    path("fund/<str:code>/performance/", Performance.as_view(), name="fund-performance"),
    path(
        "fund/<str:code>/performance/<slug:measure>/",
        MeasuredProjects.as_view(),
        name="fund-performance-projects",
    ),
    path("fund/<str:code>/report/", funds.FundReport.as_view(), name="fund-report"),
    path("fund/<str:code>/statement/", statements.FundStatement.as_view(), name="fund-statement"),
    path(
        "organization/<str:code>/records/",
        records.OrganizationRecords.as_view(),
        name="organization-records",
    ),
    path("country/<str:code>/records/", records.CountryRecords.as_view(), name="country-records"),
    path("voucher/<int:pk>/", entities.voucher, name="voucher"),
    path("load/<int:pk>/", loads.LoadPage.as_view(), name="load"),
    path("load/<int:pk>/records/", loads.LoadRecords.as_view(), name="load-records"),
    path("document/<int:pk>/", documents.document, name="document"),
    path("document/<int:pk>/history/", inside.history, name="document-history"),
    path("document/<int:pk>/preview/", inside.preview, name="document-preview"),
    path("document/<int:pk>/v<int:version>/", documents.document, name="document-version"),
    path("", include("portal.api.urls")),
    path("staff/", include("portal.staff.urls")),
    path("staff/", include("portal.staff.year_end.urls")),
    path("staff/", include("portal.staff.withholding.urls")),
    path("staff/", include("portal.staff.health.urls")),
    path("staff/", include("portal.staff.iati.urls")),
    path("staff/", include("portal.staff.people.urls")),
    path("staff/", include("portal.staff.office.urls")),
    path("staff/", include("portal.staff.questions.urls")),
    path("accounts/mails/", inbox_mails, name="inbox-mails"),
    path("", include("portal.gateway.urls")),
    path("accounts/", include("portal.accounts.urls")),
    path("staff/", include("portal.staff.reports.urls")),
    path("staff/", include("portal.staff.places.urls")),
    path("staff/", include("portal.staff.reference.urls")),
    path("staff/", include("portal.staff.rows.urls")),
    path("", include("portal.following.urls")),
    path("", include("portal.about.urls")),
    path("admin/r/<int:content_type_id>/<path:object_id>/", admin.site.admin_view(on_site)),
    path("admin/", admin.site.urls),
]

handler400 = "portal.about.pages.bad_request"
handler403 = "portal.about.pages.forbidden"
handler404 = "portal.about.pages.not_found"
handler500 = "portal.about.pages.server_error"

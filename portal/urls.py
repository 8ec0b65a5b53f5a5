"""Addresses of the portal."""

from django.contrib import admin
from django.urls import include, path

from documents import views as documents
from portal.views import factsheet, home, lists, nouns
from portal.views.seals import SealList

urlpatterns = [
    path("", home.home, name="home"),
    path("search/", home.search, name="search"),
    path("projects/", lists.ProjectList.as_view(), name="project-list"),
    path("funds/", lists.FundList.as_view(), name="fund-list"),
    path("organizations/", lists.OrganizationList.as_view(), name="organization-list"),
    path("countries/", lists.CountryList.as_view(), name="country-list"),
    path("vouchers/", lists.VoucherList.as_view(), name="voucher-list"),
    path("documents/", lists.DocumentList.as_view(), name="document-list"),
    path("seals/", SealList.as_view(), name="seal-list"),
    path("loads/", lists.LoadList.as_view(), name="load-list"),
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
        "project/<path:number>/documents/",
        lists.ProjectDocuments.as_view(),
        name="project-documents",
    ),
    path("project/<path:number>/", factsheet.factsheet, name="project"),
    path("fund/<str:code>/", nouns.FundPage.as_view(), name="fund"),
    path("organization/<str:code>/", nouns.OrganizationPage.as_view(), name="organization"),
    path("country/<str:code>/", nouns.CountryPage.as_view(), name="country"),
    path("voucher/<int:pk>/", nouns.voucher, name="voucher"),
    path("load/<int:pk>/", nouns.load, name="load"),
    path("document/<int:pk>/", documents.document, name="document"),
    path("document/<int:pk>/v<int:version>/", documents.document, name="document-version"),
    path("", include("portal.page_urls")),
    path("admin/", admin.site.urls),
]

"""Addresses of the interface."""

from django.urls import path

from portal.api.documentation import Index, Schema, assistants, documentation
from portal.api.resources import DETAILS, LISTS
from portal.api.twins import pages, things
from portal.api.twins.texts import TEXTS, text_twin

urlpatterns = [
    path("llms.txt", things.llms_txt, name="llms-txt"),
    path("index.md", pages.home, name="home-md"),
    path("search.md", pages.search, name="search-md"),
    path("project/<path:number>.md", things.project, name="project-md"),
    path("fund/<str:code>.md", things.fund, name="fund-md"),
    path("organization/<str:code>.md", things.organization, name="organization-md"),
    path("contributor/<str:code>.md", things.contributor, name="contributor-md"),
    path("help/<slug:name>.md", text_twin("help-page"), name="help-page-md"),
    *(
        path(f"{name}.md", text_twin(name), name=f"{name}-md")
        for name in TEXTS
        if name != "help-page"
    ),
    path("<path:address>.md", things.table_twin, name="page-md"),
    path("api/", documentation, name="api"),
    path("api/mcp", assistants, name="api-mcp"),
    path("api/v1/", Index.as_view(), name="api-index"),
    path("api/v1/schema", Schema.as_view(), name="api-schema"),
    *(path(f"api/v1/{name}/", view.as_view(), name=f"api-{name}") for name, view in LISTS.items()),
    *(
        path(f"api/v1/{at}/", view.as_view(), name=f"api-{at.partition('/')[0]}-detail")
        for at, view in DETAILS.items()
    ),
]

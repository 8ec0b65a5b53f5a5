"""Addresses of the interface."""

from django.urls import path

from portal.api.documentation import Index, documentation
from portal.api.resources import DETAILS, LISTS
from portal.api.schema import Schema

urlpatterns = [
    path("api/", documentation, name="api"),
    path("api/v1/", Index.as_view(), name="api-index"),
    path("api/v1/schema", Schema.as_view(), name="api-schema"),
    *(path(f"api/v1/{name}/", view.as_view(), name=f"api-{name}") for name, view in LISTS.items()),
    *(
        path(f"api/v1/{at}/", view.as_view(), name=f"api-{at.partition('/')[0]}-detail")
        for at, view in DETAILS.items()
    ),
]

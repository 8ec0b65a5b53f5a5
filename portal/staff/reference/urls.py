"""Addresses of what is kept by form in the staff's room."""

from django.urls import path

from portal.staff.reference import views

urlpatterns = [
    path("reference/", views.overview, name="staff-reference-all"),
    path("reference/change/<int:pk>/", views.decide, name="staff-reference-decide"),
    path("reference/<slug:code>/", views.things, name="staff-reference"),
    path("reference/<slug:code>/new/", views.thing, name="staff-reference-new"),
    path(
        "reference/<slug:code>/suggestions/", views.suggestions, name="staff-reference-suggestions"
    ),
    path("reference/<slug:code>/named/<path:name>/", views.named, name="staff-reference-named"),
    path("reference/<slug:code>/<int:pk>/", views.thing, name="staff-reference-thing"),
]

"""Addresses of forms for single rows in the staff's room."""

from django.urls import path

from portal.staff.rows import typed, views

urlpatterns = [
    path("enter/<slug:kind>/", views.enter_row, name="staff-enter-row"),
    path("minutes/suggestions/", views.minutes_suggestions, name="staff-minutes-suggestions"),
    path("loads/type/", typed.kinds, name="staff-load-type-kinds"),
    path("loads/type/<slug:kind>/", typed.rows, name="staff-load-type"),
]

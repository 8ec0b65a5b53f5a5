"""Addresses of true countries in the staff's room."""

from django.urls import path

from portal.staff.places import views

urlpatterns = [
    path("countries/", views.countries, name="staff-countries"),
    path("country/<path:number>/", views.country, name="staff-country"),
]

"""Addresses of our own IATI."""

from django.urls import path

from portal.staff.iati import views

urlpatterns = [
    path("iati/", views.iati, name="staff-iati"),
    path("iati/look/", views.begin_look, name="staff-iati-look"),
]

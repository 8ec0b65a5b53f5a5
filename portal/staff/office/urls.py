"""Addresses of the office's settings."""

from django.urls import path

from portal.staff.office import views

urlpatterns = [path("office/", views.office, name="staff-office")]

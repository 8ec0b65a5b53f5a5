"""Addresses of the page of the portal's health."""

from django.urls import path

from portal.staff.health import views

urlpatterns = [
    path("health/", views.health, name="staff-health"),
    path("health/verify/", views.begin_verification, name="staff-health-verify"),
    path("health/mail/<int:pk>/", views.decide_on_mail, name="staff-health-mail"),
]

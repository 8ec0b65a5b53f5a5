"""Addresses of reports due and reminders in the staff's room."""

from django.urls import path

from portal.staff import reminders, reports

urlpatterns = [
    path("reports/", reports.reports, name="staff-reports"),
    path("report/<int:pk>/", reports.report, name="staff-report"),
    path("reminders/", reminders.reminders, name="staff-reminders"),
    path("reminders/switch/", reminders.switch, name="staff-reminders-switch"),
    path("reminders/person/<int:pk>/", reminders.person, name="staff-reminders-person"),
]

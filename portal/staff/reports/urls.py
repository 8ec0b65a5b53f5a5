"""Addresses of reports due, reminders and closure in the staff's room."""

from django.urls import path

from portal.staff.reports import closures, due, reminders

urlpatterns = [
    path("reports/", due.reports, name="staff-reports"),
    path("report/<int:pk>/", due.report, name="staff-report"),
    path("reminders/", reminders.reminders, name="staff-reminders"),
    path("reminders/switch/", reminders.switch, name="staff-reminders-switch"),
    path("reminders/person/<int:pk>/", reminders.person, name="staff-reminders-person"),
    path("closures/", closures.closures, name="staff-closures"),
    path("closure/step/<int:pk>/", closures.step, name="staff-closure-step"),
    path("closure/confirm/<int:pk>/", closures.confirm, name="staff-closure-confirm"),
    path("closure/<path:number>/", closures.closure, name="staff-closure"),
]

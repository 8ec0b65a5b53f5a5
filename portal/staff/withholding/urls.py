"""Addresses of withholding."""

from django.urls import path

from portal.staff.withholding import views

urlpatterns = [
    path("withholding/", views.withholdings, name="staff-withholding"),
    path("withholding/new/", views.withhold_page, name="staff-withhold"),
    path("withholding/<int:pk>/", views.withholding_page, name="staff-withholding-page"),
    path("withholding/<int:pk>/lift/", views.lift_page, name="staff-withholding-lift"),
    path("withholding/<int:pk>/erase/", views.erase_page, name="staff-withholding-erase"),
]

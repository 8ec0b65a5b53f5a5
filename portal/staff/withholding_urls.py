"""Addresses of withholding."""

from django.urls import path

from portal.staff import withholding

urlpatterns = [
    path("withholding/", withholding.withholdings, name="staff-withholding"),
    path("withholding/new/", withholding.withhold_page, name="staff-withhold"),
    path("withholding/<int:pk>/", withholding.withholding_page, name="staff-withholding-page"),
    path("withholding/<int:pk>/lift/", withholding.lift_page, name="staff-withholding-lift"),
]

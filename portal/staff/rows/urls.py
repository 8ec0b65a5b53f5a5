"""Addresses of forms for single rows in the staff's room."""

from django.urls import path

from portal.staff.rows import views

urlpatterns = [path("enter/<slug:kind>/", views.enter_row, name="staff-enter-row")]

"""Addresses of our own IATI."""

from django.urls import path

from portal.staff.iati import comparisons, views

urlpatterns = [
    path("iati/", views.iati, name="staff-iati"),
    path("iati/look/", views.begin_look, name="staff-iati-look"),
    path("iati/compare/", comparisons.comparisons, name="staff-iati-comparisons"),
    path("iati/compare/<int:pk>/", comparisons.comparison, name="staff-iati-comparison"),
    path("iati/compare/<int:pk>/publish/", comparisons.publish, name="staff-iati-publish"),
]

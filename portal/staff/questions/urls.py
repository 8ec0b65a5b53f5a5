"""Addresses of questions and feedback."""

from django.urls import path

from portal.staff.questions import views

urlpatterns = [
    path("questions/", views.questions, name="staff-questions"),
    path("question/<int:pk>/", views.question, name="staff-question"),
]

"""Addresses of following by e-mail."""

from django.urls import path

from portal.following import pages

urlpatterns = [
    path("follow/", pages.follow, name="follow"),
    path("follow/asked/", pages.asked, name="follow-asked"),
    path("follow/confirm/<str:token>/", pages.confirm_follow, name="follow-confirm"),
    path("follow/stop/<str:token>/", pages.stop_follow, name="follow-stop"),
]

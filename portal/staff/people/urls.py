"""Addresses of people and their rights."""

from django.urls import path

from portal.staff.people import views

urlpatterns = [
    path("people/", views.PeopleList.as_view(), name="staff-people"),
    path("people/invite/", views.invite_page, name="staff-invite"),
    path("person/<int:pk>/", views.person, name="staff-person"),
    path("person/<int:pk>/grant/", views.grant, name="staff-person-grant"),
    path("person/<int:pk>/invite/", views.invite_again, name="staff-person-invite"),
    path("person/<int:pk>/sign-out/", views.sign_out, name="staff-person-sign-out"),
    path("person/<int:pk>/factors/", views.reset_factors, name="staff-person-factors"),
    path("person/<int:pk>/active/", views.set_active, name="staff-person-active"),
    path("right/<int:pk>/withdraw/", views.withdraw, name="staff-right-withdraw"),
]

"""Addresses of people and their rights."""

from django.urls import path

from portal.staff import people

urlpatterns = [
    path("people/", people.PeopleList.as_view(), name="staff-people"),
    path("people/invite/", people.invite_page, name="staff-invite"),
    path("person/<int:pk>/", people.person, name="staff-person"),
    path("person/<int:pk>/grant/", people.grant, name="staff-person-grant"),
    path("person/<int:pk>/invite/", people.invite_again, name="staff-person-invite"),
    path("person/<int:pk>/sign-out/", people.sign_out, name="staff-person-sign-out"),
    path("person/<int:pk>/factors/", people.reset_factors, name="staff-person-factors"),
    path("person/<int:pk>/active/", people.set_active, name="staff-person-active"),
    path("right/<int:pk>/withdraw/", people.withdraw, name="staff-right-withdraw"),
]

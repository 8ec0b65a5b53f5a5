"""A new portal gets its administrator by a link that is printed at the server."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from portal.models import Invitation
from projects.models import User

pytestmark = pytest.mark.django_db
CHOSEN = {"first_name": "Ada", "last_name": "One", "password": "nine lives of a cat"}


def link(capsys) -> str:
    call_command("first_administrator", "ada@fund.int")
    return capsys.readouterr().out.strip()


def test_the_link_leads_to_password_second_factor_and_settings(capsys):
    url = link(capsys)
    client = Client()
    assert client.get(url).status_code == 200
    assert client.post(url, CHOSEN).url == "/staff/office/"
    ada = User.objects.get()
    assert (ada.is_superuser, ada.is_staff, ada.check_password(CHOSEN["password"])) == (True,) * 3
    assert client.get("/staff/office/").url == "/accounts/2fa/", "first the second factor"
    assert Client().post(url, CHOSEN).status_code == 410, "it works once"
    with pytest.raises(CommandError, match="administrator already"):
        call_command("first_administrator", "eve@fund.int")


def test_the_link_is_over_after_an_hour_and_when_there_is_a_newer_one(capsys):
    first, second = link(capsys), link(capsys)
    assert Client().get(first).status_code == 410
    assert Client().get(second).status_code == 200
    until = Invitation.objects.latest("pk").expires_at
    assert until - timezone.now() <= timedelta(hours=1)
    Invitation.objects.update(expires_at=timezone.now())
    assert Client().get(second).status_code == 410

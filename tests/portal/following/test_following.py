"""Following by e-mail: asked, confirmed, told once a day at most, stopped and erased."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from portal.following.digests import send_digests
from portal.following.services import UNCONFIRMED_FOR, erase_unconfirmed
from portal.models import Follow
from tests.factories import (
    DocumentFactory,
    FundFactory,
    OrganizationFactory,
    ParticipationFactory,
    ProjectFactory,
    booked,
    deposit,
    released,
    transfer,
)

pytestmark = pytest.mark.django_db
READER = "reader@example.org"
THINGS = {
    "project": "00102004", "fund": "UNA00", "organization": "UNDP", "contributor": "NOR",
    "search": "sexual violence",
}  # fmt: skip


@pytest.fixture(autouse=True)
def portfolio():
    """A project of a fund with an organization and a contributor."""
    fund = FundFactory(code="UNA00", name="UN Action")
    project = ProjectFactory(number="00102004", title="Survivors of sexual violence", fund=fund)
    undp = OrganizationFactory(code="UNDP", name="Development Programme")
    norway = OrganizationFactory(code="NOR", name="Norway")
    ParticipationFactory(project=project, organization=undp)
    booked(deposit(fund, "10", contributor_id=norway.pk))
    return project, norway


def ask(client, kind="project", key="00102004", email=READER, **more):
    return client.post("/follow/", {"kind": kind, "key": key, "email": email, **more})


def link(message, page):
    return re.search(rf"https?://[^/\s]+(/follow/{page}/[^\s>]+)", message.body).group(1)


def follow(client, kind="project", key="00102004", email=READER):
    ask(client, kind, key, email)
    client.post(link(mail.outbox[-1], "confirm"))
    return Follow.objects.get(email=email, kind=kind)


def test_pages_lead_to_following_them(client):
    for kind, key in THINGS.items():
        page = f"/search/?q={key}" if kind == "search" else f"/{kind}/{key}/"
        text = client.get(page).content.decode()
        [address] = re.findall(r'href="(/follow/\?[^"]+)"', text)
        form = client.get(address.replace("&amp;", "&"))
        assert form.status_code == 200
        assert READER not in form.content.decode()


def test_an_address_is_followed_only_once_its_reader_confirms(client):
    assert ask(client).url == "/follow/asked/"
    [message] = mail.outbox
    assert message.to == [READER]
    assert not Follow.objects.confirmed()
    address = link(message, "confirm")
    # Mail programs look at links by themselves: nothing is confirmed by that.
    assert client.get(address).status_code == 200
    assert not Follow.objects.confirmed()
    assert "Confirmed." in client.post(address).content.decode()
    assert Follow.objects.confirmed().get().key == "00102004"
    # Asked again, the answer tells nobody that it is followed.
    assert ask(client).url == "/follow/asked/"
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(("kind", "key"), [("project", "no"), ("planet", "x"), ("search", " ")])
def test_what_is_not_there_cannot_be_followed(client, kind, key):
    assert ask(client, kind, key).status_code == 404


def test_a_wrong_address_is_told_and_programs_are_thanked(client):
    assert "error" in ask(client, email="nobody").content.decode().lower()
    assert ask(client, nickname="bot").url == "/follow/asked/"
    assert not Follow.objects.exists()


def test_nobody_is_pestered(client, settings):
    for code in ("00102004", "UNA00", "UNDP", "NOR", "x"):
        ask(client, "search", code)
    assert len(mail.outbox) == 3
    settings.FEEDBACK_PER_HOUR = 0
    ask(client, email="other@example.org")
    assert not Follow.objects.filter(email="other@example.org").exists()


def test_one_mail_a_day_tells_what_is_new_about_everything(client, portfolio):
    project, norway = portfolio
    for kind, key in THINGS.items():
        follow(client, kind, key)
    mail.outbox.clear()
    # Versions of projects bear the moment at which the transaction of the test began.
    Follow.objects.update(told_until=timezone.now() - timedelta(hours=1))
    tomorrow = timezone.now() + timedelta(days=1)
    load = released(transfer(project, "5"), file_name="vouchers-2026.csv")
    booked(deposit(project.fund, "20", contributor_id=norway.pk))
    DocumentFactory(project=project, title="Final report")
    ProjectFactory(number="00102005", title="Sexual violence in conflict", fund=project.fund)
    assert send_digests(tomorrow) == 1
    [message] = mail.outbox
    assert message.to == [READER]
    body = message.body
    assert body.count("vouchers-2026.csv") == 3  # project, fund, organization
    assert body.count("New document: Final report") == 2
    assert "New: Sexual violence in conflict" in body
    assert "Norway" in body
    # Not again on that day, nor the next, for nothing is new.
    released(transfer(project, "6"), source=load.source)
    assert send_digests(tomorrow) == 0
    Follow.objects.update(told_until=tomorrow + timedelta(hours=1))
    assert send_digests(tomorrow + timedelta(days=1)) == 0
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_stopping_erases_the_address(client, portfolio):
    followed = follow(client)
    follow(client, "fund", "UNA00")
    Follow.objects.update(told_until=timezone.now())
    mail.outbox.clear()
    released(transfer(portfolio[0], "5"))
    assert send_digests(timezone.now() + timedelta(days=1)) == 1
    one, *_rest = re.findall(r"(/follow/stop/[^\s>?]+)", mail.outbox[0].body)
    assert client.get(one).status_code == 200
    assert Follow.objects.filter(pk=followed.pk).exists()
    assert "Stopped." in client.post(one).content.decode()
    assert Follow.objects.count() == 1
    everything = re.search(r"(/follow/stop/[^\s>]+\?all=yes)", mail.outbox[0].body).group(1)
    client.post(everything)
    assert not Follow.objects.exists()
    assert client.post("/follow/stop/made-up/").status_code == 404


def test_what_nobody_confirms_is_erased(client):
    ask(client)
    erase_unconfirmed()
    assert Follow.objects.exists()
    Follow.objects.update(asked_at=timezone.now() - UNCONFIRMED_FOR - timedelta(hours=1))
    erase_unconfirmed()
    assert not Follow.objects.exists()


@pytest.mark.parametrize("path", ["/fund/NONE/", "/project/NONE/", "/organization/NONE/"])
def test_what_is_not_there_is_not_offered_to_be_followed(client, path):
    answer = client.get(path)
    assert answer.status_code == 404
    assert "/follow/" not in answer.text

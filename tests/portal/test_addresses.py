"""Every address of the site is in one of the tables of who may do what."""

import contextlib

import pytest
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, get_resolver, reverse
from django.utils import timezone

from documents.access import grant_access
from tests.factories import UserFactory
from tests.portal.gateway import test_matrix as gateway
from tests.portal.kit import reading
from tests.portal.staff import test_permissions as staff
from tests.portal.withholding.crawl import public_names
from tests.portal.withholding.test_walk import one_address_of_each
from tests.portal.withholding.world import World

pytestmark = pytest.mark.django_db
# What belongs to whoever is signed in, and to nobody else; POST for those that act.
OWN = {
    "account", "form-again", "inbox-mails", "session-end", "usersessions_list",
    "account_change_password",
    "account_set_password", "account_reauthenticate", "account_confirm_reauthentication_code",
    "account_request_reauthentication_code", "mfa_index", "mfa_reauthenticate",
    "mfa_activate_totp", "mfa_deactivate_totp", "mfa_generate_recovery_codes",
    "mfa_view_recovery_codes", "mfa_download_recovery_codes", "mfa_add_webauthn",
    "mfa_edit_webauthn", "mfa_list_webauthn", "mfa_remove_webauthn", "mfa_reauthenticate_webauthn",
}  # fmt: skip
# On the way in: open to anyone, or a stage of signing in.
DOOR = {
    "account_login", "account_logout", "account_inactive", "account_reset_password",
    "account_reset_password_done", "account_reset_password_from_key",
    "account_reset_password_from_key_done", "mfa_authenticate", "mfa_login_webauthn", "mfa_trust",
    "invitation", "account_confirm_login_code", "account_request_login_code",
}  # fmt: skip


# Accounts are made by invitation and addresses changed by staff: nothing is there.
CLOSED = {
    "account_signup", "account_email", "account_confirm_email",
    "account_email_verification_sent", "account_signup_by_passkey",
}  # fmt: skip
# tests/portal/withholding has who may withhold (test_pages.py) and erase (test_erasure.py).
WITHHOLDING = {
    "staff-withholding", "staff-withhold", "staff-withholding-page", "staff-withholding-lift",
    "staff-withholding-erase",
}  # fmt: skip


def _status(client, url):
    answer = client.get(url)
    reading.body(answer)
    return answer.status_code


def named(resolver=None, prefix=""):
    """All names of addresses, those of namespaces with it."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLPattern):
            if pattern.name:
                yield f"{prefix}{pattern.name}"
        else:
            name = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from named(pattern, prefix + name)


def test_every_address_is_in_a_table():
    tables = {*gateway.GETS, *gateway.POSTS, *staff.GETS, *staff.POSTS}
    known = tables | public_names() | OWN | DOOR | CLOSED | WITHHOLDING
    left = {name for name in named() if not name.startswith("admin:")} - known
    assert not left, sorted(left)


def test_public_addresses_answer_everybody_alike():
    world = World()
    people = {
        "gateway": UserFactory(),
        "staff": UserFactory(is_staff=True),
        "admin": UserFactory(is_staff=True, is_superuser=True),
    }
    grant_access(
        user=people["gateway"],
        by=people["admin"],
        of=world.project,
        valid_from=timezone.localdate(),
    )
    clients = {"anybody": Client()}
    for role, person in people.items():
        clients[role] = Client()
        clients[role].force_login(person)
    for url in one_address_of_each(world):
        answers = {role: _status(client, url) for role, client in clients.items()}
        assert set(answers.values()) == {answers["anybody"]}, (url, answers)


def test_what_is_ones_own_asks_to_sign_in():
    for name in OWN:
        try:
            url = reverse(name)
        except NoReverseMatch:  # one with the number of a session or key
            url = reverse(name, args=[1])
        for answer in (Client().get(url), Client().post(url)):
            assert answer.status_code in {302, 405}, (name, answer.status_code)


def test_the_administration_is_for_staff_only():
    client = Client()
    client.force_login(UserFactory())
    names = [name for name in named() if name.startswith("admin:") and "changelist" in name]
    assert len(names) > 20
    for name in names:
        for who in (client, Client()):
            assert who.get(reverse(name)).status_code in {302, 403}, name


def test_where_nothing_is_there_is_nothing():
    person = Client()
    person.force_login(UserFactory())
    for name in CLOSED:
        with contextlib.suppress(NoReverseMatch):
            for client in (person, Client()):
                assert client.get(reverse(name)).status_code == 404, name

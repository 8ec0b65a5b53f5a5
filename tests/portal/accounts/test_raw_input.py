"""No page of accounts fails over what is written into its form, signed in or not."""

import json

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.core.cache import cache
from django.test import Client
from django.urls import NoReverseMatch, reverse

from portal.accounts.invitations import invite
from projects.models import User
from tests.portal.test_addresses import CLOSED, DOOR, OWN
from tests.portal.test_raw_input import VALUES, failing, forms

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery staple"
_ID = {"id": "AAAA", "rawId": "AAAA", "type": "public-key"}
CREDENTIALS = [
    "1", "[]", "{}", "null", "NaN", "[" * 5000, '{"a":' * 3000, '{"id": "\\ud800"}',
    json.dumps({**_ID, "response": {}}), json.dumps({**_ID, "response": []}),
    json.dumps({**_ID, "response": {"userHandle": "AAAA", "clientDataJSON": "AAAA",
                                    "authenticatorData": "AAAA", "signature": "AAAA",
                                    "attestationObject": "AAAA"}}),
    json.dumps({**_ID, "response": {"userHandle": "MQ", "clientDataJSON": "e30",
                                    "authenticatorData": "A" * 60, "signature": "",
                                    "attestationObject": "oA"}}),
    *VALUES,
]  # fmt: skip


def _addresses(key):
    for name in OWN | DOOR | CLOSED - {"account_logout", "session-end"}:
        for args in ([], [1], ["x"], ["1", "x-y"], [key]):
            try:
                yield reverse(name, args=args)
            except NoReverseMatch:
                continue


@pytest.mark.parametrize("who", ["nobody", "keeper", "chief"])
def test_no_form_of_accounts_fails(who):
    cache.clear()
    client = Client()
    user = User.objects.create_superuser("chief@x.org", PASSWORD)
    if who != "chief":
        user.is_staff = user.is_superuser = False
        user.save()
    TOTP.activate(user, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    key = Authenticator.objects.get().pk
    urls = sorted(set(_addresses(key)))
    assert len(urls) > 25
    given = [{"credential": text, "login": "", "code": text[:50]} for text in CREDENTIALS]
    for url in urls:
        if who != "nobody":
            client.force_login(user)
        assert failing(client, "get", [url]) == []
        takes_passkey = "webauthn" in url or "2fa/auth" in url
        assert failing(client, "post", [url], given if takes_passkey else forms()[:2]) == []


def test_no_form_of_an_invitation_fails(django_capture_on_commit_callbacks, mailoutbox):
    with django_capture_on_commit_callbacks(execute=True):
        invite(email="new@x.org", by=None)
    link = next(word for word in mailoutbox[0].body.split() if "/invitation/" in word)
    url = "/accounts/" + link.partition("/accounts/")[2]
    assert failing(Client(), "post", [url], forms()) == []

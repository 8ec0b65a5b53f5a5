"""What the number of a form promises, and what it does not."""

from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from portal.kit.web import once
from portal.models import Feedback
from tests.portal.forms.sending import sheet

pytestmark = pytest.mark.django_db
URL = "/feedback/"


@pytest.fixture
def typed(client: Client) -> dict[str, Any]:
    """A question, as its form sends it."""
    return sheet(client, reverse("feedback"), URL, {"topic": "site", "message": "One"})


def test_what_was_changed_before_it_is_sent_again_is_done_anew(
    client: Client, typed: dict[str, Any]
) -> None:
    assert len(typed["once"][0]) == 32
    client.post(URL, typed)
    client.post(URL, typed | {"message": "Two"})
    assert Feedback.objects.count() == 2


def test_a_form_that_a_database_cannot_take_is_not_said_to_be_sent_already(
    client: Client, typed: dict[str, Any]
) -> None:
    client.raise_request_exception = False
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION READ ONLY")
        answer = client.post(URL, typed)
        transaction.set_rollback(True)
    assert (answer.status_code, bool(answer.get("Retry-After"))) == (503, True)
    assert client.post(URL, typed).status_code == 302


def test_what_is_under_way_is_said_to_be(
    client: Client, typed: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(once.cache, "add", lambda *_args: False)
    monkeypatch.setattr(once.cache, "get", lambda *_args: once._BEGUN)
    answer = client.post(URL, typed)
    assert answer.status_code == 409
    assert answer["Refresh"]
    assert not Feedback.objects.exists()

"""Questions about figures, answered by staff beside the figures, and by nobody unseen."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from portal.models import Feedback, PublicAnswer
from tests.factories import ProjectFactory, UserFactory, released, transfer

pytestmark = pytest.mark.django_db
PAGE = "/project/00102004/"


@pytest.fixture
def load():
    return released(transfer(ProjectFactory(number="00102004"), "10"))


def test_a_message_becomes_public_only_with_the_offices_answer_and_day(client, load):
    message = Feedback.objects.create(
        message="Why 10? I am Jane Doe.", page=PAGE, figure="Transfers", email="jane@example.org",
        sender="0" * 32,
    )  # fmt: skip
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    values = {"action": "answer", "_selected_action": [message.pk]}
    answer = client.post(reverse("admin:portal_feedback_changelist"), values)
    made = PublicAnswer.objects.get()
    assert answer.url == reverse("admin:portal_publicanswer_change", args=[made.pk])
    assert "Jane" not in client.get(PAGE).content.decode()
    fields = {
        "page": PAGE, "figure": "Transfers", "question": "Why 10?", "answer": "It was mistyped.",
        "load": load.pk, "published_on": "2026-06-01",
    }  # fmt: skip
    client.post(answer.url, fields)
    page = client.get(PAGE).content.decode()
    for words in ("Transfers: Why 10?", "It was mistyped.", "Answered by the fund office on"):
        assert words in " ".join(page.split())
    assert f'href="/load/{load.pk}/"' in page
    assert "jane" not in page.lower()
    assert "mistyped" not in client.get("/projects/").content.decode()


def test_nothing_is_published_without_an_answer(load):
    with pytest.raises(IntegrityError, match="answered"), transaction.atomic():
        PublicAnswer.objects.create(page=PAGE, question="Why?", published_on=date(2026, 6, 1))
    with pytest.raises(IntegrityError, match="has_page"), transaction.atomic():
        PublicAnswer.objects.create(page="elsewhere", question="Why?", answer="So.")

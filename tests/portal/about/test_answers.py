"""Questions about figures, answered by staff beside the figures, and by nobody unseen."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from finance.models import Voucher
from portal.models import Feedback, PublicAnswer
from projects.models import Country, ProjectCountry
from tests.factories import (
    FundFactory,
    OrganizationFactory,
    ParticipationFactory,
    ProjectFactory,
    UserFactory,
    booked,
    deposit,
    released,
    transfer,
)

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


def test_each_page_that_invites_a_question_shows_its_answers(client):
    giver, fund = OrganizationFactory(code="NOR"), FundFactory(code="UNA00")
    project = ProjectFactory(number="00102004", fund=fund)
    ProjectCountry.objects.create(project=project, country=Country.objects.get(code="ML"))
    receiver = ParticipationFactory(project=project).organization
    line = transfer(project, "10", organization_id=receiver.pk)
    released(line)
    booked(deposit(fund, "10", date(2020, 1, 1), contributor_id=giver.pk))
    pages = [
        PAGE,
        "/fund/UNA00/",
        f"/organization/{receiver.code}/",
        "/country/ML/",
        "/contributor/NOR/",
        "/contributor/NOR/statement/2020/",
        Voucher.objects.get().get_absolute_url(),
    ]
    for page in pages:
        PublicAnswer.objects.create(
            page=page, question="Why?", answer=f"So on {page}.", published_on=date(2026, 6, 1)
        )
        shown = client.get(page).content.decode()
        assert f"/feedback/?page={page}" in shown
        assert f"So on {page}." in shown

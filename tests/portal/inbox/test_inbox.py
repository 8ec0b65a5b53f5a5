"""What waits for whom, the daily mail of it, and how each kind is stopped."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from documents.access import grant_access
from portal.inbox.digest import begin_digest, send_digests
from portal.inbox.items import KINDS, inbox
from portal.models import Feedback, InboxMail, InboxStop
from tests.factories import ProjectFactory, UserFactory

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


def counts(user):
    return {item.code: item.count for item in inbox(user) if item.count}


@pytest.fixture
def answerer():
    """Somebody of the staff who answers questions."""
    user = UserFactory(email="answers@x.org", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="change_feedback"))
    return user


@pytest.fixture
def question():
    return Feedback.objects.create(
        topic="figure", message="Why 5?", email="reader@x.org", page="/funds/", sender="x"
    )


def run():
    return send_digests.func(TODAY.isoformat())


def test_each_is_mailed_once_a_day_of_what_waits_for_her(answerer, question, mailoutbox):
    UserFactory(email="nothing@x.org", is_staff=True)
    assert run() == "1 mails"
    assert run() == "0 mails"
    assert InboxMail.objects.get().user == answerer
    (mail,) = mailoutbox
    text = mail.body
    assert mail.to == ["answers@x.org"]
    assert "One thing waits for you" in mail.subject
    assert reverse("staff-questions") in text
    assert reverse("inbox-mails") in text
    # Mail is read on its way: nothing of the message stands in it.
    assert "Why 5?" not in text


def test_a_kind_that_was_stopped_is_not_mailed_and_comes_back(client, answerer, question):
    client.force_login(answerer)
    url = reverse("inbox-mails")
    form = client.get(url).context["form"]
    mine = [code for code, _label in form.mine]
    assert "questions" in mine
    assert "release" not in mine
    client.post(url, {"kinds": [code for code in mine if code != "questions"]})
    assert InboxStop.objects.get().kind == "questions"
    assert run() == "0 mails"
    client.post(url, {"kinds": mine})
    assert run() == "1 mails"


def test_the_mails_of_a_day_are_begun_once():
    assert [begin_digest(TODAY), begin_digest(TODAY)] == [True, False]


def test_rights_that_end_soon_wait_for_their_owner_and_for_those_who_give_them():
    project = ProjectFactory()
    keeper, other = UserFactory(), UserFactory()
    giver = UserFactory(is_staff=True)
    giver.user_permissions.add(Permission.objects.get(codename="add_gatewayaccess"))
    for user, days in ((keeper, 10), (other, 90)):
        end = TODAY + timedelta(days=days)
        grant_access(user=user, by=None, of=project, valid_from=TODAY, valid_to=end)
    found = [counts(user).get("rights") for user in (keeper, other, giver)]
    assert found == [1, None, 1]


def test_every_kind_leads_to_a_page_that_whoever_has_it_may_open(client):
    user = UserFactory(is_staff=True, is_superuser=True)
    client.force_login(user)
    for kind in KINDS:
        if kind.may(user):
            assert client.get(kind.where(user).split("#")[0]).status_code == 200, kind.code


def test_a_question_is_taken_on_answered_by_mail_and_no_second_time(
    client, answerer, question, mailoutbox
):
    client.force_login(answerer)
    url = reverse("staff-question", args=[question.pk])
    assert counts(answerer) == {"questions": 1}
    assert url in client.get(reverse("staff-questions")).content.decode()
    assert "Write an answer" in client.post(url, {"send": "1", "answer": " "}).content.decode()
    client.post(url, {"take": "1", "answer": ""})
    question.refresh_from_db()
    assert (question.state, question.assigned_to) == ("assigned", answerer)
    client.post(url, {"send": "1", "answer": "Because of 2 + 3."})
    question.refresh_from_db()
    assert (question.state, question.handled_by) == ("answered", answerer)
    assert mailoutbox[0].to == ["reader@x.org"]
    again = client.post(url, {"send": "1", "answer": "Twice"}).content.decode()
    assert "handled meanwhile" in again
    assert len(mailoutbox) == 1
    assert counts(answerer) == {}


def test_who_may_not_answer_sees_no_question(client, question):
    client.force_login(UserFactory(is_staff=True))
    assert client.get(reverse("staff-questions")).status_code == 403
    assert client.get(reverse("staff-question", args=[question.pk])).status_code == 403

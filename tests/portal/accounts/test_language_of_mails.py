"""Mails speak the language of whoever reads them, not of whoever causes them."""

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import translation

from finance.loading.services import receive_load
from portal.about.answering import answer
from portal.accounts.invitations import invite
from portal.inbox.digest import message
from portal.inbox.items import inbox
from portal.models import Feedback
from portal.work.checks import check
from projects.models import Office, User
from tests.factories import SourceFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return Office.objects.update_or_create(pk=1, defaults={"languages": ["fr", "es"]})[0]


def test_one_who_chose_nothing_reads_the_offices_first_language(office):
    assert message(UserFactory(), inbox(UserFactory())).body.startswith("Voici ce qui vous attend")
    chosen = UserFactory(language="es")
    mail = message(chosen, inbox(chosen))
    assert mail.body.startswith("Esto le espera") and "/es/" in mail.body


def test_a_language_that_the_office_does_not_offer_is_not_used(office):
    chosen = UserFactory(language="ar")
    assert message(chosen, inbox(chosen)).body.startswith("Voici ce qui vous attend")


def test_an_invitation_is_not_in_the_language_of_who_invites(office, mailoutbox):
    with translation.override("es"):
        invite(email="new@x.org", by=UserFactory(is_staff=True, is_superuser=True))
    assert "votre invitation" in mailoutbox[0].subject
    assert "/fr/accounts/invitation/" in mailoutbox[0].body


def test_an_answer_is_headed_in_the_language_of_the_question(office, mailoutbox):
    asked = Feedback.objects.create(
        topic=Feedback.Topic.SITE, message="Où ?", email="a@x.org", sender="x", language="fr"
    )
    with translation.override("es"):
        answer(feedback=asked, by=UserFactory(is_staff=True), text="Ici.")
    with translation.override("fr"):
        assert asked.get_topic_display() in mailoutbox[0].subject


def test_what_is_found_in_a_file_is_in_the_language_of_who_entered_it(office):
    said = {}
    for language in ("es", "en", ""):
        load = receive_load(
            source=SourceFactory(), kind="vouchers", content=ContentFile(b"voucher\n1\n"),
            name="a.csv", by=UserFactory(language=language),
        )  # fmt: skip
        check.func(load.pk)
        said[language] = " ".join(load.remarks.values_list("message", flat=True))
    assert len(set(said.values())) == 2  # English is not offered here: French, as for nobody
    assert said["en"] == said[""] != said["es"]


def test_a_person_chooses_it_in_her_account(office, client):
    user = UserFactory(is_staff=True)
    client.force_login(user)
    page = client.get(reverse("account"))
    form = page.context["form"]
    assert 'name="language"' in page.content.decode()
    assert [code for code, _name in form.fields["language"].choices] == ["", "fr", "es"]
    sent = {name: form[name].value() or "" for name in form.fields}
    client.post(reverse("account"), {**sent, "language": "es"})
    assert User.objects.get(pk=user.pk).language == "es"

"""Who a mail is from, how it greets and closes: in the office's words and the reader's language."""

import pytest
from django.urls import reverse
from django.utils import translation

from projects.letters import letter, sender
from projects.models import Office, OfficeLetter

pytestmark = pytest.mark.django_db


def test_a_mail_is_closed_by_the_offices_name_where_it_says_nothing_else():
    office = Office.current()
    mail = letter("a@x.org", "news", ["One.", "Two."])
    assert mail.body == f"One.\n\nTwo.\n\n{office.name}"
    assert mail.subject == f"{office.portal_name}: news"


def test_it_greets_and_closes_in_the_language_that_is_spoken():
    OfficeLetter.objects.create(language="en", greeting="Dear reader,", closing="The fund office")
    OfficeLetter.objects.create(language="fr", greeting="Bonjour,", closing="Le bureau\nTél. 1")
    assert letter("a@x.org", "s", ["One."]).body == "Dear reader,\n\nOne.\n\nThe fund office"
    with translation.override("fr"):
        assert letter("a@x.org", "s", ["Un."]).body == "Bonjour,\n\nUn.\n\nLe bureau\nTél. 1"
    with translation.override("es"):
        assert letter("a@x.org", "s", ["Uno."]).body == f"Uno.\n\n{Office.current().name}"


def test_words_that_are_no_longer_used_are_not_said():
    OfficeLetter.objects.create(language="en", closing="Old", is_shown=False)
    assert "Old" not in letter("a@x.org", "s", ["One."]).body


@pytest.mark.parametrize(
    ("setting", "shown"),
    [
        ("portal@fund.org", "Our Funds <portal@fund.org>"),
        ("Fund Desk <desk@fund.org>", "Fund Desk <desk@fund.org>"),
    ],
)
def test_it_comes_under_the_portals_name_unless_the_address_has_one(settings, setting, shown):
    Office.objects.update_or_create(pk=1, defaults={"portal_name": "Our Funds"})
    settings.DEFAULT_FROM_EMAIL = setting
    assert sender() == shown


def test_mails_about_accounts_speak_the_offices_words_too(client, mailoutbox, django_user_model):
    OfficeLetter.objects.create(language="en", greeting="Dear reader,", closing="The fund office")
    django_user_model.objects.create_user(email="a@x.org", password="correct horse battery")
    client.post(reverse("account_reset_password"), {"email": "a@x.org"})
    (mail,) = mailoutbox
    assert mail.body.startswith("Dear reader,")
    assert "The fund office" in mail.body and mail.from_email == sender()


def test_what_a_person_answers_is_not_marked_as_made_by_itself_and_quotes_below_the_closing():
    mail = letter("a@x.org", "s", ["Here."], quoted="> Where?")
    assert mail.body == f"Here.\n\n{Office.current().name}\n\n> Where?"
    assert "Auto-Submitted" not in mail.extra_headers
    assert "Auto-Submitted" in letter("a@x.org", "s", ["Here."]).extra_headers

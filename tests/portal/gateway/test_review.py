"""Funds whose office looks first: what it has not seen is not public, by no way round."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from documents.models import Document, FundRule, Upload
from portal.inbox.at_once import tell_at_once
from tests.documents.files import pdf


@pytest.fixture
def reviewed(own):
    """The own project's fund looks first."""
    FundRule.objects.create(fund=own.fund, review=True)
    return own


def said(document, **values):
    fields = {"title": document.title, "type": document.type_id, "languages": "en",
              "period": "year", "year_reported": "2023"}  # fmt: skip
    return {**fields, **values}


def complete(client, upload, kind, **values):
    fields = {"title": "Annual report", "type": kind, "year_reported": "2023", "period": "year"}
    return client.post(reverse("gateway-upload", args=[upload.pk]), {**fields, **values})


def decide(as_, upload, decision, note=""):
    sent = {"upload": upload.pk, "decision": decision, "note": note}
    return as_("manager").post(reverse("staff-reviews"), sent)


def seen(client, document):
    client.logout()
    answer = client.get(document.get_absolute_url())
    return b"".join(answer.streaming_content) if answer.streaming else answer.status_code


@pytest.fixture
def kind(db):
    from documents.models import DocumentType

    return DocumentType.objects.get(code="annual-narrative-report").pk


def test_a_file_to_be_held_back_is_looked_at_too_and_then_published_by_its_keeper(
    reviewed, draft, as_, kind, client
):
    upload = draft(reviewed)
    complete(as_("project"), upload, kind, publish="no")
    assert not Document.objects.exists()
    decide(as_, upload, "approve", "Fine.")
    document = Document.objects.get()
    assert document.state == "held"
    as_("project").post(reverse("gateway-publish", args=[document.pk]))
    document.refresh_from_db()
    assert document.state == "public"
    history = as_("project").get(reverse("gateway-document", args=[document.pk]))
    assert "Fine." in history.content.decode()


def test_what_was_held_before_the_rule_is_published_only_after_a_look(own, kept, as_, client):
    document = kept(own)
    as_("project").post(reverse("gateway-hold", args=[document.pk]))
    FundRule.objects.create(fund=own.fund, review=True)
    as_("project").post(reverse("gateway-publish", args=[document.pk]))
    assert seen(client, document) == 404
    wish = Upload.objects.get(state="review")
    decide(as_, wish, "approve")
    assert seen(client, document) == pdf(f"For {own}")
    # Seen once, it may be held and published again.
    as_("project").post(reverse("gateway-hold", args=[document.pk]))
    as_("project").post(reverse("gateway-publish", args=[document.pk]))
    assert seen(client, document) == pdf(f"For {own}")


def test_other_words_wait_for_a_look_and_then_show(own, kept, as_, client):
    document = kept(own)
    FundRule.objects.create(fund=own.fund, review=True)
    page = reverse("gateway-document", args=[document.pk])
    for title in ("Names of victims", "Second thought"):
        as_("project").post(page, said(document, title=title))
    wish = Upload.objects.get(state="review")
    document.refresh_from_db()
    assert document.title == "Annual report"
    assert "waits for the fund office" in as_("project").get(page).content.decode()
    asked = as_("manager").get(reverse("staff-reviews")).content.decode()
    assert "Second thought" in asked and "Names of victims" not in asked
    decide(as_, wish, "approve")
    document.refresh_from_db()
    assert (document.title, document.state) == ("Second thought", "public")
    event = document.events.filter(kind="corrected").get()
    assert event.by.email.startswith("project")


def test_nothing_waits_where_nothing_is_changed(own, kept, as_):
    document = kept(own, year_reported=2023, period="year")
    FundRule.objects.create(fund=own.fund, review=True)
    as_("project").post(reverse("gateway-document", args=[document.pk]), said(document))
    assert not Upload.objects.filter(state="review").exists()


def test_words_sent_back_are_a_draft_with_the_note_which_stays_until_they_are_approved(
    own, kept, as_
):
    document = kept(own)
    FundRule.objects.create(fund=own.fund, review=True)
    page = reverse("gateway-document", args=[document.pk])
    as_("project").post(page, said(document, title="Names"))
    wish = Upload.objects.get(state="review")
    decide(as_, wish, "back", "No names.")
    draft = reverse("gateway-upload", args=[wish.pk])
    assert "No names." in as_("project").get(draft).content.decode()
    as_("project").post(draft, said(document, title="No more", publish="yes"))
    asked = as_("manager").get(reverse("staff-reviews")).content.decode()
    assert "No names." in asked and "No more" in asked
    decide(as_, wish, "approve")
    document.refresh_from_db()
    assert document.title == "No more"
    assert document.events.get(kind="sent-back").reason == "No names."
    assert as_("project").get(draft).url == page


def test_a_note_is_not_lost_where_nothing_can_be_decided(reviewed, draft, as_, kind):
    upload = draft(reviewed)
    complete(as_("project"), upload, kind, publish="yes")
    sent = {"upload": upload.pk, "decision": "neither", "note": "A long note."}
    page = as_("manager").post(reverse("staff-reviews"), sent)
    assert page.status_code == 200 and "A long note.</textarea>" in page.content.decode()


def test_staff_are_not_asked_to_look_at_their_own(own, kept, as_):
    document = kept(own)
    FundRule.objects.create(fund=own.fund, review=True)
    page = reverse("gateway-document", args=[document.pk])
    as_("manager").post(page, said(document, title="By staff"))
    document.refresh_from_db()
    assert document.title == "By staff"


def test_the_form_says_what_publishing_means_there(reviewed, own, draft, as_):
    page = as_("project").get(reverse("gateway-upload", args=[draft(own).pk])).content.decode()
    assert "Publish once the fund office has looked at it" in page and "Publish now" not in page


def test_a_new_version_that_is_held_back_holds_its_public_document(own, kept, as_, client, kind):
    document = kept(own)
    sent = {"file": SimpleUploadedFile("second.pdf", pdf("Second"))}
    as_("project").post(reverse("gateway-version", args=[document.pk]), sent)
    upload = Upload.objects.get(state="draft")
    page = client.get(reverse("gateway-upload", args=[upload.pk])).content.decode()
    assert "Hold the whole document back" in page
    complete(client, upload, kind, publish="no")
    assert seen(client, document) == 404
    assert list(document.events.order_by("pk").values_list("kind", flat=True))[-2:] == [
        "replaced", "held",
    ]  # fmt: skip


def test_the_uploader_is_mailed_once_of_what_others_decided(
    reviewed, draft, as_, kind, mailoutbox, people
):
    upload = draft(reviewed)
    complete(as_("project"), upload, kind, publish="yes")
    decide(as_, upload, "back", "No names.")

    def mine():
        tell_at_once()
        found = [mail for mail in mailoutbox if mail.to == [people["project"].email]]
        mailoutbox.clear()
        return [mail.body for mail in found]

    (mail,) = mine()
    assert "sent back" in mail and str(upload.pk) in mail and "No names" not in mail
    complete(as_("project"), upload, kind, publish="yes")
    assert mine() == []
    decide(as_, upload, "approve")
    (mail,) = mine()
    assert "Published: Annual report" in mail
    document = Document.objects.get()
    as_("manager").post(reverse("gateway-withdraw", args=[document.pk]), {"reason": "Danger."})
    (mail,) = mine()
    assert f"Withdrawn: {document.type}, {reviewed.number}" in mail
    assert "Annual report" not in mail and "Danger" not in mail
    assert mine() == []


def test_a_reason_is_not_lost_where_nothing_can_be_done_any_more(own, kept, as_):
    document = kept(own)
    Document.objects.filter(pk=document.pk).update(state="withdrawn")
    sent = {"reason": "It names somebody."}
    url = reverse("gateway-withdraw", args=[document.pk])
    page = as_("manager").post(url, sent, follow=True).content.decode()
    assert "The document is in another state by now" in page
    assert "You wrote: It names somebody." in page


def wish_of(document):
    return Upload.objects.get(document=document, state="review")


@pytest.fixture
def held(own, kept, as_):
    """A document that staff have not seen, held back, of a fund whose office looks first."""
    document = kept(own)
    as_("project").post(reverse("gateway-hold", args=[document.pk]))
    FundRule.objects.create(fund=own.fund, review=True)
    document.refresh_from_db()
    return document


@pytest.mark.parametrize("order", [("words", "publish"), ("publish", "words")])
def test_words_and_publication_asked_for_one_after_the_other_are_one_wish(held, as_, order):
    acts = {
        "words": (reverse("gateway-document", args=[held.pk]), said(held, title="New words")),
        "publish": (reverse("gateway-publish", args=[held.pk]), {}),
    }
    for act in order:
        as_("project").post(*acts[act])
    decide(as_, wish_of(held), "approve")
    held.refresh_from_db()
    assert (held.title, held.state) == ("New words", "public")


def test_approving_words_publishes_nothing_and_leaves_what_was_said_meanwhile(own, kept, as_):
    document = kept(own)
    FundRule.objects.create(fund=own.fund, review=True)
    page = reverse("gateway-document", args=[document.pk])
    as_("project").post(page, said(document, title="New words"))
    as_("manager").post(page, said(document, languages="fr"))
    as_("manager").post(reverse("gateway-hold", args=[document.pk]))
    sent = {"upload": wish_of(document).pk, "decision": "approve"}
    answer = as_("manager").post(reverse("staff-reviews"), sent, follow=True)
    assert "it is held back" in answer.content.decode()
    document.refresh_from_db()
    assert (document.title, document.languages, document.state) == ("New words", ["fr"], "held")


def test_what_staff_held_back_is_not_published_again_without_a_look(reviewed, draft, as_, kind):
    upload = draft(reviewed)
    complete(as_("project"), upload, kind, publish="yes")
    decide(as_, upload, "approve")
    document = Document.objects.get()
    as_("manager").post(reverse("gateway-hold", args=[document.pk]))
    as_("project").post(reverse("gateway-publish", args=[document.pk]))
    document.refresh_from_db()
    assert document.state == "held" and wish_of(document).publish


def test_a_wish_sent_back_goes_to_review_again_though_the_rule_has_ended(own, kept, as_):
    document = kept(own)
    FundRule.objects.create(fund=own.fund, review=True)
    page = reverse("gateway-document", args=[document.pk])
    as_("project").post(page, said(document, title="Names"))
    wish = wish_of(document)
    decide(as_, wish, "back", "No names.")
    FundRule.objects.all().delete()
    draft = reverse("gateway-upload", args=[wish.pk])
    assert "publish" not in as_("project").get(draft).context["form"].fields
    as_("project").post(draft, said(document, title="No more"))
    decide(as_, wish_of(document), "approve")
    document.refresh_from_db()
    assert (document.title, document.versions.count()) == ("No more", 1)


def test_languages_in_another_order_are_no_change_and_unknown_ones_are_kept(own, kept, as_):
    document = kept(own, languages=["fr", "en", "xyz"])
    FundRule.objects.create(fund=own.fund, review=True)
    page = reverse("gateway-document", args=[document.pk])
    form = as_("project").get(page).context["form"]
    sent = {name: form[name].value() or "" for name in form.fields}
    as_("project").post(page, {**sent, "type": document.type_id, "year_reported": "",
                               "period": "", "document_date": ""})  # fmt: skip
    document.refresh_from_db()
    assert document.languages == ["fr", "en", "xyz"]
    assert "languages" not in (Upload.objects.values_list("wanted", flat=True).last() or [])


def test_a_note_is_shown_where_somebody_else_has_decided_meanwhile(reviewed, draft, as_, kind):
    upload = draft(reviewed)
    complete(as_("project"), upload, kind, publish="yes")
    decide(as_, upload, "approve")
    answer = decide(as_, upload, "back", "A long note.")
    assert "A long note." in answer.content.decode()

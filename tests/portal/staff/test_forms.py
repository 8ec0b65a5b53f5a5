"""Every form: sent twice it is done once, an ended session loses nothing, and nobody's change is
overwritten unseen."""

import re
from html import unescape

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.urls import reverse

from finance.loading.services import release_load
from finance.models import Load, VoucherLine
from portal.models import Feedback, InboxStop, ReferenceChange
from projects.models import Office, Organization, Project, User
from tests.factories import DocumentFactory
from tests.portal.staff.conftest import HEAD, row

pytestmark = pytest.mark.django_db
_HIDDEN = re.compile(r'<input type="hidden" name="(once|as_seen)" value="(\w+)">')
MANY = ("add_load", "release_load", "change_feedback", "change_office", "change_document",
        "change_project", "view_project", "change_organization", "view_organization")  # fmt: skip


@pytest.fixture
def person(people):
    """Somebody who may do all that the forms of the table ask for."""
    user = people["both"]
    user.user_permissions.add(*Permission.objects.filter(codename__in=MANY))
    return user


@pytest.fixture
def forms(person, people, enter, world, mailoutbox):
    """Each form: its address, what is sent, what it makes or changes, and what was typed."""
    release_load(load=enter(row("1", "100")), by=people["chief"])
    faulty = enter(row("1", "100"), row("2", "x"))
    record = VoucherLine.objects.get()
    question = Feedback.objects.create(topic="site", message="Why?", email="a@x.org", sender="x")
    document = DocumentFactory(project=world, title="Old title")
    organization = Organization.objects.get(code="UNDP")
    remark = faulty.remarks.get(code="cell")
    file = lambda: SimpleUploadedFile("new.csv", f"{HEAD}\n{row('9', '9')}".encode())  # noqa: E731
    at = reverse
    return {
        "a load": (at("staff-load-new"), lambda: {
            "kind": "vouchers", "existing_source": record.source_id, "file": file(),
            "complete": "lines", "reason": "Typed"}, Load.objects.count, "Typed"),
        "a correction": (at("staff-record", args=["voucherline", record.pk]), {
            "amount": "90", "reason": "Typed"}, Load.objects.count, "Typed"),
        "a withdrawal": (at("staff-record", args=["voucherline", record.pk]), {
            "withdraw": "1", "withdraw-reason": "Typed"}, Load.objects.count, "Typed"),
        "a mend": (at("staff-load-mend", args=[faulty.pk]), {
            f"cell-{remark.pk}": "77"}, faulty.mends.count, "77"),
        "an answer": (at("staff-question", args=[question.pk]), {
            "send": "1", "answer": "Typed"}, lambda: len(mailoutbox), "Typed"),
        "a document": (at("gateway-document", args=[document.pk]), {
            "title": "Typed"}, document.events.count, "Typed"),
        "one’s own account": (at("account"), {
            "phone": "Typed", "title": "Typed"}, User.objects.count, "Typed"),
        "the daily mail": (at("inbox-mails"), {"kinds": []}, InboxStop.objects.count, ""),
        "feedback": (at("feedback"), {
            "topic": "site", "message": "Typed"}, Feedback.objects.count, None),
        "an organization": (
            at("admin:projects_organization_change", args=[organization.pk]),
            {"name": "Typed"}, Organization.objects.count, "Typed"),
        "an organization, in the room": (
            at("staff-reference-thing", args=["organizations", organization.pk]),
            {"name": "Typed too"}, ReferenceChange.objects.count, "Typed too"),
        "a project, in the room": (
            at("staff-reference-thing", args=["projects", world.pk]),
            {"title": "Typed"}, ReferenceChange.objects.count, "Typed"),
    }  # fmt: skip


def filled(client, url, changes):
    """What the page's form sends with these changes, and the two marks that each form bears."""
    page = client.get(url)
    text = page.content.decode()
    context = page.context
    form = context["adminform"].form if "adminform" in context else context["form"]
    data = {}
    for field in form:
        value = form.fields[field.name].prepare_value(field.value())
        if field.name != "file" and value is not None:
            data[field.name] = value
    for lines in context["whole"].sets if "whole" in context else ():
        data |= {field.html_name: field.value() for field in lines.management_form}
        for line in lines:
            data |= {
                field.html_name: line.fields[field.name].prepare_value(field.value()) or ""
                for field in line
            }
    for formset in context.get("inline_admin_formsets", ()):
        for field in formset.formset.management_form:
            data[field.html_name] = field.value()
        for inline in formset.formset.forms:
            data |= {field.html_name: field.value() or "" for field in inline}
    data = {name: value for name, value in data.items() if value is not False}
    data |= dict(_HIDDEN.findall(text))
    return data | (changes() if callable(changes) else changes)


def test_a_form_sent_twice_is_done_once_and_changed_is_done_anew(client, person, forms):
    client.force_login(person)
    wrong = {}
    for name, (url, changes, count, _typed) in forms.items():
        data = filled(client, url, changes)
        assert len(data["once"]) == 32, name
        before = count()
        first = client.post(url, data)
        after = count()
        if first.status_code != 302:
            wrong[name] = (first.status_code, getattr(first.context["form"], "errors", ""))
            continue
        again = client.post(url, data | ({"file": changes()["file"]} if callable(changes) else {}))
        if (again.status_code, again.get("Location"), count()) != (302, first.url, after):
            wrong[name] = (before, after, count(), again.status_code)
    assert wrong == {}
    # The way back: what was changed before it is sent again is no repetition.
    url = reverse("feedback")
    data = filled(client, url, {"topic": "site", "message": "One"})
    before = Feedback.objects.count()
    client.post(url, data)
    client.post(url, data | {"message": "Two"})
    assert Feedback.objects.count() == before + 2


def test_a_form_that_a_database_cannot_take_is_not_said_to_be_sent_already(client):
    url = reverse("feedback")
    data = filled(client, url, {"topic": "site", "message": "One"})
    client.raise_request_exception = False
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION READ ONLY")
        answer = client.post(url, data)
        transaction.set_rollback(True)
    assert (answer.status_code, bool(answer.get("Retry-After"))) == (503, True)
    assert client.post(url, data).status_code == 302


def test_an_ended_session_keeps_what_was_typed_and_goes_on(client, person, forms):
    wrong = {}
    for name, (url, changes, count, typed) in forms.items():
        if typed is None:
            continue  # open to all: no session is needed
        client.force_login(person)
        data = filled(client, url, changes)
        client.logout()
        before = count()
        door = client.post(url, data)
        assert (door.status_code, count()) == (302, before), name
        kept = door.url.partition("next=")[2]
        client.force_login(person)
        page = client.get(kept)
        text = unescape(page.content.decode())
        if f'action="{url}"' not in text or f'value="{typed}"' not in text:
            wrong[name] = kept
        if name == "a correction":
            sent = dict(page.context["pairs"]) | dict(_HIDDEN.findall(page.content.decode()))
            assert client.post(url, sent).status_code == 302
            assert count() == before + 1
    assert wrong == {}


def test_a_stale_form_overwrites_nothing_unseen(client, person, forms, world):
    client.force_login(person)
    document = world.documents.get()
    organization = Organization.objects.get(code="UNDP")
    office, _made = Office.objects.update_or_create(pk=1, defaults={"four_eyes": False})
    for thing, field, url in (
        (document, "title", reverse("gateway-document", args=[document.pk])),
        (organization, "name", reverse("admin:projects_organization_change",
                                       args=[organization.pk])),
        (organization, "name", reverse("staff-reference-thing",
                                       args=["organizations", organization.pk])),
        (office, "name", reverse("staff-office")),
    ):  # fmt: skip
        data = filled(client, url, {field: "Mine"})
        data = {name: value for name, value in data.items() if name != "logo"}
        type(thing).objects.filter(pk=thing.pk).update(**{field: "Hers"})
        answer = client.post(url, data)
        text = unescape(answer.content.decode())
        assert answer.status_code == 200, (field, url)
        assert "Somebody else saved this meanwhile" in text, url
        assert "“Hers”" in text, url
        assert 'value="Mine"' in text, url
        thing.refresh_from_db()
        assert getattr(thing, field) == "Hers"
        # Seen now, so that it may be sent again.
        marks = dict(_HIDDEN.findall(answer.content.decode()))
        again = client.post(url, data | marks)
        assert again.status_code == 302, again.context["form"].errors
        thing.refresh_from_db()
        assert getattr(thing, field) == "Mine"


def test_what_is_under_way_is_said_to_be(client, person, forms, monkeypatch):
    client.force_login(person)
    url = reverse("feedback")
    data = filled(client, url, {"topic": "site", "message": "One"})
    from portal.kit.web import once

    monkeypatch.setattr(once.cache, "add", lambda *_args: False)
    monkeypatch.setattr(once.cache, "get", lambda *_args: once._BEGUN)
    answer = client.post(url, data)
    assert answer.status_code == 409
    assert answer["Refresh"]
    assert not Project.objects.filter(title="One").exists()

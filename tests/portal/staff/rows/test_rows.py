"""A decision and a sub-grant entered by form become loads of one row."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse

from documents.access import grant_access
from documents.models import Document, DocumentType, Upload
from finance.errors import LoadError
from finance.loading.services import release_load
from finance.models import Decision, Load, SubGrant
from portal.decisions.reading import with_papers
from portal.kit.dates import Known
from tests.documents.files import pdf
from tests.factories import DocumentFactory, OrganizationFactory, ProjectFactory

pytestmark = pytest.mark.django_db
DECISION = {
    "date": "2024-05-12", "project": "00102004", "body": "Steering Committee",
    "kind": "allocation", "amount": "400.50", "currency": "usd", "conditions": "Once it is in",
}  # fmt: skip
GRANT = {
    "date": "2024-05-12", "project": "00102004", "organization": "UNDP", "partner": "WRN",
    "partner_type": "local", "women_led": "yes", "amount": "12", "currency": "USD",
}  # fmt: skip


def test_a_decision_waits_for_its_release_and_then_counts(as_, world, people):
    answer = as_("clerk").post("/staff/enter/decisions/", DECISION)
    load = Load.objects.get()
    assert answer.url == f"/staff/load/{load.pk}/"
    assert load.state == Load.State.CHECKED and not Decision.objects.exists()
    release_load(load=load, by=people["chief"])
    decision = Decision.objects.get()
    assert (decision.fund, decision.amount) == (world.fund, Decimal("400.5"))
    assert decision.currency == "USD" and decision.conditions == "Once it is in"
    # A further one comes under the same source, which a project has but one of.
    as_("clerk").post("/staff/enter/decisions/", DECISION | {"date": "2024-06-12"})
    assert Load.objects.values("source").distinct().count() == 1


def test_a_sub_grant_waits_for_its_release_and_then_counts(as_, world, people):
    OrganizationFactory(code="WRN", name="Women’s Relief Network")
    as_("clerk").post("/staff/enter/sub-grants/", GRANT)
    release_load(load=Load.objects.get(), by=people["chief"])
    assert SubGrant.objects.get().women_led is True


@pytest.mark.parametrize(
    "wrong, said",
    [
        ({"project": ""}, "Give one of: Fund, Project."),
        ({"project": "no such"}, "There is no project “no such”"),
        ({"organization": "Nobody"}, "There is no organization “Nobody”"),
        ({"currency": "xyz"}, "“XYZ” is no currency."),
        ({"date": "x"}, "Enter a valid date."),
        ({"body": ""}, "This field is required."),
    ],
)
def test_what_cannot_be_is_said_at_its_field(as_, world, wrong, said):
    page = as_("clerk").post("/staff/enter/decisions/", DECISION | wrong)
    assert said in page.content.decode() and not Load.objects.exists()


def test_the_form_is_prefilled_from_its_address_and_of_two_kinds_only(as_, world):
    client = as_("clerk")
    page = client.get("/staff/enter/decisions/?project=00102004").content.decode()
    assert 'value="00102004"' in page
    assert client.get("/staff/enter/vouchers/").status_code == 404


def test_a_decision_is_found_corrected_and_withdrawn_by_itself(as_, world, people):
    clerk = as_("clerk")
    clerk.post("/staff/enter/decisions/", DECISION)
    release_load(load=Load.objects.get(), by=people["chief"])
    first = Decision.objects.get()
    url = reverse("staff-record", args=["decision", first.pk])
    found = clerk.get(reverse("staff-records"), {"kind": "decision", "project": "00102004"})
    assert url in found.content.decode()
    page = clerk.get(url)
    data = {field.name: "" if (value := field.value()) is None else value
            for field in page.context["form"]}  # fmt: skip
    clerk.post(url, data | {"amount": "450", "kind": "revision", "reason": "Typing"})
    load = Load.objects.latest("pk")
    assert (load.counts["changed"], load.reason) == (1, "Typing")
    release_load(load=load, by=people["chief"])
    now = Decision.objects.known_at().get()
    assert (now.restates, now.amount, now.kind) == (first, 450, "revision")
    assert "450.00" in Client().get(world.get_absolute_url()).content.decode()
    again = reverse("staff-record", args=["decision", now.pk])
    clerk.post(again, {"withdraw": "1", "withdraw-reason": "Never taken"})
    release_load(load=Load.objects.latest("pk"), by=people["chief"])
    assert not Decision.objects.known_at().exists()
    assert "withdrawn already" in clerk.get(again).content.decode()


def test_a_decision_without_an_amount_is_corrected_too(as_, world, people):
    clerk = as_("clerk")
    clerk.post("/staff/enter/decisions/", DECISION | {"amount": "", "currency": ""})
    release_load(load=Load.objects.get(), by=people["chief"])
    first = Decision.objects.get()
    url = reverse("staff-record", args=["decision", first.pk])
    data = {field.name: "" if (value := field.value()) is None else value
            for field in clerk.get(url).context["form"]}  # fmt: skip
    half = clerk.post(url, data | {"amount": "5", "reason": "x"})
    assert "State the currency of the amount." in half.content.decode()
    clerk.post(url, data | {"body": "Fund Council", "reason": "x"})
    release_load(load=Load.objects.latest("pk"), by=people["chief"])
    assert Decision.objects.known_at().get().body == "Fund Council"


def test_minutes_are_chosen_by_their_title_or_typed(as_, world):
    kind = DocumentType.objects.get(code="steering-committee-minutes")
    paper = DocumentFactory(
        fund=world.fund, project=None, type=kind, title="Minutes of the committee, May 2024"
    )
    clerk = as_("clerk")
    page = clerk.get("/staff/enter/decisions/").content.decode()
    url = reverse("staff-minutes-suggestions")
    assert f'data-suggestions="{url}"' in page
    (hit,) = clerk.get(url, {"q": "committee may"}).json()["hits"]
    assert (hit["name"], hit["value"], hit["kind"]) == (paper.title, str(paper.pk), "UNA00")
    assert clerk.get(url, {"q": "other"}).json()["hits"] == []
    said = clerk.post("/staff/enter/decisions/", DECISION | {"minutes": "Of nobody"})
    assert "No minutes with this title" in said.content.decode()
    typed = "minutes of the  committee, may 2024"
    clerk.post("/staff/enter/decisions/", DECISION | {"minutes": typed})
    assert Load.objects.get().staged_lines.get().values["minutes"] == paper.pk
    DocumentFactory(fund=world.fund, project=None, type=kind, title=paper.title)
    said = clerk.post("/staff/enter/decisions/", DECISION | {"minutes": paper.title})
    assert "Several documents have this title" in said.content.decode()


@pytest.fixture
def keeper(people):
    """Of the staff who enter loads, one who keeps documents, too."""
    people["clerk"].user_permissions.add(Permission.objects.get(codename="change_document"))


def _minutes(content: bytes) -> dict[str, Any]:
    return {"minutes_file": SimpleUploadedFile("board.pdf", content)}


def test_minutes_uploaded_with_a_decision_are_completed_and_then_shown_with_it(
    as_, world, people, keeper
):
    of_board = DocumentType.objects.filter(is_of_decisions=True).first()
    clerk = as_("clerk")
    answer = clerk.post("/staff/enter/decisions/", DECISION | _minutes(pdf(title="Board")))
    upload = Upload.objects.get()
    assert answer.url == reverse("gateway-upload", args=[upload.pk])
    assert (upload.type, upload.document_date) == (of_board, date(2024, 5, 12))
    assert upload.project == world and upload.state == Upload.State.DRAFT
    page = clerk.get(answer.url).content.decode()
    assert "The decision is entered; it counts once it has been released." in page
    sent = {"title": "Minutes of the board", "type": of_board.pk, "languages": ["en"],
            "document_date": "2024-05-12", "publish": "yes"}  # fmt: skip
    clerk.post(answer.url, sent)
    release_load(load=Load.objects.get(), by=people["chief"])
    paper = Document.objects.get()
    assert paper in with_papers(Decision.objects.all(), Known())[0].papers


def test_refused_minutes_are_said_why_and_nothing_is_entered(as_, world, keeper):
    locked = _minutes(b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\xff\xff")
    page = as_("clerk").post("/staff/enter/decisions/", DECISION | locked).content.decode()
    assert "This kind of file is not taken in." in page
    assert "The decision was not entered." in page and "Once it is in" in page
    assert not Load.objects.exists()


def test_of_a_decision_that_cannot_be_entered_no_minutes_are_kept(as_, world, keeper, monkeypatch):
    def refuse(*_args: Any, **_named: Any) -> None:
        raise LoadError("Somebody else enters just now.")

    monkeypatch.setattr("portal.staff.rows.views.enter", refuse)
    page = as_("clerk").post("/staff/enter/decisions/", DECISION | _minutes(pdf()))
    assert "Somebody else enters just now." in page.content.decode()
    assert not Upload.objects.exists()


@pytest.mark.parametrize(
    "fails", ["portal.staff.rows.views.enter", "portal.staff.rows.decision_form.DocumentType"]
)
def test_no_minutes_are_kept_where_the_database_fails(as_, world, keeper, monkeypatch, fails):
    class Failing:
        def __call__(self, *_args: Any, **_named: Any) -> None:
            raise DatabaseError("The server closed the connection")

        def __getattr__(self, _name: str) -> None:
            self()

    monkeypatch.setattr(fails, Failing())
    with pytest.raises(DatabaseError, match="closed the connection"):
        as_("clerk").post("/staff/enter/decisions/", DECISION | _minutes(pdf()))
    assert not Upload.objects.exists()


def test_minutes_are_either_named_or_uploaded(as_, world, keeper):
    both = DECISION | {"minutes": "12"} | _minutes(pdf())
    page = as_("clerk").post("/staff/enter/decisions/", both).content.decode()
    assert "Name minutes above or choose a file, not both." in page
    assert not Load.objects.exists() and not Upload.objects.exists()


def test_only_who_keeps_the_documents_uploads_minutes(as_, world, people):
    assert "minutes_file" not in as_("clerk").get("/staff/enter/decisions/").content.decode()
    elsewhere = ProjectFactory(number="00999999")
    grant_access(user=people["clerk"], by=None, of=elsewhere, valid_from=date(2020, 1, 1))
    page = as_("clerk").post("/staff/enter/decisions/", DECISION | _minutes(pdf()))
    assert "You do not keep the documents of this project or fund" in page.content.decode()
    assert not Load.objects.exists() and not Upload.objects.exists()

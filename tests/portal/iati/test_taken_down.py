"""What staff took down stays down when a source states it again, and its address says so."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from documents.models import Document, DocumentEvent
from documents.services import hold, publish, restore_document, withdraw_document
from portal.iati.load import IatiLoad
from portal.withholding.services import lift, withhold
from projects.models import Contact, User
from tests.factories import UserFactory
from tests.portal.iati.test_load import iati

pytestmark = pytest.mark.django_db
A, B = "https://x.example.org/a.pdf", "https://x.example.org/b.pdf"
OFFICE = (
    "<contact-info><organisation><narrative>The Office</narrative></organisation>"
    "<email>office@x.example.org</email></contact-info>"
)


@pytest.fixture
def by() -> User:
    """A member of staff."""
    user = UserFactory(is_staff=True)
    assert isinstance(user, User)
    return user


@pytest.fixture
def load(tmp_path: Path) -> Callable[..., object]:
    """Load an activity with links to these addresses; each call with another title changes it."""

    def take(*urls: str, title: str = "A project", more: str = "") -> object:
        links = "".join(
            f'<document-link url="{url}" format="application/pdf"><title><narrative>Paper '
            f'{url[-5:]} of {title}</narrative></title><category code="A01"/></document-link>'
            for url in urls
        )
        path = tmp_path / "file.xml"
        path.write_text(iati(title=title, extra=links + more))
        return IatiLoad(path).run()

    return take


def states() -> list[tuple[str, str]]:
    """The address and the state of each document."""
    return list(Document.objects.order_by("url", "pk").values_list("url", "state"))


def test_a_withdrawn_link_stays_withdrawn_with_its_address_and_history(
    client: Client, load: Any, by: User
) -> None:
    load(A, B)
    document = Document.objects.get(url=A)
    withdraw_document(document=document, by=by, reason="Danger.")
    load(A, B, title="Another title")
    assert states() == [(A, "withdrawn"), (B, "public")]
    assert client.get(f"/document/{document.pk}/").status_code == 410
    assert [event.kind for event in document.events.all()] == ["withdrawn"]
    assert A not in client.get("/project/XX-1/").content.decode()


def test_what_a_source_states_again_keeps_its_address_and_takes_its_words(load: Any) -> None:
    load(A, B)
    before = set(Document.objects.values_list("pk", flat=True))
    load(A, B, title="Another title")
    assert set(Document.objects.values_list("pk", flat=True)) == before
    assert Document.objects.get(url=A).title == "Paper a.pdf of Another title"
    load(B, title="A third title")
    assert states() == [(B, "public")]


def test_what_was_taken_down_is_down_when_its_source_leaves_it_out_and_states_it_again(
    client: Client, load: Any, by: User
) -> None:
    load(A, B)
    withdrawn, held = Document.objects.order_by("url")
    withdraw_document(document=withdrawn, by=by, reason="Danger.")
    hold(document=held, by=by)
    load(title="Another title")
    load(A, B, A, title="A third title")
    assert states() == [(A, "withdrawn"), (B, "held")]
    assert client.get(f"/document/{withdrawn.pk}/").status_code == 410


def test_another_source_does_not_make_it_public_either(load: Any, by: User) -> None:
    load()
    load(A, title="With a link")
    Document.objects.update(stated_by_source="another")
    withdraw_document(document=Document.objects.get(), by=by, reason="Danger.")
    load(A, title="Another title")
    assert states() == [(A, "withdrawn")]


def test_staff_put_it_back_and_its_source_goes_on(load: Any, by: User) -> None:
    load(A)
    document = Document.objects.get()
    withdraw_document(document=document, by=by, reason="Danger.")
    load(A, title="Another title")
    restore_document(document=document, by=by, reason="It is safe.")
    publish(document=document, by=by)
    load(A, title="A third title")
    assert states() == [(A, "public")]
    kinds = DocumentEvent.objects.filter(document=document).order_by("pk")
    assert [each.kind for each in kinds] == ["withdrawn", "restored", "published"]


def test_a_withheld_link_is_one_document_at_one_address(
    client: Client, load: Any, by: User
) -> None:
    load(A, B)
    document = Document.objects.get(url=A)
    withholding = withhold(kind="document", target_id=document.pk, reason="danger", by=by)
    load(A, B, title="Another title")
    load(A, B, title="A third title")
    assert Document.objects.count() == 2
    assert client.get(f"/document/{document.pk}/").status_code == 410
    lift(withholding=withholding, reason="over", by=by)
    assert states() == [(A, "public"), (B, "public")]


def test_a_withheld_office_is_not_shown_by_the_next_load(load: Any, by: User) -> None:
    load(more=OFFICE)
    contact = Contact.objects.get()
    withholding = withhold(kind="contact", target_id=contact.pk, reason="danger", by=by)
    load(title="Another title", more=OFFICE)
    assert not Contact.objects.filter(office_email="office@x.example.org").exists()
    lift(withholding=withholding, reason="over", by=by)
    assert Contact.objects.get().office_email == "office@x.example.org"

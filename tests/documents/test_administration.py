"""What staff do to documents in the administration is in the history, like anything else."""

import pytest
from django.urls import reverse

from documents.models import Document, DocumentEvent, DocumentType
from projects.models import User
from tests.factories import DocumentFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def chief(client):
    user = UserFactory(email="chief@x.org", is_staff=True, is_superuser=True)
    client.force_login(user)
    return user


@pytest.fixture
def change(client, chief):
    """Fill the form of the administration in, with these values changed."""

    def fill(document, **values):
        url = reverse("admin:documents_document_change", args=[document.pk])
        form = client.get(url).context["adminform"].form
        sent = {name: form[name].value() for name in form.fields}
        sent |= {"versions-TOTAL_FORMS": 0, "versions-INITIAL_FORMS": 0}
        sent = {name: "" if value is None else value for name, value in sent.items()}
        return client.post(url, {**sent, "languages": "", **values})

    return fill


def _history(document):
    return list(document.events.order_by("pk").values_list("kind", "reason", "by__email"))


def test_every_change_leaves_an_entry_with_who_and_why(change, chief):
    document = DocumentFactory(url="https://x.example.org/a.pdf")
    assert change(document, title="Another title").status_code == 302
    assert change(document, state="held").status_code == 302
    assert change(document, state="withdrawn", reason="Danger.").status_code == 302
    assert change(document, state="held", reason="It is safe.").status_code == 302
    assert _history(document) == [
        ("corrected", "", "chief@x.org"),
        ("held", "", "chief@x.org"),
        ("withdrawn", "Danger.", "chief@x.org"),
        ("restored", "It is safe.", "chief@x.org"),
    ]


def test_saving_without_a_change_leaves_none(change):
    document = DocumentFactory(url="https://x.example.org/a.pdf")
    assert change(document, reason="Just looking.").status_code == 302
    assert _history(document) == []


@pytest.mark.parametrize(
    ("before", "values"),
    [
        ("public", {"state": "withdrawn", "reason": " "}),
        ("withdrawn", {"state": "held"}),
        ("withdrawn", {"state": "public", "reason": "It is safe."}),
    ],
)
def test_taking_down_and_putting_back_follow_the_rules_of_the_gateway(before, values, change):
    document = DocumentFactory(url="https://x.example.org/a.pdf", state=before)
    assert change(document, **values).status_code == 200
    document.refresh_from_db()
    assert document.state == before
    assert _history(document) == []


def test_a_link_added_by_hand_has_a_history(client, chief):
    project = DocumentFactory().project
    values = {
        "project": project.pk, "type": DocumentType.objects.get(code="other").pk,
        "title": "A link", "url": "https://x.example.org/b.pdf", "state": "public",
        "languages": "", "versions-TOTAL_FORMS": 0, "versions-INITIAL_FORMS": 0,
    }  # fmt: skip
    assert client.post(reverse("admin:documents_document_add"), values).status_code == 302
    document = Document.objects.get(title="A link")
    assert [kind for kind, _reason, _by in _history(document)] == ["uploaded", "published"]
    assert not DocumentEvent.objects.exclude(by=chief).exists()


def test_nobody_agrees_in_somebody_elses_name(client, chief):
    other = UserFactory(email="other@x.org")
    page = client.get(reverse("admin:projects_user_change", args=[other.pk]))
    names = set(page.context["adminform"].form.fields)
    assert "first_name" in names
    assert not names & {"name_consent_on", "email_consent_on"}
    assert User.objects.get(pk=other.pk).public_name == ""

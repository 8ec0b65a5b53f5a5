"""Answers beside figures leave public view with what they quote."""

import pytest
from django.urls import reverse
from django.utils import timezone

from portal.models import PublicAnswer
from portal.withholding.services import quotes_what_is_withheld, withhold
from projects.models import Contact
from tests.factories import OrganizationFactory, ProjectFactory, UserFactory

pytestmark = pytest.mark.django_db


def answered(page: str, question: str) -> PublicAnswer:
    return PublicAnswer.objects.create(
        page=page, question=question, answer="It will.", published_on=timezone.localdate()
    )


@pytest.mark.parametrize(
    ("question", "stays"),
    [
        ("Why does Zanzibar Relief report nothing?", False),
        ("Why does ZANZIBAR RELIEF report nothing?", False),
        ("And what does ZR say?", False),
        ("Why does Zanzi-Aid report nothing?", False),
        ("Why is the AZRAQ project late?", True),
        ("Why is it late?", True),
        ("Who works with the ZANZIBAR RELIEFS?", True),
    ],
)
def test_an_answer_that_names_a_withheld_organization_is_unpublished(client, question, stays):
    project = ProjectFactory(number="P-1")
    organization = OrganizationFactory(
        code="R-17", name="Zanzibar Relief", short_name="ZR", other_names="Old name\nZanzi-Aid"
    )
    answered(project.get_absolute_url(), question)
    assert question in client.get(project.get_absolute_url()).content.decode()
    withhold(kind="organization", target_id=organization.pk, reason="danger", by=UserFactory())
    assert (question in client.get(project.get_absolute_url()).content.decode()) is stays


def test_none_is_published_that_quotes_what_is_withheld(admin_client):
    organization = OrganizationFactory(code="R-17", name="Zanzibar Relief")
    answer = answered("/", "About Zanzibar Relief")
    withhold(kind="organization", target_id=organization.pk, reason="danger", by=UserFactory())
    assert quotes_what_is_withheld("zanzibar relief")
    assert not quotes_what_is_withheld("something public")
    url = reverse("admin:portal_publicanswer_change", args=[answer.pk])
    data = {
        "page": "/",
        "question": answer.question,
        "answer": "Yes.",
        "published_on": "2026-01-01",
    }
    refused = admin_client.post(url, data).content.decode()
    assert "It quotes something that is withheld" in refused
    admin_client.post(url, {**data, "question": "About it"})
    assert PublicAnswer.objects.published().get() == answer


def test_the_office_of_a_withheld_contact_may_still_be_named():
    organization = OrganizationFactory(name="Children Fund")
    contact = Contact.objects.create(
        project=ProjectFactory(), organization_name=organization.name, person_name="Ann Nemo"
    )
    stays, goes = answered("/", "About the Children Fund"), answered("/", "About Ann Nemo")
    withhold(kind="contact", target_id=contact.pk, reason="danger", by=UserFactory())
    assert set(PublicAnswer.objects.published()) == {stays}
    assert goes.pk

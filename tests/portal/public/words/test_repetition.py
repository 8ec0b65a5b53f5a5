"""Pages say a thing once, and say of what it is."""

import datetime

import pytest
from django.urls import reverse

from documents.models import Document, DocumentType
from portal.host.reference import load_reference_data
from projects.models import Contact
from tests.factories import FundFactory, ProjectFactory

pytestmark = pytest.mark.django_db


def test_home_says_of_which_fund_each_document_is(client):
    load_reference_data()
    kind = DocumentType.objects.all()[0]
    for name in ("Fund of Rivers", "Fund of Hills"):
        fund = FundFactory(name=name)
        day = datetime.date(2026, 5, 29)
        Document.objects.create(fund=fund, type=kind, title="Report", document_date=day)
    text = client.get("/").content.decode()
    section = text.partition('id="documents"')[2]
    assert "Fund of Rivers" in section
    assert "Fund of Hills" in section


def test_an_office_that_fund_and_project_name_alike_stands_once(client):
    project = ProjectFactory()
    for owner in ({"fund": project.fund}, {"project": project}):
        Contact.objects.create(role="manager", organization_name="The one office", **owner)
    text = client.get(project.get_absolute_url()).content.decode()
    assert text.partition('id="contacts"')[2].count("The one office") == 1


def test_a_factsheet_names_formats_as_readers_do(client):
    load_reference_data()
    project = ProjectFactory()
    kind = DocumentType.objects.all()[0]
    Document.objects.create(project=project, type=kind, title="R", media_type="application/pdf")
    section = client.get(reverse("project", args=[project.number])).content.decode()
    assert "PDF" in section.partition('id="documents"')[2]
    assert "application/pdf" not in section

"""A filter offers what its list can hold, and takes what anybody may ask for."""

import pytest
from django.urls import reverse
from lxml import html

from finance.models import Load
from portal.models import Feedback
from portal.withholding.services import withhold
from projects.models import Country, Organization, ProjectCountry, Status
from tests.factories import (
    DocumentFactory,
    OrganizationFactory,
    ParticipationFactory,
    ProjectFactory,
    UserFactory,
    booked,
    budget,
    deposit,
    released,
    transfer,
)

pytestmark = pytest.mark.django_db


def offered(client, url, name):
    """The values of a select, but for that of any; None where there is no select."""
    tree = html.fromstring(client.get(url).content.decode())
    found = tree.xpath(f"//main//select[@name='{name}']")
    return [one.get("value") for one in found[0].xpath("option") if one.get("value")] or []


@pytest.fixture
def projects():
    running = ProjectFactory(status=Status.ON_GOING, fund__code="F1")
    closed = ProjectFactory(status=Status.FINANCIALLY_CLOSED, fund__code="F2")
    return running, closed


def test_only_states_of_projects_are_offered_that_one_is_in(client, projects):
    running, closed = projects
    both = [Status.ON_GOING, Status.FINANCIALLY_CLOSED]
    assert offered(client, "/projects/", "status") == both
    assert offered(client, f"/fund/{running.fund.code}/?status=", "status") == [Status.ON_GOING]
    # What is asked for stands there; it is no fault, and nothing is found.
    asked = f"/projects/?status={Status.CANCELLED}"
    assert offered(client, asked, "status") == [*both, Status.CANCELLED]
    assert client.get(f"{asked}&format=csv").status_code == 200
    withhold(kind="project", target_id=closed.pk, reason="danger", by=UserFactory())
    assert offered(client, "/projects/", "status") == [Status.ON_GOING]


def test_places_and_organizations_of_withheld_projects_alone_are_not_offered(client, projects):
    running, hidden = projects
    for project, code in ((running, "ML"), (hidden, "NE")):
        ProjectCountry.objects.create(project=project, country=Country.objects.get(code=code))
        ParticipationFactory(project=project, organization__code=f"O-{code}")
    assert offered(client, "/projects/", "country") == ["ML", "NE"]
    withhold(kind="project", target_id=hidden.pk, reason="danger", by=UserFactory())
    assert offered(client, "/projects/", "country") == ["ML"]
    assert offered(client, "/projects/", "organization") == ["O-ML"]


def test_only_kinds_are_offered_that_one_has(client, projects):
    kinds = Organization.Kind
    one = ParticipationFactory(
        project=projects[0], organization__kind=kinds.NATIONAL_NGO
    ).organization
    giver = OrganizationFactory(kind=kinds.GOVERNMENT)
    released(transfer(projects[0], 10, organization_id=one.pk))
    booked(deposit(projects[0].fund, 10, contributor_id=giver.pk))
    assert offered(client, "/organizations/", "kind") == [kinds.NATIONAL_NGO]
    assert offered(client, "/contributors/", "kind") == [kinds.GOVERNMENT]
    assert offered(client, "/fund/F1/records/?figure=deposit", "kind") == [kinds.GOVERNMENT]


def test_only_languages_are_offered_that_a_document_is_in(client, projects):
    DocumentFactory(project=projects[0], languages=["fr", "en"])
    DocumentFactory(project=projects[0], languages=["fr"])
    assert offered(client, "/documents/", "language") == ["en", "fr"]
    assert offered(client, "/documents/?language=ar", "language") == ["en", "fr", "ar"]


def test_staff_are_offered_what_their_lists_hold(admin_client, projects):
    released(transfer(projects[0], 10))
    Feedback.objects.create(topic="site", message="Why?", sender="x")
    assert offered(admin_client, "/staff/questions/", "state") == [Feedback.State.NEW]
    assert offered(admin_client, "/staff/loads/", "state") == [Load.State.RELEASED]
    records = reverse("staff-records")
    assert offered(admin_client, records, "kind") == ["voucherline"]
    released(budget(projects[0], 10))
    assert offered(admin_client, records, "kind") == ["voucherline", "budgetline"]

"""Closure in the staff's room."""

from datetime import date

import pytest

from projects.models import Project
from tests.factories import ParticipationFactory, expenditure, released, report, transfer

pytestmark = pytest.mark.django_db


@pytest.fixture
def part(world):
    """The one organization of an on-going project, all of its money spent."""
    Project.objects.update(status="on-going")
    part = ParticipationFactory(project=world)
    own = {"organization_id": part.organization_id}
    released(transfer(world, 10, **own), expenditure(world, 10, **own))
    return part


def _step(client, part, **data):
    response = client.post(f"/staff/closure/step/{part.pk}/", data, follow=True)
    assert response.redirect_chain[-1][0] == f"/staff/closure/{part.project.number}/"
    return response.content.decode()


def test_the_list_leads_to_the_steps_of_a_project(as_, part):
    page = as_("looker").get("/staff/closures/").content.decode()
    assert f"/staff/closure/{part.project.number}/" in page
    page = as_("looker").get(f"/staff/closure/{part.project.number}/").content.decode()
    assert "Operational closure has not been declared" in page
    assert "<button" not in page.split("main")[1].split("</main")[0].split("staff")[-1]


def test_steps_are_taken_in_order_and_refused_before_their_time(as_, part):
    client = as_("clerk")
    assert "cannot be closed financially yet" in _step(
        client, part, step="financial", on="2021-05-01"
    )
    assert "now: Operationally Closed" in _step(client, part, step="operational", on="2021-01-01")
    kinds = ("final-narrative", "certified")
    of = part.organization
    released(
        *(report(part.project, of, 2021, kind, received_on=date(2021, 2, 2)) for kind in kinds)
    )
    assert "Close financially" in client.get(f"/staff/closure/{part.project.number}/").text
    assert "now: Financially Closed" in _step(client, part, step="financial", on="2021-05-01")
    assert "Opened again" in _step(client, part, step="open")
    assert Project.objects.get(pk=part.project_id).status == "on-going"


@pytest.mark.parametrize("data", [{}, {"step": "operational", "on": "x"}, {"step": "x"},
                                  {"step": "operational", "on": "0001-01-01"}])  # fmt: skip
def test_what_makes_no_sense_is_said(as_, part, data):
    assert "Give the day as a date" in _step(as_("clerk"), part, **data)
    part.refresh_from_db()
    assert part.operationally_closed_on is None

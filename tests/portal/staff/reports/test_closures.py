"""Closure in the staff's room."""

from datetime import date

import pytest

from portal.models import ClosureStep
from projects.models import Office, Project
from tests.factories import (
    DocumentFactory,
    ParticipationFactory,
    expenditure,
    released,
    report,
    transfer,
)

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
    if response.redirect_chain:
        assert response.redirect_chain[-1][0] == f"/staff/closure/{part.project.number}/"
    return response.content.decode()


def test_the_list_leads_to_the_steps_of_a_project(as_, part):
    page = as_("looker").get("/staff/closures/").content.decode()
    assert f"/staff/closure/{part.project.number}/" in page
    assert "Cite this page" not in page
    page = as_("looker").get(f"/staff/closure/{part.project.number}/").content.decode()
    assert "Operational closure has not been declared" in page
    assert "<button" not in page.split("main")[1].split("</main")[0].split("staff")[-1]


@pytest.fixture
def alone():
    """An office in which one person is enough."""
    Office.objects.update_or_create(pk=1, defaults={"four_eyes": False})


def test_steps_are_taken_in_order_and_refused_before_their_time(as_, part, alone):
    client = as_("clerk")
    assert "cannot be closed financially yet" in _step(
        client, part, step="financial", on="2021-05-01"
    )
    page = f"/staff/closure/{part.project.number}/"
    assert 'name="on"' in client.get(page).text
    DocumentFactory(project=part.project)
    assert "now: Operationally Closed" in _step(client, part, step="operational", on="2021-01-01")
    # While nothing can be entered the page says why, and asks for no day and no document.
    assert "once nothing above is open" in client.get(page).text
    assert 'name="on"' not in client.get(page).text
    assert 'name="document"' not in client.get(page).text
    kinds = ("final-narrative", "certified")
    of = part.organization
    released(
        *(report(part.project, of, 2021, kind, received_on=date(2021, 2, 2)) for kind in kinds)
    )
    assert "Close financially" in client.get(page).text
    assert 'name="on"' in client.get(page).text
    assert "now: Financially Closed" in _step(client, part, step="financial", on="2021-05-01")
    assert "Say why" in _step(client, part, step="open")
    assert "status is now" in _step(client, part, step="open", reason="Money came back.")
    assert Project.objects.get(pk=part.project_id).status == "on-going"


@pytest.mark.parametrize("data", [{}, {"step": "operational", "on": "x"}, {"step": "x"},
                                  {"step": "operational", "on": "0001-01-01"}])  # fmt: skip
def test_what_makes_no_sense_is_said(as_, part, data):
    assert "Give the day as a date" in _step(as_("clerk"), part, **data)
    part.refresh_from_db()
    assert part.operationally_closed_on is None


def _confirm(client, waiting, **data):
    response = client.post(f"/staff/closure/confirm/{waiting.pk}/", data, follow=True)
    return response.content.decode()


def test_a_step_counts_once_a_second_person_has_confirmed_it(as_, part):
    said = _step(as_("both"), part, step="operational", on="2021-01-01")
    assert "once a second person has confirmed it" in said
    waiting = ClosureStep.objects.get()
    assert "does not confirm it" in _confirm(as_("both"), waiting)
    part.refresh_from_db()
    assert part.operationally_closed_on is None
    assert "Waiting to be confirmed" in as_("chief").get("/staff/closures/").text
    assert "Closures to be confirmed by you" in as_("chief").get("/staff/").text
    assert "now: Operationally Closed" in _confirm(as_("chief"), waiting)
    part.refresh_from_db()
    assert part.operationally_closed_on == date(2021, 1, 1)
    assert "does not wait any more" in _confirm(as_("chief"), waiting)


def test_a_step_that_waits_is_put_aside_and_another_entered(as_, part):
    _step(as_("clerk"), part, step="operational", on="2021-01-01")
    said = _step(as_("clerk"), part, step="operational", on="2021-02-02")
    assert "waits to be confirmed already" in said
    assert "Put aside." in _confirm(as_("chief"), ClosureStep.objects.get(), refuse="yes")
    _step(as_("clerk"), part, step="operational", on="2021-02-02")
    assert ClosureStep.objects.waiting().get().on == date(2021, 2, 2)


def test_the_document_of_a_step_is_led_to_until_it_is_withdrawn(as_, part, alone):
    paper = DocumentFactory(project=part.project, title="Letter", url="https://example.org/letter")
    other = DocumentFactory(title="Of another project")
    client = as_("clerk")
    wrong = {"step": "operational", "on": "2021-01-01", "document": other.pk}
    assert "Choose one of the documents" in _step(client, part, **wrong)
    _step(client, part, step="operational", on="2021-01-01", document=paper.pk)
    address = f"/project/{part.project.number}/closure/"
    assert "https://example.org/letter" in client.get(address).text
    type(paper).objects.filter(pk=paper.pk).update(state="withdrawn")
    assert "https://example.org/letter" not in client.get(address).text
    _step(client, part, step="open", reason="x")
    assert not ClosureStep.objects.in_force().exists()


def test_opening_again_needs_a_reason_and_where_wanted_a_second_person(as_, part, alone):
    _step(as_("clerk"), part, step="operational", on="2021-01-01")
    Office.objects.update(four_eyes=True)
    page = _step(as_("both"), part, step="open", reason="A mistake.")
    assert "once a second person has confirmed it" in page and "A mistake." in page
    assert Project.objects.get(pk=part.project_id).status == "operationally-closed"
    # Another step cannot slip past it, and what was typed stays.
    page = _step(as_("clerk"), part, step="financial", on="2021-05-05", reason="Kept?")
    assert "waits to be confirmed already" in page
    waiting = ClosureStep.objects.waiting().get()
    own = as_("both").post(f"/staff/closure/confirm/{waiting.pk}/", follow=True)
    assert "does not confirm it" in own.content.decode()
    as_("chief").post(f"/staff/closure/confirm/{waiting.pk}/")
    assert Project.objects.get(pk=part.project_id).status == "on-going"
    waiting.refresh_from_db()
    assert (waiting.reason, waiting.confirmed_at is None) == ("A mistake.", False)
    assert not ClosureStep.objects.in_force().exists()


def test_a_part_that_is_open_is_not_opened_again(as_, part, alone):
    assert "has closed nothing" in _step(as_("clerk"), part, step="open", reason="x")
    assert not ClosureStep.objects.exists()

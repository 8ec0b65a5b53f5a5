"""A project's true country, given by staff beside the ledger's placeholder."""

import pytest

from projects.models import Country, ProjectCountry
from projects.true_country import CountryError, give_country, take_country_back
from tests.factories import ProjectFactory, UserFactory, released, transfer

pytestmark = pytest.mark.django_db
BASIS = "Its title and its reports name Mali."


@pytest.fixture
def placed():
    """A project under the ledger's placeholder."""
    project = ProjectFactory(number="00102004")
    ProjectCountry.objects.create(project=project, country=Country.objects.get(code="UN"))
    released(transfer(project, "500"))
    return project


@pytest.fixture
def mali():
    return Country.objects.get(code="ML")


def test_the_project_stands_under_its_country_with_the_ledgers_entry_as_a_note(
    client, placed, mali
):
    give_country(project=placed, country=mali, basis=BASIS)
    page = client.get("/project/00102004/").content.decode()
    assert 'href="/country/ML/"' in page
    assert "The ledger says “United Nations”." in page
    assert BASIS in page
    assert "00102004" in client.get("/country/ML/").content.decode()
    assert "00102004" not in client.get("/country/UN/").content.decode()
    history = ProjectCountry.pgh_event_model.objects.filter(project_id=placed.pk)
    said = list(history.order_by("pgh_id").values_list("country__code", "pgh_label", "basis"))
    assert said == [("UN", "insert", ""), ("UN", "delete", ""), ("ML", "insert", BASIS)]


def test_it_can_be_taken_back(placed, mali):
    give_country(project=placed, country=mali, basis=BASIS)
    take_country_back(project=placed)
    placed.refresh_from_db()
    assert [place.country.code for place in placed.project_countries.all()] == ["UN"]
    assert placed.held_fields == []
    with pytest.raises(CountryError):
        take_country_back(project=placed)


def test_what_the_source_states_itself_is_not_overwritten(placed, mali):
    placed.project_countries.all().delete()
    with pytest.raises(CountryError):
        give_country(project=placed, country=mali, basis=BASIS)
    ProjectCountry.objects.create(project=placed, country=Country.objects.get(code="SO"))
    with pytest.raises(CountryError):
        give_country(project=placed, country=mali, basis=BASIS)


def test_a_country_and_its_basis_are_needed(placed, mali):
    with pytest.raises(CountryError):
        give_country(project=placed, country=Country.objects.get(code="GLOBAL"), basis=BASIS)
    with pytest.raises(CountryError):
        give_country(project=placed, country=mali, basis=" ")


def test_staff_enter_it_on_a_page_of_their_room(client, placed):
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    assert "00102004" in client.get("/staff/countries/").content.decode()
    address = "/staff/country/00102004/"
    # Nothing was given that could be taken back.
    assert 'name="undo"' not in client.get(address).content.decode()
    answer = client.post(address, {"country": "ML", "basis": BASIS}, follow=True)
    assert "It now stands under Mali." in answer.content.decode()
    assert BASIS in client.get(address).content.decode()
    seen = client.get(address).context["form"].digest
    give_country(project=placed, country=Country.objects.get(code="SO"), basis="Its report.")
    answer = client.post(address, {"undo": "yes", "as_seen": seen}, follow=True)
    assert "Somebody else saved this meanwhile." in answer.content.decode()
    assert [place.country.code for place in placed.project_countries.all()] == ["SO"]
    seen = answer.context["form"].digest
    answer = client.post(address, {"undo": "yes", "as_seen": seen}, follow=True)
    assert "stands again where the ledger has it" in answer.content.decode()

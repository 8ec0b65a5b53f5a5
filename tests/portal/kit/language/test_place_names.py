"""Countries are called on pages as their readers call them; files keep one name for all."""

import csv
import io

import pytest
from django.utils import translation
from lxml import html

from portal.kit.language.place_names import DATA, place_name
from projects.models import Country, ProjectCountry
from tests.factories import OrganizationFactory, ProjectFactory, booked, deposit, released, transfer

pytestmark = pytest.mark.django_db
OFFERED = ("fr", "es", "ar")


@pytest.fixture(scope="module", autouse=True)
def _portfolio(module_db):
    norway = OrganizationFactory(
        code="GOV-NO", name="Government of Norway", kind="government",
        country=Country.objects.get(code="NO"),
    )  # fmt: skip
    for number, codes in (("00000001", ("ET",)), ("00000002", ("FJ",)), ("00000003", ("1030",))):
        project = ProjectFactory(number=number, title=f"Project {number}")
        for code in codes:
            country = Country.objects.get(code=code)
            ProjectCountry.objects.create(project=project, country=country)
        released(transfer(project, "1000"))
        booked(deposit(project.fund, "5000", contributor_id=norway.pk))


def _words(client, path, **asked):
    page = html.fromstring(client.get(path, asked).content.decode())
    return " ".join(page.text_content().split())


def test_each_place_of_the_reference_data_has_a_name_in_each_language():
    with DATA.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert not [row["code"] for row in rows if not all(row[language] for language in OFFERED)]


def test_a_name_that_the_office_gave_stays_as_it_is():
    with translation.override("fr"):
        assert place_name("Ethiopia") == "Éthiopie"
        assert place_name("The Kingdom by the Sea") == "The Kingdom by the Sea"
    assert place_name("Ethiopia") == "Ethiopia"


@pytest.mark.parametrize(
    "path", ["/countries/", "/projects/", "/project/00000001/", "/country/ET/", "/search/?q=ethi"]
)
def test_pages_name_countries_in_their_language(client, path):
    words = _words(client, f"/fr{path}")
    assert "Éthiopie" in words
    assert "Ethiopia" not in words
    assert "إثيوبيا" in _words(client, f"/ar{path}")


def test_the_map_and_the_list_are_in_the_language_of_the_page_and_its_order(client):
    words = _words(client, "/fr/")
    assert "Afrique de l’Ouest, échelle régionale" in words
    assert "Fidji" in words
    page = html.fromstring(client.get("/es/countries/").content.decode())
    names = [cell.text_content() for cell in page.xpath("//main//tbody//tr/*[1]")]
    assert [name.strip() for name in names] == ["África Occidental, regional", "Etiopía", "Fiyi"]


def test_a_list_sorts_by_the_names_that_it_shows(client):
    def names(order):
        page = html.fromstring(client.get("/es/countries/", {"sort": order}).content.decode())
        return [c.text_content().strip() for c in page.xpath("//main//tbody//tr/*[1]")]

    shown = names("name")
    assert shown == ["África Occidental, regional", "Etiopía", "Fiyi"]
    assert names("-name") == shown[::-1]


def test_files_keep_the_name_that_programs_know(client):
    for path in ("/fr/countries/", "/fr/projects/"):
        text = b"".join(client.get(path, {"format": "csv"}).streaming_content).decode()
        assert "Ethiopia" in {cell for row in csv.reader(io.StringIO(text)) for cell in row}, path


def test_a_filter_takes_the_name_in_either_language(client):
    for asked in ("Éthiopie", "Ethiopia", "etiop"):
        words = _words(client, "/fr/projects/", country=asked)
        assert "Project 00000001" in words
        assert "Project 00000002" not in words


@pytest.mark.parametrize(
    "asked",
    ["Ethiopia", "Éthiopie", "ethiopie", "Etiopía", "إثيوبيا", "Эфиопия", "埃塞俄比亚"],
)
def test_search_finds_a_country_by_its_name_in_any_of_the_languages(client, asked):
    page = html.fromstring(client.get("/search/", {"q": asked}).content.decode())
    assert page.xpath("//main//section//h3/a/@href")[0] == "/country/ET/"


@pytest.mark.parametrize(
    "asked",
    [
        "Norway",
        "Norvège",
        "Noruega",
        "النرويج",
        "combien a donné la Norvège",
        "¿cuánto dio Noruega?",
    ],
)
def test_search_finds_a_government_by_the_name_of_its_country(client, asked):
    page = html.fromstring(client.get("/search/", {"q": asked}).content.decode())
    assert page.xpath("//main//section//h3/a/@href")[0] == "/contributor/GOV-NO/"

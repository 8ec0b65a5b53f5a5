"""The map of the world: a choice of countries beside the list, made of links."""

import pytest
from lxml import html

from portal.public.maps.outlines import height, projected, simplified
from portal.public.maps.world import outlines
from projects.models import Country, ProjectCountry
from tests.factories import ProjectFactory, released, transfer

pytestmark = pytest.mark.django_db


@pytest.fixture
def _portfolio():
    places = {"ML": ("600", None), "SO": ("400", None), "TV": ("20", None), "GLOBAL": ("7", None)}
    lines = []
    for code, (amount, share) in places.items():
        project = ProjectFactory()
        country = Country.objects.get(code=code)
        ProjectCountry.objects.create(project=project, country=country, share=share)
        lines.append(transfer(project, amount))
    shared = ProjectFactory()
    for code, share in (("ML", 25), ("SO", 75)):
        country = Country.objects.get(code=code)
        ProjectCountry.objects.create(project=shared, country=country, share=share)
    released(*lines, transfer(shared, "1000"))


@pytest.mark.usefixtures("_portfolio")
@pytest.mark.parametrize("address", ["/", "/countries/"])
def test_each_country_is_a_link_that_says_its_share_of_the_money(client, address):
    page = html.fromstring(client.get(address).content.decode())
    [figure] = page.xpath("//figure[contains(@class, 'world')]")
    told = {link.get("href"): link.get("aria-label") for link in figure.xpath("./svg/a")}
    assert told == {
        "/country/ML/": "Mali: 2 projects, US$\xa0850",
        "/country/SO/": "Somalia: 2 projects, US$\xa01,150",
        "/country/TV/": "Tuvalu: 1 project, US$\xa020",
    }
    # What is too small for an outline is a mark; what is no place stands beside the map.
    assert figure.xpath(".//a[@href='/country/TV/']/circle")
    assert figure.xpath(".//a[@href='/country/ML/']/path[starts-with(@d, 'M')]")
    beside = " ".join(figure.xpath("./p[1]")[0].text_content().split())
    assert beside == "Not on the map: Global (1 project, US$ 7)."
    assert page.xpath("//main//table//a[@href='/country/ML/']") or address == "/"


@pytest.mark.usefixtures("_portfolio")
def test_a_country_whose_money_is_not_known_does_not_look_like_the_lowest_amount(client):
    lines = []
    for code, amounts in {"KE": [("9", "KRW")], "NE": [("5", "USD"), ("9", "KRW")]}.items():
        project = ProjectFactory()
        ProjectCountry.objects.create(project=project, country=Country.objects.get(code=code))
        lines += [transfer(project, amount, currency=currency) for amount, currency in amounts]
    released(*lines)
    [figure] = html.fromstring(client.get("/countries/").content.decode()).xpath("//figure")
    looks = {
        link.get("href")[-3:-1]: link.xpath("./*[@d or @r]/@class")[0].removeprefix("tint-")
        for link in figure.xpath("./svg/a")
    }
    assert (looks["KE"], looks["NE"], looks["TV"]) == ("unknown", "1 partly", "2")
    legend = [" ".join(line.text_content().split()) for line in figure.xpath(".//li")]
    assert legend[0] == "up to 5"
    assert legend[-2:] == [
        "not known: nothing of it converted",
        "at least: not all of it converted",
    ]


def test_a_map_of_places_of_which_nothing_is_known_has_that_alone_in_its_legend(client):
    project = ProjectFactory()
    ProjectCountry.objects.create(project=project, country=Country.objects.get(code="KE"))
    released(transfer(project, 9, currency="KRW"))
    [figure] = html.fromstring(client.get("/countries/").content.decode()).xpath("//figure")
    assert [line.text_content().strip() for line in figure.xpath(".//li")] == [
        "not known: nothing of it converted"
    ]


def test_nothing_is_drawn_where_no_country_has_a_project(client):
    assert "<figure" not in client.get("/countries/").content.decode()


def test_outlines_lie_within_the_drawing_and_know_all_places_but_the_smallest():
    known = Country.objects.filter(kind=Country.Kind.COUNTRY).values_list("code", flat=True)
    missing = set(known) - set(outlines())
    assert len(missing) <= 14, missing
    assert all(0 <= one["x"] <= 1000 and 0 <= one["y"] <= height() for one in outlines().values())
    assert projected(-180, 0)[0] == pytest.approx(0)
    assert projected(180, 0)[0] == pytest.approx(1000)


def test_a_line_keeps_only_the_points_that_bend_it():
    ring = [(0, 0), (5, 0.1), (10, 0), (10, 10), (0, 10), (0, 0)]
    assert simplified(ring) == [(0, 0), (10, 0), (10, 10), (0, 10), (0, 0)]

"""The map of the world: a choice of countries beside the list, made of links."""

from datetime import timedelta

import pytest
from django.utils import timezone
from lxml import etree, html

from finance.figures.totals import country_rows, net_country_sums, rows_of_countries
from portal.public.maps.outlines import height, projected, simplified
from portal.public.maps.world import outlines
from portal.public.views import home
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


@pytest.mark.usefixtures("_portfolio")
@pytest.mark.parametrize("address", ["/", "/countries/"])
def test_the_map_is_had_as_drawing_and_table_with_its_source(client, address):
    [figure] = html.fromstring(client.get(address).content.decode()).xpath(
        "//figure[contains(@class, 'world')]"
    )
    links = [link for link in figure.xpath("./p/a/@href") if "picture=" in link]
    svg, png, csv = (link if link.startswith("/") else f"{address}{link}" for link in links)
    drawn = etree.fromstring(client.get(svg).content)
    texts = " ".join(drawn.itertext())
    for words in ("Net funded amount by country", "Mali: 2 projects", "/countries/"):
        assert words in texts
    assert client.get(png).content.startswith(b"\x89PNG")
    lines = client.get(csv).content.decode("utf-8-sig").splitlines()
    assert "Mali,ML,2,850.00," in lines
    assert "Global,GLOBAL,1,7.00," in lines
    assert any(line.startswith("Source,") for line in lines)


@pytest.mark.usefixtures("_portfolio")
def test_the_map_of_home_is_there_for_any_number_of_projects_or_its_page_is_named(
    client, monkeypatch
):
    monkeypatch.setattr(home, "AT_A_GLANCE", 0)
    page = html.fromstring(client.get("/").content.decode())
    assert page.xpath("//figure[contains(@class, 'world')]")
    day = timezone.localdate() - timedelta(days=1)
    past = html.fromstring(client.get(f"/?as_of={day}").content.decode())
    assert not past.xpath("//figure[contains(@class, 'world')]")
    [link] = past.xpath("//a[contains(text(), 'The map of that day')]/@href")
    assert link.startswith("/countries/")


@pytest.mark.usefixtures("_portfolio")
def test_kept_sums_say_of_each_country_what_its_records_do():
    unshared = ProjectFactory()
    for code in ("ML", "NE"):
        ProjectCountry.objects.create(
            project=unshared, country=Country.objects.get(code=code), share=None
        )
    released(
        transfer(unshared, "11"), transfer(unshared, "-4"), transfer(unshared, 9, currency="KRW")
    )
    kept, counted = rows_of_countries(net_country_sums()), country_rows()
    assert [row.code for row in kept] == [row.code for row in counted]
    for one, other in zip(kept, counted, strict=True):
        assert (one.project_count, one.net_funded) == (other.project_count, other.net_funded)
        assert one.totals.parts("net_funded") == other.totals.parts("net_funded")

"""The picture of a page and its files, what is folded, and how a page is cited."""

import csv
import json
import re
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from lxml import etree, html
from PIL import Image
from pypdf import PdfReader

from finance.models import ExpenditureLine, Seal
from finance.reports.charts import Bar, bars_across
from portal.kit.tables.parts import Parts
from tests.factories import (
    OrganizationFactory,
    ParticipationFactory,
    ProjectFactory,
    budget,
    expenditure,
    released,
    transfer,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    """One whose organization has spent 40 of 100, of it 10 interim."""
    organization = OrganizationFactory(code="ORG")
    project = ProjectFactory(number="P1", title="Wells & pumps")
    ParticipationFactory(project=project, organization=organization)
    own = {"organization_id": organization.pk}
    interim = ExpenditureLine.State.INTERIM
    released(
        budget(project, 120, **own),
        transfer(project, 100, date(2020, 1, 1), **own),
        expenditure(project, 30, 2020, **own),
        expenditure(project, 10, 2021, state=interim, **own),
    )
    return project


def test_interim_is_a_part_of_its_bar_and_nothing_has_no_picture():
    picture = bars_across("Money", [Bar("Spent", 40, Parts(interim=10)), Bar("None", 0)])
    (bar,) = picture["bars"]
    assert (bar["final"], bar["interim"]) == (75, 25)
    assert bars_across("Money", [Bar("Spent", None), Bar("Left", 0)]) is None


def test_the_picture_of_a_page_is_had_as_drawing_and_table_with_its_source(client, project):
    page = html.fromstring(client.get("/organization/ORG/").content)
    (figure,) = page.xpath("//figure[@class='across']")
    assert "interim: 10" in figure.text_content()
    svg, png, table = figure.xpath(".//p[@class='note']/a/@href")
    drawn = client.get(f"/organization/ORG/{svg}")
    assert drawn["Content-Type"] == "image/svg+xml"
    texts = " ".join(etree.fromstring(drawn.content).itertext())
    for words in ("Expenditure", "40", "interim: 10", "/organization/ORG/"):
        assert words in texts
    dots = client.get(f"/organization/ORG/{png}")
    assert dots["Content-Type"] == "image/png"
    with Image.open(BytesIO(dots.content)) as opened:
        opened.load()
        assert opened.size[0] == 1440
        assert "/organization/ORG/" in opened.text["Source"]
    lines = client.get(f"/organization/ORG/{table}").content.decode("utf-8-sig").splitlines()
    assert "Expenditure,40.000000,10.000000,0," in lines
    assert any(line.startswith("Source,") for line in lines)
    assert client.get("/organization/ORG/?picture=bmp").status_code == 404
    assert client.get("/projects/?picture=svg").status_code == 404


def test_a_drawing_breaks_its_title_and_puts_what_a_bar_holds_below_it(client, project):
    organization = project.participations.get().organization
    organization.name = "Partnership of the many organizations " * 4
    organization.save()
    drawn = etree.fromstring(client.get("/organization/ORG/?picture=svg").content)
    texts = drawn.xpath("//*[local-name()='text']")
    lines = texts[0].xpath("*[local-name()='tspan']")
    assert len(lines) > 2
    assert all(len(line.text) <= 80 for line in lines)
    held = [text for text in texts if "interim: 10" in "".join(text.itertext())]
    bars = drawn.xpath("//*[local-name()='rect'][@stroke-dasharray]")
    assert held
    assert len(held) == len(bars)
    for text, bar in zip(held, bars, strict=True):
        (line,) = text.xpath("*[local-name()='tspan']")
        assert text.get("y") == bar.get("y")
        assert float(line.get("dy")) > float(bar.get("height"))


def test_what_is_interim_looks_the_same_in_all_pictures(client, project):
    for address in ("/", "/organization/ORG/"):
        page = html.fromstring(client.get(address).content)
        assert page.xpath("//figure//*[local-name()='rect'][@class='bar-interim']")


def test_charts_drawn_on_a_page_are_had_with_their_rows(client, project):
    page = html.fromstring(client.get("/").content)
    svg, png, table = page.xpath("//figure[contains(@class, 'chart')]/p/a/@href")
    drawn = etree.fromstring(client.get(f"/{svg}").content)
    texts = " ".join(drawn.itertext())
    for words in ("All funds together", "2020", "2021", "Net funded amount"):
        assert words in texts
    assert drawn.xpath("//*[local-name()='rect'][@class='bar-interim']")
    assert client.get(f"/{png}").content.startswith(b"\x89PNG")
    lines = client.get(f"/{table}").content.decode("utf-8-sig").splitlines()
    assert "2021,0,10.000000,10.000000,0," in lines
    assert any(line.startswith("Source,") for line in lines)


def test_charts_and_their_files_say_what_certified_statements_add(client, project):
    other = ProjectFactory(number="P2")
    released(
        budget(other, 90),
        expenditure(other, 50, 2021),
        expenditure(other, 55, 2022, ExpenditureLine.State.CERTIFIED),
    )
    drawn = client.get("/?picture=csv").content
    table = list(csv.reader(drawn.decode("utf-8-sig").splitlines()))
    column = table[0].index("of it by certified statements")
    assert {row[0]: Decimal(row[column]) for row in table[1:4]} == {"2020": 0, "2021": 0, "2022": 5}
    page = html.fromstring(client.get("/").content)
    assert "by certified statements: " in " ".join(page.xpath("//figure//*/text()"))
    across = client.get("/project/P2/key-figures/?report_by=category&picture=csv").content
    assert "of it by certified statements" in across.decode("utf-8-sig").splitlines()[0]


def test_a_page_with_figures_is_cited_with_its_day_and_the_newest_fingerprint(client, project):
    page = html.fromstring(client.get("/project/P1/?as_of=2030-01-01").content)
    (cited,) = page.xpath("//details[@class='cite']")
    text, (bibtex, csl) = cited.find("p").text, cited.xpath(".//pre/text()")
    for said in (text, bibtex, csl):
        assert "P1 Wells" in said
        assert Seal.objects.newest().hash in said
    (item,) = json.loads(csl)
    assert re.search(r"/project/P1/\?as_of=\d{4}-\d\d-\d\d$", item["URL"])
    assert r"Wells \& pumps" in bibtex
    assert client.get(item["URL"].split("testserver")[-1]).status_code == 200
    # What has no figures of a day is not cited.
    assert b'class="cite"' not in client.get("/glossary/").content


def test_paper_has_the_citation_and_all_that_a_screen_folds(client, project):
    paper = html.fromstring(client.get("/project/P1/?format=print").content)
    assert not paper.xpath("//details[@class='fold']")
    assert paper.xpath("//section[@id='contacts']/h2")
    assert paper.xpath("//div[@class='cite']//*[local-name()='svg']")
    pdf = PdfReader(BytesIO(client.get("/project/P1/?format=pdf").content))
    drawn = "".join("".join(one.extract_text() for one in pdf.pages).split())
    assert Seal.objects.newest().hash in drawn
    screen = html.fromstring(client.get("/project/P1/").content)
    (inside,) = screen.xpath("//details[@class='fold']/section[@id='contacts']")
    assert not inside.xpath("h2")


def test_home_says_what_the_figures_mean_and_counts_what_needs_attention(client, project):
    page = html.fromstring(client.get("/").content)
    said = " ".join(page.text_content().split())
    assert "received and kept comes to 83.3 % of what was approved" in said
    assert "reported as spent comes to 40.0 % of it" in said
    counts = page.xpath("//section[@id='lists']//li[b]")
    assert len(counts) == 5
    assert counts[1].find("b").text == "0"


def test_no_cell_of_a_picture_is_a_formula_to_a_spreadsheet(client):
    formula = '=HYPERLINK("https://example.org")'
    project = ProjectFactory(fund__code="FORM", fund__name="@SUM(A1)")
    organization = OrganizationFactory(code="EVIL", name=formula)
    released(transfer(project, 100, organization_id=organization.pk))
    answer = client.get("/fund/FORM/?picture=csv").content.decode("utf-8-sig")
    cells = [cell for row in csv.reader(answer.splitlines()) for cell in row]
    assert f"'{formula}" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "@"))]


@pytest.mark.parametrize(
    "address",
    ["/project/P1/key-figures/?report_by=category", "/fund/{}/report/?report_by=category"],
)
def test_budget_stands_against_spending_by_category_with_interim_as_its_own_part(
    client, project, address
):
    address = address.format(project.fund.code)
    page = html.fromstring(client.get(address).content)
    (figure,) = page.xpath("//figure[@class='across']")
    assert "Budget against spending by category" in figure.text_content()
    looks = figure.xpath(".//*[local-name()='rect']/@class")
    assert looks == ["bar-a", "bar-b", "bar-interim"]
    assert [value.text_content() for value in figure.xpath(".//dd/a")] == ["120", "40"]
    for link in figure.xpath(".//dd/a/@href"):
        assert client.get(link).status_code == 200
    svg = figure.xpath(".//p/a/@href")[0]
    drawn = client.get(address.partition("?")[0] + svg)
    assert b"interim: 10" in drawn.content


def test_the_chart_of_a_factsheet_is_had_as_files_too(client, project):
    page = html.fromstring(client.get("/project/P1/").content)
    links = page.xpath("//figure[@class='chart']/p/a/@href")
    assert len(links) == 3
    for link in links:
        assert client.get(link).status_code == 200
    assert b"2021,0,10" in client.get(links[2]).content

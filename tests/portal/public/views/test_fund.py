"""The page of a fund of many organizations."""

import re

import pytest
from lxml import html

from portal.kit.web.visiting import let_go, visit
from tests.factories import (
    FundFactory,
    OrganizationFactory,
    ProjectFactory,
    expenditure,
    released,
)

pytestmark = pytest.mark.django_db


def test_of_many_organizations_the_page_shows_those_that_spent_most(client):
    project = ProjectFactory(fund=FundFactory(code="F1"))
    organizations = [OrganizationFactory(name=f"Organization {n:02}") for n in range(28)]
    released(
        *(
            expenditure(project, 100 + n, 2020, organization_id=organization.pk)
            for n, organization in enumerate(organizations)
        )
    )
    page = client.get("/fund/F1/?show=organization")
    table = next(
        one["table"] for one in page.context["fund_reports"] if "organization" in one["url"]
    )
    names = [re.search(r"Organization \d\d", row.cells[0].html).group() for row in table.page_rows]
    assert names == [f"Organization {n:02}" for n in range(3, 28)]
    assert "The 25 of 28 organizations that spent most." in page.text
    whole = sum(100 + n for n in range(28))
    assert f"{whole:,}" in table.footer_rows[0].html
    report = client.get("/fund/F1/report/?report_by=organization")
    assert "Organization 00" in report.text
    assert "Organization 00" in client.get("/fund/F1/?format=print").text


def test_a_table_is_drawn_for_whoever_opens_it_and_all_on_paper_and_in_copies(client):
    released(expenditure(ProjectFactory(fund=FundFactory(code="F1")), 100, 2020))
    page = html.fromstring(client.get("/fund/F1/").content)
    assert not page.xpath("//table[starts-with(@id, 'by-')]")
    ways = page.xpath("//details//a[@data-opens]/@href")
    assert "/fund/F1/?show=year#by-year-section" in ways
    for way in ways:
        address, _hash, anchor = way.partition("#")
        opened = html.fromstring(client.get(address).content)
        (table,) = opened.xpath("//*[starts-with(@id, 'by-')][self::table or @class='empty']")
        (section,) = table.xpath("ancestor::section[parent::details[@open]]")
        assert section.get("id") == anchor
    copied = visit("/fund/F1/", "", "en")
    for whole in (client.get("/fund/F1/?format=print").content, copied.content):
        drawn = html.fromstring(whole)
        assert len(drawn.xpath("//section[starts-with(@id, 'by-')]")) == len(ways)
        assert drawn.xpath("//table[@id='by-year']")
        assert not drawn.xpath("//a[@data-opens]")
    let_go(copied)
    assert client.get("/fund/F1/?show=nothing").status_code == 400


def test_a_page_says_what_its_mark_means_where_a_table_not_yet_drawn_has_it(client):
    released(expenditure(ProjectFactory(fund=FundFactory(code="F1")), 100, 2020, "interim"))
    page = html.fromstring(client.get("/fund/F1/").content)
    assert "interim" in page.get_element_by_id("glance").text_content()

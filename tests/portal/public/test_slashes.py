"""A project's number may hold slashes, and end like the page below another project."""

import re

import pytest
from django.urls import URLPattern, get_resolver
from lxml import html

from projects.models.projects import BELOW
from tests.factories import ProjectFactory, released, transfer

pytestmark = pytest.mark.django_db


def test_all_pages_below_a_project_are_known():
    found = set()
    for pattern in get_resolver().url_patterns:
        if isinstance(pattern, URLPattern):
            found |= set(re.findall(r"^project/<path:number>/(.+)/$", str(pattern.pattern)))
    assert found == set(BELOW)


@pytest.mark.parametrize("name", BELOW)
def test_each_of_both_has_its_own_page(client, name):
    short = ProjectFactory(number="X", title="The short one")
    long = ProjectFactory(number=f"X/{name}", title="The long one", parent=short)
    released(transfer(short, 7), transfer(long, 9))
    for project, other in ((short, long), (long, short)):
        page = client.get(project.get_absolute_url())
        assert page.status_code == 200
        tree = html.fromstring(page.content)
        assert project.title in tree.xpath("string(//h1)")
        records = next(link for link in tree.xpath("//a/@href") if "figure=transfer" in link)
        listed = client.get(records).content.decode()
        assert project.title in listed
        assert f">{other.title}<" not in listed
    assert long.get_absolute_url() in client.get(short.get_absolute_url()).content.decode()
    answer = client.get("/project/X/factsheet/")
    assert (answer.status_code, answer.url) == (301, "/project/X/")

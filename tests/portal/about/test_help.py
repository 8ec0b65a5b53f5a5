"""Pages of help."""

import pytest

from portal.about.helping import PAGES

pytestmark = pytest.mark.django_db


def test_every_page_of_help_is_reached_from_any_page(client):
    assert 'href="/help/"' in client.get("/").content.decode()
    index = client.get("/help/").content.decode()
    for name, page in PAGES.items():
        assert f"/help/{name}/" in index
        text = client.get(f"/help/{name}/").content.decode()
        assert f"<h1>{page.title}</h1>" in text
        assert str(page.about) in text


def test_there_is_no_other_page_of_help(client):
    assert client.get("/help/everything/").status_code == 404

"""The public chain of seals, and the newest seal on every file."""

import io
import json

import openpyxl
import pytest

from finance.models import Seal
from tests.factories import ProjectFactory, SourceFactory, released, transfer

pytestmark = pytest.mark.django_db


@pytest.fixture
def seals():
    source, project = SourceFactory(), ProjectFactory()
    for amount in ("10", "20"):
        released(transfer(project, amount), source=source)
    return list(Seal.objects.order_by("number"))


def test_the_page_lists_the_chain_newest_first_with_whole_hashes(client, seals):
    page = client.get("/seals/").content.decode()
    assert page.index(seals[1].hash) < page.rindex(seals[0].hash)
    assert seals[0].content in page
    assert "How to check a fingerprint" in page


@pytest.mark.parametrize("form", ["csv", "json", "print"])
def test_the_chain_can_be_had_in_each_format(client, seals, form):
    response = client.get("/seals/", {"format": form})
    assert response.status_code == 200
    content = b"".join(response) if response.streaming else response.content
    assert seals[0].hash in content.decode()


def test_an_export_prints_the_newest_seal(client, seals):
    meta = json.loads(b"".join(client.get("/projects/?format=json")))["meta"]
    assert meta["seal"]["number"] == 2
    assert meta["seal"]["hash"] == seals[1].hash
    printed = client.get("/projects/?format=print").content.decode()
    assert f"2, {seals[1].hash[:16]}, " in printed
    response = client.get("/projects/?format=xlsx")
    book = openpyxl.load_workbook(io.BytesIO(b"".join(response)))
    response.close()
    cells = [str(cell.value) for sheet in book for row in sheet for cell in row]
    assert any(cell.startswith(f"2, {seals[1].hash[:16]}") for cell in cells)


def test_before_the_first_release_there_is_no_seal(client):
    assert client.get("/seals/").status_code == 200
    meta = json.loads(b"".join(client.get("/projects/?format=json")))["meta"]
    assert meta["seal"] is None


def test_a_load_shows_its_seal(client, seals):
    page = client.get(seals[0].load.get_absolute_url()).content.decode()
    assert seals[0].hash in page

"""Projects, funds and organizations side by side: those chosen, with the figures of their lists."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from lxml import html

from projects.models import Project
from tests.factories import (
    OrganizationFactory,
    ParticipationFactory,
    ProjectFactory,
    expenditure,
    released,
    transfer,
)
from tests.portal.kit import reading

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _three():
    for number, paid, spent in (("A", 100, 40), ("B", 300, 299), ("C", 5, 0)):
        unit = OrganizationFactory(code=f"O{number}")
        project = ProjectFactory(number=number, fund__code=f"F{number}")
        ParticipationFactory(project=project, organization=unit)
        money = {"organization_id": unit.pk}
        released(transfer(project, paid, **money), expenditure(project, spent, **money))


def _rows(client, address):
    return reading.json_object(client.get(f"{address}&format=json"))["rows"]


KINDS = {"projects": "", "funds": "F", "organizations": "O"}


@pytest.mark.parametrize("kind", KINDS)
def test_those_chosen_stand_with_the_figures_of_their_list(client, kind):
    mark = KINDS[kind]
    chosen = _rows(client, f"/side-by-side/{kind}/?first={mark}A&third={mark}B")
    assert sorted(row["net_funded"] for row in chosen) == ["100.00", "300.00"]
    listed = {row["net_funded"]: row for row in _rows(client, f"/{kind}/?page=1")}
    for row in chosen:
        same = listed[row["net_funded"]]
        shared = row.keys() & same.keys()
        assert "expenditure" in shared
        assert {key: row[key] for key in shared} == {key: same[key] for key in shared}
    page = client.get(f"/side-by-side/{kind}/?first={mark}A&third={mark}B").content.decode()
    assert "Given and spent" in page
    assert "299" in page


@pytest.mark.parametrize("kind", KINDS)
def test_they_stand_in_the_order_chosen_and_the_page_begins_with_the_highest(client, kind):
    mark = KINDS[kind]
    asked = f"/side-by-side/{kind}/?first={mark}C&second={mark}B&third={mark}A"
    assert [row["net_funded"] for row in _rows(client, asked)] == ["5.00", "300.00", "100.00"]
    lead = html.fromstring(client.get(asked).content).xpath("string(//p[@class='lead'])")
    assert "has the highest net funded amount: US$\N{NO-BREAK SPACE}300." in lead
    assert "has the highest delivery rate: 99.7\N{NO-BREAK SPACE}%." in lead
    lead = client.get(f"/side-by-side/{kind}/?first={mark}C").content.decode()
    assert "highest" not in lead


def test_nothing_is_shown_before_something_is_chosen(client):
    page = client.get("/side-by-side/projects/").content.decode()
    assert "Nothing is chosen yet" in page
    assert "results" not in page.partition("<main")[2]
    assert "Choose columns" not in page
    assert "300" not in page.partition("<main")[2].partition("</main")[0]


def test_what_is_not_known_is_refused_in_words(client):
    page = client.get("/side-by-side/projects/?first=NONE").content.decode()
    assert "Nothing has this code or name." in page
    assert client.get("/side-by-side/projects/?first=NONE&format=csv").status_code == 400
    assert client.get("/side-by-side/continents/").status_code == 404


def test_as_of_a_past_day_nothing_was_known(client):
    yesterday = timezone.localdate() - timedelta(days=1)
    (row,) = _rows(client, f"/side-by-side/projects/?first=A&as_of={yesterday}")
    assert row["net_funded"] in ("0.00", 0, "0")


def test_a_withheld_project_is_not_offered(client):
    Project.objects.filter(number="B").update(withheld_on=date(2020, 1, 1))
    page = client.get("/side-by-side/projects/?first=A&second=B").content.decode()
    assert "Nothing has this code or name." in page

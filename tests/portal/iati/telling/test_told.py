"""What a loaded file tells beside money: subjects with shares, results, locations, as filters."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from lxml import html

from portal.iati.load import IatiLoad
from portal.iati.mapping.subjects import Subject, subjects_of
from portal.kit.formatting import money, percent
from portal.withholding.services import withhold
from projects.models import Project, ProjectCountry
from tests.factories import UserFactory
from tests.portal.iati.shared import file_of, transaction

pytestmark = pytest.mark.django_db
SECTORS = [["15170", "1", "", "60"], ["15180", "1", "", "15"], ["12220", "", "", "25"]]


def tree(tag: str, **attributes: str) -> list:
    """An element as it is kept."""
    return [tag, [[name.replace("_", "-"), value] for name, value in attributes.items()], "", []]


def of(scheme: str, kept: dict) -> list[tuple[str, Decimal | None]]:
    """The codes of one list, with their shares."""
    return [(each.code, each.share) for each in subjects_of(kept) if each.scheme == scheme]


def test_sectors_have_their_shares_and_make_up_fields_of_work() -> None:
    assert of("sector", {"sectors": SECTORS}) == [("15170", 60), ("15180", 15), ("12220", 25)]
    assert of("category", {"sectors": SECTORS}) == [("151", 75), ("122", 25)]


def test_one_sector_alone_is_the_whole_and_a_code_of_no_list_is_none() -> None:
    assert of("sector", {"sectors": [["15170", "1", "", None]]}) == [("15170", 100)]
    assert of("sector", {"sectors": [["15170", "1", "", "50"]]}) == [("15170", 50)]
    assert of("category", {"sectors": [["15170", "1", "", "50"]]}) == [("151", 50)]
    assert subjects_of({"sectors": [["99999", "1", "", None], ["A", "99", "", None]]}) == []


def test_goals_come_from_tags_targets_and_sectors() -> None:
    kept = {
        "sectors": [["5", "7", "", "40"], ["5.2", "8", "", "10"]],
        "described": [
            tree("tag", code="6.1", vocabulary="3"),
            tree("tag", code="5", vocabulary="2"),
        ],
    }
    assert of("goal", kept) == [("5", 50), ("6", None)]


def test_the_gender_marker_and_humanitarian_aid_are_told() -> None:
    kept = {
        "humanitarian": True,
        "described": [
            tree("policy-marker", vocabulary="99", code="1", significance="1"),
            tree("policy-marker", vocabulary="1", code="1", significance="2"),
        ],
    }
    assert subjects_of(kept) == [Subject("gender", "2"), Subject("humanitarian", "1")]


INSIDE = (
    '<recipient-country code="ML"/>'
    '<sector vocabulary="1" code="15170" percentage="60"/>'
    '<sector vocabulary="1" code="12220" percentage="40"/>'
    '<tag vocabulary="2" code="5"/>'
    "<location><name><narrative>Gao</narrative></name>"
    '<point srsName="http://www.opengis.net/def/crs/EPSG/0/4326"><pos>16.2 -0.04</pos></point>'
    "</location>"
    '<result type="1"><title><narrative>Wells</narrative></title>'
    '<indicator measure="1"><title><narrative>Wells dug</narrative></title>'
    '<baseline year="2019" value="3"/>'
    '<period><period-start iso-date="2020-01-01"/><period-end iso-date="2020-12-31"/>'
    '<target value="40"/><actual value="37"/></period></indicator></result>'
)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project that came with all of it, and a transfer of 10.50."""
    IatiLoad(file_of(tmp_path, INSIDE + transaction())).run()
    return Project.objects.get()


def test_the_factsheet_shows_shares_with_their_amount(client, project: Project) -> None:
    page = client.get(project.get_absolute_url()).content.decode()
    panel = page[page.index('id="subjects"') :]
    assert "Women" in panel
    assert percent(Decimal(60)) in panel
    assert money(Decimal("6.3")) in panel
    assert "?goal=5" in panel


def test_the_factsheet_shows_results_by_period_and_locations(client, project: Project) -> None:
    page = client.get(project.get_absolute_url()).content.decode()
    row = page[page.index("Wells dug") :]
    assert "3 (2019)" in row
    assert "1 Jan 2020 – 31 Dec 2020" in row
    assert row.index("40") < row.index("37")
    assert "Gao" in page
    assert "16.2, -0.04" in page


def test_what_a_result_does_not_state_has_a_dash_and_what_holds_on_stays_empty(
    client, tmp_path: Path
) -> None:
    period = (
        '<period><period-start iso-date="{0}-01-01"/><period-end iso-date="{0}-12-31"/></period>'
    )
    wells = (
        '<result type="2"><title><narrative>Water</narrative></title><indicator measure="1">'
        "<title><narrative>Wells</narrative></title>"
        f"{period.format(2020)}{period.format(2021)}</indicator></result>"
    )
    IatiLoad(file_of(tmp_path, wells)).run()
    page = client.get(Project.objects.get().get_absolute_url()).content.decode()
    rows = html.fromstring(page).xpath("//section[@id='results']//tbody/tr")
    cells = [[" ".join(td.text_content().split()) for td in row] for row in rows]
    assert cells == [
        ["Wells", "–", "1 Jan 2020 – 31 Dec 2020", "–", "–"],
        ["", "", "1 Jan 2021 – 31 Dec 2021", "–", "–"],
    ]


def test_subjects_stand_by_share_and_then_by_number_and_markers_have_none(
    client, tmp_path: Path
) -> None:
    goals = "".join(f'<tag vocabulary="2" code="{code}"/>' for code in (13, 7, 2))
    marker = '<policy-marker vocabulary="1" code="1" significance="2"/>'
    sectors = "".join(
        f'<sector vocabulary="1" code="{code}" percentage="{share}"/>'
        for code, share in (("15170", 40), ("12220", 60))
    )
    IatiLoad(file_of(tmp_path, sectors + goals + marker)).run()
    page = client.get(Project.objects.get().get_absolute_url()).content.decode()
    rows = html.fromstring(page).xpath("//section[@id='subjects']//tbody/tr")
    told = [[" ".join(cell.text_content().split()) for cell in row] for row in rows]
    assert told[0][1].startswith("Basic health care")
    assert [row[1].split(".")[0] for row in told if "goal" in row[0]] == [
        "Goal 2", "Goal 7", "Goal 13",
    ]  # fmt: skip
    assert told[-1][0] == "Gender equality"
    assert told[-1][2] == "–"


@pytest.mark.parametrize(
    ("query", "is_found"),
    [("goal=5", True), ("goal=6", False), ("category=151", True), ("sector=15170", True)],
)
def test_projects_are_found_by_what_they_are_about(client, project, query, is_found) -> None:
    page = client.get(f"/projects/?{query}").content.decode()
    assert (project.get_absolute_url() in page) is is_found


def test_filters_that_no_project_has_are_not_offered(client, project: Project) -> None:
    page = client.get("/projects/").content.decode()
    assert 'name="goal"' in page
    assert 'name="gender"' not in page
    offered = html.fromstring(page).xpath("//select[@name='goal']/option/@value")
    assert offered == ["", "5"]


def test_locations_go_where_a_place_is_withheld(client, project: Project) -> None:
    place = ProjectCountry.objects.get(project=project)
    withhold(kind="place", target_id=place.pk, reason="danger", by=UserFactory())
    assert "Gao" not in client.get(project.get_absolute_url()).content.decode()


def test_a_later_file_replaces_what_an_earlier_one_said(tmp_path: Path, project: Project) -> None:
    IatiLoad(file_of(tmp_path, '<tag vocabulary="2" code="6"/>')).run()
    assert [(each.scheme, each.code) for each in project.subjects.all()] == [("goal", "6")]

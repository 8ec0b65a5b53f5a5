"""Reports due on the list, on factsheets, on pages of funds and organizations, in calendars."""

from datetime import date

import pytest
from lxml import html

from projects.models import Project
from tests.factories import ParticipationFactory, ProjectFactory, released, transfer
from tests.portal.kit import reading

pytestmark = pytest.mark.django_db


def _text(client, url):
    response = client.get(url)
    assert response.status_code == 200
    return " ".join(html.fromstring(response.content).text_content().split())


def _rows(client, url):
    return reading.json_object(client.get(f"{url}&format=json"))["rows"]


def test_the_list_filters_by_all_that_a_reader_asks_for(client, project, stated):
    stated("P1,UNDP,narrative,2022,2023-04-09,,,")
    assert len(_rows(client, "/reports/?project=p1")) == 6
    late = _rows(client, "/reports/?state=received-late&kind=narrative&year=2022&fund=F1")
    assert [(row["days_late"], row["received_on"]) for row in late] == [(9, "2023-04-09")]
    assert late[0]["by"] == "register.csv"
    assert {row["state"] for row in _rows(client, "/reports/?state=overdue")} == {"Late", "Missing"}
    assert _rows(client, "/reports/?project=nowhere") == []
    assert client.get("/reports/?year=x&state=nonsense").status_code == 200


def test_reports_of_withheld_projects_are_not_listed(client, project):
    Project.objects.filter(pk=project.pk).update(withheld_on=date(2023, 1, 1))
    assert _rows(client, "/reports/?") == []


def test_a_factsheet_tells_of_its_reports_what_is_late_first(client, project, stated):
    stated("P1,UNDP,narrative,2022,2023-03-30,,,")
    page = html.fromstring(client.get("/project/P1/").content)
    (panel,) = page.xpath("//section[@id='reports']")
    states = [cell.text_content() for cell in panel.xpath(".//tbody//*[contains(@class,'status')]")]
    assert states == ["Late", "Missing", "Missing", "Due", "Due", "Received"]
    assert panel.xpath(".//a[text()='30\xa0Mar\xa02023']/@href")[0].startswith("/load/")
    assert "1 of 6 reports are in; 3 late or missing" in panel.text_content()


def test_pages_of_fund_and_organization_count_and_lead_to_the_reports(client, project, stated):
    stated("P1,UNDP,narrative,2022,2023-03-30,,,", "P1,UNDP,financial,2022,2023-05-03,,,")
    for url in ("/fund/F1/", "/organization/UNDP/"):
        page = html.fromstring(client.get(url).content)
        (section,) = page.xpath("//section[@id='reports']")
        words = " ".join(section.text_content().split())
        assert "25.0 % of the 4 reports asked for so far arrived in time" in words
        for link in section.xpath(".//dd/a"):
            assert len(_rows(client, link.get("href"))) == int(link.text_content())


def test_an_organization_answers_only_for_its_own_reports(client, project):
    other = ParticipationFactory(project=project, organization__code="IOM").organization
    assert _rows(client, "/reports/?organization=IOM") == []  # nothing was paid to it yet
    whole = ProjectFactory(number="P2", fund=project.fund)
    ParticipationFactory(project=whole, organization=other)
    released(transfer(whole, 5, date(2022, 9, 1)))
    assert {row["organization"] for row in _rows(client, "/reports/?organization=IOM")} == {
        str(other)
    }


def test_calendars_hold_what_is_still_to_come(client, project, stated):
    stated("P1,UNDP,narrative,2022,2023-03-30,,,", "P1,UNDP,financial,2022,,2023-07-01,,Floods")
    organization = project.participations.get().organization
    for url in ("/project/P1/", "/fund/F1/", "/organization/UNDP/"):
        response = client.get(f"{url}reports.ics")
        assert response["Content-Type"] == "text/calendar; charset=utf-8"
        text = response.content.decode()
        lines = text.split("\r\n")
        assert max(len(line.encode()) for line in lines) <= 75
        events = text.replace("\r\n ", "").split("BEGIN:VEVENT")[1:]
        days = [event.split("DTSTART;VALUE=DATE:")[1][:8] for event in events]
        assert days == ["20230701", "20240331", "20240430"]  # missing ones are past all planning
        assert f"SUMMARY:Year-end expenditure 2022\\, {organization} (P1)" in events[0]
        uids = {event.split("UID:")[1].partition("\r")[0] for event in events}
        assert len(uids) == 3
        assert client.get(f"{url}reports.ics").content.decode().split("UID:")[1][:32] in text
    assert client.get("/project/NONE/reports.ics").status_code == 404
    assert client.get("/fund/NONE/reports.ics").status_code == 404


def test_a_past_day_is_shown_as_it_was(client, project):
    assert "Missing" not in _text(client, "/project/P1/?as_of=2022-03-01")

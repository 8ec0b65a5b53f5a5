"""The lists of projects that somebody should look at."""

from datetime import date

import pytest
from django.utils import timezone

from projects.models import Extension, StatusChange
from tests.factories import (
    ParticipationFactory,
    ProjectFactory,
    budget,
    expenditure,
    released,
    transfer,
)
from tests.portal.kit import reading

pytestmark = pytest.mark.django_db
PAST, FUTURE = date(2020, 1, 1), date(2999, 1, 1)


def _numbers(client, name, query=""):
    response = client.get(f"/projects/{name}/?format=json{query}")
    return sorted(row["number"] for row in reading.json_object(response)["rows"])


def test_ended_and_not_closed(client):
    ProjectFactory(number="A", status="on-going", original_end=PAST)
    ProjectFactory(number="B", status="operationally-closed", original_end=PAST)
    ProjectFactory(number="C", status="on-going", original_end=FUTURE)
    late = ProjectFactory(number="D", status="on-going", original_end=PAST)
    Extension.objects.create(
        project=late, old_end=PAST, new_end=FUTURE, approved_on=date(2019, 9, 1)
    )
    ProjectFactory(number="E", status="suspended", stated_end=PAST)
    assert _numbers(client, "ended-not-closed") == ["A", "E"]


def test_a_publisher_who_states_no_transfers_has_not_overspent(client):
    own = ProjectFactory(number="P", fund__follows_rules=False)
    paid = ProjectFactory(number="Q", fund__follows_rules=False)
    late = ProjectFactory(number="R")
    released(transfer(paid, 10), *(expenditure(each, 20) for each in (own, paid, late)))
    assert _numbers(client, "overspent") == ["Q", "R"]
    page = client.get(own.get_absolute_url()).content.decode()
    assert "How much was funded is not stated; US$\xa020 is reported as spent." in page
    assert "above the net funded amount" not in page


def test_ended_and_not_closed_on_a_past_day(client):
    project = ProjectFactory(number="A", status="operationally-closed", original_end=PAST)
    for status, day in (("on-going", date(2019, 1, 1)), ("operationally-closed", date(2021, 1, 1))):
        StatusChange.objects.create(project=project, status=status, set_on=day)
    assert _numbers(client, "ended-not-closed") == []
    assert _numbers(client, "ended-not-closed", "&as_of=2020-06-01") == ["A"]
    assert _numbers(client, "ended-not-closed", "&as_of=2019-06-01") == []


def test_overspent(client):
    fund = ProjectFactory(number="A").fund
    lines = []
    for number, spent in (("B", 100), ("C", "100.01")):
        project = ProjectFactory(number=number, fund=fund)
        lines += [transfer(project, 100), expenditure(project, spent)]
    released(*lines)
    assert _numbers(client, "overspent") == ["C"]
    assert _numbers(client, "overspent", f"&fund={fund.code}") == ["C"]
    assert _numbers(client, "overspent", "&until=2019-01-01") == []


def test_no_transfer_yet(client):
    project, paid = ProjectFactory(number="A"), ProjectFactory(number="B")
    ProjectFactory(number="C", status="cancelled")
    released(budget(project, 5), transfer(project, 0), transfer(paid, 5))
    assert _numbers(client, "no-transfer") == ["A"]
    assert _numbers(client, "no-transfer", "&until=2019-01-01") == ["A", "B"]


def test_no_report_in_a_year(client):
    lines = []
    for number in ("A", "B", "C"):
        project = ProjectFactory(number=number, status="on-going")
        part = ParticipationFactory(project=project)
        lines.append(transfer(project, 5, date(2021, 1, 1), organization_id=part.organization_id))
        if number == "B":  # of last year, come just now
            year = timezone.localdate().year - 1
            lines.append(expenditure(project, 1, year, organization_id=part.organization_id))
    released(*lines)
    project.status = "cancelled"
    project.save()
    assert _numbers(client, "no-report") == ["A"]


def test_each_list_is_linked_from_home_fund_and_room(client, admin_client):
    fund = ProjectFactory().fund
    for name in ("ended-not-closed", "overspent", "no-transfer", "no-report"):
        assert f"/projects/{name}/" in client.get("/").content.decode()
        page = client.get(fund.get_absolute_url()).content.decode()
        assert f"/projects/{name}/?fund={fund.code}" in page
        assert f"/projects/{name}/" in admin_client.get("/staff/").content.decode()
        assert client.get(f"/projects/{name}/").status_code == 200
    assert client.get("/projects/nonsense/").status_code == 404


def test_the_end_and_the_balance_are_shown(client):
    project = ProjectFactory(number="A", status="on-going", original_end=PAST)
    released(transfer(project, 9))
    row = reading.json_object(client.get("/projects/ended-not-closed/?format=json"))["rows"][0]
    assert (row["end"], row["balance"]) == ("2020-01-01", "9.00")

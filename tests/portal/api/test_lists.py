"""Lists and things of /api/v1/: the same rows and figures as the pages, in parts, as asked for."""

import csv
import io
import json
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from finance.models import ExchangeRate, Load
from portal.api.resources import LISTS
from portal.withholding.services import withhold
from portal.work.packages import make_package
from projects.models import Organization
from tests.factories import (
    FundFactory,
    OrganizationFactory,
    ParticipationFactory,
    ProjectFactory,
    SourceFactory,
    UserFactory,
    budget,
    commitment,
    deposit,
    expenditure,
    released,
    transfer,
)
from tests.portal.kit import reading
from tests.portal.withholding.world import World

pytestmark = pytest.mark.django_db
EARLY, LATE = datetime(2024, 1, 10, tzinfo=UTC), datetime(2025, 1, 10, tzinfo=UTC)


def portfolio(count=3):
    """Projects of one fund and organization, known since two days, one amount not converted."""
    fund = FundFactory(code="F1")
    projects = [ProjectFactory(number=f"00{n:03}", fund=fund) for n in range(count)]
    organization = OrganizationFactory(code="PART", kind="un")
    giver = OrganizationFactory(code="GOV", kind="government")
    of = {"organization_id": organization.pk}
    lines = []
    for n, project in enumerate(projects, start=1):
        ParticipationFactory(project=project, organization=organization)
        lines += [
            budget(project, f"{n}000.11", **of),
            transfer(project, f"{n}00.37", **of),
            transfer(project, "-10.01", **of),
            expenditure(project, f"{n}0.53", state="interim", year=2021, **of),
            expenditure(project, f"{n}1.20", state="certified", **of),
        ]
    source = SourceFactory()
    released(*lines, moment=EARLY, source=source)
    first = projects[0]
    odd = transfer(first, "5", organization_id=organization.pk, currency="XTS", voucher="odd")
    released(*lines, odd, moment=LATE, source=source)
    beside = {"arrangement": "SAA 1", "payer_reference": ""}
    released(
        deposit(fund, "900.40", contributor_id=giver.pk, **beside),
        commitment(fund, "1000.50", contributor_id=giver.pk, arrangement="SAA 1"),
    )
    return projects


def asked(client, path, **query):
    answer = client.get(f"/api/v1/{path}", query)
    assert answer.status_code == 200, answer.content
    return json.loads(answer.content)


def page_rows(client, name, **query):
    answer = client.get(reverse(name), {"format": "json", **query})
    return json.loads(reading.body(answer))["rows"]


def value(row, key):
    return row["figures"][key]["value"]


def test_projects_have_the_figures_of_their_list(client):
    portfolio()
    rows = {row["number"]: row for row in asked(client, "projects/")["results"]}
    for row in page_rows(client, "project-list"):
        for key in ("approved", "net_funded", "expenditure", "delivery_rate"):
            assert value(rows[row["number"]], key) == row[key]
    states = rows["00001"]["figures"]["expenditure"]["states"]
    assert states == {"interim": "20.53", "reported": "0.00", "certified": "21.20"}
    assert rows["00000"]["figures"]["net_funded"]["unconverted"] == 1


def test_a_figure_leads_to_records_that_add_up_to_it(client):
    portfolio()
    for row in asked(client, "projects/", as_of="2024-06-01")["results"]:
        for key, figure in row["figures"].items():
            if key == "delivery_rate":
                continue
            path = figure["records"].partition("8000")[2]
            assert "as_of=2024-06-01" in path
            listed = json.loads(reading.body(client.get(f"{path}&format=json")))
            found = sum(Decimal(record["counted"]) for record in listed["rows"])
            assert f"{found:.2f}" == figure["value"], key


@pytest.mark.parametrize(
    ("name", "page", "keys"),
    [
        ("funds", "fund-list", ("approved", "net_funded", "expenditure", "delivery_rate")),
        ("organizations", "organization-list", ("approved", "net_funded", "expenditure")),
        ("contributors", "contributor-list", ("commitment", "deposit", "not_due", "overdue")),
    ],
)
def test_other_lists_have_the_figures_of_theirs(client, name, page, keys):
    portfolio()
    by_name = {row["name"]: row for row in asked(client, f"{name}/")["results"]}
    listed = page_rows(client, page)
    assert listed
    for row in listed:
        for key in keys:
            assert value(by_name[row["name"]], key) == row[key]


def test_a_list_in_parts_has_each_row_once(client):
    portfolio(5)
    found, path = [], "/api/v1/projects/?limit=2"
    parts = 0
    while path:
        answer = json.loads(client.get(path).content)
        found += [row["number"] for row in answer["results"]]
        path = (answer["next"] or "").partition("8000")[2]
        parts += 1
    assert found == [f"00{n:03}" for n in range(5)]
    assert parts == 3


def test_figures_nobody_asks_for_are_not_added_up(client):
    portfolio()
    with CaptureQueriesContext(
        connection,
    ) as all_of_it:
        asked(client, "projects/")
    with CaptureQueriesContext(
        connection,
    ) as names:
        found = asked(client, "projects/", fields="number,title")["results"][0]
    assert list(found) == ["number", "title"]
    assert len(names) < len(all_of_it)
    assert "keyfigure" not in " ".join(query["sql"] for query in names)
    some = asked(client, "projects/", fields="number,figures.refund")["results"][0]
    assert list(some["figures"]) == ["refund"]


@pytest.mark.parametrize("name", ["projects", "organizations", "funds", "vouchers", "documents"])
def test_many_rows_take_as_many_statements_as_one(client, name):
    portfolio(12)

    def count(limit):
        with CaptureQueriesContext(connection) as captured:
            asked(client, f"{name}/", limit=limit)
        return len(captured)

    assert count(1) == count(100)


def test_csv_has_the_values_of_json(client):
    portfolio()
    for name in ("projects", "vouchers", "voucher-lines", "contributors", "loads"):
        rows = asked(client, f"{name}/")["results"]
        answer = client.get(f"/api/v1/{name}/", {"format": "csv"})
        assert answer["Content-Type"] == "text/csv; charset=utf-8"
        lines = list(csv.DictReader(io.StringIO(answer.content.decode())))
        assert len(lines) == len(rows)
        meta = asked(client, f"{name}/")["meta"]
        for line, row in zip(lines, rows, strict=True):
            assert line["meta.as_of"] == meta["as_of"]
            assert line["meta.seal.hash"] == meta["seal"]["hash"]
            for key, cell in line.items():
                found = {**row, "meta": meta}
                for step in key.split("."):
                    found = found[step] if isinstance(found, dict) else found
                if isinstance(found, str):
                    assert cell == found, key
                if found is None:
                    assert cell == "", key


def test_answers_say_what_pages_say_of_their_figures(client):
    portfolio()
    interim, left_out = "Some figures include interim expenditure", "are in no sum"
    for path in ("projects/", "projects/00000/", "funds/", "funds/F1/", "organizations/PART/"):
        notes = " ".join(asked(client, path)["meta"]["notes"])
        assert interim in notes, path
        assert left_out in notes, path
        csv_text = client.get(f"/api/v1/{path}", {"format": "csv"}).content.decode()
        assert interim in csv_text, path
    assert left_out not in " ".join(asked(client, "projects/00001/")["meta"]["notes"])
    assert asked(client, "contributors/")["meta"]["notes"] == []
    # What the factsheet remarks is said as well, and what is not of the day.
    page = client.get("/project/00001/?format=json")
    assert set(json.loads(reading.body(page))["meta"]["notes"]) <= set(
        asked(client, "projects/00001/")["meta"]["notes"]
    )
    then = " ".join(asked(client, "projects/00001/", as_of="2024-06-01")["meta"]["notes"])
    assert "today’s" in then
    for address in ("/project/00000.md", "/fund/F1.md"):
        assert interim in client.get(address).content.decode()


def test_tables_of_the_package_have_lists_of_as_many_rows(client):
    World()
    portfolio()
    load = Load.objects.released().latest("pk")
    ExchangeRate.objects.create(
        load=load, source=load.source, line=1, fingerprint="x", currency="EUR",
        effective_on=date(2020, 1, 1), units_per_base="0.9",
    )  # fmt: skip
    assert asked(client, "rates/")["results"][0]["units_per_base"] == "0.9000000000"
    with make_package().file.open() as file, zipfile.ZipFile(file) as archive:
        parts = {part["name"]: part["rows"] for part in
                 json.loads(archive.read("datapackage.json"))["resources"]}  # fmt: skip
    for name in (
        "commitments", "deposits", "fund-costs", "other-flows", "rates", "budget-categories",
        "sources", "participations", "places", "status-changes",
    ):  # fmt: skip
        rows = asked(client, f"{name}/", limit=1000)["results"]
        assert len(rows) == parts[name.replace("-", "_")], name


def test_individuals_are_named_neither_as_contributors_nor_by_identifiers(client):
    fund = FundFactory(code="F1")
    kind = Organization.Kind.INDIVIDUALS
    person = OrganizationFactory(code="ADA", name="Ada Lovelace", kind=kind)
    other = OrganizationFactory(code="GOV")
    given = []
    for who in (person, other):
        who.identifiers.create(scheme="IATI", value=f"XI-{who.code}")
        of = {"contributor_id": who.pk, "arrangement": f"A-{who.code}", "payer_reference": ""}
        given.append(deposit(fund, 5, **of))
        ParticipationFactory(project=ProjectFactory(fund=fund), organization=who)
    released(*given)
    deposits = asked(client, "deposits/")["results"]
    told = {(row["contributor"], row["arrangement"]) for row in deposits}
    assert told == {(None, None), ("GOV", "A-GOV")}
    unknown = client.get("/api/v1/deposits/", {"contributor": "ADA"})
    assert unknown.status_code == 400 and "Nothing has this code" in unknown.text
    listed = {row["code"]: row["identifiers"] for row in asked(client, "organizations/")["results"]}
    assert listed == {"ADA": [], "GOV": ["IATI: XI-GOV"]}
    for page in ("/organization/ADA/", "/api/v1/organizations/ADA/"):
        assert "XI-ADA" not in client.get(page).content.decode()
    with make_package().file.open() as file, zipfile.ZipFile(file) as archive:
        table = archive.read("organization_identifiers.csv").decode()
        organizations = archive.read("organizations.csv").decode()
        paid = archive.read("deposits.csv").decode()
    assert "XI-GOV" in table
    assert "XI-ADA" not in table
    assert "Ada Lovelace" not in organizations
    assert "ADA" not in paid


def test_what_was_not_known_then_is_not_told(client):
    portfolio()
    nothing = asked(client, "projects/", as_of="2023-12-31")["results"][0]
    assert value(nothing, "transfer") == "0.00"
    assert value(nothing, "delivery_rate") is None
    assert nothing["figures"]["transfer"]["records"] is None
    assert asked(client, "voucher-lines/", as_of="2023-12-31")["results"] == []
    early = asked(client, "voucher-lines/", as_of="2024-12-31", project="00000")["results"]
    late = asked(client, "voucher-lines/", project="00000")["results"]
    assert (len(early), len(late)) == (2, 3)
    assert [line["base_amount"] for line in late if line["currency"] == "XTS"] == [None]
    assert asked(client, "voucher-lines/", until="2019-12-31")["results"] == []


def test_a_project_that_is_withheld_is_gone_and_its_money_counts_on(client):
    projects = portfolio()
    before = asked(client, "funds/F1/")["result"]
    withhold(kind="project", target_id=projects[0].pk, reason="danger", by=UserFactory())
    assert client.get("/api/v1/projects/00000/").status_code == 410
    assert len(asked(client, "projects/")["results"]) == 2
    after = asked(client, "funds/F1/")["result"]
    assert after == before
    lines = asked(client, "voucher-lines/")["results"]
    assert [line["project"]["url"] for line in lines].count(None) == 3


def test_every_list_answers_at_any_date(client):
    portfolio()
    for name in LISTS:
        for query in ({}, {"as_of": "2024-06-01"}, {"until": "2020-12-31"}, {"format": "csv"}):
            assert client.get(f"/api/v1/{name}/", query).status_code == 200, (name, query)


def test_whoever_has_signed_in_gets_what_everybody_gets(client):
    portfolio()
    staff = Client()
    staff.force_login(UserFactory(is_staff=True))
    for name in LISTS:
        path = f"/api/v1/{name}/"
        assert staff.get(path).content == client.get(path).content
        assert not staff.get(path).cookies

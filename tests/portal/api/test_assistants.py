"""The tools of assistants, by the official client: numbers that can be followed, nothing secret."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from decimal import Decimal
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from mcp import Client

from portal.api.assistants.tools import KINDS, TOOLS
from portal.withholding.services import withhold
from projects.models import Country, ProjectCountry
from tests.factories import (
    DocumentFactory,
    FundFactory,
    OrganizationFactory,
    ProjectFactory,
    UserFactory,
    deposit,
    released,
)
from tests.portal.api.test_lists import asked, portfolio
from tests.portal.kit import reading
from tests.portal.withholding.world import World

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
Session = Callable[[Client], Awaitable[Any]]


@pytest.fixture
def connected(live_server):
    """Runs a session of the client with the portal's server."""

    def run(session: Session, **options: Any) -> Any:
        async def connect() -> Any:
            async with Client(f"{live_server.url}/api/mcp", **options) as client:
                return await session(client)

        # A browser of other tests may keep a loop running in this thread.
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(lambda: asyncio.run(connect())).result()

    return run


def calls(*asked_for: tuple[str, dict[str, Any]]) -> Session:
    """A session that calls these tools; what each gave."""

    async def session(client: Client) -> list[Any]:
        return [await client.call_tool(name, arguments) for name, arguments in asked_for]

    return session


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_the_client_finds_the_tools(connected, mode):
    async def session(client):
        return await client.list_tools()

    tools = connected(session, mode=mode).tools
    assert [tool.name for tool in tools] == [tool.name for tool in TOOLS]
    assert all(tool.annotations.read_only_hint for tool in tools)


def test_a_number_is_that_of_the_page_and_its_records_add_up_to_it(connected, client):
    portfolio()
    of = {"kind": "project", "code": "00001"}
    figures, records, by_year = connected(
        calls(
            ("figures", of),
            ("records", {**of, "figure": "expenditure", "limit": 1}),
            ("records", {**of, "figure": "expenditure", "first": 2021, "last": 2021}),
        )
    )
    told = figures.structured_content
    theirs = asked(client, "projects/00001/")["result"]["figures"]
    assert told["figures"] == theirs
    assert told["as_of"] == asked(client, "projects/00001/")["meta"]["as_of"]
    assert told["seal"]["hash"]
    [total] = records.structured_content["totals"]
    assert total["values"]["counted"] == theirs["expenditure"]["value"]
    assert records.structured_content["count"] == 2
    assert len(records.structured_content["records"]) == 1
    assert by_year.structured_content["totals"][0]["values"]["counted"] == "20.53"
    path = theirs["expenditure"]["records"].partition("8000")[2]
    listed = json.loads(reading.body(client.get(f"{path}&format=json")))
    assert sum(Decimal(row["counted"]) for row in listed["rows"]) == Decimal(
        theirs["expenditure"]["value"]
    )


def test_what_is_worked_out_leads_to_its_parts(connected):
    portfolio()
    of = {"kind": "contributor", "code": "GOV"}
    figures, parts, nothing = connected(
        calls(
            ("figures", of),
            ("records", {**of, "figure": "outstanding"}),
            ("records", {**of, "figure": "pledge"}),
        )
    )
    assert figures.structured_content["figures"]["outstanding"]["value"] == "100.10"
    assert parts.structured_content["totals"][0]["values"]["counted"] == "100.10"
    assert nothing.is_error
    assert "No record" in nothing.content[0].text


def test_two_days_are_compared_and_a_page_is_cited(connected):
    portfolio()
    of = {"kind": "fund", "code": "F1"}
    days = {"first_day": "2023-12-31", "second_day": "2024-12-31"}
    compared, cited, sheet, found = connected(
        calls(
            ("compare", {**of, **days}),
            ("cite", {**of, "as_of": "2024-12-31"}),
            ("factsheet", of),
            ("find", {"words": "00001"}),
        )
    )
    approved = compared.structured_content["figures"]["approved"]
    assert approved["first"]["value"] == "0.00"
    assert approved["difference"] == approved["second"]["value"] == "6000.33"
    rate = compared.structured_content["figures"]["delivery_rate"]
    assert rate["first"]["value"] is rate["difference"] is None
    text = cited.structured_content["citation"]
    assert "as known on 2024-12-31" in text
    assert "/fund/F1/?as_of=2024-12-31" in text
    assert sheet.content[0].text.startswith("# ")
    first, *_others = found.structured_content["found"]
    assert (first["kind"], first["code"]) == ("project", "00001")
    assert first["url"] == "http://localhost:8000/project/00001/"
    assert found.structured_content["seal"] == cited.structured_content["seal"]


def test_all_kinds_are_found_misspelt_too_and_lead_on_to_figures(connected):
    portfolio()
    fund = FundFactory(code="SEA", name="Coastal Livelihoods Fund")
    giver = OrganizationFactory(code="NOR", name="Government of Norway", kind="government")
    released(deposit(fund, "12.34", contributor_id=giver.pk, arrangement="", payer_reference=""))
    project = ProjectFactory(number="N7", title="Clinics", fund=fund)
    country = Country.objects.create(code="XP", name="Pembaland")
    ProjectCountry.objects.create(project=project, country=country)
    document = DocumentFactory(title="Evaluation of clinics", project=project)
    said = connected(
        calls(*(("find", {"words": w}) for w in ("norwey", "pembaland", "evaluation", "coastl")))
    )
    norway, pemba, evaluation, coast = (each.structured_content for each in said)
    assert norway["searched_for"] == "norway"
    assert ("contributor", "NOR") in [(one["kind"], one["code"]) for one in norway["found"]]
    assert ("country", "XP") in [(one["kind"], one["code"]) for one in pemba["found"]]
    [found] = [one for one in evaluation["found"] if one["kind"] == "document"]
    assert (found["name"], found["url"]) == (document.title, document.url)
    [found] = [one for one in coast["found"] if one["kind"] == "fund"]
    [figures] = connected(calls(("figures", {"kind": "fund", "code": found["code"]})))
    told = figures.structured_content
    assert told["figures"]["deposit"]["value"] == "12.34"
    assert told["as_of"] == coast["as_of"]
    assert told["seal"] == coast["seal"]


def test_a_whole_number_may_be_written_with_a_point(connected):
    portfolio()
    of = {"kind": "project", "code": "00001", "figure": "expenditure"}
    years = {"first": 2021, "last": 2021, "limit": 1}
    found, plain, same = connected(
        calls(
            ("find", {"words": "0000", "limit": 1.0}),
            ("records", {**of, **years}),
            ("records", {**of, **{name: float(number) for name, number in years.items()}}),
        )
    )
    assert len(found.structured_content["found"]) == 1
    assert same.structured_content == plain.structured_content


def test_the_search_gives_programs_what_it_shows(client):
    portfolio()
    answer = client.get("/search/?q=00001&format=json").json()
    page = client.get("/search/?q=00001").content.decode()
    assert answer["found"]
    for one in answer["found"]:
        assert one["url"].partition("8000")[2] in page
    assert client.get("/search/?q=00001&format=csv").status_code == 400


# What is asked, and words of the answer.
UNANSWERED = (
    ("figures", {"kind": "project", "code": "nothing"}, "no project with the number"),
    ("figures", {"kind": "moon", "code": "1"}, "moon"),
    ("figures", {"kind": "fund"}, "required"),
    ("figures", {"kind": "fund", "code": "F1", "as_of": "2999-01-01"}, "future"),
    ("records", {"kind": "fund", "code": "F1", "figure": "colour"}, "no such figure"),
    ("factsheet", {"kind": "country", "code": "XP"}, "no factsheet"),
    ("delete", {}, "no tool"),
)


def test_what_cannot_be_answered_is_said_in_words(connected):
    portfolio()
    answers = connected(calls(*((name, arguments) for name, arguments, _words in UNANSWERED)))
    for answer, (name, arguments, words) in zip(answers, UNANSWERED, strict=True):
        assert answer.is_error, (name, arguments)
        assert words in answer.content[0].text, (name, arguments)


def test_no_tool_tells_what_is_withheld(connected):
    world = World()
    withheld = world.project.number
    for kind, thing in (("project", world.project), ("organization", world.organization)):
        withhold(kind=kind, target_id=thing.pk, reason="danger", by=UserFactory())
    codes = {
        "project": withheld, "fund": "UNA00", "organization": world.organization.code,
        "contributor": world.other.code, "country": "XP",
    }  # fmt: skip
    asked_for = [("find", {"words": "zanz"})]
    for kind in KINDS:
        asked_for += [(name, {"kind": kind, "code": codes[kind]}) for name in ("figures", "cite")]
    answers = connected(calls(*asked_for))
    refused = [answer for answer in answers if answer.is_error]
    assert len(refused) == 4
    for answer in answers:
        if not answer.is_error:
            assert "ZANZIBAR-RELIEF" not in answer.content[0].text
            assert withheld not in answer.content[0].text


def test_each_message_counts_once_towards_the_limit(connected, client, settings):
    portfolio()
    settings.API_PER_MINUTE = 1000
    connected(calls(*[("figures", {"kind": "fund", "code": "F1"})] * 3))
    left = int(client.get("/api/v1/figures/")["RateLimit-Remaining"])
    assert 990 <= left < 997


def test_only_messages_are_answered(live_server):
    as_json = {"Accept": "application/json", "Content-Type": "application/json"}
    for said, status in ((None, 405), (b"{", 400), (b"x" * 70_000, 413)):
        request = Request(f"{live_server.url}/api/mcp", said, as_json)  # noqa: S310
        with pytest.raises(HTTPError) as refused:
            urlopen(request)  # noqa: S310
        with closing(refused.value) as answer:
            assert answer.code == status

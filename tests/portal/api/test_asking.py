"""How /api/v1/ is asked: what it refuses, how often, what is kept, and that its schema is true."""

import json

import jsonschema
import pytest
from django.core.cache import caches
from openapi_spec_validator import validate

from portal.api.resources import DETAILS, LISTS
from tests.portal.api.test_lists import portfolio
from tests.portal.withholding.world import World

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("limt=3", "limt"),
        ("limit=0", "from 1 to 1000"),
        ("limit=many", "many"),
        ("limit=1&limit=2", "twice"),
        ("cursor=abc", "leads nowhere"),
        ("as_of=yesterday", "yesterday"),
        ("as_of=2999-01-01", "future"),
        ("until=2999-01-01", "future"),
        ("fields=number,colour", "colour"),
        ("fields=,", "names no field"),
        ("fields=figures.colour", "figures.colour"),
        ("format=xml", "json and csv"),
        ("status=nonsense", "nonsense"),
        ("year=20", "Year"),
        ("year=2020.5", "whole number"),
        ("as_of=", "empty"),
        ("q=", "empty"),
        ("fund=NOPE", "Fund"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(client, query, words):
    answer = client.get(f"/api/v1/projects/?{query}")
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    said = json.loads(answer.content)
    assert any(words in text for text in said["errors"]), said


@pytest.mark.parametrize("name", LISTS)
def test_every_filter_answers_or_says_why_not(client, name):
    portfolio()
    view = LISTS[name]
    for key in view.filterset_class.base_filters if view.filterset_class else ():
        for value in ("1", "2020", "F1", "2020-01-31", "00000", "%", "é'\"", "-1e9", "9" * 30):
            answer = client.get(f"/api/v1/{name}/", {key: value})
            assert answer.status_code in (200, 400), (key, value)
            assert json.loads(answer.content)


def test_projects_and_vouchers_are_found_by_amounts(client):
    portfolio()
    found = json.loads(client.get("/api/v1/projects/?net_funded_min=250").content)["results"]
    assert [row["number"] for row in found] == ["00002"]
    total = json.loads(client.get("/api/v1/vouchers/?total_max=100").content)["results"]
    assert [row["total"] for row in total] == ["90.36"]


@pytest.mark.parametrize("path", ["funds/NOPE/", "projects/1/", "vouchers/999999/", "nowhere/"])
def test_where_nothing_is_a_program_reads_so(client, path):
    answer = client.get(f"/api/v1/{path}")
    assert answer.status_code == 404
    assert json.loads(answer.content)["status"] == 404


def test_nothing_can_be_written_whatever_is_asked(client):
    for method in (client.post, client.put):
        for query in ("", "?limit=0&nonsense=1"):
            answer = method(f"/api/v1/projects/{query}", content_type="application/json")
            assert answer.status_code == 405
            assert "GET" in answer["Allow"]


def test_a_refusal_is_json_also_where_csv_was_asked_for(client):
    answer = client.get("/api/v1/projects/?format=csv&limit=0")
    assert answer["Content-Type"] == "application/problem+json"
    assert json.loads(answer.content)["status"] == 400


@pytest.mark.parametrize(
    "query",
    ["sub-grants/?women_led=banana", "budgets/?first=01/31/2020", "voucher-lines/?load=1.5"],
)
def test_a_value_that_a_filter_does_not_know_is_refused_and_not_ignored(client, query):
    assert client.get(f"/api/v1/{query}").status_code == 400


def test_a_cursor_of_another_list_is_refused(client):
    portfolio()
    cursor = json.loads(client.get("/api/v1/projects/?limit=1").content)["next"]
    cursor = cursor.partition("cursor=")[2]
    assert client.get(f"/api/v1/reports/?cursor={cursor}").status_code == 400


def test_beyond_the_limit_one_has_to_wait(client, settings):
    settings.API_PER_MINUTE = 2
    first, second = client.get("/api/v1/figures/"), client.get("/api/v1/figures/")
    assert [a["RateLimit-Remaining"] for a in (first, second)] == ["1", "0"]
    assert first["RateLimit-Limit"] == "2"
    refused = client.get("/api/v1/figures/")
    assert refused.status_code == 429
    assert 0 < int(refused["Retry-After"]) <= 60
    assert refused["Content-Type"] == "application/problem+json"
    assert client.get("/api/v1/figures/", REMOTE_ADDR="10.0.0.9").status_code == 200
    assert client.get("/funds/").status_code == 200


def test_pages_of_other_sites_may_read(client):
    assert client.get("/api/v1/figures/")["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Origin" not in client.get("/api/")


def test_what_has_not_changed_is_not_sent_again(client, settings):
    settings.PAGES_KEPT = 10
    caches["pages"].clear()
    client = type(client)()
    portfolio()
    first = client.get("/api/v1/projects/")
    assert first["Cache-Control"] == "public, no-cache"
    again = client.get("/api/v1/projects/", headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["Access-Control-Allow-Origin"] == "*"
    as_csv = client.get("/api/v1/projects/?format=csv", headers={"if-none-match": first["ETag"]})
    assert as_csv.status_code == 200
    caches["pages"].clear()


def test_the_schema_is_valid_and_the_answers_are_as_it_says(client):
    World()
    portfolio()
    schema = json.loads(client.get("/api/v1/schema").content)
    assert schema["openapi"] == "3.1.0"
    validate(schema)
    assert len(schema["paths"]) == len(LISTS) + len(DETAILS)
    for path, methods in schema["paths"].items():
        described = methods["get"]
        of_answer = described["responses"]["200"]["content"]["application/json"]["schema"]
        url = path
        if "{" in path:
            found = json.loads(client.get(path.partition("{")[0]).content)["results"]
            key = path.partition("{")[2].partition("}")[0]
            url = path.replace(f"{{{key}}}", str(found[0]["id" if key == "id" else key]))
        answer = client.get(url)
        assert answer.status_code == 200, url
        checked = {**of_answer, "components": schema["components"]}
        jsonschema.Draft202012Validator(checked).validate(json.loads(answer.content))


def test_the_documentation_names_every_list_filter_and_field(client):
    text = client.get("/api/").content.decode()
    for name, view in LISTS.items():
        assert f"/api/v1/{name}/" in text
        for field in view.serializer().fields:
            assert f"<code>{field}</code>" in text
        for key in view.filterset_class.base_filters if view.filterset_class else ():
            assert f"<code>{key}</code>" in text
    assert "http://" not in text.replace("http://localhost:8000", "").replace(
        "http://testserver", ""
    ).replace("http://www.w3.org", "")

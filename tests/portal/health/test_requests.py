"""Lines of logs belong together by the number of their request, and name nobody."""

import io
import json
import logging
import logging.config
import re

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db
ID = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def lines(settings):
    """The lines of JSON that the site logs, as its settings have them."""
    stream = io.StringIO()
    handler = settings.LOGGING["handlers"]["console"]
    configured = {**settings.LOGGING, "handlers": {"console": {**handler, "stream": stream}}}
    logging.config.dictConfig(configured)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    logging.config.dictConfig(settings.LOGGING)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (ID, True),
        ("3f2504e0-4f89-11d3-9a0c-0305e82c3301", True),
        ("", False),
        ("jane.doe@x.org", False),
        ("abc", False),
        ("a" * 65, False),
    ],
)
def test_a_number_is_taken_from_the_proxy_where_it_is_one_and_else_made(client, given, kept):
    for path in ("/glossary/", "/healthz", "/nowhere/"):
        number = client.get(path, headers={"x-request-id": given}).headers["X-Request-ID"]
        assert re.fullmatch("[0-9a-f-]{32,36}", number)
        assert (number == given) is kept


def test_all_lines_of_a_request_have_its_number(lines, settings):
    settings.LOG_REQUESTS = True
    client = Client(headers={"x-request-id": ID})
    client.post("/accounts/login/", {"login": "jane.doe@x.org", "password": "secret words"})
    found = lines()
    assert {line["logger"] for line in found} == {"portal.security", "portal.requests"}
    assert {line["request_id"] for line in found} == {ID}
    (answered,) = (line for line in found if line["logger"] == "portal.requests")
    assert (answered["method"], answered["page"], answered["status"]) == (
        "POST",
        "/accounts/login/",
        200,
    )
    assert answered["ms"] > 0


def test_lines_name_no_person_address_or_query(lines, settings):
    settings.LOG_REQUESTS, settings.LOG_ADDRESSES = True, False
    client = Client(REMOTE_ADDR="192.0.2.77")
    client.get("/project/Jane-Doe/?q=Jane")
    client.get("/contact/?q=Jane", headers={"user-agent": "Jane’s browser"})
    client.post("/accounts/login/", {"login": "jane.doe@x.org", "password": "secret words"})
    text = json.dumps(lines())
    assert "/project/<path:number>/" in text and "/contact/" in text
    for private in ("Jane", "jane", "192.0.2.77", "secret"):
        assert private not in text


def test_requests_are_logged_only_where_the_office_wants_it(lines, client):
    client.get("/glossary/")
    assert lines() == []

"""Pages and counts that machines share in Redis, and what goes on while it is away."""

import logging

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.health.outside import REDIS
from portal.kit.web import redis_memory
from portal.models import CacheEntry
from projects.models import Fund
from tests.factories import FundFactory, UserFactory
from tests.redis_server import redis_server

pytestmark = pytest.mark.django_db
URL = "/funds/"


@pytest.fixture
def redis(settings, tmp_path_factory, monkeypatch):
    """A server, and the settings that name it."""
    # The path of a socket may not be long.
    with redis_server(tmp_path_factory.mktemp("r")) as server:
        settings.REDIS_URL = server.url
        pages = {"BACKEND": "portal.kit.web.redis_memory.Pages", "LOCATION": server.url}
        settings.CACHES = {**settings.CACHES, "pages": pages}
        settings.PAGES_KEPT = 1
        monkeypatch.setattr(redis_memory, "_away", redis_memory._Away())
        yield server


def later(monkeypatch):
    """As if what did not answer had been left alone long enough."""
    monkeypatch.setattr(redis_memory._away, "until", 0.0)


def drawn():
    """The page, and how many statements it took."""
    with CaptureQueriesContext(connection) as asked:
        response = Client().get(URL)
    assert response.status_code == 200
    return response, len(asked)


def other_machine():
    """Nothing that this process holds is left: neither connections nor anything kept."""
    del caches["pages"]
    redis_memory.client.cache_clear()


def test_what_one_machine_drew_another_answers_with(redis):
    FundFactory()
    first, statements = drawn()
    assert statements > 1
    other_machine()
    again, statements = drawn()
    assert statements == 1
    assert again.content == first.content
    for headers in (first.headers, again.headers):
        headers.pop("X-Request-ID")
    assert again.headers == first.headers


@pytest.mark.django_db(transaction=True)  # changes are counted when they are there for all
def test_what_has_changed_is_drawn_anew_by_all(redis):
    fund = FundFactory(name="Before")
    drawn()
    Fund.objects.filter(pk=fund.pk).update(name="Afterwards")
    other_machine()
    assert "Afterwards" in drawn()[0].text


def test_pages_in_redis_are_forgotten_and_hold_no_python(redis):
    drawn()
    client = redis_memory.client(redis.url)
    (key,) = client.keys()
    assert 0 < client.ttl(key) <= 86_400
    assert client.get(key).startswith(b'{"Content-Type": ')


def test_without_redis_pages_are_drawn_and_the_log_says_so_once(redis, monkeypatch, caplog):
    drawn()
    redis.stop()
    with caplog.at_level(logging.WARNING, redis_memory.__name__):
        for _time in range(2):
            later(monkeypatch)
            assert drawn()[1] > 1
    assert caplog.text.count("going on without") == 1


def test_what_did_not_answer_is_left_alone_for_a_while(redis, monkeypatch):
    redis.stop()
    drawn()
    asked = []
    assert redis_memory.attempt(lambda: asked.append(1)) is None
    assert asked == []
    later(monkeypatch)
    redis_memory.attempt(lambda: asked.append(1))
    assert asked == [1]


def test_a_restarted_redis_is_used_again(redis, monkeypatch):
    drawn()
    redis.stop()
    drawn()
    redis.start()
    later(monkeypatch)
    assert drawn()[1] > 1
    assert drawn()[1] == 1


def test_requests_of_programs_are_counted_in_redis_for_all_machines(redis, settings):
    settings.API_PER_MINUTE = 2
    for _request in range(2):
        assert Client().get("/api/v1/figures/").status_code == 200
        other_machine()
    assert Client().get("/api/v1/figures/").status_code == 429
    assert not CacheEntry.objects.filter(cache_key__startswith="api:").exists()


def test_while_redis_is_away_the_database_counts(redis, settings):
    settings.API_PER_MINUTE = 2
    redis.stop()
    answers = [Client().get("/api/v1/figures/") for _request in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]


def test_the_page_of_health_says_that_redis_is_away_or_forgets_nothing(redis):
    assert REDIS.troubles() == []
    redis_memory.client(redis.url).config_set("maxmemory-policy", "noeviction")
    assert [trouble.key for trouble in REDIS.troubles()] == ["redis-memory"]
    redis.stop()
    (away,) = REDIS.troubles()
    assert (away.key, away.grave) == ("redis", False)


def test_the_page_of_health_names_redis_only_where_there_is_one(redis, settings):
    client = Client()
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    named = "<dt>Redis</dt>"
    assert named in client.get("/staff/health/").text
    settings.REDIS_URL = ""
    assert named not in client.get("/staff/health/").text


def test_without_the_setting_nothing_is_asked(settings):
    assert settings.REDIS_URL == ""
    assert REDIS.troubles() == []
    assert redis_memory.count_up("any", 60) is None

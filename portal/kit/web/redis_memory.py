"""Memory that all machines share: Redis, or what speaks like it, where REDIS_URL names one.

Only what may be lost at any moment lies there: pages as they were drawn, and how often visitors
asked in this minute. Where it does not answer, pages are drawn and others count. Then nobody asks
it again for some seconds, so that a machine that is gone holds no request up. Its library is
imported with the first use: without Redis it would be a tenth of a process's start.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from django.conf import settings
from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache

if TYPE_CHECKING:
    from redis import Redis

log = logging.getLogger(__name__)
# It answers within a thousandth; much beyond it drawing the page is quicker.
_ANSWER_SECONDS = 0.5
# So long nobody asks what did not answer.
_LEFT_ALONE_SECONDS = 5
# Pages that nobody asked for go after a day; before, if Redis wants room (`allkeys-lru`).
_KEPT_SECONDS = 86_400
T = TypeVar("T")


class _Away:
    """Whether it answered last, in this process."""

    def __init__(self) -> None:
        self.until = 0.0
        self.is_told = False

    def begin(self, error: Exception) -> None:
        """Leave it alone for a while; the log says so once."""
        self.until = time.monotonic() + _LEFT_ALONE_SECONDS
        if not self.is_told:
            log.warning("Redis does not answer; going on without: %s", error)
        self.is_told = True

    def end(self) -> None:
        """It answered."""
        if self.is_told:
            log.warning("Redis answers again")
        self.until, self.is_told = 0.0, False


_away = _Away()


def attempt(what: Callable[[], T]) -> T | None:
    """What Redis answers; None where it is away, or was a moment ago."""
    if time.monotonic() < _away.until:
        return None
    from redis.exceptions import RedisError

    try:
        found = what()
    except (RedisError, ValueError) as error:
        # A wrong address, or what somebody else wrote there, is of no more use than silence.
        _away.begin(error)
        return None
    _away.end()
    return found


def _connecting() -> dict[str, Any]:
    """How each connection is made. One that was kept may have ended: it is made anew once."""
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    return {
        "socket_timeout": _ANSWER_SECONDS,
        "socket_connect_timeout": _ANSWER_SECONDS,
        "retry": Retry(NoBackoff(), 1),
    }


class Written:
    """A page as bytes. No pickle: who can write to Redis shall not thereby run code here."""

    def dumps(self, page: tuple[bytes, dict[str, str]]) -> bytes:
        """Headers in a line, then the body."""
        body, headers = page
        return json.dumps(headers).encode() + b"\n" + body

    def loads(self, data: bytes) -> tuple[bytes, dict[str, str]]:
        """The same again."""
        headers, _line, body = data.partition(b"\n")
        return body, json.loads(headers)


class Pages(RedisCache):
    """Django's own cache in Redis, which finds and keeps nothing while Redis is away."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        options = {**_connecting(), "serializer": Written()}
        own = {"OPTIONS": options, "KEY_PREFIX": "page", "TIMEOUT": _KEPT_SECONDS}
        super().__init__(server, params | own)

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        """What is kept."""
        return attempt(lambda: super(Pages, self).get(key, default, version))

    def set(
        self,
        key: Any,
        value: Any,
        timeout: Any = DEFAULT_TIMEOUT,
        version: int | None = None,
    ) -> None:
        """Keep it."""
        attempt(lambda: super(Pages, self).set(key, value, timeout, version))


def count_up(key: str, seconds: int) -> int | None:
    """One more under this key, forgotten after so many seconds; None where Redis cannot count."""
    if not settings.REDIS_URL:
        return None

    def count() -> int:
        with client(settings.REDIS_URL).pipeline(transaction=False) as asked:
            asked.incr(key)
            asked.expire(key, seconds)
            return int(asked.execute()[0])

    return attempt(count)


@cache
def client(url: str) -> Redis:
    """What asks Redis for this process."""
    from redis import Redis

    return Redis.from_url(url, **_connecting())

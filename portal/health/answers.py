"""How many requests were answered, with which status, and how slowly: counted for Prometheus.

Each process counts in its memory; every few seconds it adds what it counted to the database,
where all processes and machines meet. A killed process loses those seconds, and nothing else.
"""

import threading
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from portal.models import Answered, SlowPage

KEPT = timedelta(days=14)
SLOW_SECONDS = 3.0

_ADD = """
INSERT INTO portal_answered AS sum (status, count, seconds) VALUES (%s, %s, %s)
ON CONFLICT (status) DO UPDATE SET
    count = sum.count + excluded.count, seconds = sum.seconds + excluded.seconds
"""
_ADD_SLOW = """
INSERT INTO portal_slowpage AS kept (day, page, count, slowest) VALUES (%s, %s, %s, %s)
ON CONFLICT (day, page) DO UPDATE SET
    count = kept.count + excluded.count, slowest = greatest(kept.slowest, excluded.slowest)
"""


@dataclass
class _Counted:
    """What one process has counted since it wrote down last."""

    answers: dict[int, list[float]] = field(default_factory=lambda: defaultdict(lambda: [0, 0.0]))
    slow: dict[str, list[float]] = field(default_factory=lambda: defaultdict(lambda: [0, 0.0]))


class Counter:
    """Counts of this process; threads share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counted = _Counted()

    def count(self, status: int, seconds: float, page: str) -> None:
        """One more answer."""
        with self._lock:
            sums = self._counted.answers[status]
            sums[0] += 1
            sums[1] += seconds
            if seconds >= SLOW_SECONDS:
                times = self._counted.slow[page[:200]]
                times[0] += 1
                times[1] = max(times[1], seconds)

    def write_down(self) -> None:
        """Add it to the database. Raises DatabaseError, and then keeps what it counted."""
        with self._lock:
            counted, self._counted = self._counted, _Counted()
        if not counted.answers:
            return
        try:
            _write(counted)
        except BaseException:
            self._take_back(counted)
            raise

    def _take_back(self, counted: _Counted) -> None:
        with self._lock:
            for status, (count, seconds) in counted.answers.items():
                sums = self._counted.answers[status]
                sums[0] += count
                sums[1] += seconds
            for page, (count, slowest) in counted.slow.items():
                times = self._counted.slow[page]
                times[:] = times[0] + count, max(times[1], slowest)


def _write(counted: _Counted) -> None:
    today = timezone.localdate()
    with transaction.atomic(), connection.cursor() as cursor:
        # In one order, so that processes that write at once do not wait for each other in a circle.
        for status, (count, seconds) in sorted(counted.answers.items()):
            cursor.execute(_ADD, [status, count, seconds])
        for page, (count, slowest) in sorted(counted.slow.items()):
            cursor.execute(_ADD_SLOW, [today, page, count, slowest])
        SlowPage.objects.filter(day__lt=today - KEPT).delete()


COUNTER = Counter()


def answered() -> list[Answered]:
    """The counts of all processes."""
    return list(Answered.objects.order_by("status"))

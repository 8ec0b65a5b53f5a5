"""What an address costs: this process's CPU, its statements and their time, and its size."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import Any

from django.db import connection
from django.test import Client

# The host that each request names; all measurements allow it.
HOST = {"host": "localhost"}


@dataclass(frozen=True, slots=True)
class Asked:
    """One answer: milliseconds in all, of CPU and of the database; statements; bytes."""

    whole: float
    cpu: float
    database: float
    statements: int
    size: int


def ask(client: Client, address: str, **headers: str) -> Asked:
    """Ask once. RuntimeError where the answer is neither the page nor "not changed"."""
    database, statements = 0.0, 0

    def counted(execute: Callable[..., Any], *arguments: Any) -> Any:
        nonlocal database, statements
        begun = time.perf_counter()
        try:
            return execute(*arguments)
        finally:
            database += time.perf_counter() - begun
            statements += 1

    begun, cpu = time.perf_counter(), time.process_time()
    with connection.execute_wrapper(counted):
        response = client.get(address, headers={**HOST, **headers})
        content = response.getvalue()
    cpu = time.process_time() - cpu
    whole = time.perf_counter() - begun
    if response.status_code not in (200, 304):
        raise RuntimeError(f"{address} answered {response.status_code}")
    return Asked(whole * 1000, cpu * 1000, database * 1000, statements, len(content))


def rounds_of(usual: int) -> int:
    """So many rounds, or as many as the environment says, where nobody goes by the times."""
    return int(os.environ.get("BENCH_ROUNDS") or usual)


def middle(rounds: list[Asked]) -> Asked:
    """The middle of several rounds, each value for itself; the first round only warms up."""
    rest = rounds[1:] or rounds
    return Asked(
        median(one.whole for one in rest),
        median(one.cpu for one in rest),
        median(one.database for one in rest),
        max(one.statements for one in rest),
        max(one.size for one in rest),
    )

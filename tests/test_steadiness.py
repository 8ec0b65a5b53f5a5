"""Tests wait for conditions and not for times, and know what they are refused for."""

import ast
from collections.abc import Iterator

import pytest

from tests.databases import CHECKOUT

WAITING = CHECKOUT / "tests" / "waiting.py"
CLOCKS = {"monotonic", "perf_counter", "process_time", "monotonic_ns", "perf_counter_ns"}
TAKING_PORTS = {"bind", "create_server", "connect", "connect_ex", "free_port"}
DATABASE_ERRORS = {
    "DatabaseError",
    "DataError",
    "IntegrityError",
    "InternalError",
    "OperationalError",
    "ProgrammingError",
}


def faults(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and kind of each call that makes a test unsteady."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = ast.unparse(node.func)
        last = name.rpartition(".")[2]
        if last in {"sleep", "wait_for_timeout"}:
            yield node.lineno, "waits for a time"
        if last in CLOCKS:
            yield node.lineno, "goes by a clock"
        if last in TAKING_PORTS and (last == "free_port" or _has_fixed_port(node)):
            yield node.lineno, "takes a port that another may have"
        if name == "pytest.raises" and not any(word.arg == "match" for word in node.keywords):
            raised = ast.unparse(node.args[0])
            if "psycopg2" in raised or any(error in raised for error in DATABASE_ERRORS):
                yield node.lineno, "takes any error of the database"


def _has_fixed_port(call: ast.Call) -> bool:
    numbers = (part.value for part in ast.walk(call) if isinstance(part, ast.Constant))
    return any(type(number) is int and number > 0 for number in numbers)


def test_tests_wait_for_conditions_and_know_what_the_database_refuses():
    found = [
        f"{path.relative_to(CHECKOUT)}:{line} {fault}"
        for path in sorted((CHECKOUT / "tests").rglob("*.py"))
        # The trial of a cluster is no test of the suite: it measures how long others wait.
        if path != WAITING and path.parent.name != "cluster"
        for line, fault in faults(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert found == []


@pytest.mark.parametrize(
    "code",
    [
        "time.sleep(1)",
        "page.wait_for_timeout(100)",
        "pytest.raises(DatabaseError)",
        "pytest.raises((InternalError, ValueError))",
        "assert time.perf_counter() - began < 1",
        "socket.create_server(('127.0.0.1', 8025))",
        "settings.EMAIL_PORT = free_port()",
        "pytest.raises(psycopg2.errors.UndefinedObject)",
    ],
)
def test_what_is_looked_for_would_be_found(code):
    assert list(faults(ast.parse(code)))

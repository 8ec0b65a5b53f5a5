"""docs/running.md has every setting that the code reads, and none that it does not."""

import ast
import re
from collections.abc import Iterator

from tests.docs import texts

# What a machine gives to every program, and what chooses the settings themselves.
OF_THE_SYSTEM = {"PATH", "DJANGO_SETTINGS_MODULE"}
OF_TESTS = {
    # Set by the programs that run tests, or for them only.
    "PYTEST_XDIST_WORKER", "DJANGO_ALLOW_ASYNC_UNSAFE", "PICTURES", "BENCH_ROUNDS",
}  # fmt: skip


def test_every_setting_is_described_and_no_other():
    assert set(_described()) == set(_read()) - OF_THE_SYSTEM - OF_TESTS


def test_no_setting_is_described_twice():
    described = list(_described())
    assert len(described) == len(set(described))


def _described() -> Iterator[str]:
    """The names in the first column of the tables of the section on settings."""
    section = texts.read("docs/running.md").split("\n## Settings\n")[1].split("\n## ")[0]
    for first in re.findall(r"^\| (`[^|]*) \|", section, re.M):
        yield from re.findall(r"`([A-Z][A-Z0-9_]*)`", first)


def _read() -> Iterator[str]:
    """The names of environment variables in the code and the Makefile."""
    for path in texts.files():
        if path.endswith(".py"):
            for node in ast.walk(ast.parse(texts.read(path))):
                if name := _variable(node):
                    yield name
    yield from re.findall(r"^([A-Z]+) \?=.*\nexport \1$", texts.read("Makefile"), re.M)


def _variable(node: ast.AST) -> str | None:
    """The name, if the node reads one: env.str("X") or os.environ["X"]."""
    match node:
        case ast.Call(func=ast.Attribute(value=of), args=[ast.Constant(value=str(name)), *_]):
            read = ast.unparse(of) in {"env", "os.environ"}
        case ast.Subscript(value=of, slice=ast.Constant(value=str(name)), ctx=ast.Load()):
            read = ast.unparse(of) == "os.environ"
        case _:
            return None
    return name if read else None

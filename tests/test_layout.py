"""The size of rooms and files: whoever opens one sees all of it."""

import ast
from collections import Counter
from pathlib import Path

from django.conf import settings

ROOMS = ("portal", "finance", "documents", "projects", "templates", "static", "tests")
KINDS = {".py", ".html", ".css", ".js", ".sql", ".txt", ".xml"}
LINES, MODULES = 400, 20
FUNCTION, MARKUP = 60, 200


def files() -> list[Path]:
    """What is written by hand: a migration is not."""
    base = Path(settings.BASE_DIR)
    found = [path for room in ROOMS for path in (base / room).rglob("*") if path.suffix in KINDS]
    return [path for path in found if not {"migrations", "data"} & set(path.parts)]


def test_no_file_has_more_than_four_hundred_lines():
    lengths = {str(path): len(path.read_text("utf-8").splitlines()) for path in files()}
    assert {path: lines for path, lines in lengths.items() if lines > LINES} == {}


def test_no_room_has_more_than_twenty_modules():
    modules = [path for path in files() if path.suffix == ".py" and path.stem != "__init__"]
    rooms = Counter(str(path.parent) for path in modules)
    assert {room: count for room, count in rooms.items() if count > MODULES} == {}


def test_no_function_is_longer_than_a_screen():
    long = {}
    for path in files():
        if path.suffix != ".py":
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef):
                lines = (node.end_lineno or 0) - node.lineno + 1
                long[f"{path}: {node.name}"] = lines
    assert {name: lines for name, lines in long.items() if lines > FUNCTION} == {}


def test_no_line_of_a_page_is_longer_than_two_hundred_letters():
    long = [
        f"{path}:{number}"
        for path in files()
        if path.suffix == ".html"
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if len(line) > MARKUP
    ]
    assert long == []

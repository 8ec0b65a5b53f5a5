"""What a tagged PDF holds, for tests: its elements, and the marks within its pages."""

import re
import subprocess
from collections.abc import Iterator
from typing import Any

import pikepdf


def elements(file: pikepdf.Pdf, role: str = "") -> list[Any]:
    """The elements with this role, or all, in the order in which they are read."""
    return [found for found in _below(file.Root.StructTreeRoot) if role in ("", str(found.S)[1:])]


def kids(element: Any) -> list[Any]:
    """What lies in an element: elements, references to links, numbers of marked content."""
    held = element.get("/K", [])
    return list(held) if isinstance(held, pikepdf.Array) else [held]


def _below(element: Any) -> Iterator[Any]:
    for kid in kids(element):
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            yield from _below(kid)


def marks(page: pikepdf.Page) -> list[Any]:
    """The properties of all marked content of a page, in the order in which it is drawn."""
    found: list[Any] = []
    for command in pikepdf.parse_content_stream(page):
        if str(command.operator) == "BDC":
            found.append(command.operands[1])
    return found


def attached(file: pikepdf.Pdf) -> dict[str, bytes]:
    """The files inside a PDF, by name."""
    return {name: spec.get_file().read_bytes() for name, spec in file.attachments.items()}


def words_by_role(pdf: bytes) -> list[tuple[str, str]]:
    """Role and words of each element that has words itself, as poppler reads them."""
    command = ["pdfinfo", "-struct-text", "-enc", "UTF-8", "-"]
    done = subprocess.run(command, input=pdf, capture_output=True, check=True)
    found: list[tuple[str, str]] = []
    role = ""
    for line in done.stdout.decode().splitlines():
        if words := re.match(r'\s*"(.*)"', line):
            found.append((role, words[1]))
        elif named := re.match(r"\s*(\w+)", line):
            role = named[1]
    return found

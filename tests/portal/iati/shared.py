"""Where the tests of the exchange find real files, and how they make small ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.real_files import LARGE, SMALL

SMALL_FILES = ("several-currencies.xml", "one-currency.xml")
LARGE_FILES = (
    "acfspain-ph.xml",
    "finland-mfa-6-activities.xml",
    "usaid-798.xml",
    "who-arg.xml",
    "wri-521257057-strategic-plan-2023-2027.xml",
    "hdx-foodsecurity-6-publishers/dportal.xml",
)


REAL_FILES = SMALL_FILES + (LARGE_FILES if LARGE.is_dir() else ())


def shared_file(name: str) -> Path:
    """Return a file of the shared reference data; skip the test where it is not at hand."""
    path = LARGE / name
    if not path.exists():
        pytest.skip(f"reference data not found: {path} (set SHARED_DATA to its folder)")
    return path


def real_file(name: str) -> Path:
    """Return an IATI file as sources send them."""
    small = SMALL / "iati" / name
    return small if small.exists() else shared_file(f"iati/real/{name}")


def file_of(
    tmp_path: Path, inside: str = "", *, attributes: str = "", around: str = ' version="2.03"'
) -> Path:
    """Write a file of one activity, A-1, whose content begins in line 4."""
    text = (
        f"<iati-activities{around}>\n"
        f"<iati-activity{attributes}>\n"
        "<iati-identifier>A-1</iati-identifier>\n"
        f"{inside}\n"
        "</iati-activity>\n"
        "</iati-activities>\n"
    )
    return written(tmp_path, text.encode())


def written(tmp_path: Path, content: bytes, name: str = "file.xml") -> Path:
    """Write bytes to a file."""
    path = tmp_path / name
    path.write_bytes(content)
    return path


def transaction(
    *,
    kind: str = '<transaction-type code="3"/>',
    day: str = '<transaction-date iso-date="2024-01-31"/>',
    value: str = '<value currency="USD" value-date="2024-01-31">10.50</value>',
    more: str = "",
) -> str:
    """Return a transaction in one line, with a part replaced."""
    return f"<transaction>{kind}{day}{value}{more}</transaction>"

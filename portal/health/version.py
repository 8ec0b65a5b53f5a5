"""The version of the code, as pyproject.toml says it; shown to staff only."""

import tomllib
from functools import cache
from pathlib import Path


@cache
def version() -> str:
    """Such as 1.2.0."""
    file = Path(__file__).resolve().parents[2] / "pyproject.toml"
    return str(tomllib.loads(file.read_text(encoding="utf-8"))["project"]["version"])

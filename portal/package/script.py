"""The script that lies in each package: one file, for it is run by itself, anywhere."""

from pathlib import Path

from portal.package import evidence, verify

NAME = "verify.py"
_ALREADY = "from __future__ import annotations\n"


def script() -> str:
    """`verify.py` with what it takes of the portal in the place of its import."""
    begins, _import, ends = _text(verify).partition("from portal.package.evidence import ")
    return begins + _text(evidence).replace(_ALREADY, "", 1) + ends.partition("\n")[2]


def _text(module: object) -> str:
    return Path(str(vars(module)["__file__"])).read_text("utf-8")

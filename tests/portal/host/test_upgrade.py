"""A database of each version kept is brought to this one: nothing is lost, no figure differs."""

import json
import os
from pathlib import Path

import pytest

from tests.kept_versions import KeptVersion, figures, keep, kept_versions, run

# Made by `make keep-version`, and small enough to be kept for each version.
MOST_BYTES = 300_000


def usable(kept: KeptVersion, folder: Path) -> KeptVersion:
    """Tables of a version that is not released change in place: then one made now stands in."""
    return kept if kept.is_released or kept.is_of_this_code else keep(folder)


@pytest.mark.parametrize("kept", kept_versions(), ids=lambda kept: kept.shown["version"])
def test_a_kept_version_is_upgraded_with_all_its_figures(kept, tmp_path):
    kept = usable(kept, tmp_path)
    with kept.restored(f"test_upgrade_{os.getpid()}", tmp_path / "restored") as leading_there:
        run(leading_there, "manage.py", "prepare", "--verbosity=0")
        assert "All agrees (everything)" in run(leading_there, "manage.py", "verify")
        shown = json.loads(figures(leading_there, kept.shown["made_on"]))
    assert shown == {name: kept.shown[name] for name in shown}
    assert len(shown["figures"]["projects"]) == 2


def test_kept_versions_are_small():
    assert kept_versions()
    assert [kept.archive.name for kept in kept_versions()
            if kept.archive.stat().st_size > MOST_BYTES] == []  # fmt: skip

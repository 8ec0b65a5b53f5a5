"""A database of each version kept is brought to this one: nothing is lost, no figure differs."""

import json
import os

import pytest

from tests.databases import CHECKOUT
from tests.kept_versions import figures, kept_versions, run

# Made by `make keep-version`, and small enough to be kept for each version.
MOST_BYTES = 300_000


@pytest.mark.parametrize("kept", kept_versions(), ids=lambda kept: kept.shown["version"])
def test_a_kept_version_is_upgraded_with_all_its_figures(kept, tmp_path):
    with kept.restored(f"test_upgrade_{os.getpid()}", tmp_path) as leading_there:
        run(leading_there, "manage.py", "prepare", "--verbosity=0")
        assert "All agrees (everything)" in run(leading_there, "manage.py", "verify")
        shown = json.loads(figures(leading_there, kept.shown["made_on"]))
    assert shown == {name: kept.shown[name] for name in shown}
    assert len(shown["figures"]["projects"]) == 2


@pytest.mark.parametrize("kept", kept_versions(), ids=lambda kept: kept.shown["version"])
def test_migrations_of_a_version_stay_as_they_were_and_the_changes_name_it(kept):
    assert kept.changed_migrations == []
    changes = (CHECKOUT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"\n## {kept.shown['version']} – " in changes


def test_kept_versions_are_small():
    assert kept_versions()
    assert [kept.archive.name for kept in kept_versions()
            if kept.archive.stat().st_size > MOST_BYTES] == []  # fmt: skip

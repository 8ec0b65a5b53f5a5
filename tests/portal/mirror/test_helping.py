"""Several processes write one copy: none writes what another writes, and none fails in silence."""

from pathlib import Path

import pytest
from django.utils import timezone

from portal.mirror.errors import MirrorError
from portal.mirror.helping import Work, helped
from portal.mirror.register import Register


def test_each_file_is_written_by_one_and_an_address_has_one_file(tmp_path: Path) -> None:
    one, two = Register(tmp_path / "register"), Register(tmp_path / "register")
    assert one.add("fund/A/index.html", "/fund/A/", "/fund/A/") == "fund/A/index.html"
    assert two.add("fund/A/index.html", "/fund/A/", "/fund/A/") == "fund/A/index.html"
    # The other fund has a file of its own where letters of either case are the same.
    assert two.add("fund/a/index.html", "/fund/a/", "/fund/a/") == "fund/a/index~2.html"
    assert one.file_of("/fund/a/") == "fund/a/index~2.html"
    first, second = next(one.waiting()), next(two.waiting())
    assert {first.source, second.source} == {"/fund/A/", "/fund/a/"}
    assert [*one.waiting(), *two.waiting()] == []
    one.note(first.name, 1, "a")
    assert [name for name, _size, _sha256 in two.files()] == [first.name]
    one.close()
    two.close()


def test_one_that_fails_fails_the_copy(tmp_path: Path) -> None:
    register = Register(tmp_path / "register")
    work = Work(tmp_path, register.path, "en", timezone.now(), "of no transaction")
    with pytest.raises(MirrorError, match="helped failed"), helped(work, 1):
        pass
    register.close()

"""A set that is not what it was is refused, whatever happened to it."""

import io
import json
import tarfile

import pytest

from portal.backup.programs import BackupError
from portal.backup.sets import MANIFEST, SetWriter, checked_manifest, read_parts

PARTS = {"database/00000": b"d" * 5000, "files/loads/a.csv": b"rows", "files/é" + "x" * 300: b""}


def _set(parts=PARTS, **about):
    stream = io.BytesIO()
    writer = SetWriter(stream)
    for name, content in parts.items():
        writer.add_bytes(name, content)
    writer.close({"made_at": "2026-01-01", "version": "1", **about})
    return stream.getvalue()


def _without(name):
    """The set again, without a part, but with all others as they are."""
    out = io.BytesIO()
    with (
        tarfile.open(fileobj=io.BytesIO(_set())) as old,
        tarfile.open(fileobj=out, mode="w") as new,
    ):
        for member in old:
            if member.name != name:
                new.addfile(member, old.extractfile(member))
    return out.getvalue()


def _flipped():
    whole = bytearray(_set())
    whole[whole.index(b"dddd")] ^= 1
    return bytes(whole)


def test_what_was_written_is_read_again():
    whole = _set(seal=[7, "ab"])
    manifest = checked_manifest(io.BytesIO(whole))
    assert manifest["seal"] == [7, "ab"]
    assert set(manifest["parts"]) == set(PARTS)
    read = {name: content.read() for name, content in read_parts(io.BytesIO(whole))}
    assert json.loads(read.pop(MANIFEST)) == manifest
    assert read == PARTS


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (_flipped(), "database/00000 is not what was put into the set"),
        (_without("files/loads/a.csv"), "files/loads/a.csv is not what was put into the set"),
        (_without(MANIFEST), "its end, which says what belongs to it, is missing"),
        (_set()[:3000], "cut off"),
        (b"", "cut off or no set at all"),
        (b"no set at all" * 100, "cut off or no set at all"),
        (_set(form=99), "has the form 99"),
    ],
)
def test_what_is_not_whole_is_refused(content, words):
    with pytest.raises(BackupError, match=words):
        checked_manifest(io.BytesIO(content))


def test_a_file_that_shrinks_while_it_is_copied_ends_the_backup():
    writer = SetWriter(io.BytesIO())
    with pytest.raises(OSError, match="unexpected end of data"):
        writer.add("files/a", io.BytesIO(b"12"), 5)

"""Whether a ZIP container, such as a workbook, is safe to unpack: told from its directory alone.

A few kilobytes can unpack to gigabytes, parts can lie upon each other, and what follows or comes
before the archive is seen by some programs only. Knows no setting, so that a process of its own
can ask.
"""

import zipfile
import zlib
from pathlib import PurePosixPath

MEMBERS = 10_000
UNPACKED = 600_000_000
RATIO = 250  # a part above SMALL may not unpack to more than so many times itself
SMALL = 10_000_000
_DESCRIPTOR = 24  # bytes that may follow a part's data
_END = 22  # bytes of the end of a directory without comment
# What reading an archive raises where it is damaged.
DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, EOFError, OSError),
    *(NotImplementedError, RuntimeError),
)


class UnsafeArchive(Exception):
    """Why it is not unpacked: empty, bomb, polyglot, encrypted, unknown or paths."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code, detail)
        self.code = code
        self.detail = detail


def unpacked_size(package: zipfile.ZipFile) -> int:
    """What its directory says that it unpacks to, in bytes."""
    return sum(part.file_size for part in package.infolist())


def check_archive(package: zipfile.ZipFile) -> None:
    """Raise UnsafeArchive where the directory tells of anything but a plain archive."""
    parts = package.infolist()
    if not parts:
        raise UnsafeArchive("empty")
    if len(parts) > MEMBERS or unpacked_size(package) > UNPACKED:
        raise UnsafeArchive("bomb")
    if min(part.header_offset for part in parts) != 0 or package.comment:
        raise UnsafeArchive("polyglot")
    names = {part.filename.lower() for part in parts}
    if len(names) != len(parts):
        raise UnsafeArchive("polyglot")
    for part in parts:
        _check_part(part)
    _check_gaps(package)


def _check_gaps(package: zipfile.ZipFile) -> None:
    """Nothing overlaps, and nothing lies between the parts, or behind the end."""
    file, end = package.fp, 0
    if file is None:
        raise zipfile.BadZipFile
    for part in sorted(package.infolist(), key=lambda part: part.header_offset):
        if part.header_offset < end:
            raise UnsafeArchive("bomb", part.filename)
        if part.header_offset > end + _DESCRIPTOR:
            raise UnsafeArchive("polyglot", part.filename)
        file.seek(part.header_offset + 26)
        lengths = file.read(4)
        end = part.header_offset + 30 + part.compress_size
        end += int.from_bytes(lengths[:2], "little") + int.from_bytes(lengths[2:], "little")
    file.seek(-_END, 2)
    if package.start_dir > end + _DESCRIPTOR or file.read(4) != b"PK\5\6":
        raise UnsafeArchive("polyglot")


def _check_part(part: zipfile.ZipInfo) -> None:
    if part.flag_bits & 1:
        raise UnsafeArchive("encrypted")
    if part.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise UnsafeArchive("unknown", part.filename)
    if part.file_size > SMALL and part.file_size > RATIO * max(1, part.compress_size):
        raise UnsafeArchive("bomb", part.filename)
    steps = PurePosixPath(part.filename.replace("\\", "/")).parts
    if ".." in steps or part.filename.startswith(("/", "\\")) or "\0" in part.orig_filename:
        raise UnsafeArchive("paths", part.filename)

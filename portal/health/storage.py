"""The places of files: whether they can be reached and written to, and how full they are."""

import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import Error, connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.health.trouble import Check, Trouble
from portal.kit.text import Words
from portal.models import Backup

_PROBE = "probes"
# Of the servers that Debian and Ubuntu install.
_DATABASES = Path("/var/lib/postgresql")


@dataclass(frozen=True)
class Disk:
    """A disk on which the portal keeps something."""

    name: Words
    path: Path
    total: int
    free: int

    @property
    def percent(self) -> int:
        """How full it is, for an ordinary user."""
        return round(100 * (1 - self.free / self.total)) if self.total else 0


def disks() -> list[Disk]:
    """The disks of kept files, temporary ones, database and backups, as far as they are here.

    One that carries several is named once.
    """
    found: dict[int, Disk] = {}
    kept = settings.VAR_DIR if settings.S3_BUCKET else settings.MEDIA_ROOT
    places = [
        (_("kept files"), Path(kept)),
        (_("temporary files"), Path(tempfile.gettempdir())),
    ]
    if _is_here(connection.settings_dict["HOST"]) and _DATABASES.is_dir():
        places.append((_("the database"), _DATABASES))
    if folder := _of_backups():
        places.append((_("backups"), folder))
    for name, path in places:
        there = _existing(path)
        usage = shutil.disk_usage(there)
        disk = Disk(name, path, usage.used + usage.free, usage.free)
        found.setdefault(there.stat().st_dev, disk)
    return list(found.values())


def _is_here(host: str) -> bool:
    return not host or host.startswith("/") or host in {"localhost", "127.0.0.1", "::1"}


def _of_backups() -> Path | None:
    """Where the newest whole backup was written, where that is a folder of this machine."""
    try:
        newest = Backup.objects.whole().first()
    except Error:
        # That there is no database is told by others.
        return None
    folder = Path(newest.name).parent if newest and newest.name.startswith("/") else None
    return folder if folder and folder.is_dir() else None


def _existing(path: Path) -> Path:
    """The folder, or the nearest above it that is there."""
    return next(one for one in (path, *path.absolute().parents) if one.exists())


def reached() -> Iterator[Trouble]:
    """Files can be read: the folder is there and can be entered, the S3 server answers."""
    if settings.S3_BUCKET:
        default_storage.exists(_PROBE)
        return
    root = Path(settings.MEDIA_ROOT)
    # It is made with the first file that is kept.
    there = _existing(root)
    if not os.access(there, os.R_OK | os.X_OK) or not there.is_dir():
        yield Trouble(
            "storage", _("The folder of kept files cannot be read: %(path)s.") % {"path": there},
            _("Give it to the user as whom the portal runs, or correct VAR_DIR."),
        )  # fmt: skip


def writable() -> Iterator[Trouble]:
    """A file can be kept, read and deleted again."""
    name, content = f"{_PROBE}/{uuid.uuid4().hex}", b"Can this be kept?"
    try:
        kept = default_storage.save(name, ContentFile(content))
        with default_storage.open(kept) as file:
            is_same = file.read() == content
        default_storage.delete(kept)
    except OSError as error:
        yield Trouble(
            "storage-written",
            _("Files cannot be kept: %(error)s.") % {"error": error},
            _("Make room on the disk, give the folder to the user as whom the portal runs, or "
              "correct VAR_DIR or the settings of S3."),
            tell=True,
        )  # fmt: skip
    else:
        if not is_same:
            yield Trouble("storage-read", _("What was kept is not what is read again."))


def full() -> Iterator[Trouble]:
    """Disks that are nearly full."""
    for disk in disks():
        if disk.percent >= settings.DISK_FULL_PERCENT:
            yield Trouble(
                f"disk {disk.path}",
                _("The disk of %(name)s (%(path)s) is %(percent)s %% full.")
                % {"name": disk.name, "path": disk.path, "percent": disk.percent},
                _("Make room or a larger disk, before nothing can be kept any more."),
                tell=True,
            )


REACHED = Check("storage", gettext_lazy("Storage of files"), reached, asks=False)
WRITABLE = Check("storage-written", gettext_lazy("Files can be kept"), writable, asks=False)
DISKS = Check("disks", gettext_lazy("Room on disks"), full, asks=False)

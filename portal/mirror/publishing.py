"""A copy from beginning to end: one moment, its folder, its description and hashes."""

import hashlib
import json
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from finance.loading.services import lock_releases
from finance.models import Seal
from portal.kit.files.folders import alone, beside, put_in_place, remove, settle
from portal.kit.web.languages import default_of, offered_to_readers, speaking
from portal.mirror.errors import MirrorError
from portal.mirror.helping import Work, helped
from portal.mirror.making import Making, Say
from portal.mirror.moment import one_moment, shared_moment, told_of
from portal.mirror.own_pages import DESCRIPTION, SUMS
from portal.mirror.register import Register
from portal.mirror.search_index import FOLDER, make_index, program
from projects.models import Office, Withholding, WithholdingOutcome

README = "README.txt"
# Of the worker: that it began one, so that one which fails is not begun each minute.
BEGUN = "mirror-begun"
_README = """{title}
A copy of {site}, as of {moment}.

Open index.html in a browser. The search needs a web server: in this folder,
    python3 -m http.server
starts one at http://localhost:8000.

Whether all files are as they were written, this says:
    sha256sum --check SHA256SUMS
mirror.json has the SHA-256 of SHA256SUMS itself; whoever keeps that one line
knows later whether anything was changed.

What is in it, and what is not, says copy/index.html. What was withheld on the
site since then leaves with the next copy: please replace older ones.
"""


@dataclass(frozen=True)
class Mirror:
    """A copy that was made."""

    folder: Path
    files: int
    size: int
    sha256: str


def make_mirror(target: Path, *, say: Say, language: str = "", processes: int = 1) -> Mirror:
    """Make a copy that takes the place of the one in `target`, which stays until this one is whole.

    language: one that the office offers, its first by default; processes: how many draw pages at
    once. Raises MirrorError and OSError.
    """
    target = target.absolute()
    program()
    with alone(target) as is_alone:
        if not is_alone:
            raise MirrorError("A copy is being made there already.")
        settle(target)
        _refuse_other(target)
        making, withheld = beside(target, "making"), _withheld()
        making.mkdir()
        try:
            with tempfile.TemporaryDirectory() as place:
                made = _make(
                    making, Path(place) / "register.sqlite", _offered(language), processes, say
                )
            with transaction.atomic():
                # Whoever withholds something waits, and then finds this copy to take away.
                lock_releases()
                if _withheld() != withheld:
                    raise MirrorError("Something was withheld meanwhile: make it again.")
                put_in_place(making, target)
        except BaseException:
            remove(making)
            raise
    return Mirror(target, *made)


def made_at(target: Path) -> datetime | None:
    """As of when the copy is that is there; None where there is none."""
    try:
        return datetime.fromisoformat(json.loads((target / DESCRIPTION).read_text())["as_of"])
    except (FileNotFoundError, NotADirectoryError):
        return None


def _make(
    folder: Path, register_path: Path, language: str, processes: int, say: Say
) -> tuple[int, int, str]:
    register = Register(register_path)
    try:
        with one_moment(), speaking(language):
            moment = timezone.now().replace(microsecond=0)
            told = told_of(moment)
            making = Making(folder, register, language, told)
            making.register_all()
            making.write_own_pages()
            snapshot = shared_moment() if processes > 1 else ""
            work = Work(folder, register.path, language, moment, snapshot)
            with helped(work, processes - 1):
                making.write_all(say)
            description = _description(moment, told["seal"], language)
        say("The index of the search …")
        make_index(folder)
        return _describe(folder, register, description)
    finally:
        register.close()


def _offered(language: str) -> str:
    """Raises MirrorError for one that the office does not offer."""
    offered = [code for code, _name in offered_to_readers(Office.current())]
    if language and language not in offered:
        raise MirrorError(f"The site is not in “{language}”; it is in {', '.join(offered)}.")
    return language or default_of(offered)


def _description(moment: datetime, seal: Seal | None, language: str) -> dict[str, Any]:
    office = Office.current()
    return {
        "title": office.portal_name,
        "publisher": office.name,
        "site": settings.SITE_URL,
        "as_of": moment.isoformat(),
        "language": language,
        "licence": office.licence_url or office.licence_name,
        "sample": office.sample,
        "seal": {"number": seal.number, "hash": seal.hash} if seal else None,
    }


def _describe(
    folder: Path, register: Register, description: dict[str, Any]
) -> tuple[int, int, str]:
    """How many files, how many bytes, and the SHA-256 of their list."""
    moment = datetime.fromisoformat(description["as_of"])
    words = {**description, "moment": f"{moment:%d %b %Y, %H:%M} UTC"}
    (folder / README).write_text(_README.format(**words), "utf-8")
    for path in (folder / README, *_files_below(folder / FOLDER)):
        register.note(path.relative_to(folder).as_posix(), path.stat().st_size, _digest(path))
    count, size = 0, 0
    with (folder / SUMS).open("w", encoding="utf-8") as sums:
        for name, bytes_of, sha256 in register.files():
            sums.write(f"{sha256}  {name}\n")
            count, size = count + 1, size + bytes_of
    sha256 = _digest(folder / SUMS)
    text = {**description, "files": count, "bytes": size, "sums": {"path": SUMS, "sha256": sha256}}
    (folder / DESCRIPTION).write_text(
        json.dumps(text, ensure_ascii=False, indent=1) + "\n", "utf-8"
    )
    return count, size, sha256


def _files_below(folder: Path) -> Iterator[Path]:
    for root, _folders, names in os.walk(folder):
        yield from (Path(root) / name for name in names)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _withheld() -> tuple[Any, ...]:
    """What is another as soon as anything is withheld, lifted or erased."""
    rows = (Withholding.objects.all(), WithholdingOutcome.objects.all())
    return tuple(found.aggregate(newest=Max("pk"))["newest"] for found in rows)


def _refuse_other(target: Path) -> None:
    """Raises MirrorError where something is there that is no copy."""
    is_empty = target.is_dir() and not any(target.iterdir())
    if target.exists() and not is_empty and not (target / DESCRIPTION).is_file():
        raise MirrorError(f"{target} is there, and is no copy: nothing was touched.")

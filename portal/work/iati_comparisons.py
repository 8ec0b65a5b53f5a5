"""Comparing an organization's own IATI with ours, in the background."""

import hashlib
import json
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task

from portal.iati.comparing.fetching import FetchError, fetch
from portal.iati.comparing.matching import Matcher, ours, rows_of, theirs
from portal.iati.comparing.reading import REFUSED, SECONDS
from portal.kit.apart import run_apart
from portal.kit.web.priorities import AWAITED, LONG
from portal.models import IatiComparison
from projects.models import Office, Organization

_READER = "portal.iati.comparing.reading"
_LINE = 64 << 20  # letters that one activity may have


class _Failed(Exception):
    """Why there is nothing to compare."""


def ask_for_comparison(
    *, organization: Organization, address: str = "", file: File | None = None, by: Any = None
) -> IatiComparison:
    """Begin one with the file, or with what is at the address."""
    comparison = IatiComparison(organization=organization, address=address, by=by)
    if file is not None:
        comparison.file.save("activities.xml", file, save=False)
    comparison.save()
    compare_iati.enqueue(comparison.pk)
    return comparison


@task(priority=AWAITED, queue_name=LONG)
def compare_iati(pk: int) -> str:
    """Compare and keep what was found; the file goes. May be repeated."""
    one = IatiComparison.objects.select_related("organization").get(pk=pk)
    if one.state != IatiComparison.State.WAITING:
        return one.state
    Office.current().use_currency()
    try:
        with tempfile.TemporaryDirectory(prefix="comparing-") as folder:
            _compare(one, Path(folder))
        one.state = IatiComparison.State.DONE
    except (_Failed, FetchError) as error:
        one.state, one.trouble = IatiComparison.State.FAILED, str(error)
    one.compared_at = timezone.now()
    kept, one.file = str(one.file.name or ""), ""
    one.save()
    if kept:
        default_storage.delete(kept)
    return one.state


def _compare(one: IatiComparison, folder: Path) -> None:
    whole, lines = folder / "in.xml", folder / "lines"
    one.sha256 = _copy(one, whole)
    _read_apart(whole, lines)
    matcher = Matcher(one.organization)
    said = theirs(_lines(lines), matcher)
    known, left_out = ours(one.organization, said.matched)
    one.activities = said.activities
    one.found = {
        "matched": {str(pk): names for pk, names in said.matched.items()},
        "unmatched": sorted(matcher.projects - set(said.matched)),
        "rows": rows_of(known, said.sums),
        "unconverted": said.unconverted,
        "our_unconverted": left_out,
        "shared": said.shared,
    }


def _copy(one: IatiComparison, whole: Path) -> str:
    """The file, from where it lies or is fetched from; returns its fingerprint."""
    with whole.open("wb") as out:
        if one.file:
            with one.file.open("rb") as kept:
                for piece in kept.chunks(1 << 20):
                    out.write(piece)
        else:
            fetch(one.address, out, settings.LOAD_MAX_MB << 20)
    digest = hashlib.sha256()
    with whole.open("rb") as file:
        while piece := file.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()


def _read_apart(whole: Path, lines: Path) -> None:
    """Read the stranger's file in a process with limits. Raises _Failed."""
    try:
        done = run_apart(_READER, str(whole), str(lines), seconds=SECONDS + 30)
    except subprocess.TimeoutExpired as error:
        raise _Failed(_("Reading the file takes too long.")) from error
    if done.returncode == REFUSED:
        raise _Failed(
            done.stderr.decode("utf-8", "replace")[:2000].replace("in.xml", _("The file"))
        )
    if done.returncode:
        raise _Failed(_("The file cannot be read: it asks for too much time or memory."))


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        while line := file.readline(_LINE):
            yield json.loads(line)

"""A folder that is made anew beside the one that stands, and takes its place when it is whole."""

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def beside(target: Path, what: str) -> Path:
    """The hidden folder or file that belongs to it."""
    return target.with_name(f".{target.name}.{what}")


@contextmanager
def alone(target: Path) -> Iterator[bool]:
    """Whether nobody else makes the folder; until the end nobody does."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with beside(target, "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def settle(target: Path) -> None:
    """Undo a change of folders that broke off, and delete what is left of others."""
    before = beside(target, "before")
    if before.exists() and not target.exists():
        before.rename(target)
    for what in ("before", "making", "gone"):
        remove(beside(target, what))


def put_in_place(making: Path, target: Path) -> None:
    """Two renames; one that breaks off between them is mended by `settle`."""
    before = beside(target, "before")
    if target.exists():
        target.rename(before)
    making.rename(target)
    remove(before)


def take_away(target: Path) -> None:
    """Nobody finds it any more from the first moment on, however long its deletion takes."""
    gone = beside(target, "gone")
    remove(gone)
    if target.exists():
        target.rename(gone)
    for path in (beside(target, "before"), gone):
        remove(path)


def remove(folder: Path) -> None:
    """Delete it with all that is in it, if it is there."""
    if folder.exists():
        shutil.rmtree(folder)

"""The index by which the copy is searched: made by Pagefind, read by the browser piece by piece."""

import subprocess
from pathlib import Path

from portal.mirror.errors import MirrorError

FOLDER = "pagefind"


def program() -> Path:
    """The program that makes the index. Raises MirrorError where it is not installed."""
    try:
        from pagefind_bin import get_executable

        return get_executable()
    except (ImportError, FileNotFoundError) as error:
        raise MirrorError(
            "The search of the copy is made by Pagefind, which is not installed: "
            "pip install pagefind-bin, of the version that requirements.lock names."
        ) from error


def make_index(folder: Path) -> None:
    """Index the pages whose main part is marked. Raises MirrorError."""
    command = [
        str(program()), "--site", str(folder), "--output-subdir", FOLDER,
        "--keep-index-url", "--quiet",
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise MirrorError(f"The search index could not be made: {done.stderr.strip()[-500:]}")
    # What its ready-made fields of search need, which the copy does not have.
    for name in (
        "pagefind-ui",
        "pagefind-modular-ui",
        "pagefind-component-ui",
        "pagefind-highlight",
    ):
        for path in (folder / FOLDER).glob(f"{name}.*"):
            path.unlink()

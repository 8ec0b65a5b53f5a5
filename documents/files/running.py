"""Runs the inspector on a file, and takes its silence for a no."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from documents.files.refused import Refused

SECONDS = {"check": 45, "read": 90, "draw": 90}
_CHECKOUT = Path(__file__).resolve().parent.parent.parent


def inspect(job: str, path: Path, out: Path, name: str, *more: str) -> dict[str, Any]:
    """What the inspector answers. Raises Refused, also where it ran out of time or memory."""
    command = [sys.executable, "-m", "documents.files.inspector", job, str(path), str(out), name]
    try:
        done = subprocess.run(  # noqa: S603 – our own module, and arguments that no shell reads
            [*command, *more],
            cwd=_CHECKOUT,
            env={"PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8", "PYTHONUTF8": "1"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=SECONDS[job],
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise Refused("too-complex") from error
    try:
        answer = json.loads(done.stdout)
    except ValueError as error:
        last = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
        raise Refused("unreadable" if done.returncode > 0 else "too-complex", *last) from error
    if "refused" in answer:
        raise Refused(answer["refused"], answer["detail"])
    return answer

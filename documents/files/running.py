"""Runs the inspector on a file, and takes its silence for a no."""

import json
import subprocess
from pathlib import Path
from typing import Any

from documents.files.refused import Refused
from portal.kit.apart import run_apart

SECONDS = {"check": 45, "read": 90, "draw": 90}


def inspect(job: str, path: Path, out: Path, name: str, *more: str) -> dict[str, Any]:
    """What the inspector answers. Raises Refused, also where it ran out of time or memory."""
    arguments = (job, str(path), str(out), name, *more)
    try:
        done = run_apart("documents.files.inspector", *arguments, seconds=SECONDS[job])
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

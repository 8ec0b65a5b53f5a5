"""Looking into strangers' files: in a process of its own, with limits, that knows no secret."""

import os
import resource
import subprocess
import sys
from pathlib import Path

_CHECKOUT = Path(__file__).resolve().parents[2]


def run_apart(module: str, *arguments: str, seconds: int) -> subprocess.CompletedProcess[bytes]:
    """A module of ours as a process. Raises `subprocess.TimeoutExpired`."""
    return subprocess.run(  # noqa: S603 – our own module, and arguments that no shell reads
        [sys.executable, "-m", module, *arguments],
        cwd=_CHECKOUT,
        env={"PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8", "PYTHONUTF8": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=seconds,
        check=False,
    )


def limit(*, seconds: int, memory: int, written: int) -> None:
    """Of this process: seconds of computing, bytes of memory and of each file it writes."""
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (written, written))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

"""Looking into strangers' files without the start of a process for each, for tests of other things.

What looks into a file imports for a tenth of a second, and works for a hundredth. Here a process
has imported it, and forks one for each file: under the same limits, and as ignorant. Tests of
what such a process withstands have real ones (the fixture `real_readers`).
"""

import importlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import traceback
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
# What is run, and what it imports when it has seen the file.
READERS = ("documents.files.inspector", "finance.formats.containers.unpacking")
_LATER = ("packages", "plain_text", "pdfs", "images", "page_texts", "advising", "suggesting")
_IMPORTED = (*READERS, *(f"documents.files.{name}" for name in _LATER), "pypdfium2")


class Forking:
    """Runs modules as `portal.kit.apart.run_apart` does, each in a process that is forked."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._parent: subprocess.Popen[bytes] | None = None

    def run(self, module: str, *arguments: str, seconds: int) -> subprocess.CompletedProcess[bytes]:
        """Its answer. Raises `subprocess.TimeoutExpired`."""
        with tempfile.TemporaryDirectory() as folder:
            said = Path(folder, "out"), Path(folder, "err")
            code = self._ask([module, arguments, seconds, *map(str, said)])
            if code == -signal.SIGALRM:
                raise subprocess.TimeoutExpired(module, seconds)
            out, errors = (path.read_bytes() for path in said)
        return subprocess.CompletedProcess([module, *arguments], code, out, errors)

    def _ask(self, asked: list[object]) -> int:
        """How the process ended; one at a time."""
        with self._lock:
            parent = self._parent or self._started()
            assert parent.stdin and parent.stdout
            parent.stdin.write(json.dumps(asked).encode() + b"\n")
            parent.stdin.flush()
            return int(parent.stdout.readline())

    def _started(self) -> subprocess.Popen[bytes]:
        """The process that forks, in the environment of those of `run_apart`."""
        self._parent = subprocess.Popen(
            [sys.executable, "-m", "tests.forked"],
            cwd=CHECKOUT,
            env={"PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8", "PYTHONUTF8": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        return self._parent

    def close(self) -> None:
        """End it, if it was started."""
        if self._parent:
            self._parent.communicate()


@contextmanager
def forking() -> Iterator[None]:
    """Within the block files are looked into by forked processes."""
    from documents.files import running
    from finance.formats.containers import workbooks

    was = running.run_apart
    with closing(Forking()) as readers:
        running.run_apart = workbooks.run_apart = readers.run
        try:
            yield
        finally:
            running.run_apart = workbooks.run_apart = was


def _serve() -> None:
    """Fork for each line that comes, and answer with how that ended."""
    for name in _IMPORTED:
        importlib.import_module(name)
    for line in sys.stdin.buffer:
        child = os.fork()
        if not child:
            _work(*json.loads(line))
        _child, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)  # noqa: T201


def _work(module: str, arguments: Sequence[str], seconds: int, out: str, errors: str) -> None:
    """Run the module as a program that reads nothing and writes there; never comes back."""
    code = 1
    try:
        for number, path in enumerate((os.devnull, out, errors)):
            os.dup2(os.open(path, os.O_RDWR | os.O_CREAT), number)
        signal.alarm(seconds)
        code = importlib.import_module(module).main(list(arguments))
        sys.stdout.flush()
    except BaseException:  # noqa: BLE001 – as Python itself does at the end of a program
        traceback.print_exc()
        sys.stderr.flush()
        code = 1
    finally:
        os._exit(code)


if __name__ == "__main__":
    _serve()

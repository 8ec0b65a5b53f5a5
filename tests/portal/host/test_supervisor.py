"""The supervisor: what ends is started again, and what it started ends with it."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from portal.host import demo, supervisor
from portal.host.supervisor import Process, Supervisor
from tests.waiting import PATIENCE, Patience, wait_until

CHECKOUT = Path(__file__).resolve().parents[3]


class Fake:
    """A service that ends whenever it is told to, and keeps a diary."""

    def __init__(self, name: str, diary: list[str]) -> None:
        self.name = name
        self.diary = diary
        self.ended = ""

    def start(self) -> None:
        self.ended = ""
        self.diary.append(f"start {self.name}")

    def trouble(self) -> str:
        return self.ended

    def stop(self) -> None:
        self.diary.append(f"stop {self.name}")


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr(supervisor, "TICK", 0.02)
    monkeypatch.setattr(supervisor, "FIRST_DELAY", 0.02)


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def alive(pid: int) -> bool:
    """Whether a process runs; one that only waits to be collected does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def watch_until(keeper: Supervisor, done: Callable[[], object]) -> None:
    """Let the supervisor work until `done` is true."""
    patience = Patience()

    def tick() -> None:
        patience.check()
        if done():
            keeper.stopping.set()

    keeper.watch(on_tick=tick)


def test_services_stop_in_the_reverse_order():
    diary: list[str] = []
    keeper = Supervisor()
    for name in ("database", "worker", "web"):
        keeper.start(Fake(name, diary))
    keeper.stop_all()
    assert diary[3:] == ["stop web", "stop worker", "stop database"]


def test_a_service_that_ends_is_started_again_and_that_is_said(tmp_path, capsys):
    keeper = Supervisor()
    process = Process("worker", python("import time; time.sleep(60)"), tmp_path / "log")
    keeper.start(process)
    first = process.child
    assert first is not None
    first.kill()
    watch_until(keeper, lambda: process.child is not first)
    assert process.trouble() == ""
    keeper.stop_all()
    said = capsys.readouterr().out
    assert "The worker has stopped (exit code -9" in said
    assert "The worker was started again." in said


def test_each_restart_in_a_row_waits_longer():
    diary: list[str] = []
    keeper = Supervisor()
    service = Fake("web", diary)
    keeper.start(service)
    delays = []
    for _ in range(3):
        service.ended = "exit code 1"
        delays.append(keeper.services[0].delay)
        watch_until(keeper, lambda: not service.ended)
        keeper.stopping.clear()
    assert delays == [delays[0], 2 * delays[0], 4 * delays[0]]


def test_what_does_not_listen_ends_by_force_with_all_it_started(tmp_path):
    grandchild = "import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(60)"
    code = (
        "import signal, subprocess, sys, time; signal.signal(15, signal.SIG_IGN); "
        f"child = subprocess.Popen([sys.executable, '-c', {grandchild!r}]); "
        "print(child.pid, flush=True); time.sleep(60)"
    )
    process = Process("worker", python(code), tmp_path / "log", patience=0.2)
    process.start()
    wait_until(lambda: process.log.read_text().strip())
    pid = int(process.log.read_text())
    process.stop()
    assert process.child is not None
    assert process.child.returncode == -signal.SIGKILL
    wait_until(lambda: not alive(pid))


def test_children_are_out_of_reach_of_the_terminals_ctrl_c(tmp_path):
    process = Process("web", python("import time; time.sleep(60)"), tmp_path / "log")
    process.start()
    assert process.child is not None
    assert os.getpgid(process.child.pid) == process.child.pid
    process.stop()


def test_a_step_gives_its_exit_code():
    assert Supervisor().step(python("raise SystemExit(3)")) == 3


def test_commands_of_a_step_run_beside_each_other(tmp_path):
    met = "import pathlib, time\nfor one, other in (({0!r}, {1!r}),):\n"
    met += " pathlib.Path(one).touch()\n while not pathlib.Path(other).exists(): time.sleep(0.01)"
    one, other = str(tmp_path / "one"), str(tmp_path / "other")
    commands = python(met.format(one, other)), python(met.format(other, one))
    assert Supervisor().step(*commands, python("raise SystemExit(4)")) == 4


def test_a_step_ends_when_asked_to_stop():
    keeper = Supervisor()
    keeper.stopping.set()
    assert keeper.step(python("import time; time.sleep(60)")) == -signal.SIGTERM


SCRIPT = """
import sys
from pathlib import Path
from portal.host.supervisor import Process, Supervisor
from tests.waiting import PATIENCE, Patience, wait_until
keeper = Supervisor()
keeper.catch_signals()
sleep = [sys.executable, "-c", "import time; time.sleep(60)"]
process = Process("web", sleep, Path(sys.argv[1]))
keeper.start(process)
print(process.child.pid, flush=True)
keeper.watch(on_tick=lambda: None)
keeper.stop_all()
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_no_signal_leaves_a_process_behind(tmp_path, number):
    command = [*python(SCRIPT), str(tmp_path / "log")]
    with subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True) as main:
        assert main.stdout is not None
        child = int(main.stdout.readline())
        wait_until(lambda: b"setpriv" not in Path(f"/proc/{child}/cmdline").read_bytes())
        main.send_signal(number)
        assert main.wait(PATIENCE) == (-number if number == signal.SIGKILL else 0)
    wait_until(lambda: not alive(child))


def test_the_demos_key_is_made_once_and_is_private(tmp_path, monkeypatch):
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    for name in ("SECRET_KEY", "ALLOWED_HOSTS", "SITE_URL", "EMAIL_URL", "PORT"):
        monkeypatch.setenv(name, "to be restored")
        monkeypatch.delenv(name)
    demo.use_environment("8001")
    key = os.environ.pop("SECRET_KEY")
    demo.use_environment()
    assert os.environ["SECRET_KEY"] == key
    assert os.environ["SITE_URL"] == "http://localhost:8001"
    assert (tmp_path / "demo.env").stat().st_mode & 0o777 == 0o600

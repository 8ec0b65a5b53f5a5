"""What happens to the machines, in order, and what has to hold meanwhile."""

import json
import shutil
import subprocess
import sys
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

from portal.host.embedded.cluster import CHECKOUT
from tests.cluster.machines import Machines
from tests.cluster.parts import Failed, Manager, Part, until
from tests.cluster.postgres import OWNER, WEB, Server
from tests.cluster.visitors import Readers, Seen, Staff, Visitor

# Loads that have to be released after each kill.
_LOADS = 2

# What the database says in the middle of a step: a worker has the task; something is written.
_AT_WORK = {
    "is checked": "SELECT 1 FROM django_tasks_database_dbtaskresult WHERE status = 'RUNNING'",
    "is released": "SELECT 1 FROM pg_stat_activity WHERE backend_xid IS NOT NULL"
    " AND xact_start < clock_timestamp() - interval '0.1 s'",
}


class Story:
    """Brings everything up, kills it in turn, and looks at what is left."""

    def __init__(self, folder: Path, *, readers: int, rows: int, reads: int) -> None:
        self.machines, self.manager = Machines(folder), Manager()
        self.rows, self.reads, self.how_many = rows, reads, readers
        self.figures: list[dict[str, Any]] = []
        self.began = time.monotonic()
        self.readers: Readers | None = None
        self.staff: Staff | None = None

    def say(self, what: str) -> None:
        """A line, with the seconds since the beginning."""
        sys.stdout.write(f"{time.monotonic() - self.began:6.1f} s  {what}\n")
        sys.stdout.flush()

    def tell(self) -> None:
        """All of it. Raises Failed."""
        self._databases()
        self._rest()
        self._portal()
        self._visitors()
        self._while("nothing is killed", [])
        for web in self.webs:
            self._while(f"{web.name} is killed", [web], during="is released")
        self._while("worker-a is killed", self.workers[:1])
        # Nobody goes on with what they did but they themselves, once they are back.
        self._while("both workers are killed, and begin anew", self.workers, back_at_once=True)
        for part in (self.poolers[0], self.redis, self.replica.part):
            self._while(f"{part.name} is killed", [part])
        until("the replica has caught up", self.primary.streams)
        self._lose_the_database()
        self._end()

    def close(self) -> None:
        """Nothing that was started stays."""
        for visitors in (self.readers, self.staff):
            if visitors:
                visitors.stop.set()
        self.manager.close()

    # --- Bringing it up

    def _databases(self) -> None:
        self.primary = Server(self.machines, 0, "primary")
        self.primary.make()
        self.manager.add(self.primary.part)
        self.primary.make_roles()
        self.replica = Server(self.machines, 1, "replica")
        self.replica.copy(self.primary)
        self.manager.add(self.replica.part)
        until("the replica streams", self.primary.streams)
        self.say(f"PostgreSQL at {self.primary.at}, its replica at {self.replica.at}")

    def _rest(self) -> None:
        machines, add = self.machines, self.manager.add
        self.poolers = [add(machines.pooler(number, self.primary.at)) for number in (0, 1)]
        self.redis = add(machines.redis_server())
        self.files = add(machines.file_server())
        self.say(f"pgbouncer at {machines.poolers[0]} and {machines.poolers[1]}, "
                 f"Redis at {machines.redis}, files at {machines.files}")  # fmt: skip

    def _portal(self) -> None:
        machines, add = self.machines, self.manager.add
        self._manage("manage.py", "prepare", "--verbosity=0")
        self._manage("manage.py", "collectstatic", "--noinput", "--verbosity=0")
        first, second = (machines.place(f"var-{name}") / "static" for name in "ab")
        shutil.copytree(first, second)
        self.say("Tables, rights and static files are made")
        self.told = json.loads(self._manage("-m", "tests.cluster.content"))
        self.say("A small portfolio is there")
        self.webs = [add(machines.web(number)) for number in (0, 1)]
        self.workers = [add(machines.worker(number, self._lives)) for number in (0, 1)]
        add(machines.proxy())
        self.say(f"Web at {machines.webs[0]} and {machines.webs[1]}, two workers, "
                 f"nginx at {machines.site}")  # fmt: skip

    def _lives(self, process: int) -> bool:
        return self.primary.lives(process)

    def _manage(self, *arguments: str) -> str:
        """What a command writes; it reaches the database directly, as the owner does."""
        direct = {
            "DATABASE_URL": self.primary.url(WEB),
            "DATABASE_OWNER_URL": self.primary.url(OWNER),
        }
        environment = self.machines.environment(0, "portal") | direct
        done = subprocess.run(
            [sys.executable, *arguments], cwd=CHECKOUT, env=environment, capture_output=True,
            text=True,
        )  # fmt: skip
        if done.returncode:
            raise Failed(f"{' '.join(arguments)}: {done.stderr[-3000:]}")
        return done.stdout

    def _visitors(self) -> None:
        site = self.machines.site
        file = Visitor(site).ask(self.told["file"])
        if file.status != 200:
            raise Failed(f"A document answers with {file.status}")
        self.readers = Readers(site, [*self.told["pages"], self.told["file"]], self.how_many)
        self.staff = Staff(site, self.told, self.rows)
        self.readers.start()
        self.staff.start()

    # --- Killing

    def _while(
        self,
        what: str,
        killed: list[Part],
        *,
        during: str = "is checked",
        back_at_once: bool = False,
    ) -> None:
        """Kill them in the middle of a load; everybody goes on, and they come back."""
        readers, staff = self._both()
        self._wait_for_work(during)
        readers.count_anew()
        released, begun, again = len(staff.released), time.monotonic(), staff.again
        for part in killed:
            part.kill()
        if back_at_once:
            for part in killed:
                part.start()
        until("the next release", lambda: staff.fault or len(staff.released) > released)
        after = time.monotonic() - begun
        self._wait_for_more(released)
        for part in killed:
            if not part.is_wanted:
                part.start()
        seen = readers.count_anew()
        self._note(what, seen, time.monotonic() - begun, after, staff.again - again)
        if staff.fault or seen.failed:
            raise Failed(staff.fault or f"{len(seen.failed)} reads failed: {seen.failed[:3]}")

    def _wait_for_more(self, released: int) -> None:
        """Until enough was read and released since."""
        readers, staff = self._both()
        until(
            "reads and releases go on",
            lambda: (
                staff.fault
                or (readers.seen.reads >= self.reads and len(staff.released) >= released + _LOADS)
            ),
        )

    def _both(self) -> tuple[Readers, Staff]:
        if self.readers is None or self.staff is None:
            raise Failed("nobody is there")
        return self.readers, self.staff

    def _wait_for_work(self, step: str) -> None:
        """In the middle of a load: somebody waits for this step of it, and it is at work."""
        staff = self._both()[1]
        until(
            f"a load {step}",
            lambda: staff.fault or (staff.step.endswith(step) and self.primary.ask(_AT_WORK[step])),
        )

    def _note(self, what: str, seen: Seen, took: float, after: float, again: int) -> None:
        figures = {
            "what": what, "seconds": round(took, 1), "reads": seen.reads,
            "read again": seen.again, "failed": len(seen.failed),
            "longest without an answer": round(seen.longest, 1),
            "next release after": round(after, 1), "tried again by staff": again,
        }  # fmt: skip
        self.figures.append(figures)
        self.say("; ".join(f"{value}" if key == "what" else f"{key} {value}"
                           for key, value in figures.items()))  # fmt: skip

    def _lose_the_database(self) -> None:
        """The first server is lost in the middle of a load, the replica takes its place."""
        readers, staff = self._both()
        self.primary.wait_for("*")
        until("the primary waits for its replica", lambda: self.primary.streams("sync"))
        self._wait_for_work("is released")
        readers.count_anew()
        released, begun, again = len(staff.released), time.monotonic(), staff.again
        self.primary.part.kill()
        self.replica.ask("SELECT pg_promote()")
        for number, pooler in enumerate(self.poolers):
            self.machines.lead_to(number, self.replica.at)
            pooler.read_anew()
        self.primary = self.replica
        until("the next release", lambda: staff.fault or len(staff.released) > released)
        after = time.monotonic() - begun
        seen = readers.count_anew()
        until(
            "reads and releases go on",
            lambda: (
                staff.fault
                or (readers.seen.reads >= self.reads and len(staff.released) >= released + _LOADS)
            ),
        )
        later = readers.count_anew()
        took = time.monotonic() - begun
        self._note("primary is killed, replica promoted", seen, took, after, staff.again - again)
        if staff.fault or later.failed:
            raise Failed(staff.fault or f"reads failed afterwards: {later.failed[:3]}")

    # --- What is left

    def _end(self) -> None:
        readers, staff = self._both()
        staff.close()
        readers.close()
        names = self.primary.ask(
            "SELECT file_name, count(*) FROM finance_load WHERE state = 'released'"
            " AND file_name LIKE 'load-%%' GROUP BY 1"
        )
        if dict(names) != dict.fromkeys(staff.released, 1):
            raise Failed(f"Released are {dict(names)}, acknowledged were {staff.released}")
        (lines, amount), = self.primary.ask(
            "SELECT count(*), sum(amount) FROM finance_voucherline l JOIN finance_load d"
            " ON d.id = l.load_id WHERE d.file_name LIKE 'load-%%'"
        )  # fmt: skip
        expected = len(staff.released) * self.rows
        if (lines, amount) != (expected, Decimal(10 * expected)):
            raise Failed(f"{lines} lines of {amount} are there, {expected} were released")
        self._manage("manage.py", "verify")
        begun = {part.name: part.times_begun for part in self.manager.parts if part.times_begun > 2}
        self.say(
            f"{len(staff.released)} loads were released, each once, with all of their {lines} "
            f"lines; verification finds no difference. Started again by themselves: {begun or 0}"
        )

"""What the cluster is made of: processes that come back, docs that are run, patient readers."""

import http.server
import sys
import threading
from email import message_from_bytes
from pathlib import Path

import pytest

from tests.cluster.machines import Address, Machines, Network, fenced
from tests.cluster.parts import Failed, Manager, Part, descendants, until
from tests.cluster.visitors import Readers, form_of
from tests.waiting import wait_until


@pytest.fixture
def manager():
    manager = Manager()
    yield manager
    manager.close()


def part(folder, code):
    return Part(
        name="part", command=[sys.executable, "-c", code], log=folder / "log",
        is_ready=lambda: True,
    )  # fmt: skip


def test_what_ends_by_itself_is_started_again_and_what_was_killed_is_not(manager, tmp_path):
    short = manager.add(part(tmp_path, ""))
    wait_until(lambda: short.times_begun > 1)
    long = manager.add(part(tmp_path, "import signal; signal.pause()"))
    long.kill()
    begun = short.times_begun
    wait_until(lambda: short.times_begun > begun + 1)
    assert (long.times_begun, long.process.poll()) == (1, -9)


def test_what_a_part_started_ends_with_it(tmp_path):
    parent = part(tmp_path, "import subprocess; subprocess.run(['sleep', '1000'])")
    parent.start()
    below = wait_until(lambda: descendants(parent.process.pid))
    parent.kill()
    wait_until(lambda: not descendants(parent.process.pid))
    for process in below:
        wait_until(lambda process=process: not _runs(process))


def _runs(process):
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_what_does_not_come_is_named_with_the_time_it_was_given():
    with pytest.raises(Failed, match="the moon: not within 0 s"):
        until("the moon", lambda: None, 0)


def test_each_machine_has_an_address_of_its_own():
    network = Network()
    assert network.address(1).host != network.address(2).host
    assert network.address(1).host.startswith("127.")


def test_docs_have_the_settings_that_are_run(tmp_path):
    machines = Machines(tmp_path)
    machines.user = None
    machines.place("pgbouncer-a")
    machines.lead_to(0, Address("127.0.0.9", 5444))
    text = (tmp_path / "pgbouncer-a" / "own.ini").read_text()
    assert text.count("host=127.0.0.9 port=5444") == 2
    assert "pool_mode=session" in text
    assert "10.0.0." not in text
    for language, word in (("nginx", "upstream portal"), ("nginx", "proxy_next_upstream")):
        assert word in fenced(language, word)


def test_a_form_is_sent_as_browsers_send_it():
    body = form_of({"kind": "vouchers"}, {"file": ("a.csv", "a\nb")})
    head = b"Content-Type: multipart/form-data; boundary=what-lies-between-two-fields\r\n\r\n"
    kind, file = message_from_bytes(head + body).get_payload()
    assert kind.get_payload() == "vouchers"
    assert (file.get_filename(), file.get_payload()) == ("a.csv", "a\nb")


@pytest.mark.parametrize(("statuses", "again", "failed"), [("200", 0, 0), ("500 200", 1, 0),
                                                           ("500 500", 1, 1)])  # fmt: skip
def test_a_read_that_fails_once_is_asked_for_again(statuses, again, failed):
    left = [int(status) for status in statuses.split()]

    class Site(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(left.pop(0) if left else 200)
            self.end_headers()

        def log_message(self, *_arguments): ...

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
        readers = Readers(Address(*server.server_address), ["/"], 1)
        readers.start()
        wait_until(lambda: readers.seen.reads > 1)
        readers.close()
        server.shutdown()
    seen = readers.count_anew()
    assert (seen.again, len(seen.failed)) == (again, failed)

"""The figures of how the portal runs, in the text form that Prometheus reads."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from finance.models import Load, VerifyResult
from portal.health.answers import answered
from portal.health.checks import WATCHED
from portal.health.storage import disks
from portal.health.work import queue
from portal.health.worker_seen import last_seen, workers
from portal.models import Backup, OutgoingMail

# Labels, and the value.
Sample = tuple[dict[str, object], float]
# Name, kind, what it says, samples.
Family = tuple[str, str, str, Iterable[Sample]]


def metrics() -> str:
    """All of them."""
    lines: list[str] = []
    for name, kind, help_text, samples in _families():
        lines += [f"# HELP portal_{name} {help_text}", f"# TYPE portal_{name} {kind}"]
        for labels, value in samples:
            lines.append(f"portal_{name}{_labels(labels)} {_number(value)}")
    return "\n".join(lines) + "\n"


def _families() -> Iterator[Family]:
    yield from _of_work()
    yield from _of_data()
    yield from _of_the_machine()
    yield from _of_answers()


def _of_work() -> Iterator[Family]:
    waiting, mails = queue(), OutgoingMail.objects
    states = {"waiting": waiting.waiting, "running": waiting.running, "failed": waiting.failed}
    yield _by("queue_tasks", "Background tasks by state.", "state", states)
    age = waiting.age.total_seconds()
    yield "queue_age_seconds", "gauge", "How long the oldest task has waited.", [({}, age)]
    yield "workers", "gauge", "Background workers that live.", [({}, workers())]
    seen = last_seen()
    yield _at("worker_seen_timestamp_seconds", "Last sign of life of a worker.", seen)
    given_up = mails.exclude(given_up_at=None).count()
    states = {"waiting": mails.waiting().count(), "given_up": given_up}
    yield _by("mails", "Mails by state.", "state", states)


def _of_data() -> Iterator[Family]:
    released = Load.objects.released().order_by("-released_at").first()
    moment = released.released_at if released else None
    yield _at("load_released_timestamp_seconds", "Last release of a load.", moment)
    backup = Backup.objects.whole().first()
    moment = backup.began_at if backup else None
    yield _at("backup_timestamp_seconds", "Begin of the newest whole backup.", moment)
    size: list[Sample] = [({}, backup.size)] if backup else []
    yield "backup_size_bytes", "gauge", "Size of the newest whole backup.", size
    verified = VerifyResult.objects.of_everything().first()
    moment = verified.ended_at if verified else None
    yield _at("verify_timestamp_seconds", "Last verification of everything.", moment)


def _of_the_machine() -> Iterator[Family]:
    found = disks()
    free = {number: disk.free for number, disk in enumerate(found)}
    yield _by("disk_free_bytes", "Free room by disk.", "disk", free)
    used = {number: disk.percent / 100 for number, disk in enumerate(found)}
    yield _by("disk_used_ratio", "How full a disk is.", "disk", used)
    well = {check.name: not any(trouble.grave for trouble in check.troubles()) for check in WATCHED}
    yield _by("check_ok", "1 where a check found nothing grave.", "check", well)


def _of_answers() -> Iterator[Family]:
    found = answered()
    counts: list[Sample] = [({"status": one.status}, one.count) for one in found]
    yield "responses_total", "counter", "Answers by status.", counts
    seconds: list[Sample] = [({"status": one.status}, one.seconds) for one in found]
    yield "response_seconds_total", "counter", "Seconds spent on answers by status.", seconds


def _by(name: str, said: str, label: str, values: Mapping[Any, float]) -> Family:
    return name, "gauge", said, [({label: key}, value) for key, value in values.items()]


def _at(name: str, said: str, moment: datetime | None) -> Family:
    """The moment in seconds; nothing where it never was."""
    return name, "gauge", said, [({}, moment.timestamp())] if moment else []


def _labels(labels: dict[str, object]) -> str:
    inside = ",".join(f'{name}="{value}"' for name, value in labels.items())
    return f"{{{inside}}}" if inside else ""


def _number(value: float) -> str:
    return f"{float(value):.15g}"

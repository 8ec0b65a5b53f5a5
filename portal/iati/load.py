"""Taking an IATI activity file in: streamed, in one transaction, with a report."""

from array import array
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Count, Sum
from django.utils import timezone

from finance.formats.mended import Mended
from finance.loading.lock import lock_releases
from finance.loading.receiving import received_file
from finance.loading.scopes import Scope
from finance.loading.services import release_lines
from finance.loading.staging import StagingBuffer, staging_buffer
from finance.loading.warnings import warnings_of
from finance.models import Load, LoadRemark, Source
from finance.models.record_kinds import MONEY_MODELS
from portal.iati.errors import FaultyActivity
from portal.iati.mapping.entities import Entities
from portal.iati.mapping.family import Family
from portal.iati.mapping.projects import ProjectMapper
from portal.iati.mapping.records import RECORDS, RecordMapper
from portal.iati.mapping.remarks import Remarks
from portal.iati.mapping.spoke import Spoke
from portal.iati.reader import IatiFile
from portal.iati.stated import StatedActivity
from projects.models import Fund, Office, Project, User

BATCH = 200  # activities at once
BATCH_WEIGHT = 4000  # transactions, budgets and documents at once
MADE_TOLD = 500  # organizations that are told to have been made
READING = 0.5  # part of a load's time that goes into reading
Sums = dict[tuple[str, str], tuple[int, Decimal]]


@dataclass
class IatiReport:
    """What a load found and did."""

    load: Any = None
    activities: int = 0
    projects: dict[str, int] = field(default_factory=dict)
    records: dict[str, int] = field(default_factory=dict)
    in_file: Sums = field(default_factory=dict)
    in_database: dict[str, tuple[int, Decimal, Decimal, int]] = field(default_factory=dict)
    unplaced: Counter[str] = field(default_factory=Counter)
    left_out: list[FaultyActivity] = field(default_factory=list)
    remarks: list[LoadRemark] = field(default_factory=list)


class _CheckedOnly(Exception):
    """Ends the transaction of a check, so that nothing of it stays."""


@dataclass
class IatiLoad:
    """Loads one file; `run` does it.

    `leave_out` takes the rest of a file of which some activities cannot be read. `decide` is
    asked before the release, with the load, its counts and remarks, and may raise LoadError.
    """

    path: Path
    fund: Fund | None = None
    source_code: str = "iati"
    by: User | None = None
    reason: str = ""
    moment: datetime | None = None
    progress: Callable[[int, int], None] | None = None
    entered_by: User | None = None
    leave_out: bool = False
    decide: Callable[[Load], None] | None = None
    # A load that was received before, in the place of one made here; what was said of it.
    load: Load | None = None
    acknowledged: tuple[list[str], User | None, User | None] | None = None
    found: list[LoadRemark] = field(default_factory=list)
    # Activities to pass over by their positions; what organizations and currencies mean.
    mended: Mended = field(default_factory=Mended)

    def check(self) -> IatiReport:
        """What loading the file would do; nothing of it stays.

        Raises IatiFileError or LoadError.
        """
        report = IatiReport()
        try:
            self._take(report, check_only=True)
        except _CheckedOnly:
            report.load = None
        return report

    def run(self) -> IatiReport:
        """Take the file in and release it.

        Raises IatiFileError or LoadError; then the database is as before.
        """
        report = IatiReport()
        self._take(report)
        return report

    def _take(self, report: IatiReport, *, check_only: bool = False) -> None:
        file = IatiFile(
            self.path,
            leave_out=self.leave_out,
            without=self.mended.left_out,
            currencies=self.mended.rules.get("currency"),
        )
        header = file.header
        with (
            transaction.atomic(),
            self._received() as load,
            staging_buffer(load) as lines,
        ):
            batches = _Batches(self, lines, header.generated, report)
            for activities in _batches(file.activities(self._reading)):
                batches.apply(activities)
            report.unplaced += file.unplaced
            report.left_out = file.left_out
            batches.finish()
            load.report = {
                "unplaced": dict(report.unplaced),
                "activities": report.activities,
                "left_out": [[each.identifier, each.line] for each in report.left_out],
                "made": batches.entities.made[:MADE_TOLD],
                "made_more": max(0, len(batches.entities.made) - MADE_TOLD),
            }
            load.scope = batches.scope().as_json()
            release_lines(
                load=load,
                lines=lines,
                models=RECORDS,
                projects=batches.ids,
                decide=lambda: self._look_at(load, batches, check_only=check_only),
                by=self.by,
                moment=self.moment,
                tell=self._releasing,
            )
            batches.count_in_database()
            report.records = load.counts
            report.load = load
            if check_only:
                raise _CheckedOnly

    @contextmanager
    def _received(self) -> Iterator[Load]:
        """The load of the file, under the lock of releases."""
        if self.load is None:
            with received_file(
                source=self._source(),
                kind=Load.Kind.IATI,
                path=self.path,
                by=self.entered_by,
                reason=self.reason,
            ) as load:
                yield load
            return
        lock_releases()
        load = Load.objects.select_for_update(of=("self",)).get(pk=self.load.pk)
        load.staged_lines.all().delete()
        load.remarks.all().delete()
        yield load

    def _look_at(self, load: Load, batches: "_Batches", *, check_only: bool) -> None:
        """Keep the warnings, acknowledged by whoever releases, and ask whether to go on."""
        remarks = batches.remarks
        remarks.two_levels()
        found = [*remarks.found, *warnings_of(load, RECORDS)]
        self.found = found
        LoadRemark.objects.bulk_create(found, batch_size=1000)
        batches.report.remarks = found
        if self.decide is not None and not check_only:
            self.decide(load)
        if self.acknowledged is None:
            load.acknowledged = sorted({each.code for each in found})
            load.acknowledged_by = load.withdrawal_confirmed_by = self.by
        else:
            load.acknowledged, load.acknowledged_by, load.withdrawal_confirmed_by = (
                self.acknowledged
            )
        load.save(update_fields=["acknowledged", "acknowledged_by", "withdrawal_confirmed_by"])

    def _reading(self, done: int, size: int) -> None:
        self._releasing(READING * (done / size - 1) / (1 - READING))

    def _releasing(self, part: float) -> None:
        if self.progress is not None:
            self.progress(round(1000 * (READING + (1 - READING) * part)), 1000)

    def _source(self) -> Source:
        source, _made = Source.objects.get_or_create(
            code=self.source_code, defaults={"name": f"IATI ({self.source_code})"}
        )
        return source


class _Batches:
    """The work on batches of activities within the transaction of a load."""

    def __init__(
        self, task: IatiLoad, lines: StagingBuffer, told: datetime | None, report: IatiReport
    ) -> None:
        self.task = task
        self.report = report
        self.lines = lines
        self.entities = Entities(meant=task.mended.rules.get("organization"))
        self.remarks = Remarks(lines.load)
        # The source has spoken when its file came at the latest, whatever day it names.
        came = timezone.localtime(task.moment or lines.load.received_at)
        spoke = Spoke(told, came)
        self.projects = ProjectMapper(lines.load, self.entities, spoke, self.remarks)
        self.mapper = RecordMapper(self.entities, Office.current(), spoke, self.remarks)
        self.levels: Counter[tuple[str, int]] = Counter()
        # With the names of entities and the numbers read so far, all that grows with the file.
        self.ids = array("q")
        self.family = Family()

    def apply(self, activities: list[StatedActivity]) -> None:
        """Apply a batch of activities: entities first, then their records."""
        funds = [self.task.fund or self.entities.fund(each.reporting_org) for each in activities]
        ids = self.projects.apply(list(zip(activities, funds, strict=True)))
        self.ids.extend(ids)
        for activity, fund, pk in zip(activities, funds, ids, strict=True):
            self.family.remember(activity, pk)
            for line in self.mapper.lines(activity, pk, fund):
                self.lines.add(line)
                self.levels[line.model, activity.hierarchy] += 1
            self._count(activity)

    def _count(self, activity: StatedActivity) -> None:
        self.report.activities += 1
        self.report.unplaced += activity.unplaced
        for item in activity.transactions:
            key = (item.type, item.value.currency or "")
            count, amount = self.report.in_file.get(key, (0, Decimal(0)))
            self.report.in_file[key] = (count + 1, amount + item.value.amount)

    def finish(self) -> None:
        """Join children to parents and complete what the report says of the file."""
        self.family.join()
        for unplaced in (self.family.unplaced, self.mapper.unplaced, self.entities.unplaced):
            self.report.unplaced += unplaced
        self.remarks.levels(self.levels)
        for activity in self.report.left_out:
            self.remarks.left_out(activity)
        self.report.unplaced = +self.report.unplaced
        self.report.projects = self.projects.counts

    def count_in_database(self) -> None:
        """Report what now stands of the file's projects."""
        for model in (MONEY_MODELS[name] for name in RECORDS):
            rows = (
                model.objects.known_at()
                .extra(where=["project_id = ANY(%s::bigint[])"], params=[list(self.ids)])
                .values_list("currency")
                .annotate(Count("pk"), Sum("amount"), Sum("base_amount"), Count("base_amount"))
                .order_by("currency")
            )
            for currency, count, amount, base_amount, converted in rows:
                key = f"{model._meta.verbose_name_plural} {currency}"
                self.report.in_database[key] = (count, amount, base_amount or Decimal(0), converted)

    def scope(self) -> Scope:
        """What the file is complete for: the activities in it."""
        numbers = Project.objects.extra(
            where=["projects_project.id = ANY(%s::bigint[])"], params=[list(self.ids)]
        ).order_by("number")
        return Scope(complete=True, projects=tuple(numbers.values_list("number", flat=True)))


def _batches(activities: Iterator[StatedActivity]) -> Iterator[list[StatedActivity]]:
    """Activities in batches that are bounded in what they state, too."""
    batch: list[StatedActivity] = []
    weight = 0
    for activity in activities:
        batch.append(activity)
        weight += len(activity.transactions) + len(activity.budgets) + len(activity.documents)
        if len(batch) == BATCH or weight >= BATCH_WEIGHT:
            yield batch
            batch, weight = [], 0
    if batch:
        yield batch

"""Taking an IATI activity file in: streamed, in one transaction, with a report."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Count, Prefetch, Sum

from finance.intake import Intake, Stated
from finance.loading.scopes import Scope
from finance.models import Load, ProjectStatement, Source
from finance.services import publish_load, received_file
from portal.exchange.iati_nouns import Nouns
from portal.exchange.iati_projects import ProjectTaker
from portal.exchange.iati_reader import IatiFile
from portal.exchange.iati_records import RECORD_MODELS, RecordMapper
from portal.exchange.iati_stated import StatedActivity
from projects.models import Fund, Office, Project
from projects.withheld import withheld_projects

BATCH = 100
PARENT, CHILD = "1", "2"
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


class _CheckedOnly(Exception):
    """Ends the transaction of a check, so that nothing of it stays."""


@dataclass
class IatiLoad:
    """Loads one file; `run` does it."""

    path: Path
    fund: Fund | None = None
    source_code: str = "iati"
    by: object = None
    reason: str = ""
    moment: datetime | None = None
    progress: Callable[[int, int], None] | None = None
    entered_by: object = None

    def check(self) -> IatiReport:
        """What taking the file in would do; nothing of it stays.

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
        file = IatiFile(self.path)
        header = file.header
        with (
            transaction.atomic(),
            received_file(
                source=self._source(),
                kind=Load.Kind.IATI,
                path=self.path,
                by=self.entered_by,
                reason=self.reason,
            ) as load,
        ):
            told_on = header.generated.date() if header.generated else None
            batches = _Batches(self, load, told_on, report)
            for activities in _chunks(file.activities(self.progress), BATCH):
                batches.take(activities)
            report.unplaced += file.unplaced
            batches.finish()
            load.report = {"unplaced": dict(report.unplaced), "activities": report.activities}
            load.scope = batches.scope().as_json()
            intake = batches.intake
            publish_load(
                load=load,
                touched=intake.touched,
                counts=intake.counts,
                by=self.by,
                moment=self.moment,
            )
            report.load = load
            if check_only:
                raise _CheckedOnly

    def _source(self) -> Source:
        source, _made = Source.objects.get_or_create(
            code=self.source_code, defaults={"name": f"IATI ({self.source_code})"}
        )
        return source


class _Batches:
    """The work on batches of activities within the transaction of a load."""

    def __init__(
        self, task: IatiLoad, load: Load, told_on: date | None, report: IatiReport
    ) -> None:
        self.task = task
        self.report = report
        self.load = load
        self.nouns = Nouns()
        self.intake = Intake(load)
        self.projects = ProjectTaker(load, self.nouns, told_on)
        self.mapper = RecordMapper(self.nouns, Office.current(), told_on)
        self.parents: list[tuple[int, str]] = []
        self.seen: set[int] = set()

    def take(self, activities: list[StatedActivity]) -> None:
        """Take a batch of activities in: nouns first, then their records."""
        known = self._known(activities)
        stated: list[Stated] = []
        ids: list[int] = []
        for activity in activities:
            fund = self.task.fund or self.nouns.fund(activity.reporting_org)
            project = self.projects.take(activity, known, fund)
            ids.append(project.pk)
            self._remember_family(activity, project)
            stated += self.mapper.records(activity, project.pk, fund)
            self._count(activity)
        self.intake.take(RECORD_MODELS, ids, stated)
        self.seen.update(ids)

    def _known(self, activities: list[StatedActivity]) -> dict[str, Project]:
        said = ProjectStatement.objects.filter(load__source=self.load.source).order_by("-pk")
        projects = Project.objects.select_related("fund").prefetch_related(
            Prefetch("statements", said, to_attr="source_statements")
        )
        numbers = [a.identifier.lower() for a in activities]
        shown = projects.extra(where=["lower(number) = ANY(%s)"], params=[numbers])
        known = {project.number.lower(): project for project in shown}
        withheld = withheld_projects(set(numbers) - known.keys())
        found = projects.in_bulk(withheld.values())
        return known | {number: found[pk] for number, pk in withheld.items()}

    def _remember_family(self, activity: StatedActivity, project: Project) -> None:
        for relation in activity.related_activities:
            if relation.type == PARENT:
                self.parents.append((project.pk, relation.ref.lower()))
            else:
                self.report.unplaced[f"related-activity of type {relation.type}"] += (
                    relation.type != CHILD
                )

    def _count(self, activity: StatedActivity) -> None:
        self.report.activities += 1
        self.report.unplaced += activity.unplaced
        self.report.unplaced["sector"] += len(activity.sectors)
        for item in activity.transactions:
            key = (item.type, item.value.currency or "")
            count, amount = self.report.in_file.get(key, (0, Decimal(0)))
            self.report.in_file[key] = (count + 1, amount + item.value.amount)

    def finish(self) -> None:
        """Join children to parents and complete the report."""
        missing = self._join_parents()
        self.report.unplaced["related-activity: parent unknown here"] += missing
        self.report.unplaced += self.mapper.unplaced
        self.report.unplaced = +self.report.unplaced
        self.report.projects = self.projects.counts
        self.report.records = dict(self.intake.counts)
        for model in RECORD_MODELS:
            rows = (
                model.objects.known_at()
                .filter(project_id__in=self.seen)
                .values_list("currency")
                .annotate(Count("pk"), Sum("amount"), Sum("usd"), Count("usd"))
                .order_by("currency")
            )
            for currency, count, amount, usd, converted in rows:
                key = f"{model._meta.verbose_name_plural} {currency}"
                self.report.in_database[key] = (count, amount, usd or Decimal(0), converted)

    def scope(self) -> Scope:
        """What the file is complete for: the activities in it."""
        numbers = Project.objects.filter(pk__in=self.seen).order_by("number")
        return Scope(complete=True, projects=tuple(numbers.values_list("number", flat=True)))

    def _join_parents(self) -> int:
        """Set parents that are known by now; returns how many are not."""
        missing = 0
        for chunk in _chunks(iter(self.parents), BATCH):
            parents = {
                p.number.lower(): p.pk
                for p in Project.objects.extra(
                    where=["lower(number) = ANY(%s)"], params=[[ref for _child, ref in chunk]]
                )
            }
            children = Project.objects.in_bulk([child for child, _ref in chunk])
            for child, ref in chunk:
                parent = parents.get(ref)
                missing += parent is None
                project = children[child]
                if parent not in {None, child, project.parent_id}:
                    project.parent_id = parent
                    project.save()
        return missing


def _chunks(items: Iterator, size: int) -> Iterator[list]:
    while chunk := list(islice(items, size)):
        yield chunk

"""Projects, organizations, funds and what belongs to them, as loads state them.

A thing keeps its history; a field edited by hand (`held_fields`) wins over later loads. What
a load said is kept as a statement, which is also what a reversal goes back to.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from itertools import islice
from typing import Any, NamedTuple

from finance.loading.entities import parts
from finance.loading.entities.reading import FundReader, OrganizationReader, ProjectReader
from finance.loading.entities.steps import Stood, log_steps, moved_from, stood, take_back_steps
from finance.loading.entities.subjects import MODEL as SUBJECTS
from finance.loading.entities.subjects import Subjects
from finance.loading.entities.writing import write_funds, write_organizations, write_projects
from finance.models import (
    FundStatement,
    Load,
    OrganizationStatement,
    PartStatement,
    ProjectStatement,
    StagedLine,
)
from portal.kit.text import Alike
from projects.models import Contact, Fund, Organization, Participation, Project
from projects.withheld import withheld_alike

BATCH = 500  # things written at once


class Said(NamedTuple):
    """What a line says of a thing, and the thing's id if there is one."""

    line: int
    fingerprint: str
    values: Any
    thing: int | None


# Given the values of a line, the id of what they are about, if it is there.
Finder = Callable[[Any], int | None]
_OF_STATUS = ("status", "status_on")


class _Entity:
    """Something with a page of its own, found by a number or code."""

    def __init__(
        self, model: Any, column: str, reader: Any, statement: Any, owner: str, write: Any
    ) -> None:
        self.model, self.column, self.reader = model, column, reader
        self.statement, self.owner, self.write = statement, owner, write

    def finder(self, load: Load) -> Finder:
        """By number or code; withheld ones are those that the load states."""
        known: Alike[int] = Alike(self.model.objects.values_list(self.column, "pk"))
        if self.model is Fund:
            return lambda values: known.get(values[self.column])
        stated = load.staged_lines.values_list(f"values__{self.column}", flat=True)
        withheld = withheld_alike(self.model, [code for code in stated if known.get(code) is None])
        return lambda values: known.get(values[self.column]) or withheld.get(values[self.column])

    def said_last(self, source: int) -> Callable[[Any, int], str | None]:
        """The fingerprint of what the source said last of a thing, by values and id."""
        newest = _newest(self.statement, self.owner, load__source_id=source)
        said = dict(newest.values_list(self.owner, "fingerprint"))
        return lambda _values, pk: said.get(pk)

    def state(self, load: Load, said: list[Said]) -> None:
        """Bring things to what is stated, and keep what was said.

        In a fixed number of statements, and one more for each that is there already.
        """
        there = self.model.objects.in_bulk([one.thing for one in said if one.thing is not None])
        before = self.stood(there.values())
        things = self.write([(there.get(one.thing), one.values) for one in said])
        also = self.also(load, before, things)
        self.statement.objects.bulk_create(
            self.statement(
                load=load,
                line=one.line,
                fingerprint=one.fingerprint,
                values=one.values,
                **{self.owner: thing.pk},
                **also.get(thing.pk, {}),
            )
            for one, thing in zip(said, things, strict=True)
        )

    def stood(self, _things: Iterable[Any]) -> Any:
        """What is to be remembered of things before they are changed."""
        return None

    def also(self, _load: Load, _before: Any, _things: list[Any]) -> dict[int, dict[str, Any]]:
        """What else is kept with what was said, by the id of the thing."""
        return {}

    def restore(self, load: Load, reversed_load: Load) -> None:
        """State again what stood before the reversed load; none is deleted."""
        self.restate(load, reversed_load)

    def restate(
        self,
        load: Load,
        reversed_load: Load,
        kept: Collection[int] = (),
        names: tuple[str, ...] = (),
    ) -> None:
        """State it, but not the values of these names of the things that keep theirs."""
        reversed_ones = self.statement.objects.filter(load=reversed_load).values(self.owner)
        earlier = _newest(
            self.statement,
            self.owner,
            load__released_at__lt=reversed_load.released_at,
            **{f"{self.owner}__in": reversed_ones},
        )
        things = self.model.objects.in_bulk(earlier.values_list(self.owner, flat=True))
        waiting = earlier.iterator(chunk_size=BATCH)
        while batch := list(islice(waiting, BATCH)):
            said = []
            for one in batch:
                thing = things[getattr(one, self.owner)]
                values = {**one.values, self.column: getattr(thing, self.column)}
                values.setdefault("fund_id", getattr(thing, "fund_id", None))
                for name in names if thing.pk in kept else ():
                    values.pop(name, None)
                said.append(Said(one.line, one.fingerprint, values, thing.pk))
            self.state(load, said)


class _Project(_Entity):
    """A project: the steps of its status are logged, and taken back with the load."""

    def stood(self, things: Iterable[Project]) -> dict[int, Stood]:
        """The status of each before."""
        return {project.pk: stood(project) for project in things}

    def also(
        self, load: Load, before: dict[int, Stood], things: list[Project]
    ) -> dict[int, dict[str, Any]]:
        """Log steps; what a reversal goes back to."""
        moved = [
            (project, project.status_on)
            for project in things
            if project.status_on and before.get(project.pk, ("",))[0] != project.status
        ]
        log_steps(load, moved)
        return {
            project.pk: {"status_before": moved_from(before.get(project.pk), project)}
            for project in things
        }

    def restore(self, load: Load, reversed_load: Load) -> None:
        """As of all things; where no load stated a status before, that of then comes back, and one
        that a later load states too stays."""
        kept = take_back_steps(reversed_load)
        self.restate(load, reversed_load, kept, _OF_STATUS)


class _Part:
    """Something that belongs to a project or fund, found by what it is of."""

    def __init__(self, name: str, model: Any, reader: Any, key: Any, write: Any) -> None:
        self.name, self.model, self.reader = name, model, reader
        self.key, self.write = key, write

    def finder(self, load: Load) -> Finder:
        """By project or fund, and what tells it from others of these."""
        owners = load.staged_lines.values_list("project_id", "fund_id").order_by().distinct()
        return self._among(owners)

    def _among(self, owners: Iterable[tuple[int | None, int | None]]) -> Finder:
        known = parts.standing(self.model, self.key, list(owners))
        return lambda values: known.get(self.key(values))

    def said_last(self, source: int) -> Callable[[Any, int], str | None]:
        """The fingerprint of what the source said last of a thing, by values and id."""
        newest = _newest(PartStatement, "key", load__source_id=source, model=self.name)
        said = dict(newest.values_list("key", "fingerprint"))
        return lambda values, _pk: said.get(self.key(values))

    def state(self, load: Load, said: list[Said]) -> None:
        """Bring things to what is stated, and keep what was said."""
        there = self.model.objects.in_bulk([one.thing for one in said if one.thing is not None])
        self.write([(there.get(one.thing), one.values) for one in said])
        PartStatement.objects.bulk_create(
            PartStatement(
                load=load,
                model=self.name,
                key=self.key(one.values),
                project_id=one.values.get("project_id"),
                fund_id=one.values.get("fund_id"),
                line=one.line,
                fingerprint=one.fingerprint,
                values=one.values,
            )
            for one in said
        )

    def restore(self, load: Load, reversed_load: Load) -> None:
        """State again what stood before the reversed load; none is deleted."""
        reversed_ones = PartStatement.objects.filter(load=reversed_load, model=self.name)
        earlier = _newest(
            PartStatement,
            "key",
            model=self.name,
            load__released_at__lt=reversed_load.released_at,
            key__in=reversed_ones.values("key"),
        )
        stood = [one for one in earlier if one.values]
        find = self._among((one.project_id, one.fund_id) for one in stood)
        self.state(
            load, [Said(one.line, one.fingerprint, one.values, find(one.values)) for one in stood]
        )


def _newest(statement: Any, by: str, **where: Any) -> Any:
    """Of each thing the statement that was released last, and not taken back."""
    rows = statement.objects.filter(load__released_at__isnull=False, **where)
    rows = rows.exclude(load__in=Load.objects.taken_back())
    return rows.order_by(by, "-load__released_at", "-pk").distinct(by)


# What the lines of each kind of file are called, and how they are taken in.
_TOLD: dict[str, tuple[str, _Entity | _Part | Subjects]] = {
    Load.Kind.PROJECTS: (
        "project",
        _Project(Project, "number", ProjectReader, ProjectStatement, "project_id", write_projects),
    ),
    Load.Kind.ORGANIZATIONS: (
        "organization",
        _Entity(
            Organization, "code", OrganizationReader, OrganizationStatement, "organization_id",
            write_organizations,
        ),
    ),
    Load.Kind.FUNDS: (
        "fund",
        _Entity(Fund, "code", FundReader, FundStatement, "fund_id", write_funds),
    ),
    Load.Kind.PARTICIPATIONS: (
        "participation",
        _Part(
            "participation", Participation, parts.ParticipationReader, parts.participation_key,
            parts.write_participations,
        ),
    ),
    Load.Kind.CONTACTS: (
        "contact",
        _Part("contact", Contact, parts.ContactReader, parts.contact_key, parts.write_contacts),
    ),
    Load.Kind.SUBJECTS: (SUBJECTS, Subjects()),
}  # fmt: skip
# Kinds of files of entities → what their lines are called.
MODELS: dict[str, str] = {kind: name for kind, (name, _how) in _TOLD.items()}


def reader(kind: str) -> Any:
    """What turns the rows of such a file into lines."""
    return _TOLD[kind][1].reader()


def compare(load: Load) -> Counter[str]:
    """Drop the staged lines of which this source said the same last; returns the counts."""
    counts: Counter[str] = Counter()
    unchanged, changed = [], []
    how = _TOLD[load.kind][1]
    find, said = how.finder(load), how.said_last(load.source_id)
    staged = load.staged_lines.values_list("pk", "fingerprint", "values")
    for pk, fingerprint, values in staged.iterator():
        thing = find(values)
        if thing is None:
            counts["new"] += 1
        elif said(values, thing) == fingerprint:
            unchanged.append(pk)
        else:
            changed.append(StagedLine(pk=pk, record_id=thing))
    load.staged_lines.filter(pk__in=unchanged).delete()
    StagedLine.objects.bulk_update(changed, ["record_id"], batch_size=BATCH)
    return counts + Counter(unchanged=len(unchanged), changed=len(changed))


def apply(load: Load) -> None:
    """Make and change what is staged."""
    how = _TOLD[load.kind][1]
    find = how.finder(load)
    rows = load.staged_lines.order_by("pk").values_list("line", "fingerprint", "values")
    waiting = rows.iterator(chunk_size=BATCH)
    while batch := list(islice(waiting, BATCH)):
        said = [Said(line, digest, values, find(values)) for line, digest, values in batch]
        how.state(load, said)


def restore(load: Load, reversed_load: Load) -> None:
    """State again what stood of these things before the reversed load; none is deleted."""
    for _name, how in _TOLD.values():
        how.restore(load, reversed_load)

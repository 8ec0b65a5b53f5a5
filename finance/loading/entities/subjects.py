"""What projects are about, as files state it: one row for each project, by codes of public lists.

A list that a row states replaces that list of the project; what it leaves empty stays.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any, NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _

from finance.loading.digests import digest
from finance.loading.lines import Line, Refused, refuse_repeat, refuse_twice
from finance.loading.references import References, Unknown
from finance.models import Load, PartStatement, ProjectStatement
from projects.models import ProjectSubject
from projects.models.subjects import shares_fault, subject_faults

MODEL = "subjects"
_Scheme = ProjectSubject.Scheme
# Columns of a file → the lists that they state.
COLUMNS = {
    "sectors": _Scheme.SECTOR,
    "goals": _Scheme.GOAL,
    "gender": _Scheme.GENDER,
    "humanitarian": _Scheme.HUMANITARIAN,
}
_NAMES = {scheme.value: name for name, scheme in COLUMNS.items()}
_BEFORE = "before"  # in what is kept of a row: what stood then in the lists that it states
# Codes with their shares, or None, as JSON has them, in the order of codes.
Codes = list[list[Any]]


class SubjectReader:
    """Rows that say what a project is about."""

    def __init__(self) -> None:
        self.references = References()
        self.seen: dict[str, int] = {}

    def line(self, number: int, row: dict[str, Any], as_stated: tuple[str, ...]) -> Line:
        """The codes that the row states. Raises Refused."""
        try:
            project, _fund = self.references.project(row["project"])
        except Unknown as error:
            advice = _("Load or enter it first.")
            raise Refused("project", row["project"], str(error), advice) from error
        refuse_repeat(self.seen, self.references.numbers[project], number, "project")
        stated = {name: _codes(name, row[name]) for name in COLUMNS if row.get(name) is not None}
        fingerprint = digest(MODEL, *as_stated)
        return Line(MODEL, number, fingerprint, project, None, {"project_id": project} | stated)


def _codes(name: str, cell: Any) -> Codes:
    """What the cell of that column states. Raises Refused."""
    if isinstance(cell, bool):
        return [["1", None]] if cell else []
    pairs = cell if isinstance(cell, tuple) else ((cell, None),)
    for code, share in pairs:
        for fault in subject_faults(COLUMNS[name], code, share).values():
            raise Refused(name, code, fault)
    refuse_twice(name, [(code, code, share) for code, share in pairs])
    if fault := shares_fault(share for _code, share in pairs):
        raise Refused(name, "", fault)
    return _plain(pairs)


def _plain(pairs: Iterable[tuple[str, Decimal | None]]) -> Codes:
    shares = [(code, share if share is None else f"{share.normalize():f}") for code, share in pairs]
    return [[code, share] for code, share in sorted(shares)]


def standing_subjects(projects: Iterable[int | None]) -> dict[int, dict[str, Codes]]:
    """What these projects are about today, by column; of a project without any nothing."""
    found: dict[int, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    rows = ProjectSubject.objects.filter(project__in=projects, scheme__in=_NAMES)
    for project, scheme, code, share in rows.values_list("project", "scheme", "code", "share"):
        found[project][_NAMES[scheme]].append((code, share))
    return {pk: {name: _plain(each) for name, each in lists.items()} for pk, lists in found.items()}


def write_subjects(stated: dict[int, dict[str, Codes]]) -> None:
    """Of these projects the lists that are stated, and no other."""
    for name, scheme in COLUMNS.items():
        those = {pk: lists[name] for pk, lists in stated.items() if name in lists}
        ProjectSubject.objects.filter(project__in=those, scheme=scheme).delete()
        ProjectSubject.objects.bulk_create(
            ProjectSubject(project_id=pk, scheme=scheme, code=code, share=share)
            for pk, codes in those.items()
            for code, share in codes
        )


class Subjects:
    """How loads take in what projects are about; what is found by a row is its project."""

    reader = SubjectReader

    def finder(self, load: Load) -> Callable[[Any], int | None]:
        """The project, where anything is said of it yet."""
        known = standing_subjects(load.staged_lines.values_list("project_id", flat=True))
        return lambda values: pk if (pk := values["project_id"]) in known else None

    def said_last(self, source: int) -> Callable[[Any, int], str | None]:
        """The fingerprint of what the source said last of a project.

        None where others stated the project since, so that other lists stand than the source says:
        what is stated last counts, and to say the same again is to state it.
        """
        theirs = _last_said(_statements().filter(load__source_id=source))
        others = _last_said(_statements().exclude(load__source_id=source), _by_activities())
        overtaken = {
            pk for pk, (at, _said) in theirs.items() if pk in others and others[pk][0] > at
        }
        today = standing_subjects(overtaken)

        def last(values: Any, pk: int) -> str | None:
            lists = today.get(pk, {})
            is_gone = any(lists.get(name, []) != codes for name, codes in _lists(values).items())
            return None if pk not in theirs or (pk in overtaken and is_gone) else theirs[pk][1]

        return last

    def state(self, load: Load, said: Iterable[Any]) -> None:
        """Bring projects to what is stated, and keep what was said and what stood before."""
        rows = list(said)
        stated = {one.values["project_id"]: _lists(one.values) for one in rows}
        before = standing_subjects(stated)
        write_subjects(stated)
        PartStatement.objects.bulk_create(
            PartStatement(
                load=load,
                model=MODEL,
                key=str(pk := one.values["project_id"]),
                project_id=pk,
                line=one.line,
                fingerprint=one.fingerprint,
                values=one.values
                | {_BEFORE: {name: before.get(pk, {}).get(name, []) for name in stated[pk]}},
            )
            for one in rows
        )

    def restore(self, _load: Load, reversed_load: Load) -> None:
        """Back to what would stand without the load; what was changed since stays."""
        layers = _layers(reversed_load)
        today = standing_subjects({pk for pk, _name in layers})
        back: dict[int, dict[str, Codes]] = defaultdict(dict)
        for (pk, name), each in layers.items():
            at = [layer.load for layer in each].index(reversed_load.pk)
            is_last = all(layer.ended for layer in each[at + 1 :])
            if is_last and today.get(pk, {}).get(name, []) == each[at].codes:
                back[pk][name] = _under(each[: at + 1])
        write_subjects(back)


def _lists(values: dict[str, Any]) -> dict[str, Codes]:
    return {name: values[name] for name in COLUMNS if name in values}


def _statements() -> Any:
    """What stands of what loads said."""
    said = PartStatement.objects.filter(model=MODEL, load__released_at__isnull=False)
    return said.exclude(load__in=Load.objects.taken_back())


def _by_activities() -> Any:
    """Projects that IATI activities stated: with them their subjects, which no reversal undoes."""
    return ProjectStatement.objects.filter(
        load__kind=Load.Kind.IATI, load__reverses=None, load__released_at__isnull=False
    )


def _last_said(*statements: Any) -> dict[int, tuple[datetime, str]]:
    """When each project was stated last, and the fingerprint of that."""
    found: dict[int, tuple[datetime, str]] = {}
    for each in statements:
        rows = each.order_by("load__released_at", "pk")
        for pk, at, said in rows.values_list("project_id", "load__released_at", "fingerprint"):
            if pk not in found or at >= found[pk][0]:
                found[pk] = at, said
    return found


class _Layer(NamedTuple):
    """What a load laid over a list of a project, and what stood there before."""

    load: int
    begun: datetime
    ended: datetime | None  # when it was taken back
    codes: Codes
    before: Codes


def _layers(reversed_load: Load) -> dict[tuple[int, str], list[_Layer]]:
    """By project and list that the load stated: all that loads stated of it, the oldest first."""
    said = PartStatement.objects.filter(model=MODEL, load__released_at__isnull=False)
    ours = said.filter(load=reversed_load).values("project")
    rows: Any = said.filter(project__in=ours).order_by("load__released_at", "pk")
    loads = Load.objects.with_reversed_at().filter(pk__in=rows.order_by().values("load"))
    ended = dict(loads.values_list("pk", "reversed_at")) | {reversed_load.pk: timezone.now()}
    found: dict[tuple[int, str], list[_Layer]] = defaultdict(list)
    for pk, load, begun, values in rows.values_list(
        "project_id", "load_id", "load__released_at", "values"
    ):
        for name, codes in _lists(values).items():
            layer = _Layer(load, begun, ended[load], codes, values[_BEFORE][name])
            found[pk, name].append(layer)
    return {
        key: layers
        for key, layers in found.items()
        if any(layer.load == reversed_load.pk for layer in layers)
    }


def _under(layers: list[_Layer]) -> Codes:
    """What stands under the last of them once those that ended are gone.

    That is what stood before it, but for what lay there then and has been taken back since.
    """
    found = layers[0].before
    for lower, upper in pairwise(layers):
        lay_there = lower.codes == upper.before and (lower.ended or upper.begun) > upper.begun
        found = found if lay_there else upper.before
    return found

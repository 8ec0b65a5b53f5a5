"""What projects are about, as files state it: one row for each project, by codes of public lists.

A list that a row states replaces that list of the project; what it leaves empty stays.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from finance.loading.digests import digest
from finance.loading.lines import Line, Refused, refuse_repeat, refuse_twice
from finance.loading.references import References, Unknown
from finance.models import Load, PartStatement
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
        """The fingerprint of what the source said last of a project."""
        rows = _statements().filter(load__source_id=source).order_by("load__released_at", "pk")
        said = dict(rows.values_list("project_id", "fingerprint"))
        return lambda _values, pk: said.get(pk)

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
        """Back to what other loads say, or what stood before any; what was changed since stays."""
        taken_back = PartStatement.objects.filter(load=reversed_load, model=MODEL)
        reversed_ones = [one for one in taken_back if one.project_id and one.values]
        projects = {int(one.project_id or 0) for one in reversed_ones}
        today = standing_subjects(projects)
        earlier = _told(_statements().filter(project__in=projects).exclude(load=reversed_load))
        first = _told(PartStatement.objects.filter(model=MODEL, project__in=projects), _BEFORE)
        back: dict[int, dict[str, Codes]] = {}
        for one in reversed_ones:
            pk = int(one.project_id or 0)
            back[pk] = {
                name: earlier.get((pk, name), first[pk, name])
                for name, codes in _lists(one.values).items()
                if today.get(pk, {}).get(name, []) == codes
            }
        write_subjects(back)


def _lists(values: dict[str, Any]) -> dict[str, Codes]:
    return {name: values[name] for name in COLUMNS if name in values}


def _statements() -> Any:
    """What stands of what loads said."""
    said = PartStatement.objects.filter(model=MODEL, load__released_at__isnull=False)
    return said.exclude(load__in=Load.objects.taken_back())


def _told(statements: Any, part: str = "") -> dict[tuple[int, str], Codes]:
    """By project and list: what was said last of it or, of the part before, what stood first."""
    order = ("-load__released_at", "-pk") if part else ("load__released_at", "pk")
    return {
        (one.project_id, name): codes
        for one in statements.order_by(*order)
        if one.values
        for name, codes in _lists(one.values[part] if part else one.values).items()
    }

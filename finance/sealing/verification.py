"""Recomputing from the records what was sealed and summed; the first difference in words.

Nothing here trusts what it checks: seals are hashed anew from the stored rows, key figures
derived anew, kept files read anew. `manage.py verify` looks at everything; after each release
a task looks at the projects concerned.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task

from finance.models import ErasedFile, Load, Seal, VerifyResult
from finance.sealing import canonical
from finance.sealing.check import check_records, check_seals, check_unsealed
from finance.sealing.database_check import check_database
from finance.sealing.sums_check import (
    Progress,
    check_entries,
    check_fund_sums,
    check_key_figures,
    check_organization_sums,
    check_paces,
    check_roll_ups,
    check_side_by_side,
    check_voucher_sums,
    check_voucher_totals,
)
from portal.kit.web.priorities import LONG, UNAWAITED
from projects.models import Project

Check = Callable[[Progress], Iterator[str]]


class Difference(Exception):
    """What is there is not what was sealed, summed or kept; its text says where."""


@dataclass
class Scope:
    """What to look at: everything, or what concerns some projects."""

    projects: Sequence[int] | None = None
    progress: Progress = field(default=lambda _what, _done, _all: None)

    def loads(self) -> list[int]:
        """The sealed loads concerned."""
        seals = Seal.objects.order_by("number")
        if self.projects is not None:
            seals = seals.filter(load__in=_loads_of(self.projects))
        return list(seals.values_list("load_id", flat=True))

    def project_ids(self) -> list[int]:
        """The projects concerned."""
        if self.projects is not None:
            return sorted(self.projects)
        return list(Project.objects.order_by("pk").values_list("pk", flat=True))


def _kinds_of_projects() -> Iterator[tuple[str, Any]]:
    """Kinds of records that a project can have, each with its model."""
    for name in canonical.FORMS[canonical.FORM]:
        model = canonical.record_model(name)
        if any(column.name == "project" for column in model._meta.fields):
            yield name, model


def _loads_of(projects: Sequence[int]) -> set[int]:
    """Loads that added or withdrew records of these projects."""
    found: set[int] = set()
    for name, model in _kinds_of_projects():
        rows = model._default_manager.filter(project_id__in=projects)
        found.update(rows.order_by().values_list("load_id", flat=True).distinct())
        if canonical.can_be_withdrawn(name):
            withdrawn = rows.filter(withdrawn_by__isnull=False).order_by()
            found.update(withdrawn.values_list("withdrawn_by_id", flat=True).distinct())
    return found


def verify(scope: Scope, *, expected: str = "", more: Sequence[Check] = ()) -> VerifyResult:
    """Check all that is in scope up to the first difference, and keep the result.

    `expected` is the beginning of a hash that someone read on an export; `more` are checks
    of what finance does not know.
    """
    began = timezone.now()
    difference = ""
    try:
        for check in _checks(scope, expected):
            check()
        for further in more:
            _raise_first(further(scope.progress))
    except Difference as error:
        difference = str(error)
    newest = Seal.objects.newest()
    return VerifyResult.objects.create(
        began_at=began,
        ended_at=timezone.now(),
        projects=None if scope.projects is None else len(scope.projects),
        seal_number=newest.number if newest else 0,
        seal_hash=newest.hash if newest else "",
        ok=not difference,
        difference=difference,
    )


def _checks(scope: Scope, expected: str) -> Iterator[Callable[[], None]]:
    yield lambda: _raise_first(check_seals(scope.progress))
    yield lambda: _raise_first(_check_anchors(expected))
    yield lambda: _raise_first(check_records(scope.loads(), scope.progress))
    yield lambda: _raise_first(check_unsealed())
    yield lambda: _raise_first(check_entries(scope.project_ids(), scope.progress))
    yield lambda: _raise_first(check_key_figures(scope.project_ids(), scope.progress))
    yield lambda: _raise_first(check_side_by_side(scope.project_ids(), scope.progress))
    yield lambda: _raise_first(check_paces(scope.project_ids(), scope.progress))
    if scope.projects is None:
        yield lambda: _raise_first(check_roll_ups())
        yield lambda: _raise_first(check_organization_sums())
        yield lambda: _raise_first(check_fund_sums())
        yield lambda: _raise_first(check_voucher_sums())
    yield lambda: _raise_first(check_voucher_totals(scope.project_ids()))
    yield lambda: _raise_first(check_entities(scope.project_ids()))
    yield lambda: _raise_first(check_files(scope.loads(), scope.progress))
    yield lambda: _raise_first(check_database())


def _raise_first(differences: Iterator[str]) -> None:
    for difference in differences:
        raise Difference(difference)


def _check_anchors(expected: str) -> Iterator[str]:
    """The chain still holds the seal last verified, and the one that somebody read."""
    last = VerifyResult.objects.filter(ok=True, seal_number__gt=0).first()
    if last and not Seal.objects.filter(number=last.seal_number, hash=last.seal_hash).exists():
        yield _("Seal %(number)s was %(hash)s when it was verified on %(day)s; it is no more.") % {
            "number": last.seal_number,
            "hash": last.seal_hash[:16],
            "day": f"{last.ended_at:%Y-%m-%d}",
        }
    if expected and not Seal.objects.filter(hash__startswith=expected.lower()).exists():
        yield _("No seal in the chain begins with %(hash)s.") % {"hash": expected}


# --- Entities

_RENAMED = """
SELECT sealed.identifier, entity.{column} FROM finance_sealedentity AS sealed
LEFT JOIN {table} AS entity ON entity.id = sealed.object_id
WHERE sealed.model = '{label}' AND {there} IS DISTINCT FROM sealed.identifier
AND entity.{column} IS DISTINCT FROM (
    SELECT event.{column} FROM {events} AS event WHERE event.pgh_obj_id = entity.id
    ORDER BY event.pgh_id DESC LIMIT 1)
{some} ORDER BY sealed.id LIMIT 1
"""


def check_entities(project_ids: list[int] | None) -> Iterator[str]:
    """What is named otherwise than it was sealed was renamed in its recorded history."""
    for label, column in canonical.IDENTIFIERS.items():
        model = apps.get_model(label)
        tracked = getattr(model, "pgh_event_model", None)
        if tracked is None:
            continue
        of_projects = label == "projects.project" and project_ids is not None
        sql = _RENAMED.format(
            column=column,
            table=model._meta.db_table,
            label=label,
            there=canonical.sealed_name(f"entity.{column}"),
            events=tracked._meta.db_table,
            some="AND sealed.object_id = ANY(%s::bigint[])" if of_projects else "",
        )
        with connection.cursor() as cursor:
            cursor.execute(sql, [project_ids] if of_projects else None)
            for sealed, there in cursor.fetchall():
                yield _(
                    "%(kind)s %(sealed)s is now called %(there)s, and nobody recorded the change."
                ) % {"kind": model._meta.verbose_name, "sealed": sealed, "there": there}


# --- Files


def check_files(load_ids: list[int], progress: Progress) -> Iterator[str]:
    """The kept originals are what was taken in, byte by byte."""
    loads = Load.objects.filter(pk__in=load_ids).order_by("pk")
    erased = set(ErasedFile.objects.values_list("load_id", flat=True))
    for done, load in enumerate(loads.iterator()):
        progress(_("kept files"), done, len(load_ids))
        if load.pk in erased or not load.file:
            continue
        try:
            with load.file.open("rb") as kept:
                found = hashlib.file_digest(kept, "sha256").hexdigest()
        except OSError:
            found = ""
        if found != load.sha256:
            yield _("Load %(load)s, “%(file)s”: taken in with SHA-256 %(sha)s, %(found)s.") % {
                "load": load.pk,
                "file": load.file_name,
                "sha": load.sha256[:16],
                "found": _("kept with %(sha)s") % {"sha": found[:16]}
                if found
                else _("the kept file is gone"),
            }


# --- In the background


@task(priority=UNAWAITED, queue_name=LONG)
def verify_recent() -> None:
    """Verify the projects that releases since the last verification concern; may be repeated."""
    last = VerifyResult.objects.order_by("-seal_number").first()
    known = last.seal_number if last else 0
    new = Seal.objects.filter(number__gt=known).values_list("load_id", flat=True)
    if not new:
        return
    verify(Scope(projects=sorted(_projects_of(list(new)))))


def _projects_of(load_ids: list[int]) -> set[int]:
    found: set[int] = set()
    for name, model in _kinds_of_projects():
        rows = model._default_manager.order_by()
        scopes = [rows.filter(load__in=load_ids)]
        if canonical.can_be_withdrawn(name):
            scopes.append(rows.filter(withdrawn_by__in=load_ids))
        for scope in scopes:
            found.update(scope.values_list("project_id", flat=True).distinct())
    return found - {None}

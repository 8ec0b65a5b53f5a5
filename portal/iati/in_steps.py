"""An IATI file that comes in by steps, as others do: checked, looked at, released.

Its check takes the file in and turns back at the moment of release: what is staged by then is
written down and kept, so that its lines can be looked at. Its release takes the same file in anew,
and goes on only where that would change just what was seen.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import IO, Any

from django.db import connection, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from finance.errors import LoadError
from finance.loading.checking import database_time
from finance.loading.content.mended import mended
from finance.loading.lock import lock_releases
from finance.loading.services import local_copy, obstacles
from finance.loading.staging import counts_of_lines
from finance.models import Load, LoadRemark
from portal.iati.errors import FaultyActivity, IatiFileError
from portal.iati.load import IatiLoad
from projects.models import Fund, Organization, Project, User

_COLUMNS = (
    "load_id, model, action, line, fingerprint, project_id, fund_id, record_id, base_amount, "
    "values, replaced"
)
# What the check itself made is gone when it turns back: named instead of numbered.
_SEEN = """
SELECT staged.load_id, staged.model, staged.action, staged.line, staged.fingerprint,
    CASE WHEN staged.project_id <= {project} THEN staged.project_id END AS project_id,
    CASE WHEN staged.fund_id <= {fund} THEN staged.fund_id END AS fund_id,
    staged.record_id, staged.base_amount,
    staged.values - ARRAY[
        CASE WHEN payee.id > {organization} THEN 'organization_id' ELSE '' END,
        CASE WHEN giver.id > {organization} THEN 'contributor_id' ELSE '' END,
        CASE WHEN paying.id > {fund} THEN 'voucher_fund_id' ELSE '' END]
    || jsonb_build_object('named', jsonb_strip_nulls(jsonb_build_object(
        'project_id', CASE WHEN project.id > {project} THEN project.number END,
        'fund_id', CASE WHEN fund.id > {fund} THEN fund.code END,
        'voucher_fund_id', CASE WHEN paying.id > {fund} THEN paying.code END,
        'organization_id', CASE WHEN payee.id > {organization} THEN payee.name END,
        'contributor_id', CASE WHEN giver.id > {organization} THEN giver.name END))) AS values,
    staged.replaced
FROM finance_stagedline AS staged
LEFT JOIN projects_project AS project ON project.id = staged.project_id
LEFT JOIN projects_fund AS fund ON fund.id = staged.fund_id
LEFT JOIN projects_fund AS paying
    ON paying.id = (staged.values ->> 'voucher_fund_id')::bigint
LEFT JOIN projects_organization AS payee
    ON payee.id = (staged.values ->> 'organization_id')::bigint
LEFT JOIN projects_organization AS giver
    ON giver.id = (staged.values ->> 'contributor_id')::bigint
WHERE staged.load_id = {load}
UNION ALL
SELECT said.load_id, 'project', 'add', said.line, left(said.fingerprint, 32), NULL,
    CASE WHEN fund.id <= {fund} THEN fund.id END,
    CASE WHEN project.id <= {project} THEN project.id END, NULL,
    (said.values - 'iati') || jsonb_build_object('number', project.number,
        'named', jsonb_strip_nulls(jsonb_build_object(
            'fund_id', CASE WHEN fund.id > {fund} THEN fund.code END))), false
FROM finance_projectstatement AS said
JOIN projects_project AS project ON project.id = said.project_id
JOIN projects_fund AS fund ON fund.id = project.fund_id
WHERE said.load_id = {load}
"""
# Digests of what names something new are made of its number, which is another each time.
_DIGEST = """
SELECT encode(sha256(coalesce(string_agg(
    sha256(convert_to(text, 'UTF8')), ''::bytea ORDER BY text), ''::bytea)), 'hex')
FROM (SELECT concat_ws('|', model, action, line,
    CASE WHEN coalesce(values -> 'named', '{{}}') = '{{}}' THEN fingerprint END, project_id,
    fund_id, record_id, (values - 'voucher_key')::text) AS text FROM ({seen}) AS seen) AS line
"""


@dataclass
class _Before:
    """What there was before the file was taken in."""

    project: int
    organization: int
    fund: int

    @classmethod
    def now(cls) -> "_Before":
        """The newest entities; what is newer was made by the file."""
        newest = (
            model._default_manager.aggregate(newest=Max("pk"))["newest"] or 0
            for model in (Project, Organization, Fund)
        )
        return cls(*newest)

    def seen(self, load: Load) -> str:
        """SQL of all that the load would change; only numbers are put in."""
        return _SEEN.format(load=load.pk, **asdict(self))


class _TurnBack(Exception):
    """Ends the transaction of a check, so that nothing of it stays."""


@dataclass
class _Found:
    """What a check found and its transaction does not keep."""

    lines: IO[bytes]
    load: Load | None = None
    digest: str = ""
    remarks: list[LoadRemark] = field(default_factory=list)


def check_in_steps(load: Load) -> Load:
    """Take the file in, turn back before its release, and keep what was found."""
    Load.objects.filter(pk=load.pk).update(state=Load.State.CHECKING, progress=0)
    with tempfile.TemporaryFile() as lines, local_copy(load) as path:
        found, before = _Found(lines), _Before.now()
        task = IatiLoad(
            path,
            load=load,
            mended=mended(load),
            decide=lambda one: _look(one, before, found, task),
        )
        try:
            task.run()
        except _TurnBack:
            return _keep(load, found)
        except IatiFileError as error:
            load.report = {"faulty": [_told(one) for one in error.activities]}
            return _refuse(load, [(fault.line, fault.reason) for fault in error.faults])
        except LoadError as error:
            return _refuse(load, [(None, str(error))])
    raise LoadError(_("The check came to no end."))


def _told(activity: FaultyActivity) -> list[Any]:
    """Identifier, line, first fault and position of an activity that cannot be read."""
    said = activity.faults[0].reason
    return [activity.identifier, activity.line, said, activity.position]


def _look(load: Load, before: _Before, found: _Found, task: IatiLoad) -> None:
    """Write down what is staged, within the transaction that will not stay."""
    found.load, found.digest = load, digest_of(load, before)
    found.remarks = list(task.found)
    with connection.cursor() as cursor:
        cursor.cursor.copy_expert(f"COPY ({before.seen(load)}) TO STDOUT", found.lines)
    raise _TurnBack


def digest_of(load: Load, before: _Before) -> str:
    """The digest of what the load would change, by names where numbers do not last."""
    with connection.cursor() as cursor:
        cursor.execute(_DIGEST.format(seen=before.seen(load)))
        digest: str = cursor.fetchone()[0]
        return digest


@transaction.atomic
def _keep(load: Load, found: _Found) -> Load:
    assert found.load is not None  # noqa: S101 – it is set before the check turns back
    load.staged_lines.all().delete()
    load.remarks.all().delete()
    found.lines.seek(0)
    with connection.cursor() as cursor:
        cursor.cursor.copy_expert(f"COPY finance_stagedline ({_COLUMNS}) FROM STDIN", found.lines)
    for remark in found.remarks:
        remark.pk, remark.load = None, load
    LoadRemark.objects.bulk_create(found.remarks, batch_size=1000)
    load.scope, load.report = found.load.scope, found.load.report | {"content": found.digest}
    load.counts = counts_of_lines(found.load.counts)
    return _checked(load, Load.State.CHECKED)


@transaction.atomic
def _refuse(load: Load, faults: list[tuple[int | None, str]]) -> Load:
    load.staged_lines.all().delete()
    load.remarks.all().delete()
    LoadRemark.objects.bulk_create(
        LoadRemark(load=load, severity="error", code="file", line=line, message=reason)
        for line, reason in faults
    )
    return _checked(load, Load.State.FAULTY)


def _checked(load: Load, state: str) -> Load:
    load.state, load.progress, load.checked_at = state, 100, database_time()
    load.acknowledged, load.acknowledged_by, load.withdrawal_confirmed_by = [], None, None
    load.save(
        update_fields=[
            "state", "progress", "checked_at", "scope", "report", "counts",
            "acknowledged", "acknowledged_by", "withdrawal_confirmed_by",
        ]
    )  # fmt: skip
    return load


def release_in_steps(load: Load, *, by: User, seen: str) -> Load:
    """Take the file in anew and release it, where it would change what was seen.

    What stands in the way and what was mended is read under the lock of releases, with the load
    locked, so that none of it changes until the release is through. Raises LoadError.
    """
    with _as_checked(load), transaction.atomic():
        lock_releases()
        current = Load.objects.select_for_update(of=("self",)).get(pk=load.pk)
        if found := obstacles(current, by):
            raise LoadError(" ".join(found))
        _take_in_anew(current, by, seen)
    load.refresh_from_db()
    return load


def _take_in_anew(load: Load, by: User, seen: str) -> None:
    said = (load.acknowledged, load.acknowledged_by, load.withdrawal_confirmed_by)
    before = _Before.now()

    def same(one: Load) -> None:
        if digest_of(one, before) != seen:
            raise LoadError(_("It would change other things than you were shown. Check it again."))

    with local_copy(load) as path:
        try:
            IatiLoad(
                path, load=load, by=by, decide=same, acknowledged=said, mended=mended(load)
            ).run()
        except IatiFileError as error:
            raise LoadError(str(error)) from error


@contextmanager
def _as_checked(load: Load) -> Iterator[None]:
    """What the check kept goes with the release, and stays where that fails."""
    kept: dict[str, Any] = {
        name: getattr(load, name) for name in ("counts", "report", "scope", "state")
    }
    try:
        yield
    except BaseException:
        # It goes on, whatever it was; only the load is as it was.
        for name, value in kept.items():
            setattr(load, name, value)
        raise

"""What staff do with loads: receive, check, acknowledge, confirm, release, reject, reverse.

A load is received → checked (or faulty) → released, by a second person where the office asks
for four eyes, and perhaps reversed. Each step is one transaction; releases are one at a time.
"""

import json
import shutil
import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from finance.errors import LoadError
from finance.figures.making import enter
from finance.figures.sums import refresh_key_figures
from finance.formats.kinds import KINDS
from finance.loading import starter
from finance.loading.checking import Check, database_time, other_sources
from finance.loading.content.seen import content_digest, differs_from
from finance.loading.lines import kinds_beside
from finance.loading.lock import lock_releases
from finance.loading.receiving import kept_file
from finance.loading.releasing import Stale, apply_load
from finance.loading.reversing import late_refusal, refusal, stage_reversal
from finance.loading.scopes import Scope
from finance.loading.staging import (
    StagingBuffer,
    batches,
    compare,
    counts_of_lines,
    difference,
    other_rates,
    report_of,
)
from finance.loading.warnings import withdraws_much
from finance.models import Load, LoadRemark, Mend, Source
from finance.models.record_kinds import RECORD_MODELS, names_of
from finance.sealing.seals import seal_release
from projects.models import Office, User

REBUILD_BATCH = 500


# --- Receiving


def receive_load(
    *,
    source: Source,
    kind: str,
    content: Any,
    name: str,
    by: User | None = None,
    reason: str = "",
    scope: Scope | None = None,
    options: Mapping[str, Any] | None = None,
    stated_totals: Mapping[str, str] | None = None,
    received_at: datetime | None = None,
) -> Load:
    """Keep a file for its check; `content` is a django File.

    options: `mapping` (of foreign headers, as JSON) and `figures` ("annual" or "cumulative").
    stated_totals: `rows` and `amount` as the sender states them.
    """
    with kept_file(name) as keep, transaction.atomic():
        return keep(
            content,
            source=source,
            kind=kind,
            reason=reason,
            scope=(scope or Scope()).as_json(),
            options=dict(options or {}),
            stated_totals=dict(stated_totals or {}),
            received_at=received_at or timezone.now(),
            received_by=by,
        )


# --- Checking


def check_load(load: Load) -> Load:
    """Check (again) a load that is not released. Raises LoadError where it cannot be checked."""
    if load.state in {Load.State.RELEASED, Load.State.REJECTED} or not load.is_of_a_file:
        raise LoadError(_("This load is not waiting for a check."))
    Load.objects.filter(pk=load.pk).update(state=Load.State.CHECKING, progress=0)
    load.state = Load.State.CHECKING
    with local_copy(load) as path:
        if load.kind == Load.Kind.STARTER:
            starter.check(load, path, release_load)
        else:
            Check(load, path).run()
    return load


def request_check(*, load: Load, mapping: Mapping[str, Any] | None = None) -> None:
    """Put the load back to where it waits for its check, perhaps with another mapping.

    Raises LoadError for corrections and reversals, which no file can state anew.
    """
    with _locked(load) as current:
        if not current.is_of_a_file:
            raise LoadError(_("It was not made from a file; put it aside and make it anew."))
        if mapping is not None:
            current.options["mapping"] = dict(mapping)
        current.state, current.progress = Load.State.RECEIVED, 0
        current.save(update_fields=["state", "progress", "options"])


def mend_load(*, load: Load, mends: Collection[Mend], by: User) -> None:
    """Keep what is mended of the file, and put the load back to where it waits for its check.

    mends: not saved, without load and person. Raises LoadError where nothing can be mended.
    """
    with _locked(load) as current:
        if not takes_mends(current):
            raise LoadError(_("Nothing of this load can be mended here."))
        if not mends:
            raise LoadError(_("Nothing was mended."))
        for mend in mends:
            mend.load, mend.made_by = current, by
            # Not each against the database, for they may be thousands.
            mend.clean_fields(exclude=["load", "made_by"])
        Mend.objects.bulk_create(mends)
        current.state, current.progress = Load.State.RECEIVED, 0
        current.save(update_fields=["state", "progress"])


def takes_mends(load: Load) -> bool:
    """Whether its file is read as it is mended here: a check can do that of any."""
    return load.is_of_a_file and load.kind in {*KINDS, Load.Kind.STARTER, Load.Kind.IATI}


@contextmanager
def local_copy(load: Load) -> Iterator[Path]:
    """The kept file as a file on this machine, under its own name."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / Path(load.file_name).name
        with load.file.open("rb") as kept, path.open("wb") as copy:
            shutil.copyfileobj(kept, copy)
        yield path


def open_warnings(load: Load) -> list[str]:
    """The kinds of warnings that nobody has acknowledged."""
    kinds = load.remarks.filter(severity=LoadRemark.Severity.WARNING)
    found = set(kinds.order_by().values_list("code", flat=True).distinct())
    return sorted(found - set(load.acknowledged))


def acknowledge_warnings(*, load: Load, codes: Collection[str], by: User) -> None:
    """Say that somebody has looked at the warnings of these kinds."""
    with _locked(load) as current:
        current.acknowledged = sorted({*current.acknowledged, *codes})
        current.acknowledged_by = by
        current.save(update_fields=["acknowledged", "acknowledged_by"])


def confirm_withdrawal(*, load: Load, by: User) -> None:
    """Say that so much is really to be withdrawn. Raises LoadError where somebody did."""
    with _locked(load) as current:
        if current.withdrawal_confirmed_by:
            raise LoadError(
                _("The withdrawal was confirmed already, by %(person)s.")
                % {"person": current.withdrawal_confirmed_by}
            )
        current.withdrawal_confirmed_by = by
        current.save(update_fields=["withdrawal_confirmed_by"])


# --- Releasing


def obstacles(load: Load, by: User | None = None) -> list[str]:
    """What stands in the way of releasing the load, in words; empty if nothing does."""
    if load.state == Load.State.RELEASED:
        return [_("It is released already, by %(person)s.") % {"person": load.released_by or "–"}]
    if load.state != Load.State.CHECKED:
        return [_("It is not checked, or the check found errors.")]
    found = []
    if not load.reverses_id and (stale_because := _stale(load)):
        found.append(
            _("The check is void: “%(load)s” was released since. Check it again.")
            % {"load": stale_because.file_name}
        )
    if open_warnings(load):
        found.append(_("There are warnings that nobody has acknowledged."))
    if withdraws_much(load) and load.withdrawal_confirmed_by_id is None:
        found.append(_("It withdraws more than 5 % of what stood; that must be confirmed."))
    if Office.current().four_eyes and by is not None:
        if by.pk == load.received_by_id:
            found.append(_("Another person than the one who entered it must release it."))
        elif load.mends.filter(made_by=by).exists():
            found.append(_("Another person than those who mended it must release it."))
    if load.reverses and (reason := late_refusal(load, load.reverses)):
        found.append(reason)
    return found


def _stale(load: Load) -> Load | None:
    """A load released since the check into an overlapping scope, or rates that matter."""
    since = Load.objects.released().filter(released_at__gt=load.checked_at)
    scope = Scope.from_json(load.scope)
    converted = None
    for other in since.order_by("-released_at"):
        if other.kind == Load.Kind.RATES and load.kind != Load.Kind.RATES:
            converted = other_rates(load) if converted is None else converted
            if converted:
                return other
        elif other.source_id != load.source_id or other.kind not in kinds_beside(load.kind):
            continue
        elif scope.overlaps(Scope.from_json(other.scope)):
            return other
    return None


def release_load(
    *,
    load: Load,
    by: User | None = None,
    moment: datetime | None = None,
    seen: str | None = None,
) -> Load:
    """Make a checked load public, whole or not at all.

    seen: the digest of what the person was shown. Raises LoadError naming what stands in the way.
    """
    with transaction.atomic():
        lock_releases()
        current = Load.objects.select_for_update(of=("self",)).get(pk=load.pk)
        found = obstacles(current, by) + differs_from(current, seen)
        found += _owned_elsewhere(current, names_of(stated_by=current.kind))
        if found:
            raise LoadError(" ".join(found))
        try:
            touched = _apply(current, by)
        except Stale as error:
            raise LoadError(_("The check is void; check the load again.")) from error
        return publish_load(
            load=current, touched=touched, counts=current.counts, by=by, moment=moment
        )


def _apply(load: Load, by: User | None) -> set[int]:
    if load.kind != Load.Kind.STARTER:
        return apply_load(load)
    with local_copy(load) as path:
        starter.release(load, path, release_load, by)
    return set()


def release_lines(
    *,
    load: Load,
    lines: StagingBuffer,
    models: Collection[str],
    projects: Sequence[int],
    decide: Callable[[], None] | None = None,
    **how: Any,
) -> Load:
    """Make `lines` all that the load's source says, in these models, of these projects.

    Within the transaction that made the load, under the lock of releases; how: as
    `publish_load` takes it. `decide` is called when what would change is staged, and may
    raise LoadError. Raises LoadError where another source has said something of them.
    """
    tell = how.get("tell") or (lambda _done: None)
    lines.copy()
    tell(0.1)
    counts = compare(load, models, Scope(complete=True), projects)
    if found := _owned_elsewhere(load, models):
        raise LoadError(" ".join(found))
    load.counts, load.report = counts_of_lines(counts), load.report | report_of(load, counts)
    if decide is not None:
        decide()
    tell(0.3)
    touched = apply_load(load)
    tell(0.6)
    return publish_load(load=load, touched=touched, counts=load.counts, **how)


def _owned_elsewhere(load: Load, models: Collection[str]) -> list[str]:
    """In words: owners of staged lines whose records of the same kind come from elsewhere."""
    return [
        _("“%(owner)s” has %(records)s from another source, “%(source)s”.")
        % {
            "owner": owner,
            "source": source,
            "records": RECORD_MODELS[name]._meta.verbose_name_plural,
        }
        for name in models
        for owner, source in other_sources(load, name)
    ]


def publish_load(
    *,
    load: Load,
    touched: Collection[int],
    counts: Mapping[str, int],
    by: User | None = None,
    moment: datetime | None = None,
    tell: Callable[[float], None] | None = None,
) -> Load:
    """The last step of every release: the time it bears, and key figures brought up to date.

    The time is the database's clock, under the lock; only the sample portfolio, which
    invents its past, gives a `moment`. `tell` is told what part of a release is done.
    """
    load.released_at = moment or database_time()
    load.released_by = by
    load.state = Load.State.RELEASED
    load.counts = dict(counts)
    load.save(update_fields=["released_at", "released_by", "state", "counts", "report", "scope"])
    enter(load)
    for done, batch in enumerate(batches(sorted(touched), REBUILD_BATCH)):
        refresh_key_figures(batch, load.released_at)
        if tell is not None:
            tell(0.6 + 0.3 * done * REBUILD_BATCH / len(touched))
    seal_release(load)
    if tell is not None:
        tell(1)
    return load


def reject_load(*, load: Load, by: User) -> None:
    """Put a load aside that will never be released; its file and remarks stay."""
    with _locked(load) as current:
        current.staged_lines.all().delete()
        current.state = Load.State.REJECTED
        current.report["rejected_by"] = str(getattr(by, "pk", ""))
        current.report["rejected_at"] = timezone.now().isoformat()
        current.save(update_fields=["state", "report"])


@contextmanager
def _locked(load: Load) -> Iterator[Load]:
    """The load as it is now, for a change; released ones do not change. Raises LoadError."""
    with transaction.atomic():
        current = Load.objects.select_for_update(of=("self",)).get(pk=load.pk)
        if current.state in {Load.State.RELEASED, Load.State.REJECTED}:
            raise LoadError(_("This load is closed; nothing of it changes any more."))
        yield current


# --- Reversing


def reverse_load(*, load: Load, by: User, reason: str) -> Load:
    """A load, checked and waiting for release, that takes `load` back.

    Raises LoadError where it cannot be reversed, naming the loads that must go first.
    """
    if why := refusal(load):
        raise LoadError(why)
    note = {"reverses": load.sha256, "file": load.file_name, "reason": reason}
    content = ContentFile(json.dumps(note, ensure_ascii=False, indent=1).encode())
    with kept_file(f"reversal-of-load-{load.pk}.json") as keep, transaction.atomic():
        lock_releases()
        reversal = keep(
            content,
            source=load.source,
            kind=load.kind,
            scope=load.scope,
            reverses=load,
            reason=reason[:300],
            received_at=timezone.now(),
            received_by=by,
        )
        stage_reversal(reversal)
        reversal.counts = counts_of_lines(difference(reversal))
        reversal.report = {"content": content_digest(reversal)}
        reversal.state, reversal.progress = Load.State.CHECKED, 100
        reversal.checked_at = database_time()
        reversal.save(update_fields=["counts", "report", "state", "checked_at", "progress"])
    return reversal

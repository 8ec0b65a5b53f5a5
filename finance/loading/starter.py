"""The starter workbook: each filled sheet becomes a load of its own, all of them or none.

The check takes them in, one after the other, within a transaction that is undone: so a project
finds the fund of another sheet, and what is wrong is known before anything is released.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from finance.errors import LoadError
from finance.formats.containers.detecting import unpacked_once
from finance.formats.starter import StarterSheet, filled_sheets, in_sheet
from finance.loading.checking import Check, database_time
from finance.loading.content.seen import content_digest
from finance.loading.content.sheets import SheetLines, sheet_lines
from finance.loading.entities import stating
from finance.loading.lock import lock_releases
from finance.loading.releasing import Stale
from finance.models import Load, LoadRemark
from projects.models import User

Release = Callable[..., Load]


@dataclass
class _Found:
    """What came of the sheets."""

    lines: SheetLines
    sheets: list[dict[str, Any]] = field(default_factory=list)
    remarks: list[LoadRemark] = field(default_factory=list)

    @property
    def is_faulty(self) -> bool:
        return any(one.severity == LoadRemark.Severity.ERROR for one in self.remarks)


def check(load: Load, path: Path, release: Release) -> None:
    """Check the workbook; what is found of each sheet is kept with the load."""
    with sheet_lines(load) as lines:
        found = _Found(lines)
        try:
            with transaction.atomic():
                lock_releases()
                _take_in(load, path, release, None, found)
                transaction.set_rollback(True)
        except LoadError as error:
            found.remarks.append(
                LoadRemark(severity=LoadRemark.Severity.ERROR, code="file", message=str(error))
            )
        with transaction.atomic():
            _keep(load, found)


def release(load: Load, path: Path, release: Release, by: User | None) -> None:
    """Release a load for each sheet. Raises Stale where they are not as they were checked."""
    with sheet_lines(load) as lines:
        found = _Found(lines)
        _take_in(load, path, release, by, found)
        lines.store()
    is_other = found.is_faulty or _counts(found) != load.counts
    if is_other or content_digest(load) != load.report["content"]:
        raise Stale
    load.staged_lines.all().delete()


def _take_in(load: Load, path: Path, release: Release, by: User | None, found: _Found) -> None:
    with unpacked_once():
        _take_in_sheets(load, path, release, by, found)


def _take_in_sheets(
    load: Load, path: Path, release: Release, by: User | None, found: _Found
) -> None:
    for sheet in filled_sheets(path):
        part = _part(load, sheet)
        Check(part, path).run()
        found.lines.keep(part)
        remarks = list(part.remarks.order_by("pk"))
        found.remarks += [_of_workbook(one, sheet) for one in remarks]
        found.sheets.append(
            {"sheet": sheet.name, "rows": part.report["rows"], "counts": part.counts}
        )
        if part.state == Load.State.FAULTY:
            if part.kind in stating.MODELS:
                # What comes after it would only miss what it names.
                return
            continue
        # Looked at by whoever acknowledged those of the workbook.
        part.acknowledged = sorted({one.code for one in remarks})
        part.acknowledged_by = load.acknowledged_by
        part.save(update_fields=["acknowledged", "acknowledged_by"])
        release(load=part, by=by)


def _part(load: Load, sheet: StarterSheet) -> Load:
    """A load of one sheet; its file is the workbook, as it is kept."""
    return Load.objects.create(
        source=load.source,
        kind=sheet.read_as,
        file=load.file.name,
        file_name=f"{load.file_name[:200]}, {sheet.name}",
        sha256=load.sha256,
        size=load.size,
        reason=load.reason,
        options={"mapping": sheet.mapping, "starter": load.pk},
        received_at=timezone.now(),
        received_by=load.received_by,
    )


def _of_workbook(remark: LoadRemark, sheet: StarterSheet) -> LoadRemark:
    remark.pk = None
    remark._state.adding = True
    remark.column = in_sheet(sheet.name, remark.column)[:200]
    return remark


def _counts(found: _Found) -> dict[str, int]:
    total: Counter[str] = Counter(dict.fromkeys(("new", "changed", "withdrawn", "unchanged"), 0))
    for sheet in found.sheets:
        total.update(sheet["counts"])
    return dict(total)


def _keep(load: Load, found: _Found) -> None:
    load.remarks.all().delete()
    for remark in found.remarks:
        remark.load = load
    LoadRemark.objects.bulk_create(found.remarks, batch_size=1000)
    found.lines.store()
    load.counts = _counts(found)
    rows = sum(sheet["rows"] for sheet in found.sheets)
    content = content_digest(load)
    load.report = {"rows": rows, "totals": {}, "sheets": found.sheets, "content": content}
    load.state = Load.State.FAULTY if found.is_faulty else Load.State.CHECKED
    load.acknowledged, load.acknowledged_by, load.withdrawal_confirmed_by = [], None, None
    load.progress = 100
    load.checked_at = database_time()
    load.save(
        update_fields=[
            "counts", "report", "state", "progress", "checked_at",
            "acknowledged", "acknowledged_by", "withdrawal_confirmed_by",
        ]
    )  # fmt: skip

"""One line corrected by hand: a load of one line that withdraws a record and states it anew."""

import csv
import io
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from finance.conversion import Rates
from finance.errors import LoadError
from finance.loading.checking import database_time
from finance.loading.digests import digest
from finance.loading.lines import CONVERTED
from finance.loading.lock import lock_releases
from finance.loading.scopes import Scope
from finance.loading.services import kept_file
from finance.loading.staging import difference
from finance.loading.warnings import warnings_of
from finance.models import Load, LoadRemark, MoneyRecord
from finance.models.record_kinds import kind_named
from portal.kit.currency import base_currency
from projects.models import User

# What a form may change of a record; the project only where the record sits on one.
CORRECTABLE = ("project_id", "amount", "date", "description")


def kind_of(record: MoneyRecord) -> str:
    """The kind of load that states such records."""
    return kind_named(str(record._meta.model_name)).stated_by


def correct_record(
    *, record: MoneyRecord, changes: Mapping[str, Any], by: User, reason: str
) -> Load:
    """A checked load, waiting for release, that states the record as corrected.

    changes: any of `CORRECTABLE`. Raises LoadError where the record does not stand any more
    or nothing would change, ValidationError where the values cannot be.
    """
    if record.withdrawn_by_id is not None:
        raise LoadError(_("This record was withdrawn already."))
    corrected = _corrected(record, changes)
    kind = kind_of(record)
    with kept_file(f"correction-{kind}-{record.pk}.csv") as keep, transaction.atomic():
        lock_releases()
        load = keep(
            ContentFile(_file(record, corrected)),
            source=record.source,
            kind=kind,
            scope=_scope(record, corrected).as_json(),
            options={"correction": record.pk},
            reason=reason[:300],
            received_at=timezone.now(),
            received_by=by,
        )
        _stage(load, record, corrected)
        counts = difference(load)
        remarks = list(warnings_of(load, [str(record._meta.model_name)]))
        LoadRemark.objects.bulk_create(remarks)
        load.counts = {name: int(counts[name]) for name in ("new", "changed", "withdrawn")}
        load.report = {
            "rows": 1,
            "standing": 1,
            "standing_base_amount": str(abs(record.base_amount or 0)),
        }
        load.state, load.checked_at, load.progress = Load.State.CHECKED, database_time(), 100
        load.save(update_fields=["counts", "report", "state", "checked_at", "progress"])
    return load


def _corrected(record: MoneyRecord, changes: Mapping[str, Any]) -> MoneyRecord:
    copy = type(record).objects.get(pk=record.pk)
    for name, value in changes.items():
        if name not in CORRECTABLE:
            raise ValueError(f"{name} cannot be corrected")
        setattr(copy, name, value)
    if all(getattr(copy, name) == getattr(record, name) for name in changes):
        raise LoadError(_("Nothing would change."))
    if "amount" in changes or "date" in changes:
        day = copy.value_date or copy.date
        copy.base_amount, copy.rate = Rates().convert(copy.amount, copy.currency, day)
    try:
        copy.validate_constraints()
    except ValidationError as error:
        raise LoadError(" ".join(error.messages)) from error
    return copy


def _columns(record: MoneyRecord) -> list[str]:
    own = {"id", "load_id", "source_id", "withdrawn_by_id", "line", "fingerprint"}
    own |= {"restates_id", "salt"}
    return [f.attname for f in record._meta.concrete_fields if f.attname not in own]


def _file(before: MoneyRecord, after: MoneyRecord) -> bytes:
    """The record before and after, column by column."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    columns = _columns(before)
    writer.writerow(["", *columns])
    writer.writerow(["before", *(getattr(before, name) for name in columns)])
    writer.writerow(["after", *(getattr(after, name) for name in columns)])
    return out.getvalue().encode()


def _scope(*records: Any) -> Scope:
    projects = {record.project.number for record in records if getattr(record, "project", None)}
    days = [record.date for record in records]
    return Scope(projects=tuple(sorted(projects)), first=min(days), last=max(days))


def _stage(load: Load, record: MoneyRecord, corrected: MoneyRecord) -> None:
    model = str(record._meta.model_name)
    owner = {"fund_id": getattr(record, "fund_id", None)}
    load.staged_lines.create(
        model=model,
        action="withdraw",
        line=record.line,
        fingerprint=record.fingerprint,
        project_id=getattr(record, "project_id", None),
        record_id=record.pk,
        base_amount=record.base_amount,
        **owner,
    )
    values = {name: _plain(getattr(corrected, name)) for name in _columns(corrected)}
    values["restates_id"] = record.pk
    fingerprint = digest(model, load.sha256, *values.values())
    other = (corrected.base_amount, corrected.rate) != (record.base_amount, record.rate)
    if other and record.currency != base_currency():
        values[CONVERTED] = True
    load.staged_lines.create(
        model=model,
        line=3,
        fingerprint=fingerprint,
        project_id=getattr(corrected, "project_id", None),
        base_amount=corrected.base_amount,
        values=values,
        **owner,
    )


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, date | Decimal) else value

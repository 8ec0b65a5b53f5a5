"""One line corrected or withdrawn by hand: a load of one line, to be released like any other."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
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
from finance.loading.content.columns import columns_of, voucher_values
from finance.loading.content.seen import content_digest
from finance.loading.digests import digest
from finance.loading.lines import CONVERTED, voucher_key
from finance.loading.lock import lock_releases
from finance.loading.receiving import kept_file
from finance.loading.scopes import Scope
from finance.loading.staging import difference
from finance.loading.warnings import warnings_of
from finance.models import Load, LoadRemark, MoneyRecord, Record, VoucherLine
from finance.models.record_kinds import kind_named
from portal.kit.currency import base_currency
from portal.kit.safe import csv_text
from projects.models import Fund, Organization, User

# What follows from the others, and what only files state.
_FOLLOWS = frozenset({"base_amount", "rate", "value_date"})
_OF_VOUCHER = ("voucher_number", "voucher_fund_id")


def correctable(record: Record) -> tuple[str, ...]:
    """What a form may change of a record, as its columns and those of its voucher are called."""
    return tuple(
        column.key
        for column in columns_of(str(record._meta.model_name))
        if column.key not in _FOLLOWS
    )


def current_values(record: Record) -> dict[str, Any]:
    """What the record holds in these columns."""
    values = {name: getattr(record, name, None) for name in correctable(record)}
    if isinstance(record, VoucherLine):
        values |= voucher_values(record.voucher)
    return values


def kind_of(record: Record) -> str:
    """The kind of load that states such records."""
    return kind_named(str(record._meta.model_name)).stated_by


def correct_record(*, record: Record, changes: Mapping[str, Any], by: User, reason: str) -> Load:
    """A checked load, waiting for release, that states the record as corrected.

    changes: any of `correctable`. Raises LoadError where the record does not stand any more
    or nothing would change, ValidationError where the values cannot be.
    """
    return _load_of_one_line(record, _corrected(record, changes), by, reason)


def withdraw_record(*, record: Record, by: User, reason: str) -> Load:
    """A checked load, waiting for release, that withdraws the record and states nothing instead.

    Raises LoadError where the record does not stand any more.
    """
    return _load_of_one_line(record, None, by, reason)


@dataclass
class _Corrected:
    """A record as it would be, not saved, with its voucher where that becomes another."""

    record: Record
    voucher: dict[str, Any] | None = None


def _load_of_one_line(record: Record, corrected: _Corrected | None, by: User, reason: str) -> Load:
    if record.withdrawn_by_id is not None:
        raise LoadError(_("This record was withdrawn already."))
    kind = kind_of(record)
    what = "correction" if corrected else "withdrawal"
    after = [corrected.record] if corrected else []
    with kept_file(f"{what}-{kind}-{record.pk}.csv") as keep, transaction.atomic():
        lock_releases()
        load = keep(
            ContentFile(_file(record, *after)),
            source=record.source,
            kind=kind,
            scope=_scope(record, *after).as_json(),
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
            "content": content_digest(load),
            "rows": 1,
            "standing": 1,
            "standing_base_amount": str(abs(_base_amount(record) or 0)),
        }
        load.state, load.checked_at, load.progress = Load.State.CHECKED, database_time(), 100
        if corrected is None:
            # Whoever asks for the withdrawal of this line says so, and why.
            load.withdrawal_confirmed_by = by
        load.save(
            update_fields=[
                "counts", "report", "state", "checked_at", "progress", "withdrawal_confirmed_by",
            ]
        )  # fmt: skip
    return load


def _corrected(record: Record, changes: Mapping[str, Any]) -> _Corrected:
    copy: Any = type(record)._default_manager.get(pk=record.pk)
    before = current_values(record)
    for name, value in changes.items():
        if name not in before:
            raise ValueError(f"{name} cannot be corrected")
        if name not in _OF_VOUCHER:
            setattr(copy, name, value)
    if all(value == before[name] for name, value in changes.items()):
        raise LoadError(_("Nothing would change."))
    if isinstance(copy, MoneyRecord) and {"amount", "date", "currency"} & changes.keys():
        day = copy.value_date or copy.date
        copy.base_amount, copy.rate = Rates().convert(copy.amount, copy.currency, day)
    try:
        copy.clean_fields(exclude=["load", "source"])
        copy.validate_constraints()
    except ValidationError as error:
        raise LoadError(" ".join(error.messages)) from error
    return _Corrected(copy, _other_voucher(copy, before | dict(changes), changes))


def _other_voucher(
    copy: Any, values: Mapping[str, Any], changes: Mapping[str, Any]
) -> dict[str, Any] | None:
    """The voucher that the line is of, where number, fund, payee or day make it another."""
    if not {*_OF_VOUCHER, "organization_id", "date"} & changes.keys():
        return None
    if not isinstance(copy, VoucherLine):
        return None
    payee = Organization.objects.filter(pk__in=[copy.organization_id]).first()
    key = voucher_key(
        values["voucher_number"], copy.date, payee.code if payee else "",
        Fund.objects.get(pk=values["voucher_fund_id"]).code, copy.project.number,
    )  # fmt: skip
    return {name: values[name] for name in _OF_VOUCHER} | {"voucher_key": digest(*key)}


def _columns(record: Record) -> list[str]:
    own = {"id", "load_id", "source_id", "withdrawn_by_id", "line", "fingerprint"}
    own |= {"restates_id", "salt"}
    return [f.attname for f in record._meta.concrete_fields if f.attname not in own]


def _file(before: Record, *after: Record) -> bytes:
    """The record before and, unless it is withdrawn, after, column by column."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    columns = _columns(before)
    writer.writerow(["", *columns])
    for label, record in zip(("before", "after"), (before, *after), strict=False):
        values = (getattr(record, name) for name in columns)
        writer.writerow([label, *(csv_text(v) if isinstance(v, str) else v for v in values)])
    return out.getvalue().encode()


def _scope(*records: Any) -> Scope:
    projects = {record.project.number for record in records if getattr(record, "project", None)}
    days = [record.date for record in records]
    return Scope(projects=tuple(sorted(projects)), first=min(days), last=max(days))


def _stage(load: Load, record: Record, corrected: _Corrected | None) -> None:
    model = str(record._meta.model_name)
    load.staged_lines.create(
        model=model,
        action="withdraw",
        line=record.line,
        fingerprint=record.fingerprint,
        project_id=getattr(record, "project_id", None),
        fund_id=getattr(record, "fund_id", None),
        record_id=record.pk,
        base_amount=_base_amount(record),
    )
    if corrected is None:
        return
    after = corrected.record
    values = {name: _plain(getattr(after, name)) for name in _columns(after)}
    values["restates_id"] = record.pk
    if corrected.voucher is not None:
        del values["voucher_id"]
        values |= corrected.voucher
    fingerprint = digest(model, load.sha256, *values.values())
    if isinstance(record, MoneyRecord) and isinstance(after, MoneyRecord):
        other = (after.base_amount, after.rate) != (record.base_amount, record.rate)
        if other and after.currency != base_currency():
            values[CONVERTED] = True
    load.staged_lines.create(
        model=model,
        line=3,
        fingerprint=fingerprint,
        project_id=getattr(after, "project_id", None),
        fund_id=getattr(after, "fund_id", None),
        base_amount=_base_amount(after),
        values=values,
    )


def _base_amount(record: Record) -> Decimal | None:
    """What it adds to figures; what was decided adds nothing to any."""
    return record.base_amount if isinstance(record, MoneyRecord) else None


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, date | Decimal) else value

"""Comparing what a source states now with what it stated before, record by record.

Within a scope (the records of one model and some projects of one source) the lines are
compared as multisets of their values as stated: identical repeats are kept as often as
they occur, what is no longer stated is withdrawn, what is new is added.
"""

import hashlib
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from finance.models import (
    Commitment,
    Deposit,
    ExchangeRate,
    Load,
    MoneyRecord,
    Voucher,
    VoucherLine,
)

CENT = Decimal("0.01")
NO_CURRENCY = "XXX"  # ISO 4217 for "no currency"
BATCH = 2000


class LoadError(Exception):
    """A load cannot be taken in; its text says where and why."""


@dataclass(slots=True)
class Stated:
    """One record as a line of the source states it."""

    model: type[MoneyRecord]
    line: int
    project_id: int | None  # None for what sits on no project but on values["fund_id"]
    values: dict[str, Any]
    as_stated: tuple[object, ...]
    voucher: dict[str, Any] | None = None

    @property
    def fingerprint(self) -> str:
        """A digest of the values as stated: never of ids or joined names."""
        return digest(self.model._meta.model_name, *self.as_stated)


def digest(*values: object) -> str:
    """A short digest of values, to compare by."""
    text = "\x1f".join(["" if value is None else str(value) for value in values])
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


class Rates:
    """Standing exchange rates: units per US$, the latest at or before a day."""

    def __init__(self) -> None:
        self._rates: dict[str, list[tuple[date, Decimal]]] = defaultdict(list)
        rows = ExchangeRate.objects.known_at().order_by("currency", "effective_on", "pk")
        for currency, effective_on, units in rows.values_list(
            "currency", "effective_on", "units_per_usd"
        ):
            self._rates[currency].append((effective_on, units))

    def convert(
        self, amount: Decimal, currency: str, day: date
    ) -> tuple[Decimal | None, Decimal | None]:
        """US$ (to the cent) and the rate used; (None, None) where no rate is known.

        An amount stated in US$ is kept as stated.
        """
        if currency == "USD":
            return amount, None
        rates = self._rates.get(currency, [])
        position = bisect_right(rates, day, key=lambda rate: rate[0])
        if not position:
            return None, None
        units = rates[position - 1][1]
        return (amount / units).quantize(CENT, ROUND_HALF_UP), units


def _owner_id(record: Stated, owner: str) -> int:
    owner_id = record.values["fund_id"] if owner == "fund_id" else record.project_id
    if owner_id is None:
        raise ValueError(f"Row {record.line} names no project; take_funds takes such records.")
    return owner_id


@dataclass
class Intake:
    """Takes the stated records of one load in, scope by scope."""

    load: Load
    rates: Rates = field(default_factory=Rates)
    counts: Counter[str] = field(default_factory=Counter)
    touched: set[int] = field(default_factory=set)

    def take(
        self,
        models: Sequence[type[MoneyRecord]],
        project_ids: Sequence[int],
        stated: Iterable[Stated],
        *,
        standing: Q | None = None,
    ) -> None:
        """Make `stated` all that this source says, in these models, of these projects.

        `standing` narrows the scope to the records that it matches, such as those of one
        year; all that is stated must lie within it.
        """
        self._take(models, "project_id", Q(project_id__in=project_ids), stated, standing)

    def take_funds(
        self,
        models: Sequence[type[MoneyRecord]],
        fund_ids: Sequence[int],
        stated: Iterable[Stated],
        *,
        standing: Q | None = None,
    ) -> None:
        """The same for what sits on these funds and on no project."""
        self._take(models, "fund_id", Q(fund_id__in=fund_ids), stated, standing)

    def _take(self, models, owner: str, scope: Q, stated: Iterable[Stated], standing) -> None:
        by_model: dict[type, list[Stated]] = defaultdict(list)
        for record in stated:
            by_model[record.model].append(record)
        for model in models:
            within = scope
            if owner == "fund_id" and issubclass(model, Commitment | Deposit):
                within &= Q(project__isnull=True)
            self._refuse_other_sources(model, owner, within)
            if standing is not None:
                within &= standing
            self._take_model(model, owner, within, by_model.get(model, []))

    def _take_model(self, model, owner: str, within: Q, stated: list[Stated]) -> None:
        standing: dict[tuple[int, str], list[int]] = defaultdict(list)
        rows = model.objects.known_at().filter(within).order_by("pk")
        for pk, owner_id, fingerprint in rows.values_list("pk", owner, "fingerprint"):
            standing[owner_id, fingerprint].append(pk)
        new: list[tuple[Stated, str]] = []
        added: Counter[int] = Counter()
        for record in stated:
            fingerprint = record.fingerprint
            owner_id = _owner_id(record, owner)
            same = standing.get((owner_id, fingerprint))
            if same:
                same.pop()
                self.counts["unchanged"] += 1
            else:
                new.append((record, fingerprint))
                added[owner_id] += 1
        withdrawn = [(owner_id, pk) for (owner_id, _f), pks in standing.items() for pk in pks]
        self._count(added, Counter(owner_id for owner_id, _pk in withdrawn))
        if owner == "project_id":
            self.touched |= added.keys() | {owner_id for owner_id, _pk in withdrawn}
        self._insert(model, new)
        model.objects.filter(pk__in=[pk for _owner, pk in withdrawn]).update(retired_by=self.load)

    def _count(self, added: Counter[int], withdrawn: Counter[int]) -> None:
        for owner_id in added.keys() | withdrawn.keys():
            changed = min(added[owner_id], withdrawn[owner_id])
            self.counts["changed"] += changed
            self.counts["new"] += added[owner_id] - changed
            self.counts["withdrawn"] += withdrawn[owner_id] - changed

    def _insert(self, model, new: list[tuple[Stated, str]]) -> None:
        vouchers = self._vouchers([s.voucher for s, _f in new if s.voucher is not None])
        rows = []
        for stated, fingerprint in new:
            values = dict(stated.values)
            values["usd"], values["rate"] = self.rates.convert(
                values["amount"], values["currency"], values.get("value_date") or values["date"]
            )
            if issubclass(model, VoucherLine) and stated.voucher is not None:
                values["voucher_id"] = vouchers[stated.voucher["key"]]
            if stated.project_id is not None:
                values["project_id"] = stated.project_id
            rows.append(
                model(
                    load=self.load,
                    source_id=self.load.source_id,
                    line=stated.line,
                    fingerprint=fingerprint,
                    **values,
                )
            )
        model.objects.bulk_create(rows, batch_size=BATCH)

    def _vouchers(self, stated: list[dict[str, Any]]) -> dict[str, int]:
        """The ids of the vouchers by their key, made where they are not there yet."""
        if not stated:
            return {}
        by_key = {voucher["key"]: voucher for voucher in stated}
        Voucher.objects.bulk_create(
            [Voucher(source_id=self.load.source_id, **voucher) for voucher in by_key.values()],
            batch_size=BATCH,
            ignore_conflicts=True,
        )
        return dict(
            Voucher.objects.filter(source_id=self.load.source_id, key__in=by_key).values_list(
                "key", "pk"
            )
        )

    def _refuse_other_sources(self, model, owner: str, within: Q) -> None:
        others = model.objects.known_at().filter(within).exclude(source_id=self.load.source_id)
        other = others.order_by("pk").values_list(owner, "source_id").first()
        if other is None:
            return
        text = (
            _(
                "The fund with id %(owner)s has %(records)s from another source "
                "(id %(source)s); staff must move it before this source may state them."
            )
            if owner == "fund_id"
            else _(
                "The project with id %(owner)s has %(records)s from another source "
                "(id %(source)s); staff must move it before this source may state them."
            )
        )
        raise LoadError(
            text
            % {
                "owner": other[0],
                "records": model._meta.verbose_name_plural,
                "source": other[1],
            }
        )

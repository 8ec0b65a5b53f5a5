"""Warnings of amounts that a file states in two currencies and that do not go together."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import islice

from django.db.models import DateField
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce
from django.utils.translation import gettext as _

from finance.conversion import Rates, TooLarge
from finance.loading.remarks import remark
from finance.models import Load, LoadRemark
from portal.kit.currency import base_currency, told_in_base
from portal.kit.formatting import money

CODE = "stated-base_amount-deviates"
SHOWN = 1000
# How far the base amount may lie from what the stated rate gives, and from what ours does: the
# first is only rounded, the second may be that of a bank. Less than a whole unit is rounding.
BY_STATED, BY_OURS = Decimal("0.01"), Decimal("0.1")
ROUNDING = Decimal(1)


def stated_rates(load: Load) -> Iterator[LoadRemark]:
    """Of lines whose base amount is stated, and kept so, by the stated rate or else by ours."""
    if load.kind == Load.Kind.IATI:
        # It states one currency, and all else is worked out here.
        return
    lines = (
        load.staged_lines.filter(action="add", base_amount__isnull=False, values__has_key="rate")
        .exclude(values__has_key="converted")
        .annotate(
            amount=KT("values__amount"),
            currency=KT("values__currency"),
            rate=KT("values__rate"),
            day=Cast(Coalesce(KT("values__value_date"), KT("values__date")), DateField()),
        )
        .exclude(currency=base_currency())
        .order_by("line")
        .values_list("line", "amount", "currency", "rate", "day", "base_amount")
    )
    rates = Rates()
    told = (
        remark(load, CODE, line, base, text)
        for line, amount, currency, rate, day, base in lines.iterator()
        if base is not None
        and (text := _deviation(rates, Decimal(amount), currency, rate, day, base))
    )
    yield from islice(told, SHOWN)


def _deviation(
    rates: Rates, amount: Decimal, currency: str, rate: str | None, day: date, base: Decimal
) -> str:
    """How far off it is, in words; "" where it goes together or nothing is there to compare."""
    if rate:
        worked = amount / Decimal(rate) if Decimal(rate) else None
        text = _(
            "By the rate that the row states it would be %(currency)s %(worked)s, not "
            "%(currency)s %(stated)s."
        )
    else:
        try:
            worked, _rate = rates.convert(amount, currency, day)
        except TooLarge:
            worked = None
        text = _(
            "By the rate of the day it would be %(currency)s %(worked)s, not %(currency)s "
            "%(stated)s."
        )
    if worked is None:
        return ""
    allowed = abs(worked) * (BY_STATED if rate else BY_OURS)
    if abs(worked - base) <= max(allowed, ROUNDING):
        return ""
    return told_in_base(text, worked=money(worked), stated=money(base))

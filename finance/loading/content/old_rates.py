"""Warnings of amounts that are converted by a rate from long before their day: of a currency given
up, it may be."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import islice

from django.conf import settings
from django.db.models import Count, DateField, Max
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from finance.conversion import Rates
from finance.loading.remarks import remark
from finance.models import Load, LoadRemark
from finance.models.record_kinds import MONEY_MODELS
from portal.kit.currency import NO_CURRENCY

CODE = "old-rate"
SHOWN = 1000


def old_rates(load: Load) -> Iterator[LoadRemark]:
    """Of lines that the load converts, and of records that its rates would convert."""
    yield from _of_lines(load)
    if load.kind == Load.Kind.RATES:
        yield from _of_waiting(load)


def _of_lines(load: Load) -> Iterator[LoadRemark]:
    converted = load.staged_lines.filter(action="add", values__converted=True).annotate(
        currency=KT("values__currency"),
        day=Cast(Coalesce(KT("values__value_date"), KT("values__date")), DateField()),
    )
    rates = Rates()
    old = {}
    for currency, day in converted.order_by().values_list("currency", "day").distinct():
        if effective_on := _too_old(rates, currency, day):
            old[currency, day] = effective_on
    lines = converted.filter(currency__in={currency for currency, _day in old})
    found = lines.order_by("line").values_list("line", "currency", "day")
    told = (row for row in found.iterator() if row[1:] in old) if old else ()
    for line, currency, day in islice(told, SHOWN):
        text = _("The newest rate of %(currency)s for %(day)s is that of %(effective)s.")
        values = {"currency": currency, "day": day, "effective": old[currency, day]}
        yield remark(load, CODE, line, currency, text % values)


def _of_waiting(load: Load) -> Iterator[LoadRemark]:
    """Records without a rate until now, by currency and the rate that would convert them."""
    rates = Rates()
    staged = load.staged_lines.filter(action="add").values_list("values", "line")
    lines = {}
    for stated, line in staged:
        values = stated or {}
        on = date.fromisoformat(values["effective_on"])
        rates.add(values["currency"], on, Decimal(values["units_per_base"]))
        lines[values["currency"], on] = line
    found: dict[tuple[str, date], tuple[int, date]] = {}
    for model in MONEY_MODELS.values():
        waiting = model.objects.known_at().filter(base_amount__isnull=True)
        days = (
            waiting.exclude(currency=NO_CURRENCY)
            .order_by()
            .annotate(day=Coalesce("value_date", "date"))
            .values("currency", "day")
            .annotate(count=Count("pk"), last=Max("day"))
        )
        for row in days:
            if effective_on := _too_old(rates, row["currency"], row["day"]):
                count, last = found.get((row["currency"], effective_on), (0, date.min))
                of = (count + row["count"], max(last, row["last"]))
                found[row["currency"], effective_on] = of
    for (currency, effective_on), (count, last) in sorted(found.items())[:SHOWN]:
        text = ngettext(
            "%(count)s amount in %(currency)s, of %(last)s, would be converted by the rate of "
            "%(effective)s.",
            "%(count)s amounts in %(currency)s, the latest of %(last)s, would be converted by the "
            "rate of %(effective)s.",
            count,
        )
        words = text % {
            "count": count,
            "currency": currency,
            "last": last,
            "effective": effective_on,
        }
        yield remark(load, CODE, lines.get((currency, effective_on)), currency, words)


def _too_old(rates: Rates, currency: str, day: date) -> date | None:
    """The day of the rate that is used, where it is too old for the day."""
    effective_on = rates.effective_on(currency, day)
    if effective_on and (day - effective_on).days > settings.OLD_RATE_DAYS:
        return effective_on
    return None

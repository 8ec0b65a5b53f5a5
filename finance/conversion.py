"""Conversion of stated amounts to the base currency, by the standing rates of exchange."""

from bisect import bisect_right, insort
from collections import defaultdict
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _

from finance.errors import LoadError
from finance.models import ExchangeRate
from portal.kit.currency import WHOLE_DIGITS, base_currency, told_in_base

CENT = Decimal("0.01")
TOO_LARGE = Decimal(10) ** WHOLE_DIGITS


class TooLarge(LoadError):
    """An amount comes to more in the base currency than can be kept: its rate is a slip."""


class Rates:
    """Standing exchange rates: units per base currency, the latest at or before a day."""

    def __init__(self) -> None:
        self._rates: dict[str, list[tuple[date, Decimal]]] = defaultdict(list)
        rows = ExchangeRate.objects.known_at().order_by("currency", "effective_on", "pk")
        for currency, effective_on, units in rows.values_list(
            "currency", "effective_on", "units_per_base"
        ):
            self._rates[currency].append((effective_on, units))

    def add(self, currency: str, effective_on: date, units: Decimal) -> None:
        """A rate that does not stand yet."""
        insort(self._rates[currency], (effective_on, units))

    def convert(
        self, amount: Decimal, currency: str, day: date
    ) -> tuple[Decimal | None, Decimal | None]:
        """The base amount (to the cent) and the rate used; (None, None) where no rate is known.

        An amount stated in the base currency is kept as stated; nothing is nothing at any rate.
        Raises TooLarge.
        """
        if currency == base_currency():
            return amount, None
        rate = self._of(currency, day)
        if rate is None:
            return (None if amount else amount), None
        units = rate[1]
        converted = amount / units
        if abs(converted) >= TOO_LARGE:
            text = _(
                "%(amount)s %(code)s at %(rate)s per %(currency)s is too large; look at the amount "
                "and at the rate of exchange"
            )
            named = {
                "amount": f"{amount.normalize():f}",
                "code": currency,
                "rate": f"{units.normalize():f}",
            }
            raise TooLarge(told_in_base(text, **named))
        return converted.quantize(CENT, ROUND_HALF_UP), units

    def effective_on(self, currency: str, day: date) -> date | None:
        """The day from which the rate holds that is used of that day; None where none is known."""
        rate = self._of(currency, day)
        return rate[0] if rate else None

    def _of(self, currency: str, day: date) -> tuple[date, Decimal] | None:
        rates = self._rates.get(currency, [])
        position = bisect_right(rates, day, key=lambda rate: rate[0])
        return rates[position - 1] if position else None

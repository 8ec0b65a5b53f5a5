"""What every way of taking money in shares: its error, its digests, its rates of exchange."""

import hashlib
from bisect import bisect_right
from collections import defaultdict
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from finance.errors import LoadError
from finance.models import ExchangeRate
from portal.kit.currency import base_currency

__all__ = ["CENT", "NO_CURRENCY", "LoadError", "Rates", "digest"]

CENT = Decimal("0.01")
NO_CURRENCY = "XXX"  # ISO 4217 for "no currency"


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
            "currency", "effective_on", "units_per_base"
        ):
            self._rates[currency].append((effective_on, units))

    def convert(
        self, amount: Decimal, currency: str, day: date
    ) -> tuple[Decimal | None, Decimal | None]:
        """US$ (to the cent) and the rate used; (None, None) where no rate is known.

        An amount stated in US$ is kept as stated.
        """
        if currency == base_currency():
            return amount, None
        rates = self._rates.get(currency, [])
        position = bisect_right(rates, day, key=lambda rate: rate[0])
        if not position:
            return None, None
        units = rates[position - 1][1]
        return (amount / units).quantize(CENT, ROUND_HALF_UP), units

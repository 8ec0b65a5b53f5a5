"""Rows that add up others, filled like any other row: told by their words or by their amount."""

from decimal import Decimal
from typing import Any

from portal.kit.text import WORD, fold

# A sum of fewer rows than these may well be chance.
_FEW = 3

# English, French, Spanish, Portuguese, German, Dutch, Polish, Russian, Arabic, Chinese and Swahili.
_SUM_WORDS = (
    "total totals totale totales totaux subtotal subtotals sum sums suma sumas soma somme sommes "
    "summe gesamt gesamtsumme gesamtbetrag zwischensumme endsumme insgesamt zusammen totaal "
    "łącznie razem σ "
    "итого всего сумма подытог "
    "المجموع مجموع الإجمالي إجمالي اجمالي 合计 合計 总计 總計 小计 小計 jumla"
)
_WORDS_BESIDE = (
    "grand sub sous net gross overall all amount amounts year years period project projects fund "
    "funds general generale generales generaux montant montants annee periode importe ano monto "
    "geral für of for the in to up du de des la le les del los par por per за год по общая общий "
    "العام الكلي usd eur"
)
_SUMS, _BESIDE = frozenset(fold(_SUM_WORDS).split()), frozenset(fold(_WORDS_BESIDE).split())

# “Balance b/f”, “carried forward”: what stood on the page before.
_CARRIED = frozenset(
    ["balance", "carried", "brought", "forward", "b", "c", "f", "d", "opening", "closing"]
)
# Letters alone may be a code.
_CARRIED_WORDS = frozenset(["balance", "carried", "brought", "forward"])


def is_sum(text: str) -> bool:
    """Whether the text names a sum and nothing else: "Grand total 2023", "Montant total"."""
    words = [word for word in WORD.findall(fold(text)) if not word.isdecimal()]
    if len(words) > 3 and all(len(word) == 1 for word in words):
        words = ["".join(words)]  # T O T A L
    has_digits = any(letter.isdigit() for letter in text)
    if len(words) > 1 and not has_digits and _CARRIED_WORDS & {*words} and {*words} <= _CARRIED:
        return True
    return any(word in _SUMS for word in words) and all(
        word in _SUMS or word in _BESIDE for word in words
    )


class RunningSums:
    """The sums of the rows above, since the beginning and since the last row that was one."""

    def __init__(self) -> None:
        self._whole: dict[Any, _Sum] = {}
        self._part: dict[Any, _Sum] = {}

    def add_up_to(self, key: Any, amount: Decimal | None) -> bool:
        """Whether the amount is just the sum of the rows above with that key.

        Of several rows, and more than each: money that was paid back and paid again is none.
        """
        if not amount:
            return False
        whole, part = self._whole.setdefault(key, _Sum()), self._part.setdefault(key, _Sum())
        if whole.is_summed_by(amount) or part.is_summed_by(amount):
            self._part[key] = _Sum()
            return True
        whole.add(amount)
        part.add(amount)
        return False


class _Sum:
    """So many amounts, their sum, and the largest of them."""

    __slots__ = ("_count", "_largest", "_sum")

    def __init__(self) -> None:
        self._count, self._sum, self._largest = 0, Decimal(0), Decimal(0)

    def add(self, amount: Decimal) -> None:
        self._count += 1
        self._sum += amount
        self._largest = max(self._largest, abs(amount))

    def is_summed_by(self, amount: Decimal) -> bool:
        return self._count >= _FEW and amount == self._sum and abs(amount) > self._largest

"""One sum of a fund, and whose it is."""

from decimal import Decimal
from typing import Any, NamedTuple


class Party(NamedTuple):
    """Who gave, received or spent; without id where the source names nobody."""

    pk: Any
    code: str
    name: str
    kind: str
    short: str = ""


NOBODY = Party("", "", "", "")


class FundSum(NamedTuple):
    """One sum in the base currency with what it is the sum of; a page has thousands."""

    measure: str
    state: str
    # Or one of several years that the page never tells apart: see `Span`.
    year: int
    cross_fund: bool
    party: Party
    # Its budget category (id), its place (country and theme), or its fund.
    part: tuple
    base_amount: Decimal
    records: int
    unconverted: int

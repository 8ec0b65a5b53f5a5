"""When a balance and a delivery rate may be told at all: the one home of the rule.

Of a source that states no transfer it is not known what its publisher was funded with: without,
what is spent overdraws nothing, and there is no balance. A transfer of zero is none
(docs/domain.md#status). Of a whole of funds it has to be stated of each fund that spent. A rate,
besides, is of sums that leave nothing out.

Without income, likewise, nothing is known to be left with the Administrative Agent.

Rows of lists bear the names below; whatever else adds up measures says what it has by them.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.db.models import Case, DecimalField, F, Q, When

# What is told by records, converted or not.
FUNDED = ("transfer", "refund", "transfer_left_out", "refund_left_out")
SPENT = ("expenditure", "expenditure_left_out")
_LEFT_OUT = tuple(name for name in (*FUNDED, *SPENT) if name.endswith("_left_out"))


# What is left of a fund's income.
OF_INCOME = frozenset(
    {"balance_aa", "balance_aa_change", "balance_aa_opening", "balance_aa_closing", "total_balance"}
)


def is_funded(value_of: Callable[[str], Any]) -> bool:
    """Whether money is known to have been passed on or returned, converted or not."""
    return any(map(value_of, FUNDED))


def states_funding(value_of: Callable[[str], Any]) -> bool:
    """Whether a balance can be told of what has these sums and numbers of amounts left out."""
    return is_funded(value_of) or not any(map(value_of, SPENT))


def is_overspent(value_of: Callable[[str], Any], *, follows_rules: bool) -> bool:
    """Whether a project is known to have spent more than it was funded with.

    What is not converted may make up for it; a publisher who follows no rules of the office may
    not state what was funded.
    """
    spent = value_of("expenditure")
    if spent <= 0 or any(map(value_of, _LEFT_OUT)):
        return False
    is_above = spent > value_of("transfer") - value_of("refund")
    return bool(is_above and (follows_rules or is_funded(value_of)))


def overspent_projects() -> Q:
    """`is_overspent` of annotated projects."""
    is_above = Q(expenditure__gt=F("transfer") - F("refund")) & Q(expenditure__gt=0)
    funded = Q(fund__follows_rules=True) | ~Q(**dict.fromkeys(FUNDED, 0))
    return is_above & Q(**dict.fromkeys(_LEFT_OUT, 0)) & funded


def rate_of(expenditure: Decimal, net_funded: Decimal, *, is_known: bool) -> Decimal | None:
    """Expenditure ÷ net funded amount in percent; None where the latter is zero ("n/a"), or where
    not all of both `is_known`."""
    return expenditure * 100 / net_funded if is_known and net_funded else None


def told() -> Q:
    """`states_funding` of annotated rows."""
    return ~Q(**dict.fromkeys(FUNDED, 0)) | Q(**dict.fromkeys(SPENT, 0))


def balance_of_rows(is_mixed: Q | None = None) -> Case:
    """The balance of annotated rows; `is_mixed`: wholes of which a part does not tell."""
    left = F("transfer") - F("refund") - F("expenditure")
    return Case(When(_with(told(), is_mixed), then=left), output_field=DecimalField())


def rate_of_rows(is_mixed: Q | None = None) -> Case:
    """The delivery rate of annotated rows, in percent."""
    known = Q(**dict.fromkeys(_LEFT_OUT, 0)) & ~Q(transfer=F("refund"))
    rate = F("expenditure") * 100 / (F("transfer") - F("refund"))
    return Case(When(_with(known, is_mixed), then=rate), output_field=DecimalField())


def _with(known: Q, is_mixed: Q | None) -> Q:
    return known if is_mixed is None else known & ~is_mixed


# The same for tables that keep what follows.
TOLD_SQL = (
    f"(({', '.join(FUNDED)}) <> ({', '.join('0' for _name in FUNDED)})"
    f" OR ({', '.join(SPENT)}) = (0, 0))"
)
BALANCE_SQL = f"CASE WHEN {TOLD_SQL} THEN transfer - refund - expenditure END"
RATE_SQL = (
    f"CASE WHEN {' + '.join(_LEFT_OUT)} = 0"
    " THEN expenditure * 100 / nullif(transfer - refund, 0) END"
)

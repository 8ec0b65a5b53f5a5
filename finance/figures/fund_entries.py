"""What entries do to funds: the upper half of a statement by the fund that paid, the lower half
by the fund of the project (docs/domain.md#formulas).

One entry serves both halves: of a voucher it is what the fund *paid*, and a *transfer* to a
project of its own or of another fund. Where both funds differ, the halves do.
"""

from collections.abc import Collection, Iterator
from typing import Any

from django.db.models import (
    Case,
    F,
    IntegerField,
    Q,
    Value,
    When,
)

from finance.figures.catalogue import Signs
from finance.models import Entry, EntryQuerySet
from finance.models import FundMeasure as M
from portal.kit.dates import Known

PLEDGE = "pledge"
# Measures of the upper half that entries call otherwise, with their state.
_UPPER = {M.PAID.value: "transfer", M.RETURNED.value: "refund", M.PLEDGE.value: "commitment"}
_LOWER = frozenset({M.APPROVED.value, M.TRANSFER.value, M.REFUND.value, M.EXPENDITURE.value})
_NAMES = {"transfer": M.PAID.value, "refund": M.RETURNED.value}
_OF_VOUCHERS = frozenset(_NAMES)

Funds = Collection[int] | None  # None: all


def fund_entries(known: Known, funds: Funds = None) -> EntryQuerySet:
    """The entries that do something to these funds, or to any."""
    found = Entry.objects.known(known)
    return found if funds is None else found.filter(of_funds(funds))


def of_funds(funds: Collection[int]) -> Q:
    """The condition on entries, or sums of such, that do something to these funds."""
    return _in("fund", funds) | _in("project_fund", funds)


def halves(
    measure: str, state: str, fund: int | None, project_fund: int | None, funds: Funds
) -> Iterator[tuple[str, str, bool, bool]]:
    """What an entry, or a sum of such, does to these funds: measure, state, whether voucher and
    project are of different funds, and whether it is of the upper half."""
    cross_fund = measure in _OF_VOUCHERS and fund != project_fund
    if fund is not None and (funds is None or fund in funds):
        if state == PLEDGE:
            yield PLEDGE, "", False, True
        else:
            yield _NAMES.get(measure, measure), state, cross_fund, True
    if measure in _LOWER and project_fund is not None and (funds is None or project_fund in funds):
        yield measure, state, cross_fund, False


def counted(entries: Any, signs: Signs, funds: Funds = None) -> Any:
    """Entries, or sums of such by fund, that count in a figure of these funds, each with its
    `sign`, and `is_upper` where it counts for the fund that the record names."""
    sign: Any = Value(0)
    which, upper = Q(pk__in=[]), Q(pk__in=[])
    for part in signs.parts:
        measure = _UPPER.get(part.measure, part.measure)
        condition = Q(measure=measure)
        is_upper = part.measure not in _LOWER
        condition &= _in("fund" if is_upper else "project_fund", funds)
        if measure == "commitment":
            condition &= Q(state=PLEDGE if part.measure == M.PLEDGE else "")
        if part.state:
            condition &= Q(state=part.state)
        if part.cross_fund:
            condition &= ~Q(fund=F("project_fund"))
        which |= condition
        if is_upper:
            upper |= condition
        sign = sign + Case(
            When(condition, then=Value(part.sign)), default=Value(0), output_field=IntegerField()
        )
    return (
        entries.filter(which)
        .annotate(
            sign=sign,
            is_upper=Case(When(upper, then=Value(True)), default=Value(False)),
            fund_name=Case(
                When(upper, then=F("fund__sort_name")), default=F("project_fund__sort_name")
            ),
        )
        .exclude(sign=0)
    )


def _in(name: str, funds: Funds) -> Q:
    if funds is None:
        return Q(**{f"{name}__isnull": False})
    return Q(**{f"{name}__in": list(funds)})


def fund_of(entry: Entry) -> Any:
    """The fund for which a counted entry counts."""
    return entry.fund if entry.is_upper else entry.project_fund  # type: ignore[attr-defined]

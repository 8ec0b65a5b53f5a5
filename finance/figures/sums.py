"""Key figures: sums of what records add to a measure, for today, any past date, any year.

All are plain sums of entries. `KeyFigure` holds those of today, made within each release; a past
date sums the entries known then.
"""

# Only constants of our modules are put together here.
# ruff: noqa: S608

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import QuerySet, Sum

from finance.figures.catalogue import FIGURES
from finance.figures.covering import left_out_of_state, left_out_of_years, state_of
from finance.figures.pace import put_pace
from finance.figures.side_by_side import put_side_by_side
from finance.figures.telling import is_funded, is_overspent, rate_of, states_funding
from finance.models import Entry, ExpenditureLine, KeyFigure
from finance.models.figures import Measure
from finance.planning import MANY, fit_for_many, keys_checked_by_index
from portal.kit.dates import Known
from portal.kit.tables.parts import Parts
from portal.kit.together import Shaped

ZERO = Decimal(0)

# What tells the amounts that sums leave out from others: it changes where one of them does. An
# entry that takes its record out has the amount the other way round: it is turned back.
_SIGN = "CASE WHEN adjusts THEN -records ELSE records END"
TOLD_BY = f"""coalesce(sum({_SIGN} * hashtextextended(currency || ({_SIGN} * amount), 0))
    FILTER (WHERE base_amount IS NULL), 0)"""
_TOTALS = f"""
SELECT moments.at, project_id, measure, state, coalesce(sum(base_amount), 0),
    sum(records)::int, sum(unconverted)::int, sum(told_by)
FROM unnest(%s::timestamptz[]) AS moments(at)
JOIN (
    -- Few releases make many entries: those known for as long are added up first.
    SELECT project_id, measure, state, known_from, known_until, sum(base_amount) AS base_amount,
        sum(records) AS records, sum(unconverted) AS unconverted, {TOLD_BY} AS told_by
    FROM finance_entry
    WHERE project_id = ANY(%s::bigint[]) AND (%s IS NULL OR date <= %s)
    GROUP BY 1, 2, 3, 4, 5
) AS alike ON known_from <= moments.at AND (known_until IS NULL OR known_until > moments.at)
GROUP BY 1, 2, 3, 4 HAVING sum(records) <> 0
"""
_NAMES = (
    "organization__name",
    "organization__code",
    "category__name",
    "category__code",
    "category__position",
)
_OF_ENTRIES = """
SELECT project_id, organization_id, year, category_id, measure, state,
    coalesce(sum(base_amount), 0), sum(records), sum(unconverted), max(date)
FROM finance_entry WHERE project_id = ANY(%s::bigint[]) AND known_until IS NULL
GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(records) <> 0
"""
# Groups of the projects' entries that a moment began or ended, and what stands of them. Ids of the
# column's own type are looked up by a hash, others one after the other for each entry.
_CHANGED = """
SELECT DISTINCT project_id, organization_id, year, category_id, measure, state
FROM finance_entry
WHERE project_id = ANY(%(ids)s::bigint[]) AND (known_from = %(at)s OR known_until = %(at)s)
"""
_TAKE_CHANGED = f"""
DELETE FROM finance_keyfigure AS kept USING ({_CHANGED}) AS changed
WHERE kept.project_id = ANY(%(ids)s::bigint[])
AND kept.project_id = changed.project_id AND kept.year = changed.year
AND kept.measure = changed.measure AND kept.state = changed.state
AND kept.organization_id IS NOT DISTINCT FROM changed.organization_id
AND kept.category_id IS NOT DISTINCT FROM changed.category_id
"""
# In one pass: to read the entries again for the groups that changed takes three times as long.
_STANDS = "FILTER (WHERE known_until IS NULL)"
_PUT_CHANGED = f"""
SELECT project_id, organization_id, year, category_id, measure, state,
    coalesce(sum(base_amount) {_STANDS}, 0), sum(records) {_STANDS}, sum(unconverted) {_STANDS},
    max(date) {_STANDS}
FROM finance_entry WHERE project_id = ANY(%(ids)s::bigint[])
GROUP BY 1, 2, 3, 4, 5, 6
HAVING bool_or(known_from = %(at)s OR known_until = %(at)s) AND sum(records) {_STANDS} <> 0
"""
_COLUMNS = (
    "project_id, organization_id, year, category_id, measure, state, "
    "base_amount, records, unconverted, until"
)


@dataclass(frozen=True, slots=True)
class Figure:
    """One sum in the base currency with what it is the sum of."""

    project_id: int
    organization_id: int | None
    year: int
    category_id: int | None
    measure: str
    state: str
    base_amount: Decimal
    records: int
    unconverted: int
    until: date
    organization: str = ""
    organization_code: str = ""
    category: str = ""
    category_code: str = ""
    category_position: int = 0


_FIGURE_FIELDS = tuple(column.name for column in fields(Figure))[: -len(_NAMES)]
_SUMS = ("base_amount__sum", "records__sum", "unconverted__sum", "date__max")
_FIGURE_KEYS = _FIGURE_FIELDS[: -len(_SUMS)]


class YearSum(NamedTuple):
    """One sum in the base currency of a year, whatever project it is of."""

    year: int
    measure: str
    state: str
    base_amount: Decimal
    records: int
    unconverted: int


@dataclass(slots=True)
class Totals:
    """The measures of one project, or of any set of figures, in the base currency."""

    commitment: Decimal = ZERO
    deposit: Decimal = ZERO
    approved: Decimal = ZERO
    transfer: Decimal = ZERO
    refund: Decimal = ZERO
    expenditure: Decimal = ZERO
    unconverted: int = 0
    records: int = 0
    interim: Decimal = ZERO
    certified: Decimal = ZERO
    left_out: Counter[str] = field(default_factory=Counter)
    measures: set[str] = field(default_factory=set)
    states: set[str] = field(default_factory=set)
    has_corrections: bool = False
    # Whether it is put together from parts of which one spent without being funded.
    has_unfunded: bool = False
    # The year before which nothing is part of it, if any (`finance/figures/covering.py`).
    first: int | None = None
    # By measure, what tells the amounts left out from others; only of sums that are compared.
    told_by: Counter[str] = field(default_factory=Counter)
    # By state of expenditure, how many amounts are left out of what is told of it.
    left_out_by_state: Counter[str] = field(default_factory=Counter)

    @property
    def net_funded(self) -> Decimal:
        """Net funded amount = transfers − refunds (docs/domain.md#formulas)."""
        return self.transfer - self.refund

    @property
    def delivery_rate(self) -> Decimal | None:
        """Expenditure ÷ net funded amount in percent; None where that is zero ("n/a"), or where
        either leaves amounts out, or is spent by those of whom it is not stated what they got."""
        is_known = not (self.has_unfunded or self.parts("delivery_rate").unconverted)
        return rate_of(self.expenditure, self.net_funded, is_known=is_known)

    @property
    def balance(self) -> Decimal:
        """Balance with POs = net funded amount − expenditure."""
        return self.net_funded - self.expenditure

    @property
    def states_funding(self) -> bool:
        """Whether it is stated what was funded (`finance/figures/telling.py`)."""
        return not self.has_unfunded and states_funding(self._stated)

    @property
    def is_funded(self) -> bool:
        """Whether money is known to have been passed on or returned, converted or not."""
        return is_funded(self._stated)

    def is_overspent(self, *, follows_rules: bool) -> bool:
        """Whether it is known to have spent more than it was funded with."""
        return is_overspent(self._stated, follows_rules=follows_rules)

    def _stated(self, name: str) -> Decimal | int:
        measure = name.removesuffix("_left_out")
        found: Decimal | int = self.left_out[measure] if measure != name else getattr(self, name)
        return found

    def told(self, figure: str) -> Decimal | None:
        """A figure as far as it is known: of a source that states no transfer, no balance is."""
        if figure == "balance" and not self.states_funding:
            return None
        value: Decimal | None = getattr(self, figure)
        return value

    @property
    def unconverted_on_the_way(self) -> int:
        """How many amounts are left out of what was approved, transferred, refunded and spent."""
        return (self.parts("approved") + self.parts("balance")).unconverted

    def has(self, figure: str) -> bool:
        """Whether any record is behind a figure, converted or not."""
        return bool(self.measures & FIGURES[figure].measures.measures)

    def parts(self, figure: str) -> Parts:
        """How much of a figure is interim and certified, and how many amounts it leaves out."""
        measures = FIGURES[figure].measures.measures
        has_spent = Measure.EXPENDITURE in measures
        interim, certified = (self.interim, self.certified) if has_spent else (ZERO, ZERO)
        told_by = Decimal(sum(self.told_by[measure] for measure in measures))
        left_out = sum(self.left_out[measure] for measure in measures)
        return Parts(interim, left_out, told_by=told_by, certified=certified)

    def add(self, figure: Figure | YearSum) -> None:
        """Count one figure in."""
        self.count(
            figure.measure, figure.state, figure.base_amount, figure.records, figure.unconverted
        )

    def count(
        self,
        measure: str,
        state: str,
        base_amount: Decimal,
        records: int,
        unconverted: int,
        told_by: int = 0,
    ) -> None:
        """Count a sum of records of one measure and state in; none, if no record stands."""
        if not records:
            return
        setattr(self, measure, getattr(self, measure) + (base_amount or ZERO))
        left_out = left_out_of_years(state, unconverted, self.first)
        self.unconverted += left_out
        self.left_out[measure] += left_out
        self.told_by[measure] += told_by
        self.records += records
        self.measures.add(measure)
        if measure == Measure.EXPENDITURE:
            self.states.add(state_of(state))
            self.left_out_by_state[state_of(state)] += left_out_of_state(state, unconverted)
            if state == ExpenditureLine.State.INTERIM:
                self.interim += base_amount or ZERO
            elif state == ExpenditureLine.State.CERTIFIED:
                self.certified += base_amount or ZERO
        if state == "correction":
            self.has_corrections = True

    def include(self, other: "Totals") -> None:
        """Add the totals of something else."""
        for measure in Measure:
            setattr(self, measure, getattr(self, measure) + getattr(other, measure))
        self.unconverted += other.unconverted
        self.left_out.update(other.left_out)
        self.told_by.update(other.told_by)
        self.left_out_by_state.update(other.left_out_by_state)
        self.interim += other.interim
        self.certified += other.certified
        self.records += other.records
        self.measures |= other.measures
        self.states |= other.states
        self.has_corrections |= other.has_corrections
        self.has_unfunded |= other.has_unfunded


def total(figures: Iterable[Figure | YearSum], *, first: int | None = None) -> Totals:
    """The sum of figures, by measure; years before `first` are left out of them."""
    totals = Totals(first=first)
    for figure in figures:
        totals.add(figure)
    return totals


def together(parts: Iterable[Totals]) -> Totals:
    """The whole of funds, of each of which it has to be stated what it was funded with."""
    whole = Totals()
    for part in parts:
        whole.include(part)
        whole.has_unfunded |= not part.states_funding
    return whole


def _kept_figures(project_ids: Sequence[int]) -> QuerySet[KeyFigure, Any]:
    return KeyFigure.objects.filter(project_id__in=project_ids).values_list(
        *_FIGURE_FIELDS, *_NAMES
    )


_OF_ONE = Shaped(lambda project: _kept_figures([project]))


def figures_of(
    project_ids: Sequence[int], as_of: datetime | None = None, until: date | None = None
) -> list[Figure]:
    """The figures of projects: of today from the key figures, else from the entries.

    `as_of` is the moment of knowledge, `until` the last day of money counted in.
    """
    if as_of is None and until is None:
        is_one = len(project_ids) == 1
        rows = _OF_ONE.of(project=project_ids[0]) if is_one else _kept_figures(project_ids)
        return [_figure(row) for row in rows]
    return figures_of_entries(project_ids, as_of, until)


def figures_of_entries(
    project_ids: Sequence[int], as_of: datetime | None = None, until: date | None = None
) -> list[Figure]:
    """The same added up from the entries, of today too."""
    rows = (
        Entry.objects.known(Known(as_of, until))
        .filter(project_id__in=project_ids)
        .summed(*_FIGURE_KEYS, *_NAMES)
        .values_list(*_FIGURE_KEYS, *_SUMS, *_NAMES)
    )
    return [_figure(row) for row in rows]


def _figure(row: tuple) -> Figure:
    names = row[-len(_NAMES) :]
    values = [*row[: -len(_NAMES)], *(name or "" for name in names[:-1]), names[-1] or 0]
    return Figure(*values)


def totals_at(
    moments: Iterable[datetime], project_ids: Sequence[int], until: date | None = None
) -> dict[tuple[datetime, int], Totals]:
    """Totals by moment of knowledge and project, in one query; absent where there are none."""
    totals: dict[tuple[datetime, int], Totals] = {}
    with connection.cursor() as cursor:
        cursor.execute(_TOTALS, [sorted(set(moments)), list(project_ids), until, until])
        for moment, project_id, *figure in cursor.fetchall():
            totals.setdefault((moment, project_id), Totals()).count(*figure)
    return totals


def rebuild_key_figures(project_ids: Sequence[int]) -> None:
    """Add today's key figures of these projects up from their entries."""
    if not project_ids:
        return
    KeyFigure.objects.filter(project_id__in=project_ids).delete()
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO finance_keyfigure ({_COLUMNS}) {_OF_ENTRIES}",
            [list(project_ids)],
        )
    put_side_by_side(project_ids)
    put_pace(project_ids)


def refresh_key_figures(project_ids: Sequence[int], at: datetime) -> None:
    """Add up anew those key figures of these projects whose entries began or ended at a moment."""
    names: dict[str, Any] = {"ids": list(project_ids), "at": at}
    with fit_for_many(MANY), keys_checked_by_index(), connection.cursor() as cursor:
        cursor.execute(_TAKE_CHANGED, names)
        cursor.execute(f"INSERT INTO finance_keyfigure ({_COLUMNS}) {_PUT_CHANGED}", names)
    put_side_by_side(project_ids)
    put_pace(project_ids)


def totals_by(figures: QuerySet, key: str) -> dict[Any, Totals]:
    """The totals of each project, organization … (`key`) of any set of figures, in one query."""
    rows = figures.order_by().values_list(key, "measure", "state")
    found: dict[Any, Totals] = {}
    for whose, *figure in rows.annotate(Sum("base_amount"), Sum("records"), Sum("unconverted")):
        found.setdefault(whose, Totals()).count(*figure)
    return found


def totals_of(figures: QuerySet) -> Totals:
    """Totals over any set of figures, of today or of then, in one query."""
    totals = Totals()
    sums = figures.values_list("measure", "state").annotate(
        Sum("base_amount"), Sum("records"), Sum("unconverted")
    )
    for row in sums:
        totals.count(*row)
    return totals


def sums_by_year(figures: QuerySet) -> list[YearSum]:
    """Sums of any set of figures, of today or of then, by year, measure and state only."""
    rows = (
        figures.order_by("year")
        .values_list("year", "measure", "state")
        .annotate(Sum("base_amount"), Sum("records"), Sum("unconverted"))
    )
    return [
        YearSum(year, measure, state, amount or ZERO, records, unconverted)
        for year, measure, state, amount, records, unconverted in rows
        if records
    ]

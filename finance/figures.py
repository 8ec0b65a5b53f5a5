"""Key figures: one definition of which records count, for today, any past date, any year.

`_EFFECTS` says for each record what it adds to which measure. `finance_keyfigure` is its
sum for today, made within each release; a past date sums the same rows. Which expenditure
counts (DOMAIN.md §5): *reported* replaces all *interim* lines of its project, organization
and year; a *certified* statement is cumulative and enters its own year as the difference
from the other lines that count.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from decimal import Decimal

from django.db import connection
from django.db.models import Case, F, Max, Q, QuerySet, Sum, Value, When
from django.db.models.fields import DecimalField
from django.db.models.functions import Coalesce

from finance.models import KeyFigure
from finance.models.figures import Measure

ZERO = Decimal(0)

_NOW = "retired_by_id IS NULL"
_THEN = (
    "load_id IN (SELECT id FROM finance_load WHERE released_at <= %(as_of)s) AND "
    "(retired_by_id IS NULL OR retired_by_id NOT IN "
    "(SELECT id FROM finance_load WHERE released_at <= %(as_of)s))"
)

_EFFECTS = """
WITH expenditure AS (
    SELECT * FROM finance_expenditureline
    WHERE project_id = ANY(%(projects)s) AND {known} AND {until}
), annual AS (
    SELECT * FROM expenditure AS line
    WHERE state = 'reported' OR state = 'interim' AND NOT EXISTS (
        SELECT 1 FROM expenditure AS reported
        WHERE reported.state = 'reported' AND reported.project_id = line.project_id
        AND reported.organization_id IS NOT DISTINCT FROM line.organization_id
        AND reported.year = line.year)
), certified AS (
    SELECT line.* FROM expenditure AS line WHERE state = 'certified' AND NOT EXISTS (
        SELECT 1 FROM expenditure AS later
        WHERE later.state = 'certified' AND later.project_id = line.project_id
        AND later.organization_id IS NOT DISTINCT FROM line.organization_id
        AND later.year > line.year)
), effects AS (
    SELECT project_id, organization_id, extract(year FROM date)::int AS year,
        category_id, 'approved' AS measure, '' AS state, usd, date, id AS record_id,
        'budgetline' AS kind
    FROM finance_budgetline WHERE project_id = ANY(%(projects)s) AND {known} AND {until}
    UNION ALL
    SELECT project_id, organization_id, extract(year FROM date)::int, NULL,
        CASE WHEN kind = 'transfer' THEN 'transfer' ELSE 'refund' END,
        CASE WHEN kind = 'correction' THEN 'correction' ELSE '' END,
        CASE WHEN kind = 'transfer' THEN usd ELSE -usd END, date, id, 'voucherline'
    FROM finance_voucherline WHERE project_id = ANY(%(projects)s) AND {known} AND {until}
    UNION ALL
    SELECT project_id, contributor_id, extract(year FROM date)::int, NULL,
        'commitment', CASE WHEN is_pledge THEN 'pledge' ELSE '' END, usd, date, id, 'commitment'
    FROM finance_commitment WHERE project_id = ANY(%(projects)s) AND {known} AND {until}
    UNION ALL
    SELECT project_id, contributor_id, extract(year FROM date)::int, NULL,
        'deposit', '', usd, date, id, 'deposit'
    FROM finance_deposit WHERE project_id = ANY(%(projects)s) AND {known} AND {until}
    UNION ALL
    SELECT project_id, organization_id, year, category_id, 'expenditure', state, usd, date, id,
        'expenditureline'
    FROM annual
    UNION ALL
    SELECT project_id, organization_id, year, category_id, 'expenditure', state, usd, date, id,
        'expenditureline'
    FROM certified
    UNION ALL
    SELECT annual.project_id, annual.organization_id, final.year, annual.category_id,
        'expenditure', 'certified', -annual.usd, final.date, annual.id, 'expenditureline'
    FROM annual JOIN (
        SELECT project_id, organization_id, year, max(date) AS date FROM certified
        GROUP BY 1, 2, 3) AS final
    ON final.project_id = annual.project_id AND annual.year <= final.year
    AND final.organization_id IS NOT DISTINCT FROM annual.organization_id
)
"""

_SUMS = """
SELECT project_id, organization_id, year, category_id, measure, state,
    coalesce(sum(usd), 0), count(*), count(*) FILTER (WHERE usd IS NULL), max(date)
FROM effects GROUP BY 1, 2, 3, 4, 5, 6
"""

# Only constants of this module are put together here.
_NAMED_SUMS = (
    "SELECT sums.*, o.name, o.code, c.name, c.position FROM (" + _SUMS + ") AS sums"  # noqa: S608
    " LEFT JOIN projects_organization AS o ON o.id = organization_id"
    " LEFT JOIN finance_budgetcategory AS c ON c.id = category_id"
)
_NAMES = (
    "organization__name",
    "organization__code",
    "category__name",
    "category__position",
)
_COLUMNS = (
    "project_id, organization_id, year, category_id, measure, state, "
    "usd, records, unconverted, until"
)


@dataclass(frozen=True, slots=True)
class Figure:
    """One sum in US$ with what it is the sum of."""

    project_id: int
    organization_id: int | None
    year: int
    category_id: int | None
    measure: str
    state: str
    usd: Decimal
    records: int
    unconverted: int
    until: date
    organization: str = ""
    organization_code: str = ""
    category: str = ""
    category_position: int = 0


_FIGURE_FIELDS = tuple(column.name for column in fields(Figure))[: -len(_NAMES)]


@dataclass(slots=True)
class Totals:
    """The measures of one project, or of any set of figures, in US$."""

    commitment: Decimal = ZERO
    deposit: Decimal = ZERO
    approved: Decimal = ZERO
    transfer: Decimal = ZERO
    refund: Decimal = ZERO
    expenditure: Decimal = ZERO
    unconverted: int = 0
    records: int = 0
    states: set[str] = field(default_factory=set)
    has_corrections: bool = False

    @property
    def net_funded(self) -> Decimal:
        """Net funded amount = transfers − refunds (DOMAIN.md §5)."""
        return self.transfer - self.refund

    @property
    def delivery_rate(self) -> Decimal | None:
        """Expenditure ÷ net funded amount in percent; None ("n/a") where that is zero."""
        return delivery_rate(self.expenditure, self.net_funded)

    @property
    def balance(self) -> Decimal:
        """Balance with POs = net funded amount − expenditure."""
        return self.net_funded - self.expenditure

    @property
    def is_interim(self) -> bool:
        """Whether interim figures are in the expenditure."""
        return "interim" in self.states

    def add(self, figure: Figure) -> None:
        """Count one figure in."""
        setattr(self, figure.measure, getattr(self, figure.measure) + figure.usd)
        self.unconverted += figure.unconverted
        self.records += figure.records
        if figure.measure == Measure.EXPENDITURE:
            self.states.add(figure.state)
        if figure.state == "correction":
            self.has_corrections = True


def delivery_rate(expenditure: Decimal, net_funded: Decimal) -> Decimal | None:
    """Expenditure ÷ net funded amount in percent; None where the latter is zero."""
    return expenditure * 100 / net_funded if net_funded else None


def total(figures: Iterable[Figure]) -> Totals:
    """The sum of figures, by measure."""
    totals = Totals()
    for figure in figures:
        totals.add(figure)
    return totals


def figures_of(
    project_ids: Sequence[int], as_of: datetime | None = None, until: date | None = None
) -> list[Figure]:
    """The figures of projects: of today from the key figures, else from the records.

    `as_of` is the moment of knowledge, `until` the last day of money counted in.
    """
    if as_of is None and until is None:
        rows = KeyFigure.objects.filter(project_id__in=project_ids).values_list(
            *_FIGURE_FIELDS, *_NAMES
        )
        return [Figure(*row[:-4], *_named(row[-4:])) for row in rows]
    with connection.cursor() as cursor:
        cursor.execute(_named_sums(as_of, until), _parameters(project_ids, as_of, until))
        return [Figure(*row[:-4], *_named(row[-4:])) for row in cursor.fetchall()]


def preview_figures(cursor, shadows: str, parameters: dict) -> list[Figure]:
    """Figures over tables of records that `shadows`, a list of CTEs, puts in their place."""
    effects = _named_sums(None, None).replace("WITH ", f"WITH {shadows}, ", 1)
    cursor.execute(effects, {"as_of": None, "until": None, **parameters})
    return [Figure(*row[:-4], *_named(row[-4:])) for row in cursor.fetchall()]


def _named(names: tuple) -> tuple:
    organization, code, category, position = names
    return organization or "", code or "", category or "", position or 0


def rebuild_key_figures(project_ids: Sequence[int]) -> None:
    """Derive today's key figures of these projects from their records."""
    if not project_ids:
        return
    KeyFigure.objects.filter(project_id__in=project_ids).delete()
    with connection.cursor() as cursor:
        # Only constants of this module are put together here.
        cursor.execute(
            _effects(None, None) + f"INSERT INTO finance_keyfigure ({_COLUMNS})" + _SUMS,
            _parameters(project_ids, None, None),
        )


def _effects(as_of: datetime | None, until: date | None) -> str:
    return _EFFECTS.format(
        known=_NOW if as_of is None else _THEN,
        until="TRUE" if until is None else "date <= %(until)s",
    )


def _named_sums(as_of: datetime | None, until: date | None) -> str:
    return _effects(as_of, until) + _NAMED_SUMS


def _parameters(project_ids, as_of, until) -> dict:
    return {"projects": list(project_ids), "as_of": as_of, "until": until}


def with_figures(rows: QuerySet, path: str = "key_figures") -> QuerySet:
    """Rows with today's approved, transfer, refund, expenditure, net_funded, balance (US$)
    and rate (percent), to list and sort by; `path` leads from a row to its key figures."""
    sums = {
        measure.value: Coalesce(
            Sum(f"{path}__usd", filter=Q(**{f"{path}__measure": measure})),
            Value(ZERO),
            output_field=DecimalField(),
        )
        for measure in (
            Measure.APPROVED,
            Measure.TRANSFER,
            Measure.REFUND,
            Measure.EXPENDITURE,
        )
    }
    return with_derived(rows.annotate(**sums))


def with_derived(rows: QuerySet) -> QuerySet:
    """Add net_funded, balance and rate to rows that have transfer, refund, expenditure."""
    return rows.annotate(
        net_funded=F("transfer") - F("refund"),
        balance=F("transfer") - F("refund") - F("expenditure"),
        rate=Case(
            When(
                ~Q(transfer=F("refund")),
                then=F("expenditure") * 100 / (F("transfer") - F("refund")),
            ),
            output_field=DecimalField(),
        ),
    )


def totals_of(key_figures: QuerySet) -> Totals:
    """Today's totals over any set of key figures, in one query."""
    totals = Totals()
    for measure, usd, records, unconverted in key_figures.values_list("measure").annotate(
        Sum("usd"), Sum("records"), Sum("unconverted")
    ):
        setattr(totals, measure, usd)
        totals.records += records
        totals.unconverted += unconverted
    return totals


def figures_by_year(key_figures: QuerySet) -> list[Figure]:
    """Today's figures over any set, by year, measure and state only."""
    rows = (
        key_figures.values_list("year", "measure", "state")
        .annotate(Sum("usd"), Sum("records"), Sum("unconverted"), Max("until"))
        .order_by("year")
    )
    return [
        Figure(0, None, year, None, measure, state, usd, records, unconverted, until)
        for year, measure, state, usd, records, unconverted, until in rows
    ]

"""Which record counts, and by how much: the one definition, kept as functions of the database.

An *effect* is what a record adds to a measure. `finance_sums` adds effects up to key figures,
`finance_effects` lists them record by record; both take the moment of knowledge (NULL: now),
the last day of money (NULL: all) and the projects (NULL: all), so that today's key figures,
a past date's figures and the records behind a figure cannot differ. Their text is put
together within the database from constants, for the planner then sees plain values.

Which expenditure counts (DOMAIN.md §5): *reported* replaces all *interim* lines of its
project, organization and year; a *certified* statement is cumulative and enters its own year
as the difference from the other lines that count, so these appear a second time, negative.

Two views read moment, day and projects from the session, for pages that list and sort by
figures: `finance_figurethen` and `finance_effect`. See `finance/figures/then.py`.

Whoever changes a text here adds a migration that runs `STATEMENTS` again; a test compares.
"""

# Only constants of this module are put together here.
# ruff: noqa: S608

# Columns of an effect, with their types in the database.
EFFECT_COLUMNS = (
    ("id", "bigint"),
    ("project_id", "bigint"),
    ("organization_id", "bigint"),
    ("year", "integer"),
    ("category_id", "bigint"),
    ("measure", "text"),
    ("state", "text"),
    ("base_amount", "numeric"),
    ("date", "date"),
    ("kind", "text"),
    ("adjusts", "boolean"),
    ("load_id", "bigint"),
    ("line", "bigint"),
    ("amount", "numeric"),
    ("currency", "text"),
    ("rate", "numeric"),
    ("voucher_id", "bigint"),
    ("original_load_id", "bigint"),
    ("original_line", "bigint"),
)
SUM_COLUMNS = (
    ("project_id", "bigint"),
    ("organization_id", "bigint"),
    ("year", "integer"),
    ("category_id", "bigint"),
    ("measure", "text"),
    ("state", "text"),
    ("base_amount", "numeric"),
    ("records", "bigint"),
    ("unconverted", "bigint"),
    ("until", "date"),
)


def of_source(record: str) -> str:
    """Where the record comes from; `record` is the alias of its row."""
    return (
        f"{record}.load_id, {record}.line, {record}.amount, {record}.currency::text, "
        f"{record}.rate, {{voucher}}, original.load_id, original.line"
    )


def _branch(
    table: str,
    number: int,
    *,
    organization: str = "organization_id",
    category: str = "NULL",
    measure: str,
    state: str,
    base_amount: str = "line.base_amount",
    voucher: str = "NULL",
) -> str:
    """Effects of a kind of record that counts as it stands."""
    kind = table.removeprefix("finance_")
    return f"""
    SELECT line.id * 8 + {number}, line.project_id, line.{organization},
        extract(year FROM line.date)::int, {category}, {measure}, {state}, {base_amount}, line.date,
        '{kind}', FALSE, {of_source("line").format(voucher=voucher)}
    FROM {table} AS line LEFT JOIN {table} AS original ON original.id = line.restates_id
    WHERE line.[scope] AND [known] AND [until]"""


def _expenditure(rows: str, number: int) -> str:
    return f"""
    SELECT line.id * 8 + {number}, line.project_id, line.organization_id, line.year::int,
        line.category_id, 'expenditure', line.state::text, line.base_amount, line.date,
        'expenditureline', FALSE, {of_source("line").format(voucher="NULL")}
    FROM {rows} AS line
    LEFT JOIN finance_expenditureline AS original ON original.id = line.restates_id"""


# Windows, not comparisons of each line with all others, so that the cost grows with the lines.
_EXPENDITURE = """
WITH expenditure AS (
    SELECT line.*,
        bool_or(state = 'reported') OVER (PARTITION BY project_id, organization_id, year)
            AS is_reported,
        max(year) FILTER (WHERE state = 'certified') OVER (PARTITION BY project_id, organization_id)
            AS certified_year
    FROM finance_expenditureline AS line WHERE line.[scope] AND [known] AND [until]
), annual AS (
    SELECT * FROM expenditure WHERE state = 'reported' OR state = 'interim' AND NOT is_reported
), certified AS (
    SELECT * FROM expenditure WHERE state = 'certified' AND year = certified_year
), final AS (
    SELECT project_id, organization_id, year, max(date) AS date FROM certified GROUP BY 1, 2, 3
), """

_CERTIFIED_AWAY = f"""
    SELECT line.id * 8 + 6, line.project_id, line.organization_id, final.year::int,
        line.category_id, 'expenditure', 'certified', -line.base_amount, final.date,
        'expenditureline', TRUE, {of_source("line").format(voucher="NULL")}
    FROM annual AS line JOIN final
        ON final.project_id = line.project_id AND line.year <= final.year
        AND final.organization_id IS NOT DISTINCT FROM line.organization_id
    LEFT JOIN finance_expenditureline AS original ON original.id = line.restates_id"""

EFFECTS = (
    _EXPENDITURE
    + f"effects ({', '.join(name for name, _type in EFFECT_COLUMNS)}) AS ("
    + "\n    UNION ALL".join(
        (
            _branch(
                "finance_budgetline",
                0,
                category="line.category_id",
                measure="'approved'",
                state="''",
            ),
            _branch(
                "finance_voucherline",
                1,
                measure="CASE WHEN line.kind = 'transfer' THEN 'transfer' ELSE 'refund' END",
                state="CASE WHEN line.kind = 'correction' THEN 'correction' ELSE '' END",
                base_amount="CASE WHEN line.kind = 'transfer' THEN line.base_amount"
                " ELSE -line.base_amount END",
                voucher="line.voucher_id",
            ),
            _branch(
                "finance_commitment",
                2,
                organization="contributor_id",
                measure="'commitment'",
                state="CASE WHEN line.is_pledge THEN 'pledge' ELSE '' END",
            ),
            _branch(
                "finance_deposit",
                3,
                organization="contributor_id",
                measure="'deposit'",
                state="''",
            ),
            _expenditure("annual", 4),
            _expenditure("certified", 5),
            _CERTIFIED_AWAY,
        )
    )
    + "\n)\n"
)

SUMS = """
SELECT project_id, organization_id, year, category_id, measure, state,
    coalesce(sum(base_amount), 0), count(*), count(*) FILTER (WHERE base_amount IS NULL), max(date)
FROM effects GROUP BY 1, 2, 3, 4, 5, 6
"""

_ARGUMENTS = "known_at timestamptz, money_until date, of_projects bigint[]"
_SETTINGS = (
    "nullif(current_setting('portal.as_of'), '')::timestamptz, "
    "nullif(current_setting('portal.until'), '')::date, "
    "nullif(current_setting('portal.projects'), '')::bigint[]"
)
_MEASURES = "nullif(current_setting('portal.measures'), '')::text[]"


def column_list(columns: tuple[tuple[str, str], ...]) -> str:
    """Names and types, as a function's result states them."""
    return ", ".join(f'"{name}" {kind}' for name, kind in columns)


# Which records were known then, and money up to when: of every function that reads records.
KNOWN_HEAD = """DECLARE
    known text := 'line.retired_by_id IS NULL';
BEGIN
    IF known_at IS NOT NULL THEN
        known := format('line.load_id IN (SELECT id FROM finance_load WHERE released_at <= %1$L)'
            ' AND (line.retired_by_id IS NULL OR line.retired_by_id NOT IN'
            ' (SELECT id FROM finance_load WHERE released_at <= %1$L))', known_at);
    END IF;
"""
KNOWN_TAIL = """'[until]', CASE WHEN money_until IS NULL THEN 'TRUE'
            ELSE format('line.date <= %L', money_until) END),
        '[known]', known);
"""
_TEXT_BODY = f"""
{KNOWN_HEAD}    RETURN replace(replace(replace($effects${EFFECTS}$effects$,
        '[scope]', CASE WHEN of_projects IS NULL THEN 'project_id IS NOT NULL'
            ELSE format('project_id = ANY(%L::bigint[])', of_projects) END),
        {KNOWN_TAIL}END
"""
_SUMS_BODY = f"""
BEGIN
    RETURN QUERY EXECUTE finance_effects_text(known_at, money_until, of_projects)
        || $sums${SUMS}$sums$;
END
"""
_EFFECTS_BODY = """
BEGIN
    RETURN QUERY EXECUTE finance_effects_text(known_at, money_until, of_projects)
        || 'SELECT * FROM effects WHERE measure = ANY('
        || quote_literal(of_measures) || '::text[])';
END
"""

BODIES = {
    "finance_effects_text": _TEXT_BODY,
    "finance_sums": _SUMS_BODY,
    "finance_effects": _EFFECTS_BODY,
}


def _stated(table: str) -> str:
    kind = table.removeprefix("finance_")
    organization = "contributor_id" if kind in {"commitment", "deposit"} else "organization_id"
    project = "NULL::bigint" if kind == "fundcost" else "project_id"
    voucher = "voucher_id" if kind == "voucherline" else "NULL::bigint"
    return (
        f"SELECT id, '{kind}'::text AS kind, load_id, retired_by_id, line, {project} AS project_id,"
        f" {organization} AS organization_id, {voucher} AS voucher_id, date, amount,"
        f" currency::text, rate, base_amount, restates_id FROM {table}"
    )


# All records of money, each once, for the page of a load.
STATED = " UNION ALL ".join(
    _stated(f"finance_{kind}")
    for kind in (
        "budgetline",
        "voucherline",
        "expenditureline",
        "commitment",
        "deposit",
        "fundcost",
        "otherflow",
    )
)

STATEMENTS = (
    "DROP VIEW IF EXISTS finance_figurethen, finance_effect, finance_statedrecord",
    "DROP FUNCTION IF EXISTS finance_sums, finance_effects, finance_effects_text",
    f"CREATE FUNCTION finance_effects_text({_ARGUMENTS}) RETURNS text"
    f" LANGUAGE plpgsql STABLE AS $body${_TEXT_BODY}$body$",
    f"CREATE FUNCTION finance_sums({_ARGUMENTS}) RETURNS TABLE ({column_list(SUM_COLUMNS)})"
    f" LANGUAGE plpgsql STABLE ROWS 10000 SET jit = off AS $body${_SUMS_BODY}$body$",
    f"CREATE FUNCTION finance_effects({_ARGUMENTS}, of_measures text[])"
    f" RETURNS TABLE ({column_list(EFFECT_COLUMNS)})"
    f" LANGUAGE plpgsql STABLE ROWS 10000 SET jit = off AS $body${_EFFECTS_BODY}$body$",
    "CREATE VIEW finance_figurethen AS SELECT row_number() OVER () AS id, sums.*"
    f" FROM finance_sums({_SETTINGS}) AS sums",
    f"CREATE VIEW finance_effect AS SELECT * FROM finance_effects({_SETTINGS}, {_MEASURES})",
    f"CREATE VIEW finance_statedrecord AS {STATED}",
)

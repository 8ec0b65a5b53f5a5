"""What a record does to a fund: the one definition, kept as functions of the database.

A fund has records of its own – commitments, deposits, costs, and the vouchers that it paid –
and, through its projects, the effects of `finance/figures/effects.py`. Both are *fund effects*:
`finance_fund_effects` lists them record by record, `finance_fund_sums` adds them up, and
statements, drill-downs, exports and the preview of a load all read these. They take the moment
of knowledge (NULL: now), the last day of money (NULL: all) and the funds (NULL: all).

Measures of a fund's own records: commitment, pledge, deposit, paid and returned (vouchers of
this fund, whatever fund the project belongs to now), and the kinds of fund costs. Those of its
projects: approved, transfer, refund, expenditure (whatever fund the voucher was drawn on). Where
paid and transfer differ, `elsewhere` marks the records that make the difference. A transfer to a
fund of this portal has the state "fund": portfolio totals take it out once.

Whoever changes a text here adds a migration that runs `STATEMENTS` again; a test compares.
"""

# Only constants of this module are put together here.
# ruff: noqa: S608

from django.db.models import F, QuerySet

from finance.figures.effects import EFFECT_COLUMNS, KNOWN_HEAD, KNOWN_TAIL, column_list, of_source

OF_PROJECTS = ("approved", "transfer", "refund", "expenditure")

FUND_EFFECT_COLUMNS = (
    *EFFECT_COLUMNS,
    ("fund_id", "bigint"),
    ("country_id", "bigint"),
    ("theme_id", "bigint"),
    ("elsewhere", "boolean"),
)
FUND_SUM_COLUMNS = (
    ("fund_id", "bigint"),
    ("organization_id", "bigint"),
    ("year", "integer"),
    ("category_id", "bigint"),
    ("measure", "text"),
    ("state", "text"),
    ("country_id", "bigint"),
    ("theme_id", "bigint"),
    ("elsewhere", "boolean"),
    ("base_amount", "numeric"),
    ("records", "bigint"),
    ("unconverted", "bigint"),
    ("until", "date"),
)


def _own(
    table: str,
    record_id: str,
    *,
    measure: str,
    state: str = "''",
    base_amount: str = "line.base_amount",
    organization: str = "organization_id",
    project: str = "line.project_id",
    paid_by: str = "line",
    voucher: str = "NULL::bigint",
) -> str:
    """Effects of one kind of record on the fund that it names."""
    kind = table.removeprefix("finance_")
    join = " JOIN finance_voucher AS voucher ON voucher.id = line.voucher_id"
    return f"""
    SELECT {record_id}, {project}, line.{organization}, extract(year FROM line.date)::int,
        NULL::bigint, {measure}, {state}, {base_amount}, line.date, '{kind}', FALSE,
        {of_source("line").format(voucher=voucher)}, {paid_by}.fund_id
    FROM {table} AS line{join if paid_by == "voucher" else ""}
    LEFT JOIN {table} AS original ON original.id = line.restates_id
    WHERE {paid_by}.[fund] AND [known] AND [until]"""


_NAMES = ", ".join(name for name, _type in EFFECT_COLUMNS)

# The ids go on from those of `finance/figures/effects.py`, where 0 to 6 are taken; those of
# commitments and deposits are the same there.
_NUMBERS = {"commitment": 2, "deposit": 3}
OWN = (
    f"own ({_NAMES}, fund_id) AS ("
    + "\n    UNION ALL".join(
        (
            _own(
                "finance_commitment",
                f"line.id * 8 + {_NUMBERS['commitment']}",
                organization="contributor_id",
                measure="CASE WHEN line.is_pledge THEN 'pledge' ELSE 'commitment' END",
            ),
            _own(
                "finance_deposit",
                f"line.id * 8 + {_NUMBERS['deposit']}",
                organization="contributor_id",
                measure="'deposit'",
            ),
            _own(
                "finance_fundcost",
                "-line.id",
                measure="line.kind::text",
                state="CASE WHEN line.kind = 'to-fund' AND line.other_fund_id IS NOT NULL"
                " THEN 'fund' ELSE '' END",
                project="NULL::bigint",
            ),
            _own(
                "finance_voucherline",
                "line.id * 8 + 7",
                measure="CASE WHEN line.kind = 'transfer' THEN 'paid' ELSE 'returned' END",
                state="CASE WHEN line.kind = 'correction' THEN 'correction' ELSE '' END",
                base_amount="CASE WHEN line.kind = 'transfer' THEN line.base_amount"
                " ELSE -line.base_amount END",
                paid_by="voucher",
                voucher="line.voucher_id",
            ),
        )
    )
    + "\n)"
)

_MEASURES_OF_PROJECTS = ", ".join(f"'{measure}'" for measure in OF_PROJECTS)

ALL = f"""fund_effects AS (
    SELECT * FROM own
    UNION ALL
    SELECT effects.*, project.fund_id FROM effects
    JOIN projects_project AS project ON project.id = effects.project_id
    WHERE effects.measure IN ({_MEASURES_OF_PROJECTS})
)
"""

# A project counts whole under its only country; under none where it works in several.
_PLACES = """
LEFT JOIN projects_project AS project ON project.id = line.project_id
LEFT JOIN (
    SELECT project_id, min(country_id) AS country_id FROM projects_projectcountry
    GROUP BY 1 HAVING count(*) = 1
) AS place ON place.project_id = line.project_id"""

EFFECTS = f"""
SELECT line.*, place.country_id, project.theme_id, coalesce(CASE
        WHEN line.measure IN ('paid', 'returned') THEN project.fund_id <> line.fund_id
        WHEN line.measure IN ('transfer', 'refund') THEN voucher.fund_id <> line.fund_id
    END, FALSE)
FROM fund_effects AS line {_PLACES}
LEFT JOIN finance_voucher AS voucher ON voucher.id = line.voucher_id
"""

_TO_SUM = (
    "fund_id, project_id, organization_id, year, category_id, measure, state, base_amount,"
    " 1::bigint AS records, (base_amount IS NULL)::int::bigint AS unconverted, date AS until"
)
# Today's sums of the projects are at hand: `finance_keyfigure`.
NOW = f"""lines AS (
    SELECT {_TO_SUM} FROM own
    UNION ALL
    SELECT project.fund_id, figure.project_id, figure.organization_id, figure.year,
        figure.category_id, figure.measure::text, figure.state::text, figure.base_amount,
        figure.records, figure.unconverted, figure.until
    FROM finance_keyfigure AS figure
    JOIN projects_project AS project ON project.id = figure.project_id
    WHERE project.[fund] AND figure.measure IN ({_MEASURES_OF_PROJECTS})
)"""
THEN = f"lines AS (SELECT {_TO_SUM} FROM fund_effects)"

SUMS = f"""
SELECT line.fund_id, line.organization_id, line.year::int, line.category_id, line.measure,
    line.state, place.country_id, project.theme_id,
    coalesce(line.measure IN ('paid', 'returned') AND project.fund_id <> line.fund_id, FALSE),
    coalesce(sum(line.base_amount), 0), sum(line.records)::bigint, sum(line.unconverted)::bigint,
    max(line.until)
FROM lines AS line {_PLACES}
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9
"""

_ARGUMENTS = "known_at timestamptz, money_until date, of_funds bigint[]"
_SETTINGS = (
    "nullif(current_setting('portal.as_of'), '')::timestamptz, "
    "nullif(current_setting('portal.until'), '')::date, "
    "nullif(current_setting('portal.funds'), '')::bigint[]"
)
_FUND_MEASURES = "nullif(current_setting('portal.fund_measures'), '')::text[]"


_OWN_TEXT_BODY = f"""
{KNOWN_HEAD}    RETURN replace(replace(replace($own${OWN}$own$,
        '[fund]', CASE WHEN of_funds IS NULL THEN 'fund_id IS NOT NULL'
            ELSE format('fund_id = ANY(%L::bigint[])', of_funds) END),
        {KNOWN_TAIL}END
"""
_TEXT_BODY = f"""
DECLARE
    projects bigint[];
BEGIN
    IF of_funds IS NOT NULL THEN
        projects := ARRAY(SELECT id FROM projects_project WHERE fund_id = ANY(of_funds));
    END IF;
    RETURN finance_effects_text(known_at, money_until, projects) || ', '
        || finance_fund_own_text(known_at, money_until, of_funds) || $all$, {ALL}$all$;
END
"""
_SUMS_BODY = f"""
BEGIN
    IF known_at IS NULL AND money_until IS NULL THEN
        RETURN QUERY EXECUTE 'WITH ' || finance_fund_own_text(NULL, NULL, of_funds)
            || ', ' || replace($now${NOW}$now$, '[fund]', CASE WHEN of_funds IS NULL
                THEN 'fund_id IS NOT NULL' ELSE format('fund_id = ANY(%L::bigint[])', of_funds) END)
            || $sums${SUMS}$sums$;
    ELSE
        RETURN QUERY EXECUTE finance_fund_text(known_at, money_until, of_funds)
            || ', ' || $then${THEN}$then$ || $sums${SUMS}$sums$;
    END IF;
END
"""
_EFFECTS_BODY = f"""
BEGIN
    RETURN QUERY EXECUTE finance_fund_text(known_at, money_until, of_funds)
        || $effects${EFFECTS}$effects$
        || 'WHERE line.measure = ANY(' || quote_literal(of_measures) || '::text[])';
END
"""

BODIES = {
    "finance_fund_own_text": _OWN_TEXT_BODY,
    "finance_fund_text": _TEXT_BODY,
    "finance_fund_sums": _SUMS_BODY,
    "finance_fund_effects": _EFFECTS_BODY,
}

STATEMENTS = (
    "DROP VIEW IF EXISTS finance_fundfigure, finance_fundeffect",
    "DROP FUNCTION IF EXISTS finance_fund_sums, finance_fund_effects, finance_fund_text,"
    " finance_fund_own_text",
    f"CREATE FUNCTION finance_fund_own_text({_ARGUMENTS}) RETURNS text"
    f" LANGUAGE plpgsql STABLE AS $body${_OWN_TEXT_BODY}$body$",
    f"CREATE FUNCTION finance_fund_text({_ARGUMENTS}) RETURNS text"
    f" LANGUAGE plpgsql STABLE AS $body${_TEXT_BODY}$body$",
    f"CREATE FUNCTION finance_fund_sums({_ARGUMENTS})"
    f" RETURNS TABLE ({column_list(FUND_SUM_COLUMNS)})"
    f" LANGUAGE plpgsql STABLE ROWS 10000 SET jit = off AS $body${_SUMS_BODY}$body$",
    f"CREATE FUNCTION finance_fund_effects({_ARGUMENTS}, of_measures text[])"
    f" RETURNS TABLE ({column_list(FUND_EFFECT_COLUMNS)})"
    f" LANGUAGE plpgsql STABLE ROWS 10000 SET jit = off AS $body${_EFFECTS_BODY}$body$",
    "CREATE VIEW finance_fundfigure AS SELECT row_number() OVER () AS id, sums.*"
    f" FROM finance_fund_sums({_SETTINGS}) AS sums",
    "CREATE VIEW finance_fundeffect AS SELECT * FROM"
    f" finance_fund_effects({_SETTINGS}, {_FUND_MEASURES})",
)


def effect_ids(records: QuerySet) -> QuerySet:
    """The ids of the effects of commitments or of deposits."""
    number = _NUMBERS[records.model._meta.model_name or ""]
    return records.order_by().values(effect=F("pk") * 8 + number)

-- Which record counts, and by how much: the one definition, kept as functions of the database.
--
-- An *effect* is what a record adds to a measure. `finance_sums` adds effects up to key figures,
-- `finance_effects` lists them record by record; both take the moment of knowledge (NULL: now),
-- the last day of money (NULL: all) and the projects (NULL: all), so that today's key figures,
-- a past date's figures and the records behind a figure cannot differ. Their text is put
-- together within the database from constants, for the planner then sees plain values.
--
-- Which expenditure counts: *reported* replaces all *interim* lines of its
-- project, organization and year; a *certified* statement is cumulative and enters its own year
-- as the difference from the other lines that count, so these appear a second time, negative.
--
-- Two views read moment, day and projects from the session, for pages that list and sort by
-- figures: `finance_figurethen` and `finance_effect`. See `finance/figures/then.py`.

DROP VIEW IF EXISTS finance_figurethen, finance_effect, finance_statedrecord;

DROP FUNCTION IF EXISTS finance_sums, finance_effects, finance_effects_text;

CREATE FUNCTION finance_effects_text(known_at timestamptz, money_until date,
    of_projects bigint[]) RETURNS text
LANGUAGE plpgsql STABLE AS $body$
DECLARE
    known text := 'line.retired_by_id IS NULL';
BEGIN
    IF known_at IS NOT NULL THEN
        known := format('line.load_id IN (SELECT id FROM finance_load WHERE released_at <= %1$L)'
            ' AND (line.retired_by_id IS NULL OR line.retired_by_id NOT IN'
            ' (SELECT id FROM finance_load WHERE released_at <= %1$L))', known_at);
    END IF;
    RETURN replace(replace(replace($effects$
-- Windows, not comparisons of each line with all others, so that the cost grows with the lines.
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
), effects (id, project_id, organization_id, year, category_id, measure, state, base_amount, date,
    kind, adjusts, load_id, line, amount, currency, rate, voucher_id, original_load_id,
    original_line) AS (
    SELECT line.id * 8 + 0, line.project_id, line.organization_id,
        extract(year FROM line.date)::int, line.category_id, 'approved', '', line.base_amount,
            line.date,
        'budgetline', FALSE, line.load_id, line.line, line.amount, line.currency::text, line.rate,
            NULL, original.load_id, original.line
    FROM finance_budgetline AS line LEFT JOIN finance_budgetline AS original
        ON original.id = line.restates_id
    WHERE line.[scope] AND [known] AND [until]
    UNION ALL
    SELECT line.id * 8 + 1, line.project_id, line.organization_id,
        extract(year FROM line.date)::int, NULL, CASE WHEN line.kind = 'transfer' THEN 'transfer'
            ELSE 'refund' END, CASE WHEN line.kind = 'correction' THEN 'correction' ELSE '' END,
            CASE WHEN line.kind = 'transfer' THEN line.base_amount ELSE -line.base_amount END,
            line.date,
        'voucherline', FALSE, line.load_id, line.line, line.amount, line.currency::text, line.rate,
            line.voucher_id, original.load_id, original.line
    FROM finance_voucherline AS line LEFT JOIN finance_voucherline AS original
        ON original.id = line.restates_id
    WHERE line.[scope] AND [known] AND [until]
    UNION ALL
    SELECT line.id * 8 + 2, line.project_id, line.contributor_id,
        extract(year FROM line.date)::int, NULL, 'commitment',
            CASE WHEN line.is_pledge THEN 'pledge' ELSE '' END, line.base_amount, line.date,
        'commitment', FALSE, line.load_id, line.line, line.amount, line.currency::text, line.rate,
            NULL, original.load_id, original.line
    FROM finance_commitment AS line LEFT JOIN finance_commitment AS original
        ON original.id = line.restates_id
    WHERE line.[scope] AND [known] AND [until]
    UNION ALL
    SELECT line.id * 8 + 3, line.project_id, line.contributor_id,
        extract(year FROM line.date)::int, NULL, 'deposit', '', line.base_amount, line.date,
        'deposit', FALSE, line.load_id, line.line, line.amount, line.currency::text, line.rate,
            NULL, original.load_id, original.line
    FROM finance_deposit AS line LEFT JOIN finance_deposit AS original
        ON original.id = line.restates_id
    WHERE line.[scope] AND [known] AND [until]
    UNION ALL
    SELECT line.id * 8 + 4, line.project_id, line.organization_id, line.year::int,
        line.category_id, 'expenditure', line.state::text, line.base_amount, line.date,
        'expenditureline', FALSE, line.load_id, line.line, line.amount, line.currency::text,
            line.rate, NULL, original.load_id, original.line
    FROM annual AS line
    LEFT JOIN finance_expenditureline AS original ON original.id = line.restates_id
    UNION ALL
    SELECT line.id * 8 + 5, line.project_id, line.organization_id, line.year::int,
        line.category_id, 'expenditure', line.state::text, line.base_amount, line.date,
        'expenditureline', FALSE, line.load_id, line.line, line.amount, line.currency::text,
            line.rate, NULL, original.load_id, original.line
    FROM certified AS line
    LEFT JOIN finance_expenditureline AS original ON original.id = line.restates_id
    UNION ALL
    SELECT line.id * 8 + 6, line.project_id, line.organization_id, final.year::int,
        line.category_id, 'expenditure', 'certified', -line.base_amount, final.date,
        'expenditureline', TRUE, line.load_id, line.line, line.amount, line.currency::text,
            line.rate, NULL, original.load_id, original.line
    FROM annual AS line JOIN final
        ON final.project_id = line.project_id AND line.year <= final.year
        AND final.organization_id IS NOT DISTINCT FROM line.organization_id
    LEFT JOIN finance_expenditureline AS original ON original.id = line.restates_id
)
$effects$,
        '[scope]', CASE WHEN of_projects IS NULL THEN 'project_id IS NOT NULL'
            ELSE format('project_id = ANY(%L::bigint[])', of_projects) END),
        '[until]', CASE WHEN money_until IS NULL THEN 'TRUE'
            ELSE format('line.date <= %L', money_until) END),
        '[known]', known);
END
$body$;

CREATE FUNCTION finance_sums(known_at timestamptz, money_until date, of_projects bigint[])
RETURNS TABLE (project_id bigint, organization_id bigint, year integer, category_id bigint,
    measure text, state text, base_amount numeric, records bigint, unconverted bigint, until date)
LANGUAGE plpgsql STABLE ROWS 10000 SET jit = off AS $body$
BEGIN
    RETURN QUERY EXECUTE finance_effects_text(known_at, money_until, of_projects)
        || $sums$
SELECT project_id, organization_id, year, category_id, measure, state,
    coalesce(sum(base_amount), 0), count(*), count(*) FILTER (WHERE base_amount IS NULL), max(date)
FROM effects GROUP BY 1, 2, 3, 4, 5, 6
$sums$;
END
$body$;

CREATE FUNCTION finance_effects(known_at timestamptz, money_until date, of_projects bigint[],
    of_measures text[])
RETURNS TABLE (id bigint, project_id bigint, organization_id bigint, year integer,
    category_id bigint, measure text, state text, base_amount numeric, date date, kind text,
    adjusts boolean, load_id bigint, line bigint, amount numeric, currency text, rate numeric,
    voucher_id bigint, original_load_id bigint, original_line bigint)
LANGUAGE plpgsql STABLE ROWS 10000 SET jit = off AS $body$
BEGIN
    RETURN QUERY EXECUTE finance_effects_text(known_at, money_until, of_projects)
        || 'SELECT * FROM effects WHERE measure = ANY('
        || quote_literal(of_measures) || '::text[])';
END
$body$;

CREATE VIEW finance_figurethen AS
SELECT row_number() OVER () AS id, sums.* FROM finance_sums(nullif(current_setting('portal.as_of'),
    '')::timestamptz, nullif(current_setting('portal.until'), '')::date,
    nullif(current_setting('portal.projects'), '')::bigint[]) AS sums;

CREATE VIEW finance_effect AS
SELECT * FROM finance_effects(nullif(current_setting('portal.as_of'), '')::timestamptz,
    nullif(current_setting('portal.until'), '')::date, nullif(current_setting('portal.projects'),
    '')::bigint[], nullif(current_setting('portal.measures'), '')::text[]);

-- All records of money, each once, for the page of a load.
CREATE VIEW finance_statedrecord AS
SELECT id, 'budgetline'::text AS kind, load_id, retired_by_id, line, project_id AS project_id,
    organization_id AS organization_id, NULL::bigint AS voucher_id, date, amount, currency::text,
    rate, base_amount, restates_id FROM finance_budgetline
UNION ALL
SELECT id, 'voucherline'::text AS kind, load_id, retired_by_id, line, project_id AS project_id,
    organization_id AS organization_id, voucher_id AS voucher_id, date, amount, currency::text,
    rate, base_amount, restates_id FROM finance_voucherline
UNION ALL
SELECT id, 'expenditureline'::text AS kind, load_id, retired_by_id, line, project_id AS project_id,
    organization_id AS organization_id, NULL::bigint AS voucher_id, date, amount, currency::text,
    rate, base_amount, restates_id FROM finance_expenditureline
UNION ALL
SELECT id, 'commitment'::text AS kind, load_id, retired_by_id, line, project_id AS project_id,
    contributor_id AS organization_id, NULL::bigint AS voucher_id, date, amount, currency::text,
    rate, base_amount, restates_id FROM finance_commitment
UNION ALL
SELECT id, 'deposit'::text AS kind, load_id, retired_by_id, line, project_id AS project_id,
    contributor_id AS organization_id, NULL::bigint AS voucher_id, date, amount, currency::text,
    rate, base_amount, restates_id FROM finance_deposit
UNION ALL
SELECT id, 'fundcost'::text AS kind, load_id, retired_by_id, line, NULL::bigint AS project_id,
    organization_id AS organization_id, NULL::bigint AS voucher_id, date, amount, currency::text,
    rate, base_amount, restates_id FROM finance_fundcost
UNION ALL
SELECT id, 'otherflow'::text AS kind, load_id, retired_by_id, line, project_id AS project_id,
    organization_id AS organization_id, NULL::bigint AS voucher_id, date, amount, currency::text,
    rate, base_amount, restates_id FROM finance_otherflow;

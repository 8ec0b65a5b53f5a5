-- What a record does to a fund: the one definition, kept as functions of the database.
--
-- A fund has records of its own – commitments, deposits, costs, and the vouchers that it paid –
-- and, through its projects, the effects of `effects.sql`. Both are *fund effects*:
-- `finance_fund_effects` lists them record by record, `finance_fund_sums` adds them up, and
-- statements, drill-downs, exports and the preview of a load all read these. They take the moment
-- of knowledge (NULL: now), the last day of money (NULL: all) and the funds (NULL: all).
--
-- Measures of a fund's own records: commitment, pledge, deposit, paid and returned (vouchers of
-- this fund, whatever fund the project belongs to now), and the kinds of fund costs. Those of its
-- projects: approved, transfer, refund, expenditure (whatever fund the voucher was drawn on). Where
-- paid and transfer differ, `elsewhere` marks the records that make the difference. A transfer to a
-- fund of this portal has the state "fund": portfolio totals take it out once.

DROP VIEW IF EXISTS finance_fundfigure, finance_fundeffect;

DROP FUNCTION IF EXISTS finance_fund_sums, finance_fund_effects, finance_fund_text,
    finance_fund_own_text;

CREATE FUNCTION finance_fund_own_text(known_at timestamptz, money_until date,
    of_funds bigint[]) RETURNS text
LANGUAGE plpgsql STABLE AS $body$
DECLARE
    known text := 'line.retired_by_id IS NULL';
BEGIN
    IF known_at IS NOT NULL THEN
        known := format('line.load_id IN (SELECT id FROM finance_load WHERE released_at <= %1$L)'
            ' AND (line.retired_by_id IS NULL OR line.retired_by_id NOT IN'
            ' (SELECT id FROM finance_load WHERE released_at <= %1$L))', known_at);
    END IF;
    RETURN replace(replace(replace($own$own (id, project_id, organization_id, year, category_id,
        measure, state, base_amount, date, kind, adjusts, load_id, line, amount, currency, rate,
        voucher_id, original_load_id, original_line, fund_id) AS (
    -- The ids go on from those of `effects.sql`, where 0 to 6 are taken; those of commitments and
    -- deposits are the same there.
    SELECT line.id * 8 + 2, line.project_id, line.contributor_id, extract(year FROM line.date)::int,
        NULL::bigint, CASE WHEN line.is_pledge THEN 'pledge' ELSE 'commitment' END, '',
            line.base_amount, line.date, 'commitment', FALSE,
        line.load_id, line.line, line.amount, line.currency::text, line.rate, NULL::bigint,
            original.load_id, original.line, line.fund_id
    FROM finance_commitment AS line
    LEFT JOIN finance_commitment AS original ON original.id = line.restates_id
    WHERE line.[fund] AND [known] AND [until]
    UNION ALL
    SELECT line.id * 8 + 3, line.project_id, line.contributor_id, extract(year FROM line.date)::int,
        NULL::bigint, 'deposit', '', line.base_amount, line.date, 'deposit', FALSE,
        line.load_id, line.line, line.amount, line.currency::text, line.rate, NULL::bigint,
            original.load_id, original.line, line.fund_id
    FROM finance_deposit AS line
    LEFT JOIN finance_deposit AS original ON original.id = line.restates_id
    WHERE line.[fund] AND [known] AND [until]
    UNION ALL
    SELECT -line.id, NULL::bigint, line.organization_id, extract(year FROM line.date)::int,
        NULL::bigint, line.kind::text,
            CASE WHEN line.kind = 'to-fund' AND line.other_fund_id IS NOT NULL THEN 'fund'
            ELSE '' END, line.base_amount, line.date, 'fundcost', FALSE,
        line.load_id, line.line, line.amount, line.currency::text, line.rate, NULL::bigint,
            original.load_id, original.line, line.fund_id
    FROM finance_fundcost AS line
    LEFT JOIN finance_fundcost AS original ON original.id = line.restates_id
    WHERE line.[fund] AND [known] AND [until]
    UNION ALL
    SELECT line.id * 8 + 7, line.project_id, line.organization_id,
        extract(year FROM line.date)::int, NULL::bigint,
            CASE WHEN line.kind = 'transfer' THEN 'paid' ELSE 'returned' END,
            CASE WHEN line.kind = 'correction' THEN 'correction' ELSE '' END,
            CASE WHEN line.kind = 'transfer' THEN line.base_amount ELSE -line.base_amount END,
            line.date, 'voucherline', FALSE,
        line.load_id, line.line, line.amount, line.currency::text, line.rate, line.voucher_id,
            original.load_id, original.line, voucher.fund_id
    FROM finance_voucherline AS line JOIN finance_voucher AS voucher ON voucher.id = line.voucher_id
    LEFT JOIN finance_voucherline AS original ON original.id = line.restates_id
    WHERE voucher.[fund] AND [known] AND [until]
)$own$,
        '[fund]', CASE WHEN of_funds IS NULL THEN 'fund_id IS NOT NULL'
            ELSE format('fund_id = ANY(%L::bigint[])', of_funds) END),
        '[until]', CASE WHEN money_until IS NULL THEN 'TRUE'
            ELSE format('line.date <= %L', money_until) END),
        '[known]', known);
END
$body$;

CREATE FUNCTION finance_fund_text(known_at timestamptz, money_until date,
    of_funds bigint[]) RETURNS text
LANGUAGE plpgsql STABLE AS $body$
DECLARE
    projects bigint[];
BEGIN
    IF of_funds IS NOT NULL THEN
        projects := ARRAY(SELECT id FROM projects_project WHERE fund_id = ANY(of_funds));
    END IF;
    RETURN finance_effects_text(known_at, money_until, projects) || ', '
        || finance_fund_own_text(known_at, money_until, of_funds) || $all$, fund_effects AS (
    SELECT * FROM own
    UNION ALL
    SELECT effects.*, project.fund_id FROM effects
    JOIN projects_project AS project ON project.id = effects.project_id
    WHERE effects.measure IN ('approved', 'transfer', 'refund', 'expenditure')
)
$all$;
END
$body$;

CREATE FUNCTION finance_fund_sums(known_at timestamptz, money_until date, of_funds bigint[])
RETURNS TABLE (fund_id bigint, organization_id bigint, year integer, category_id bigint,
    measure text, state text, country_id bigint, theme_id bigint, elsewhere boolean,
    base_amount numeric, records bigint, unconverted bigint, until date)
LANGUAGE plpgsql STABLE ROWS 10000 SET jit = off AS $body$
BEGIN
    IF known_at IS NULL AND money_until IS NULL THEN
        RETURN QUERY EXECUTE 'WITH ' || finance_fund_own_text(NULL, NULL, of_funds)
            || ', ' || replace($now$lines AS (
    -- Today's sums of the projects are at hand.
    SELECT fund_id, project_id, organization_id, year, category_id, measure, state, base_amount,
        1::bigint AS records, (base_amount IS NULL)::int::bigint AS unconverted, date AS until
        FROM own
    UNION ALL
    SELECT project.fund_id, figure.project_id, figure.organization_id, figure.year,
        figure.category_id, figure.measure::text, figure.state::text, figure.base_amount,
        figure.records, figure.unconverted, figure.until
    FROM finance_keyfigure AS figure
    JOIN projects_project AS project ON project.id = figure.project_id
    WHERE project.[fund] AND figure.measure IN ('approved', 'transfer', 'refund', 'expenditure')
)$now$, '[fund]', CASE WHEN of_funds IS NULL
                THEN 'fund_id IS NOT NULL' ELSE format('fund_id = ANY(%L::bigint[])', of_funds) END)
            || $sums$
SELECT line.fund_id, line.organization_id, line.year::int, line.category_id, line.measure,
    line.state, place.country_id, project.theme_id,
    coalesce(line.measure IN ('paid', 'returned') AND project.fund_id <> line.fund_id, FALSE),
    coalesce(sum(line.base_amount), 0), sum(line.records)::bigint, sum(line.unconverted)::bigint,
    max(line.until)
FROM lines AS line
LEFT JOIN projects_project AS project ON project.id = line.project_id
-- A project counts whole under its only country; under none where it works in several.
LEFT JOIN (
    SELECT project_id, min(country_id) AS country_id FROM projects_projectcountry
    GROUP BY 1 HAVING count(*) = 1
) AS place ON place.project_id = line.project_id
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9
$sums$;
    ELSE
        RETURN QUERY EXECUTE finance_fund_text(known_at, money_until, of_funds)
            || ', ' || $then$lines AS (SELECT fund_id, project_id, organization_id, year,
                category_id, measure, state, base_amount, 1::bigint AS records,
                (base_amount IS NULL)::int::bigint AS unconverted, date AS until
                FROM fund_effects)$then$ || $sums$
SELECT line.fund_id, line.organization_id, line.year::int, line.category_id, line.measure,
    line.state, place.country_id, project.theme_id,
    coalesce(line.measure IN ('paid', 'returned') AND project.fund_id <> line.fund_id, FALSE),
    coalesce(sum(line.base_amount), 0), sum(line.records)::bigint, sum(line.unconverted)::bigint,
    max(line.until)
FROM lines AS line
LEFT JOIN projects_project AS project ON project.id = line.project_id
-- A project counts whole under its only country; under none where it works in several.
LEFT JOIN (
    SELECT project_id, min(country_id) AS country_id FROM projects_projectcountry
    GROUP BY 1 HAVING count(*) = 1
) AS place ON place.project_id = line.project_id
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9
$sums$;
    END IF;
END
$body$;

CREATE FUNCTION finance_fund_effects(known_at timestamptz, money_until date, of_funds bigint[],
    of_measures text[])
RETURNS TABLE (id bigint, project_id bigint, organization_id bigint, year integer,
    category_id bigint, measure text, state text, base_amount numeric, date date, kind text,
    adjusts boolean, load_id bigint, line bigint, amount numeric, currency text, rate numeric,
    voucher_id bigint, original_load_id bigint, original_line bigint, fund_id bigint,
    country_id bigint, theme_id bigint, elsewhere boolean)
LANGUAGE plpgsql STABLE ROWS 10000 SET jit = off AS $body$
BEGIN
    RETURN QUERY EXECUTE finance_fund_text(known_at, money_until, of_funds)
        || $effects$
SELECT line.*, place.country_id, project.theme_id, coalesce(CASE
        WHEN line.measure IN ('paid', 'returned') THEN project.fund_id <> line.fund_id
        WHEN line.measure IN ('transfer', 'refund') THEN voucher.fund_id <> line.fund_id
    END, FALSE)
FROM fund_effects AS line
LEFT JOIN projects_project AS project ON project.id = line.project_id
-- A project counts whole under its only country; under none where it works in several.
LEFT JOIN (
    SELECT project_id, min(country_id) AS country_id FROM projects_projectcountry
    GROUP BY 1 HAVING count(*) = 1
) AS place ON place.project_id = line.project_id
LEFT JOIN finance_voucher AS voucher ON voucher.id = line.voucher_id
$effects$
        || 'WHERE line.measure = ANY(' || quote_literal(of_measures) || '::text[])';
END
$body$;

CREATE VIEW finance_fundfigure AS
SELECT row_number() OVER () AS id, sums.*
    FROM finance_fund_sums(nullif(current_setting('portal.as_of'), '')::timestamptz,
    nullif(current_setting('portal.until'), '')::date, nullif(current_setting('portal.funds'),
    '')::bigint[]) AS sums;

CREATE VIEW finance_fundeffect AS
SELECT * FROM finance_fund_effects(nullif(current_setting('portal.as_of'), '')::timestamptz,
    nullif(current_setting('portal.until'), '')::date, nullif(current_setting('portal.funds'),
    '')::bigint[], nullif(current_setting('portal.fund_measures'), '')::text[]);

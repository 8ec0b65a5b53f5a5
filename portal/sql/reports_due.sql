-- Which reports are due, and what became of each: the one definition, a function of the database.
--
-- `portal_reports_due(known_at, on_day, of_projects)` gives a row for each report of each
-- participating organization: as known at the moment (NULL: now), as it stood on the day, of the
-- projects (NULL: all):
--
-- - *Due*: narrative and year-end expenditure once a year, from the year of the first transfer to
--   the organization to the year of operational closure (the narrative of that year is the final
--   one); final narrative and certified statement some months after operational closure. Fund's
--   rules come before the office's, which hold for funds that follow them. Nothing is due before
--   a transfer.
-- - *Received* on the first day on which any of these arrived: a register's or staff's entry
--   (`finance_reportreceived`), a file of expenditure (the day the file came in, even when it was
--   released later or replaced by a corrected one), a document of the type and year, of the
--   organization or of all together (a half of a year or a quarter is no annual report). A
--   certified statement also tells of the years before it.
-- - *Exempt* and *extended* as stated, with the reason.
--
-- Dates decide what held on the day: closures, transfers and arrivals after it do not count.
-- Participants are today's, but for those that joined later, as far as history knows; rules and
-- types of documents are today's.

-- It has no settings of its own and is plain SQL: PostgreSQL puts it into the query that reads it,
-- with the arguments as constants, and looks only at the projects asked for.

DROP FUNCTION IF EXISTS portal_reports_due(timestamptz, date, bigint[]) CASCADE;

-- Whether a record that one load stated and another withdrew stood at a moment (NULL: now).
CREATE OR REPLACE FUNCTION stood(said timestamptz, gone timestamptz, known_at timestamptz)
RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN known_at IS NULL THEN gone IS NULL
        ELSE said <= known_at AND (gone IS NULL OR gone > known_at) END
$$;

-- Whether a project is one of those asked for (NULL: all).
CREATE OR REPLACE FUNCTION among(id bigint, ids bigint[])
RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT ids IS NULL OR id = ANY(ids) $$;

CREATE FUNCTION portal_reports_due(known_at timestamptz, on_day date, of_projects bigint[])
RETURNS TABLE (id bigint, project_id bigint, organization_id bigint, fund_id bigint, kind text,
    year integer, first_due_on date, due_on date, state text, days_late integer, received_on date,
    load_id bigint, document_id bigint, extended_to date, reason text, stated_by_id bigint)
LANGUAGE sql STABLE ROWS 10000 AS $$
WITH office AS (
    -- One row, made by `prepare` with the defaults of the model.
    SELECT time_zone AS zone,
        narrative_due_month AS narrative_month, narrative_due_day AS narrative_day,
        expenditure_due_month AS financial_month, expenditure_due_day AS financial_day,
        final_narrative_months AS final_months, certified_statement_months AS certified_months,
        coalesce(reports_from, 0) AS first_year, missing_after_days AS patience
    FROM projects_office
), paid AS (
    SELECT line.project_id, line.organization_id, min(line.date) AS first_on
    FROM finance_voucherline AS line
    JOIN finance_load AS said ON said.id = line.load_id
    LEFT JOIN finance_load AS gone ON gone.id = line.withdrawn_by_id
    WHERE is_transfer(line.kind, line.amount) AND line.date <= on_day AND among(line.project_id, of_projects)
        AND stood(said.released_at, gone.released_at, known_at)
    GROUP BY 1, 2
), opened AS (
    SELECT project_id, max(set_on) AS last_on FROM projects_statuschange AS line
    WHERE project_status_is(status, 'running') AND set_on <= on_day AND among(line.project_id, of_projects)
    GROUP BY 1
), closed AS (
    SELECT line.project_id,
        min(set_on) FILTER (WHERE project_status_is(status, 'done')) AS closed_on,
        min(set_on) FILTER (WHERE NOT project_status_is(status, 'done')) AS cancelled_on
    FROM projects_statuschange AS line LEFT JOIN opened USING (project_id)
    WHERE project_status_is(status, 'over')
        AND set_on <= on_day AND set_on >= coalesce(last_on, set_on) AND among(line.project_id, of_projects)
    GROUP BY 1
-- `closed_on` is the day of operational closure.
), parts AS (
    SELECT line.id, line.project_id, line.organization_id, project.fund_id, project.parent_id,
        count(*) OVER (PARTITION BY line.project_id) AS parts,
        coalesce(own.first_on, unnamed.first_on) AS start,
        closed.cancelled_on,
        coalesce(
            CASE WHEN line.operationally_closed_on <= on_day THEN line.operationally_closed_on END,
            closed.closed_on,
            CASE WHEN project_status_is(project.status, 'done')
                AND (known_at IS NULL OR project.status_on <= on_day)
                THEN coalesce(project.status_on, project_end(project.id, on_day)) END
        ) AS closed_on
    FROM projects_participation AS line
    JOIN projects_project AS project ON project.id = line.project_id
    LEFT JOIN paid AS own ON own.project_id = line.project_id
        AND own.organization_id = line.organization_id
    LEFT JOIN paid AS unnamed ON unnamed.project_id = line.project_id
        AND unnamed.organization_id IS NULL
    LEFT JOIN closed ON closed.project_id = line.project_id
    WHERE line.role = 'participating' AND among(line.project_id, of_projects)
        AND (known_at IS NULL
            OR EXISTS (SELECT FROM projects_participationevent AS joined
                WHERE joined.pgh_obj_id = line.id AND joined.pgh_created_at <= known_at)
            OR NOT EXISTS (SELECT FROM projects_projectevent AS version
                WHERE version.pgh_obj_id = line.project_id
                    AND version.pgh_created_at <= known_at))
), rules AS (
    SELECT fund.id AS fund_id, kinds.kind, kinds.number,
        coalesce(rule.is_asked, fund.follows_rules) AS is_asked,
        coalesce(rule.month, CASE kinds.kind WHEN 'narrative' THEN narrative_month
            ELSE financial_month END)::int AS month,
        coalesce(rule.day, CASE kinds.kind WHEN 'narrative' THEN narrative_day
            ELSE financial_day END)::int AS day,
        coalesce(rule.months_after_closure, CASE kinds.kind WHEN 'certified'
            THEN certified_months ELSE final_months END)::int AS months
    FROM projects_fund AS fund CROSS JOIN office
    CROSS JOIN (VALUES ('narrative', 0), ('financial', 1), ('final-narrative', 2), ('certified', 3))
        AS kinds (kind, number)
    LEFT JOIN projects_reportrule AS rule ON rule.fund_id = fund.id AND rule.kind = kinds.kind
-- `key_year` is what a report is known by: its year, or 0 where there is only one.
), asked AS (
    SELECT parts.*, rules.kind, rules.number, years.year, years.year AS key_year,
        least(make_date(years.year + 1, rules.month, 1) + rules.day - 1,
            (make_date(years.year + 1, rules.month, 1) + interval '1 month - 1 day')::date)
        AS first_due_on
    FROM parts JOIN rules ON rules.fund_id = parts.fund_id
    JOIN rules AS final ON final.fund_id = parts.fund_id AND final.kind = 'final-narrative'
    CROSS JOIN office
    CROSS JOIN LATERAL generate_series(
        greatest(extract(year FROM parts.start)::int, office.first_year),
        least(
            extract(year FROM coalesce(parts.closed_on, on_day))::int
                - (parts.closed_on IS NOT NULL AND rules.kind = 'narrative'
                    AND final.is_asked)::int,
            extract(year FROM coalesce(parts.cancelled_on, on_day))::int
        )
    ) AS years (year)
    WHERE report_kind_is_annual(rules.kind) AND rules.is_asked
        AND parts.start IS NOT NULL
    UNION ALL
    SELECT parts.*, rules.kind, rules.number, extract(year FROM parts.closed_on)::int, 0,
        (parts.closed_on + make_interval(months => rules.months))::date
    FROM parts JOIN rules ON rules.fund_id = parts.fund_id CROSS JOIN office
    WHERE NOT report_kind_is_annual(rules.kind) AND rules.is_asked
        AND parts.start IS NOT NULL AND parts.closed_on IS NOT NULL
        AND parts.cancelled_on IS NULL
        AND extract(year FROM parts.closed_on) >= office.first_year
-- A file whose load was reversed never came; one that was replaced did, on its day.
), stated AS (
    SELECT line.*, CASE WHEN report_kind_is_annual(line.kind) THEN line.year ELSE 0 END
        AS key_year
    FROM finance_reportreceived AS line
    JOIN finance_load AS said ON said.id = line.load_id
    LEFT JOIN finance_load AS gone ON gone.id = line.withdrawn_by_id
    WHERE among(line.project_id, of_projects) AND stood(said.released_at, gone.released_at, known_at)
), reversed AS (
    SELECT reverses_id AS id FROM finance_load
    WHERE reverses_id IS NOT NULL AND released_at IS NOT NULL
        AND (known_at IS NULL OR released_at <= known_at)
), spent AS (
    SELECT line.project_id, line.organization_id, line.year, line.state,
        min(came.received_at) FILTER (WHERE reversed.id IS NULL) AS came_at,
        (array_agg(came.id ORDER BY came.received_at, came.id)
            FILTER (WHERE reversed.id IS NULL))[1] AS load_id
    FROM (
        SELECT line.project_id, line.organization_id, line.year, line.state,
            coalesce(original.load_id, line.load_id) AS load_id,
            bool_or(stood(said.released_at, gone.released_at, known_at)) AS stands
        FROM finance_expenditureline AS line
        LEFT JOIN finance_expenditureline AS original ON original.id = line.restates_id
        JOIN finance_load AS said ON said.id = line.load_id
        LEFT JOIN finance_load AS gone ON gone.id = line.withdrawn_by_id
        WHERE line.state IN ('reported', 'certified') AND among(line.project_id, of_projects)
            AND (known_at IS NULL OR said.released_at <= known_at)
        GROUP BY 1, 2, 3, 4, 5
    ) AS line
    JOIN finance_load AS came ON came.id = line.load_id
    LEFT JOIN reversed ON reversed.id = line.load_id
    GROUP BY 1, 2, 3, 4 HAVING bool_or(line.stands)
), told AS (
    SELECT project_id, organization_id, year, (came_at AT TIME ZONE office.zone)::date AS day,
        load_id
    FROM spent CROSS JOIN office WHERE state = 'certified'
), arrived (project_id, organization_id, kind, key_year, day, load_id, document_id) AS (
    SELECT project_id, organization_id, kind::text, key_year::int, received_on, load_id,
        NULL::bigint FROM stated WHERE received_on IS NOT NULL
    UNION ALL
    SELECT project_id, organization_id, 'financial', year,
        (came_at AT TIME ZONE office.zone)::date, load_id, NULL FROM spent CROSS JOIN office
        WHERE state = 'reported'
    UNION ALL
    SELECT project_id, organization_id, 'certified', 0, day, load_id, NULL FROM told
    UNION ALL
    SELECT own.project_id, paper.organization_id,
        type.report_kind,
        CASE WHEN report_kind_is_annual(type.report_kind) THEN paper.year_reported::int ELSE 0 END,
        coalesce(paper.received_on, (least(paper.added_at, (SELECT min(uploaded_at)
            FROM documents_documentversion AS file WHERE file.document_id = paper.id))
            AT TIME ZONE office.zone)::date),
        NULL, paper.id
    FROM (SELECT DISTINCT project_id, parent_id FROM parts) AS own
    JOIN documents_document AS paper ON paper.project_id IN (own.project_id, own.parent_id)
    JOIN documents_documenttype AS type ON type.id = paper.type_id
    CROSS JOIN office
    WHERE type.report_kind <> ''
        AND (paper.period IN ('', 'year') OR NOT report_kind_is_annual(type.report_kind))
        AND (paper.state <> 'withdrawn' OR EXISTS (
            SELECT FROM projects_withholding AS w WHERE w.kind = 'document'
                AND w.target_id = paper.id AND NOT EXISTS (SELECT FROM projects_withholdingoutcome
                    AS o WHERE o.withholding_id = w.id AND NOT o.erased)))
        AND (known_at IS NULL OR paper.added_at <= known_at)
)
SELECT asked.id * 16384 + (asked.year - 1900) * 8 + asked.number, asked.project_id,
    asked.organization_id, asked.fund_id, asked.kind, asked.year, asked.first_due_on, due.due_on,
    CASE WHEN first.day IS NOT NULL THEN 'received' WHEN said.exempt THEN 'exempt'
        WHEN on_day <= asked.first_due_on THEN 'due' WHEN on_day <= due.due_on THEN 'extended'
        WHEN on_day - due.due_on > office.patience THEN 'missing' ELSE 'late' END,
    CASE WHEN first.day IS NOT NULL THEN greatest(first.day - due.due_on, 0)
        WHEN said.exempt THEN 0 ELSE greatest(on_day - due.due_on, 0) END,
    first.day, first.load_id, first.document_id, said.extended_to, coalesce(said.reason, ''),
    said.load_id
FROM asked CROSS JOIN office
LEFT JOIN (
    SELECT project_id, organization_id, kind, key_year, max(extended_to) AS extended_to,
        bool_or(exempt) AS exempt,
        (array_agg(reason ORDER BY id DESC) FILTER (WHERE reason <> ''))[1] AS reason,
        (array_agg(load_id ORDER BY id DESC)
            FILTER (WHERE exempt OR extended_to IS NOT NULL))[1] AS load_id
    FROM stated GROUP BY 1, 2, 3, 4
) AS said ON said.project_id = asked.project_id AND said.kind = asked.kind
    AND said.organization_id = asked.organization_id AND said.key_year = asked.key_year
LEFT JOIN (
    SELECT DISTINCT ON (asked.id, asked.kind, asked.key_year) asked.id, asked.kind, asked.key_year,
        arrived.day, arrived.load_id, arrived.document_id
    FROM asked JOIN (
        SELECT * FROM arrived
        UNION ALL
        SELECT told.project_id, told.organization_id, 'financial', earlier.key_year,
            told.day, told.load_id, NULL
        FROM told JOIN asked AS earlier ON earlier.project_id = told.project_id
            AND earlier.kind = 'financial' AND earlier.key_year <= told.year
            AND earlier.organization_id = coalesce(told.organization_id, earlier.organization_id)
    ) AS arrived ON arrived.project_id = asked.project_id
        AND arrived.kind = asked.kind AND arrived.key_year = asked.key_year
        AND (arrived.organization_id = asked.organization_id OR arrived.organization_id IS NULL
            AND (asked.parts = 1 OR arrived.document_id IS NOT NULL))
    WHERE arrived.day <= on_day
    ORDER BY asked.id, asked.kind, asked.key_year, arrived.day, arrived.load_id NULLS LAST,
        arrived.document_id
) AS first ON first.id = asked.id AND first.kind = asked.kind
    AND first.key_year = asked.key_year
CROSS JOIN LATERAL (SELECT greatest(asked.first_due_on, said.extended_to) AS due_on) AS due
$$;

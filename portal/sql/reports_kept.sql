-- Reports due of today are kept as they were worked out last (`portal_reportkept`), and of each
-- project the day for which they were (`portal_reportsof`). The worker works them out each day.
--
-- Whatever `portal_reports_due` reads has a trigger here that marks the projects concerned
-- (`portal_reportsanew`), in the transaction of the change: until the worker comes by, their reports
-- are worked out while they are read. So nothing that is shown is out of date, and no writer can
-- forget. A mark is a row of its own: who writes one waits for nobody, and nobody for him.

-- Those kept, of the day and of the projects (NULL: all).
CREATE OR REPLACE FUNCTION portal_reports_kept(on_day date, of_projects bigint[])
RETURNS TABLE (id bigint, project_id bigint, organization_id bigint, fund_id bigint, kind text,
    year integer, first_due_on date, due_on date, state text, days_late integer, received_on date,
    load_id bigint, document_id bigint, extended_to date, reason text, stated_by_id bigint)
LANGUAGE sql STABLE ROWS 10000 AS $$
SELECT kept.id, kept.project_id, kept.organization_id, kept.fund_id, kept.kind::text, kept.year,
    kept.first_due_on, kept.due_on, kept.state::text, kept.days_late, kept.received_on,
    kept.load_id, kept.document_id, kept.extended_to, kept.reason, kept.stated_by_id
FROM portal_reportkept AS kept
JOIN portal_reportsof AS worked_out ON worked_out.project_id = kept.project_id
WHERE worked_out.day = on_day AND among(kept.project_id, of_projects)
    AND NOT EXISTS (SELECT FROM portal_reportsanew AS anew
        WHERE anew.project_id = kept.project_id)
$$;

-- The same, and those of the projects `anew`, worked out now.
CREATE OR REPLACE FUNCTION portal_reports_today(
    on_day date, of_projects bigint[], anew bigint[])
RETURNS TABLE (id bigint, project_id bigint, organization_id bigint, fund_id bigint, kind text,
    year integer, first_due_on date, due_on date, state text, days_late integer, received_on date,
    load_id bigint, document_id bigint, extended_to date, reason text, stated_by_id bigint)
LANGUAGE sql STABLE ROWS 10000 AS $$
SELECT * FROM portal_reports_kept(on_day, of_projects)
UNION ALL
SELECT * FROM portal_reports_due(NULL, on_day, anew)
$$;

-- --- What has to be worked out anew

CREATE OR REPLACE FUNCTION portal_reports_anew(of_projects bigint[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public AS $$
INSERT INTO portal_reportsanew (project_id)
SELECT DISTINCT id FROM unnest(of_projects) AS id WHERE id IS NOT NULL
$$;

-- Rules for all change seldom, and one after the other.
CREATE OR REPLACE FUNCTION portal_all_reports_anew() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(720240121);
    UPDATE portal_reportsof SET day = '0001-01-01' WHERE day > '0001-01-01';
    RETURN NULL;
END
$$;

-- Rows by the thousand: once for all that a statement wrote.
CREATE OR REPLACE FUNCTION portal_reports_of_written() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
    PERFORM portal_reports_anew(ARRAY(SELECT DISTINCT project_id FROM written));
    RETURN NULL;
END
$$;

-- Rows one by one: the project before and after.
CREATE OR REPLACE FUNCTION portal_reports_of_row() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN PERFORM portal_reports_anew(ARRAY[OLD.project_id]); END IF;
    IF TG_OP <> 'DELETE' THEN PERFORM portal_reports_anew(ARRAY[NEW.project_id]); END IF;
    RETURN NULL;
END
$$;

-- A document counts for its project and for those below it.
CREATE OR REPLACE FUNCTION portal_reports_below(of_project bigint) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public AS $$
SELECT portal_reports_anew(ARRAY(
    SELECT id FROM projects_project WHERE id = of_project OR parent_id = of_project))
$$;

CREATE OR REPLACE FUNCTION portal_reports_of_document() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN PERFORM portal_reports_below(OLD.project_id); END IF;
    IF TG_OP <> 'DELETE' THEN PERFORM portal_reports_below(NEW.project_id); END IF;
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION portal_reports_of_version() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
    PERFORM portal_reports_below(project_id) FROM documents_document
        WHERE id = CASE TG_OP WHEN 'DELETE' THEN OLD.document_id ELSE NEW.document_id END;
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION portal_reports_of_withheld() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
    PERFORM portal_reports_below(paper.project_id)
        FROM projects_withholding AS said JOIN documents_document AS paper
            ON said.kind = 'document' AND paper.id = said.target_id
        WHERE said.id = CASE TG_TABLE_NAME WHEN 'projects_withholding' THEN (to_jsonb(NEW) ->> 'id')
            ELSE (to_jsonb(NEW) ->> 'withholding_id') END::bigint;
    RETURN NULL;
END
$$;

-- A file that was taken back never came, whatever replaced it.
CREATE OR REPLACE FUNCTION portal_reports_of_reversed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
    PERFORM portal_reports_anew(ARRAY(
        SELECT project_id FROM finance_expenditureline WHERE load_id = NEW.reverses_id
        UNION
        SELECT line.project_id FROM finance_expenditureline AS original
        JOIN finance_expenditureline AS line ON line.restates_id = original.id
        WHERE original.load_id = NEW.reverses_id));
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION portal_reports_of_project() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
    PERFORM portal_reports_anew(ARRAY[NEW.id]);
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION portal_reports_of_new() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
    INSERT INTO portal_reportsof (project_id, day) SELECT id, '0001-01-01' FROM written;
    RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER reports_anew_added AFTER INSERT ON finance_voucherline
    REFERENCING NEW TABLE AS written FOR EACH STATEMENT
    EXECUTE FUNCTION portal_reports_of_written();
CREATE OR REPLACE TRIGGER reports_anew_changed AFTER UPDATE ON finance_voucherline
    REFERENCING NEW TABLE AS written FOR EACH STATEMENT
    EXECUTE FUNCTION portal_reports_of_written();
CREATE OR REPLACE TRIGGER reports_anew_added AFTER INSERT ON finance_expenditureline
    REFERENCING NEW TABLE AS written FOR EACH STATEMENT
    EXECUTE FUNCTION portal_reports_of_written();
CREATE OR REPLACE TRIGGER reports_anew_changed AFTER UPDATE ON finance_expenditureline
    REFERENCING NEW TABLE AS written FOR EACH STATEMENT
    EXECUTE FUNCTION portal_reports_of_written();
CREATE OR REPLACE TRIGGER reports_anew_added AFTER INSERT ON finance_reportreceived
    REFERENCING NEW TABLE AS written FOR EACH STATEMENT
    EXECUTE FUNCTION portal_reports_of_written();
CREATE OR REPLACE TRIGGER reports_anew_changed AFTER UPDATE ON finance_reportreceived
    REFERENCING NEW TABLE AS written FOR EACH STATEMENT
    EXECUTE FUNCTION portal_reports_of_written();
CREATE OR REPLACE TRIGGER reports_anew_reversed AFTER UPDATE OF released_at ON finance_load
    FOR EACH ROW WHEN (NEW.reverses_id IS NOT NULL)
    EXECUTE FUNCTION portal_reports_of_reversed();
CREATE OR REPLACE TRIGGER reports_anew_added AFTER INSERT ON projects_project
    REFERENCING NEW TABLE AS written FOR EACH STATEMENT
    EXECUTE FUNCTION portal_reports_of_new();
CREATE OR REPLACE TRIGGER reports_anew AFTER UPDATE ON projects_project
    FOR EACH ROW EXECUTE FUNCTION portal_reports_of_project();
CREATE OR REPLACE TRIGGER reports_anew AFTER INSERT OR UPDATE OR DELETE ON projects_participation
    FOR EACH ROW EXECUTE FUNCTION portal_reports_of_row();
CREATE OR REPLACE TRIGGER reports_anew AFTER INSERT OR UPDATE OR DELETE ON projects_statuschange
    FOR EACH ROW EXECUTE FUNCTION portal_reports_of_row();
CREATE OR REPLACE TRIGGER reports_anew AFTER INSERT OR UPDATE OR DELETE ON projects_extension
    FOR EACH ROW EXECUTE FUNCTION portal_reports_of_row();
CREATE OR REPLACE TRIGGER reports_anew AFTER INSERT OR UPDATE OR DELETE ON documents_document
    FOR EACH ROW EXECUTE FUNCTION portal_reports_of_document();
CREATE OR REPLACE TRIGGER reports_anew
    AFTER INSERT OR UPDATE OR DELETE ON documents_documentversion
    FOR EACH ROW EXECUTE FUNCTION portal_reports_of_version();
CREATE OR REPLACE TRIGGER reports_anew AFTER INSERT OR UPDATE ON projects_withholding
    FOR EACH ROW EXECUTE FUNCTION portal_reports_of_withheld();
CREATE OR REPLACE TRIGGER reports_anew AFTER INSERT OR UPDATE ON projects_withholdingoutcome
    FOR EACH ROW EXECUTE FUNCTION portal_reports_of_withheld();
CREATE OR REPLACE TRIGGER reports_anew AFTER UPDATE ON projects_office
    FOR EACH STATEMENT EXECUTE FUNCTION portal_all_reports_anew();
CREATE OR REPLACE TRIGGER reports_anew AFTER UPDATE ON projects_fund
    FOR EACH ROW WHEN (OLD.follows_rules IS DISTINCT FROM NEW.follows_rules)
    EXECUTE FUNCTION portal_all_reports_anew();
CREATE OR REPLACE TRIGGER reports_anew AFTER INSERT OR UPDATE OR DELETE ON projects_reportrule
    FOR EACH STATEMENT EXECUTE FUNCTION portal_all_reports_anew();
CREATE OR REPLACE TRIGGER reports_anew AFTER UPDATE ON documents_documenttype
    FOR EACH STATEMENT EXECUTE FUNCTION portal_all_reports_anew();

-- The rules of this file and of the function may be others than before.
INSERT INTO portal_reportsof (project_id, day) SELECT id, '0001-01-01' FROM projects_project
ON CONFLICT (project_id) DO UPDATE SET day = EXCLUDED.day;

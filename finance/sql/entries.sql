-- Entries bear the fund of their project beside the fund that paid: where a project moves to
-- another fund, its entries go with it.
CREATE OR REPLACE FUNCTION finance_entries_follow_project() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
    UPDATE finance_entry SET project_fund_id = NEW.fund_id WHERE project_id = NEW.id;
    RETURN NULL;
END
$$;
DROP TRIGGER IF EXISTS entries_follow_project ON projects_project;
CREATE TRIGGER entries_follow_project AFTER UPDATE OF fund_id ON projects_project
    FOR EACH ROW WHEN (OLD.fund_id IS DISTINCT FROM NEW.fund_id)
    EXECUTE FUNCTION finance_entries_follow_project();

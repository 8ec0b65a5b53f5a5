-- Whoever takes a document out of public view takes away at once, in the same transaction, all files
-- that may name it: the packages of all data, and our IATI. The worker makes them anew, and deletes
-- what lies in the storage. Links that a source states no more are deleted; they go with the release.

CREATE OR REPLACE FUNCTION portal_take_away() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
    -- The same as lock_what_is_given in portal/withholding/generated_files.py: one that is being put
    -- in place meanwhile is there before, or sees this.
    PERFORM pg_advisory_xact_lock(7010002);
    UPDATE portal_datapackage SET withdrawn_at = now() WHERE withdrawn_at IS NULL;
    UPDATE portal_iatifile SET withdrawn_at = now() WHERE withdrawn_at IS NULL;
    RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER taken_away AFTER UPDATE OF state ON documents_document
    FOR EACH ROW WHEN (OLD.state = 'public' AND NEW.state <> 'public')
    EXECUTE FUNCTION portal_take_away();

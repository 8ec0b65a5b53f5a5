-- What was released, or rejected, stays as it is: not even the owner changes it. While something
-- is erased by law the owner takes words out of it: names of files, reasons, and what check and
-- scope repeat of them. Whoever may only set a setting, as the web's role may, is not the owner.

CREATE OR REPLACE FUNCTION finance_load_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    words text[] := '{file_name,reason,file,scope,options,report}';
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'loads are never deleted: id %', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF current_setting('finance.erasing', true) = 'yes'
        AND pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE')
        AND to_jsonb(OLD) - words = to_jsonb(NEW) - words THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'what was released is never changed: table %, id %', TG_TABLE_NAME, OLD.id
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE OR REPLACE TRIGGER released_load_stays BEFORE UPDATE ON finance_load FOR EACH ROW
    WHEN (OLD.state IN ('released', 'rejected')) EXECUTE FUNCTION finance_load_stays();
CREATE OR REPLACE TRIGGER load_is_not_deleted BEFORE DELETE ON finance_load FOR EACH ROW
    EXECUTE FUNCTION finance_load_stays();

-- The same of what a check said of it: whoever released it had seen just that.
CREATE OR REPLACE FUNCTION finance_remarks_stay() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    loads bigint[];
BEGIN
    loads := CASE TG_OP WHEN 'INSERT' THEN ARRAY[NEW.load_id] WHEN 'DELETE' THEN ARRAY[OLD.load_id]
        ELSE ARRAY[OLD.load_id, NEW.load_id] END;
    IF EXISTS (SELECT FROM finance_load WHERE id = ANY(loads) AND state IN ('released', 'rejected'))
        AND NOT (TG_OP = 'UPDATE' AND current_setting('finance.erasing', true) = 'yes'
            AND OLD.load_id = NEW.load_id AND pg_has_role(
                current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE')) THEN
        RAISE EXCEPTION 'what was said of a closed load is never changed: table %', TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE OR REPLACE TRIGGER remarks_stay BEFORE INSERT OR UPDATE OR DELETE ON finance_loadremark FOR EACH ROW
    EXECUTE FUNCTION finance_remarks_stay();

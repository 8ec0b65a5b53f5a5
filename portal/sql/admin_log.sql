-- The log of the administration is written and read; only what a law wants erased leaves it.

CREATE OR REPLACE FUNCTION portal_admin_log_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND current_setting('finance.erasing', true) = 'yes' THEN RETURN NEW; END IF;
    RAISE EXCEPTION 'the log is never changed: id %', OLD.id USING ERRCODE = 'restrict_violation';
END $$;

CREATE OR REPLACE TRIGGER admin_log_stays BEFORE UPDATE OR DELETE ON django_admin_log FOR EACH ROW
    EXECUTE FUNCTION portal_admin_log_stays();

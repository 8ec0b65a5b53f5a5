-- The base currency stays once amounts in it have been released.

CREATE OR REPLACE FUNCTION finance_base_currency_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM finance_load WHERE released_at IS NOT NULL) THEN
        RAISE EXCEPTION 'amounts in % have been released', OLD.base_currency
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER base_currency_stays BEFORE UPDATE ON projects_office FOR EACH ROW
    WHEN (OLD.base_currency <> NEW.base_currency)
    EXECUTE FUNCTION finance_base_currency_stays();

-- Whatever comes in anew of something withheld is withheld at once. A load is looked at when it
-- is sealed, for its name is part of the seal.

DO $$
DECLARE
    tbl text;
    happened text;
BEGIN
    FOR tbl IN SELECT jsonb_object_keys(withheld_rules()) LOOP
        CONTINUE WHEN tbl = 'finance_load';
        FOREACH happened IN ARRAY ARRAY['insert', 'update'] LOOP
            EXECUTE format('CREATE OR REPLACE TRIGGER withheld_fresh_%1$s AFTER %1$s ON %2$I '
                'REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT '
                'EXECUTE FUNCTION withheld_fresh()', happened, tbl);
        END LOOP;
    END LOOP;
END $$;

CREATE OR REPLACE TRIGGER withheld_fresh_load AFTER INSERT ON finance_seal
    FOR EACH ROW EXECUTE FUNCTION withheld_fresh_load();

-- Whatever public pages read has a version: the sum of what these triggers count. They are on
-- every table but those of which portal.host.watched says that no public page reads them; what the
-- package of all data and our IATI are made of is counted by itself, too.

INSERT INTO portal_changes (id, count, given) SELECT number, 0, 0 FROM generate_series(1, 100) AS number
ON CONFLICT DO NOTHING;

-- Once in a transaction is enough, for readers see all of it or nothing.
CREATE OR REPLACE FUNCTION portal_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
    ours text := pg_current_xact_id()::text;
    seen int := (current_setting('portal.changed', TRUE) IS DISTINCT FROM ours)::int;
    away int := (TG_NARGS > 0 AND current_setting('portal.given', TRUE) IS DISTINCT FROM ours)::int;
BEGIN
    IF seen + away > 0 THEN
        UPDATE portal_changes SET count = count + seen, given = given + away
            WHERE id = (SELECT id FROM portal_changes LIMIT 1 FOR UPDATE SKIP LOCKED);
        IF NOT FOUND THEN
            INSERT INTO portal_changes (id, count, given)
                SELECT max(id) + 1, seen, away FROM portal_changes;
        END IF;
        PERFORM set_config('portal.changed', ours, TRUE);
        IF away = 1 THEN
            PERFORM set_config('portal.given', ours, TRUE);
        END IF;
    END IF;
    RETURN NULL;
END
$$;

DO $$
DECLARE
    unwatched jsonb := current_setting('portal.unwatched');
    tbl name;
    changed text;
BEGIN
    FOR tbl IN SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace
        AND relkind = 'r' AND pg_has_role(relowner, 'USAGE')
    LOOP
        IF unwatched -> 'tables' ? tbl THEN
            -- Dropping one waits for all who read the table, even where there is none.
            IF EXISTS (SELECT FROM pg_trigger WHERE tgname = 'changed'
                AND tgrelid = ('public.' || quote_ident(tbl))::regclass) THEN
                EXECUTE format('DROP TRIGGER changed ON %I', tbl);
            END IF;
            CONTINUE;
        END IF;
        -- Of some tables, columns that change often are read by nobody outside.
        SELECT 'UPDATE OF ' || string_agg(quote_ident(attname), ', ') INTO changed
            FROM pg_attribute WHERE attrelid = ('public.' || quote_ident(tbl))::regclass
            AND attnum > 0 AND NOT attisdropped
            AND NOT coalesce(unwatched -> 'columns' -> tbl ? attname, FALSE);
        EXECUTE format('CREATE OR REPLACE TRIGGER changed AFTER INSERT OR %s OR DELETE OR TRUNCATE ON %I '
            'FOR EACH STATEMENT EXECUTE FUNCTION portal_changed(%s)', changed, tbl,
            CASE WHEN unwatched -> 'given' ? tbl THEN '''given''' END);
    END LOOP;
END $$;

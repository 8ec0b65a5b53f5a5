-- Withholding: values leave the tables that anything public reads, and come back when lifted.
-- All of it runs with the owner's rights and changes nothing but the columns of the rules.

-- What the models declare (`portal/withholding/kinds.py`), as functions, so that it is part of the
-- plans. Rules, for each table: the columns that are withheld and what stands there meanwhile;
-- `match`, the columns by which the same thing is known again in another row; `spread`, whether
-- other rows with the same value are withheld with it; `texts`, what enters a seal as one salted
-- digest. Things, for each kind: its table, and which of its columns, null for all.
DO $$
DECLARE
    part text;
BEGIN
    FOREACH part IN ARRAY ARRAY['rules', 'things'] LOOP
        EXECUTE format('CREATE OR REPLACE FUNCTION withheld_%s() RETURNS jsonb LANGUAGE sql IMMUTABLE '
            'AS %L', part, format('SELECT %L::jsonb',
            current_setting('portal.withholding')::jsonb -> part));
    END LOOP;
END $$;

CREATE OR REPLACE FUNCTION withheld_key(tbl text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN withheld_rules() -> tbl ? 'base' THEN 'pgh_id' ELSE 'id' END
$$;

-- By this a text is known again, whatever its case.
CREATE OR REPLACE FUNCTION withheld_digest(value text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN coalesce(btrim(value), '') = '' THEN ''
        ELSE encode(sha256(convert_to(lower(btrim(value)), 'UTF8')), 'hex') END
$$;

CREATE OR REPLACE FUNCTION withheld_set(tbl text, pk bigint, vals jsonb) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    names text;
    fresh text;
BEGIN
    SELECT string_agg(quote_ident(k), ', '), string_agg('new.' || quote_ident(k), ', ')
        INTO names, fresh FROM jsonb_object_keys(vals) AS k;
    IF names IS NULL THEN RETURN; END IF;
    PERFORM set_config('finance.erasing', 'yes', true);
    EXECUTE format(
        'UPDATE %1$I SET (%2$s) = ROW(%3$s) FROM jsonb_populate_record(NULL::%1$I, $1) AS new '
        'WHERE %1$I.%4$I = $2', tbl, names, fresh, withheld_key(tbl)) USING vals, pk;
    PERFORM set_config('finance.erasing', 'no', true);
END $$;

-- The placeholder for a withheld place; another one where the project has the first already.
CREATE OR REPLACE FUNCTION withheld_place(project bigint, pk bigint) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    place bigint;
    place_code text;
BEGIN
    FOR n IN 1..99 LOOP
        place_code := 'withheld' || CASE WHEN n > 1 THEN '-' || n ELSE '' END;
        INSERT INTO projects_country (code, name, kind, other_names)
            VALUES (place_code, 'Withheld place', 'placeholder', '') ON CONFLICT (code) DO NOTHING;
        SELECT id INTO place FROM projects_country WHERE code = place_code;
        EXIT WHEN NOT EXISTS (SELECT FROM projects_projectcountry AS c
            WHERE c.project_id = project AND c.country_id = place AND c.id <> pk);
    END LOOP;
    RETURN place;
END $$;

-- What stands in a column meanwhile.
CREATE OR REPLACE FUNCTION withheld_mask(rule jsonb, w projects_withholding, pk bigint, old jsonb)
RETURNS jsonb LANGUAGE sql AS $$
    SELECT CASE rule #>> '{}'
        WHEN '@mark' THEN to_jsonb('Withheld on ' || to_char(w.at AT TIME ZONE 'UTC', 'FMDD Mon YYYY'))
        WHEN '@day' THEN to_jsonb((w.at AT TIME ZONE 'UTC')::date)
        WHEN '@number' THEN to_jsonb('withheld-' || w.id || CASE
            WHEN coalesce((old ->> 'pgh_obj_id')::bigint, pk) <> w.target_id THEN '-' || pk ELSE '' END)
        WHEN '@place' THEN to_jsonb(withheld_place((old ->> 'project_id')::bigint,
            coalesce((old ->> 'pgh_obj_id')::bigint, pk)))
        ELSE rule END
$$;

-- The digest under which a seal covers the texts of a row; their salt may lie with the seal.
CREATE OR REPLACE FUNCTION withheld_seal_text(tbl text, pk bigint, salt text, old jsonb) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    digest text;
BEGIN
    SELECT encode(sha256(convert_to(salt || string_agg(E'\x1f' ||
        CASE jsonb_typeof(old -> t) WHEN 'string' THEN old ->> t ELSE (old -> t)::text END,
        '' ORDER BY n), 'UTF8')), 'hex') INTO digest
        FROM jsonb_array_elements_text(withheld_rules() -> tbl -> 'texts') WITH ORDINALITY AS x (t, n);
    INSERT INTO finance_erasedtext (model, object_id, digest, erased_at, reason)
        VALUES (replace(tbl, 'finance_', ''), pk, digest, clock_timestamp(), '')
        ON CONFLICT (model, object_id) DO NOTHING;
END $$;

-- Move values of one row aside; all that the rule of its table names, or only some columns.
CREATE OR REPLACE FUNCTION withheld_row_away(withholding bigint, tbl text, pk bigint, cols text[])
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    rules jsonb := withheld_rules() -> tbl;
    w projects_withholding;
    old jsonb;
    fresh jsonb := '{}';
    col text;
    rule jsonb;
    mask jsonb;
    empty boolean;
    salt text;
BEGIN
    SELECT * INTO STRICT w FROM projects_withholding WHERE id = withholding;
    EXECUTE format('SELECT to_jsonb(t) FROM %I AS t WHERE %I = $1 FOR UPDATE', tbl, withheld_key(tbl))
        INTO old USING pk;
    IF old IS NULL THEN RETURN; END IF;
    IF rules ? 'texts' THEN
        salt := CASE tbl WHEN 'finance_load' THEN (SELECT s.salt FROM finance_seal AS s WHERE load_id = pk)
            ELSE (old ->> 'salt')::uuid END;
        -- Nothing of it is public yet, or all of it is gone already.
        IF salt IS NULL THEN RETURN; END IF;
        IF NOT EXISTS (SELECT FROM jsonb_array_elements_text(rules -> 'texts') AS t
            WHERE coalesce(old ->> t, '') NOT IN ('', '{}')) THEN RETURN; END IF;
        cols := NULL;
    END IF;
    FOR col, rule IN SELECT * FROM jsonb_each(rules -> 'columns') LOOP
        CONTINUE WHEN cols IS NOT NULL AND NOT col = ANY(cols);
        CONTINUE WHEN col = 'withheld_on' AND w.kind <> 'project';
        empty := coalesce(old ->> col, '') = '' AND col <> 'withheld_on';
        mask := CASE WHEN empty THEN old -> col ELSE withheld_mask(rule, w, pk, old) END;
        CONTINUE WHEN old -> col = mask AND NOT empty
            OR old ->> col LIKE 'Withheld o%' OR old ->> col LIKE 'withheld-%';
        INSERT INTO projects_withheldvalue
            (withholding_id, table_name, row_id, column_name, project_id, kept, digest, erased)
            VALUES (withholding, tbl, pk, col, (old ->> 'project_id')::bigint, old -> col,
                withheld_digest(old ->> col), false)
            ON CONFLICT (table_name, row_id, column_name)
            DO UPDATE SET kept = EXCLUDED.kept, digest = EXCLUDED.digest, erased = false
            WHERE coalesce(EXCLUDED.kept #>> '{}', '') <> '';
        -- An update that changes nothing would call the triggers for ever.
        IF NOT empty THEN fresh := fresh || jsonb_build_object(col, mask); END IF;
    END LOOP;
    IF salt IS NOT NULL THEN
        PERFORM withheld_seal_text(tbl, pk, salt, old);
        INSERT INTO projects_withheldvalue
            (withholding_id, table_name, row_id, column_name, kept, digest, erased)
            VALUES (withholding, tbl, pk, 'salt', to_jsonb(salt), '', false)
            ON CONFLICT (table_name, row_id, column_name) DO UPDATE SET kept = EXCLUDED.kept;
        IF tbl = 'finance_load' THEN
            PERFORM withheld_set('finance_seal', (SELECT id FROM finance_seal WHERE load_id = pk),
                '{"salt": null}');
        ELSE
            fresh := fresh || '{"salt": null}';
        END IF;
    END IF;
    PERFORM withheld_set(tbl, pk, fresh);
END $$;

-- The rows of a withholding, and which of their columns; NULL for all.
CREATE OR REPLACE FUNCTION withheld_extent(kind text, target bigint)
RETURNS TABLE (tbl text, pk bigint, cols text[]) LANGUAGE plpgsql STABLE AS $$
DECLARE
    name text;
    rule jsonb;
    thing jsonb := withheld_things() -> kind;
    base text := thing ->> 'table';
    col text[] := CASE WHEN thing ->> 'columns' IS NOT NULL
        THEN ARRAY(SELECT jsonb_array_elements_text(thing -> 'columns')) END;
BEGIN
    tbl := base; pk := target; cols := col;
    RETURN NEXT;
    FOR name, rule IN SELECT * FROM jsonb_each(withheld_rules()) LOOP
        IF rule ->> 'base' = base AND kind <> 'place' THEN
            RETURN QUERY EXECUTE format(
                'SELECT %L::text, pgh_id::bigint, $2 FROM %I WHERE pgh_obj_id = $1', name, name)
                USING target, col;
        END IF;
        IF kind = 'project' AND rule ->> 'scope' = 'project'
            OR kind LIKE 'project%' AND rule ->> 'scope' = 'statement' THEN
            RETURN QUERY EXECUTE format('SELECT %L::text, %I::bigint, NULL::text[] FROM %I '
                'WHERE project_id = $1', name, withheld_key(name), name) USING target;
        ELSIF kind IN ('organization', 'fund') AND rule ->> 'scope' = kind THEN
            RETURN QUERY EXECUTE format('SELECT %L::text, id::bigint, NULL::text[] FROM %I '
                'WHERE %I = $1', name, name, kind || '_id') USING target;
        END IF;
    END LOOP;
    IF kind IN ('project', 'organization') THEN
        RETURN QUERY SELECT 'finance_sealedentity', n.id, NULL::text[] FROM finance_sealedentity AS n
            WHERE n.model = 'projects.' || kind AND n.object_id = target;
    END IF;
    IF kind = 'place' THEN
        RETURN QUERY SELECT 'projects_projectcountryevent', e.pgh_id::bigint, NULL::text[]
            FROM projects_projectcountryevent AS e JOIN projects_projectcountry AS c
            ON c.id = target AND c.project_id = e.project_id AND c.country_id = e.country_id;
    ELSIF kind IN ('project', 'document') THEN
        RETURN QUERY SELECT 'documents_documentversion', v.id, NULL::text[]
            FROM documents_documentversion AS v JOIN documents_document AS d ON d.id = v.document_id
            WHERE CASE kind WHEN 'document' THEN d.id ELSE d.project_id END = target;
    ELSIF kind = 'organization' THEN
        RETURN QUERY SELECT 'projects_contact', c.id, NULL::text[] FROM projects_contact AS c
            JOIN projects_organization AS o ON o.id = target
            AND lower(c.organization_name) IN (lower(o.name), lower(nullif(o.short_name, '')));
    END IF;
END $$;

-- Released loads whose file name or reason names what is withheld.
CREATE OR REPLACE FUNCTION withheld_loads(withholding bigint) RETURNS SETOF bigint
LANGUAGE sql STABLE AS $$
    SELECT DISTINCT l.id FROM projects_withheldvalue AS v JOIN projects_withholding AS w ON w.id = withholding
    JOIN finance_load AS l ON position(lower(v.kept #>> '{}') IN lower(l.file_name || ' ' || l.reason)) > 0
    JOIN finance_seal AS s ON s.load_id = l.id
    WHERE v.withholding_id = withholding AND length(v.kept #>> '{}') >= 4 AND v.table_name || '.' || v.column_name
        IN ('projects_project.number', 'projects_project.title', 'projects_organization.name',
            'projects_organization.code', 'documents_document.title', 'documents_documentversion.file_name',
            'projects_contact.person_name')
$$;

-- Move everything of a withholding aside, wherever it stands; may be repeated.
CREATE OR REPLACE FUNCTION withheld_apply(withholding bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    part record;
    cell record;
    others bigint[];
BEGIN
    FOR part IN SELECT e.* FROM projects_withholding AS w, withheld_extent(w.kind, w.target_id) AS e
        WHERE w.id = withholding LOOP
        PERFORM withheld_row_away(withholding, part.tbl, part.pk, part.cols);
    END LOOP;
    FOR cell IN SELECT DISTINCT v.table_name, v.column_name, v.digest, v.project_id, rule ->> 'within' AS within
        FROM projects_withheldvalue AS v, LATERAL (SELECT withheld_rules() -> v.table_name AS rule) AS r
        WHERE v.withholding_id = withholding AND v.digest <> '' AND rule ? 'spread'
        AND rule -> 'match' ? v.column_name LOOP
        EXECUTE format('SELECT array_agg(id) FROM %I WHERE withheld_digest(%I::text) = $1 %s',
            cell.table_name, cell.column_name,
            CASE WHEN cell.within IS NOT NULL THEN 'AND project_id = $2' ELSE '' END)
            INTO others USING cell.digest, cell.project_id;
        FOR i IN 1..coalesce(cardinality(others), 0) LOOP
            PERFORM withheld_row_away(withholding, cell.table_name, others[i], NULL);
        END LOOP;
    END LOOP;
    PERFORM withheld_row_away(withholding, 'finance_load', id, NULL) FROM withheld_loads(withholding) AS id;
END $$;

-- Put everything of a withholding back, but for what another one withholds too.
CREATE OR REPLACE FUNCTION withheld_lift(withholding bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    part record;
    other bigint;
BEGIN
    IF NOT EXISTS (SELECT FROM projects_withholdingoutcome
        WHERE withholding_id = withholding AND NOT erased) THEN
        RAISE EXCEPTION 'first enter that withholding % ended, and why', withholding;
    END IF;
    FOR part IN WITH gone AS (
            DELETE FROM projects_withheldvalue WHERE withholding_id = withholding AND NOT erased RETURNING *)
        SELECT table_name, row_id, jsonb_object_agg(column_name, kept) AS kept FROM gone GROUP BY 1, 2 LOOP
        IF part.table_name = 'finance_load' THEN
            PERFORM withheld_set('finance_seal', (SELECT id FROM finance_seal WHERE load_id = part.row_id),
                jsonb_build_object('salt', part.kept -> 'salt'));
            part.kept := part.kept - 'salt';
        END IF;
        PERFORM withheld_set(part.table_name, part.row_id, part.kept);
    END LOOP;
    FOR other IN SELECT w.id FROM projects_withholding AS w
        LEFT JOIN projects_withholdingoutcome AS o ON o.withholding_id = w.id
        WHERE o.erased IS DISTINCT FROM false ORDER BY w.id LOOP
        PERFORM withheld_apply(other);
    END LOOP;
END $$;

-- The row of which this value is withheld, for whoever knows the value; else nothing.
CREATE OR REPLACE FUNCTION withheld_row(tbl text, col text, value text) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT row_id FROM projects_withheldvalue
    WHERE table_name = tbl AND column_name = col AND digest = withheld_digest(value)
    AND withheld_digest(value) <> '' ORDER BY row_id LIMIT 1
$$;

-- The same among what belongs to one project.
CREATE OR REPLACE FUNCTION withheld_row_of(tbl text, col text, value text, project bigint) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT row_id FROM projects_withheldvalue
    WHERE table_name = tbl AND column_name = col AND digest = withheld_digest(value)
    AND withheld_digest(value) <> '' AND project_id = project ORDER BY row_id LIMIT 1
$$;

-- After each statement: what came in anew of something withheld is withheld at once.
CREATE OR REPLACE FUNCTION withheld_fresh() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    rule jsonb := withheld_rules() -> TG_TABLE_NAME;
    base text := coalesce(rule ->> 'base', TG_TABLE_NAME);
    key text := withheld_key(TG_TABLE_NAME);
    queries text[] := '{}';
    standing text := 'projects_withholding AS w LEFT JOIN projects_withholdingoutcome AS o '
        'ON o.withholding_id = w.id WHERE o.erased IS DISTINCT FROM false AND w.kind = ''project'' '
        'AND w.target_id = ';
    col text;
    hit record;
    event bigint;
    events text;
BEGIN
    IF NOT EXISTS (SELECT FROM projects_withheldvalue) THEN RETURN NULL; END IF;
    IF TG_OP = 'UPDATE' THEN
        queries := queries || format('SELECT f.%I::bigint AS pk, v.withholding_id AS w, '
            'array_agg(v.column_name::text) AS cols FROM fresh AS f JOIN projects_withheldvalue AS v '
            'ON v.table_name = %L AND v.row_id = f.%I GROUP BY 1, 2', key, TG_TABLE_NAME, key);
    END IF;
    FOR col IN SELECT * FROM jsonb_array_elements_text(coalesce(rule -> 'match', '[]')) LOOP
        CONTINUE WHEN NOT EXISTS (SELECT FROM projects_withheldvalue
            WHERE table_name = base AND column_name = col AND digest <> '');
        queries := queries || format('SELECT f.%I::bigint, v.withholding_id, NULL::text[] FROM fresh AS f '
            'JOIN projects_withheldvalue AS v ON v.table_name = %L AND v.column_name = %L AND v.digest <> '''' '
            'AND v.digest = withheld_digest(f.%I::text) %s', key, base, col, col,
            CASE WHEN rule ? 'within' THEN 'AND v.project_id = f.project_id' ELSE '' END);
    END LOOP;
    IF rule ? 'base' AND base <> 'projects_projectcountry' THEN
        queries := queries || format('SELECT f.pgh_id::bigint, v.withholding_id, array_agg(v.column_name::text) '
            'FROM fresh AS f JOIN projects_withheldvalue AS v ON v.table_name = %L AND v.row_id = f.pgh_obj_id '
            'GROUP BY 1, 2', base);
    END IF;
    IF rule ->> 'scope' = 'project' THEN
        queries := queries || format('SELECT f.%I::bigint, s.id, NULL::text[] FROM fresh AS f JOIN LATERAL '
            '(SELECT w.id FROM %s f.project_id) AS s ON true', key, standing);
    ELSIF rule ->> 'scope' IN ('statement', 'organization', 'fund') THEN
        queries := queries || format('SELECT f.id::bigint, v.withholding_id, NULL::text[] FROM fresh AS f '
            'JOIN projects_withheldvalue AS v ON v.table_name = %L AND v.row_id = f.%I',
            'projects_' || replace(rule ->> 'scope', 'statement', 'project'),
            replace(rule ->> 'scope', 'statement', 'project') || '_id');
    ELSIF rule ->> 'scope' = 'document' THEN
        queries := queries || 'SELECT f.id::bigint, v.withholding_id, NULL::text[] FROM fresh AS f JOIN '
            'projects_withheldvalue AS v ON v.table_name = ''documents_document'' AND v.row_id = f.document_id'::text;
    END IF;
    IF cardinality(queries) = 0 THEN RETURN NULL; END IF;
    SELECT e.key INTO events FROM jsonb_each(withheld_rules()) AS e WHERE e.value ->> 'base' = TG_TABLE_NAME;
    FOR hit IN EXECUTE 'SELECT DISTINCT * FROM (' || array_to_string(queries, ' UNION ALL ') || ') AS q (pk, w, cols)' LOOP
        PERFORM withheld_row_away(hit.w, TG_TABLE_NAME::text, hit.pk, hit.cols);
        CONTINUE WHEN events IS NULL;
        -- The history of a row that is new had it before this.
        FOR event IN EXECUTE format('SELECT pgh_id FROM %I WHERE pgh_obj_id = $1', events) USING hit.pk LOOP
            PERFORM withheld_row_away(hit.w, events, event, hit.cols);
        END LOOP;
    END LOOP;
    RETURN NULL;
END $$;

-- A load shows once it is sealed: then its file name and reason are looked at.
CREATE OR REPLACE FUNCTION withheld_fresh_load() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM withheld_row_away(v.withholding_id, 'finance_load', l.id, NULL)
        FROM finance_load AS l JOIN projects_withheldvalue AS v ON v.table_name = 'finance_load'
        AND v.column_name IN ('file_name', 'reason') AND v.digest <> ''
        AND v.digest IN (withheld_digest(l.file_name), withheld_digest(l.reason))
        WHERE l.id = NEW.load_id;
    PERFORM withheld_row_away(v.withholding_id, 'finance_load', NEW.load_id, NULL)
        FROM (SELECT DISTINCT withholding_id FROM projects_withheldvalue) AS v
        WHERE NEW.load_id IN (SELECT * FROM withheld_loads(v.withholding_id));
    RETURN NULL;
END $$;

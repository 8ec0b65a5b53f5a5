-- What each project counts for (`portal_projectfacet`), and how many there are of each value
-- (`portal_projecttally`). A statement that changes one of these tables adds rows of the difference
-- that it makes: nobody waits for another's, no writer can forget, and the worker folds them.

DROP VIEW IF EXISTS portal_projectfacet;
CREATE VIEW portal_projectfacet AS
SELECT id AS project_id, 'status' AS facet, status::text AS value FROM projects_project
UNION ALL
SELECT id, 'fund', fund_id::text FROM projects_project
UNION ALL
SELECT project_id, 'organization', organization_id::text FROM projects_participation
WHERE role = 'participating'
UNION ALL
SELECT project_id, 'country', country_id::text FROM projects_projectcountry
UNION ALL
SELECT project_id, scheme::text, code::text FROM projects_projectsubject
UNION ALL
SELECT project_id, 'year', year::text FROM finance_projectsums CROSS JOIN unnest(years) AS year;

CREATE OR REPLACE FUNCTION portal_tally_project() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        INSERT INTO portal_projecttally (facet, value, count)
        SELECT 'status', status, -count(*) FROM gone GROUP BY 2
        UNION ALL SELECT 'fund', fund_id::text, -count(*) FROM gone GROUP BY 2;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO portal_projecttally (facet, value, count)
        SELECT 'status', status, count(*) FROM come GROUP BY 2
        UNION ALL SELECT 'fund', fund_id::text, count(*) FROM come GROUP BY 2;
    END IF;
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION portal_tally_participation() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        INSERT INTO portal_projecttally (facet, value, count)
        SELECT 'organization', organization_id::text, -count(*) FROM gone
        WHERE role = 'participating' GROUP BY 2;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO portal_projecttally (facet, value, count)
        SELECT 'organization', organization_id::text, count(*) FROM come
        WHERE role = 'participating' GROUP BY 2;
    END IF;
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION portal_tally_country() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        INSERT INTO portal_projecttally (facet, value, count)
        SELECT 'country', country_id::text, -count(*) FROM gone GROUP BY 2;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO portal_projecttally (facet, value, count)
        SELECT 'country', country_id::text, count(*) FROM come GROUP BY 2;
    END IF;
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION portal_tally_subject() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        INSERT INTO portal_projecttally (facet, value, count)
        SELECT scheme, code, -count(*) FROM gone GROUP BY 1, 2;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO portal_projecttally (facet, value, count)
        SELECT scheme, code, count(*) FROM come GROUP BY 1, 2;
    END IF;
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION portal_tally_year() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        INSERT INTO portal_projecttally (facet, value, count)
        SELECT 'year', year::text, -count(*) FROM gone CROSS JOIN unnest(years) AS year GROUP BY 2;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO portal_projecttally (facet, value, count)
        SELECT 'year', year::text, count(*) FROM come CROSS JOIN unnest(years) AS year GROUP BY 2;
    END IF;
    RETURN NULL;
END
$$;

-- Projects are saved one by one, and seldom change what they count for.
CREATE OR REPLACE FUNCTION portal_tally_changed_project() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
    INSERT INTO portal_projecttally (facet, value, count) VALUES
        ('status', OLD.status, -1), ('status', NEW.status, 1),
        ('fund', OLD.fund_id::text, -1), ('fund', NEW.fund_id::text, 1);
    RETURN NULL;
END
$$;
CREATE OR REPLACE TRIGGER tally_changed AFTER UPDATE ON projects_project FOR EACH ROW
    WHEN (OLD.status IS DISTINCT FROM NEW.status OR OLD.fund_id IS DISTINCT FROM NEW.fund_id)
    EXECUTE FUNCTION portal_tally_changed_project();

DO $$
DECLARE
    each record;
BEGIN
    FOR each IN SELECT * FROM (VALUES
        ('projects_project', 'project'), ('projects_participation', 'participation'),
        ('projects_projectcountry', 'country'), ('projects_projectsubject', 'subject'),
        ('finance_projectsums', 'year')) AS tallied (tbl, name)
    LOOP
        EXECUTE format('CREATE OR REPLACE TRIGGER tally_come AFTER INSERT ON %I REFERENCING NEW TABLE AS come '
            'FOR EACH STATEMENT EXECUTE FUNCTION portal_tally_%s()', each.tbl, each.name);
        EXECUTE format('CREATE OR REPLACE TRIGGER tally_gone AFTER DELETE ON %I REFERENCING OLD TABLE AS gone '
            'FOR EACH STATEMENT EXECUTE FUNCTION portal_tally_%s()', each.tbl, each.name);
        IF each.name <> 'project' THEN
            EXECUTE format('CREATE OR REPLACE TRIGGER tally_changed AFTER UPDATE ON %I '
                'REFERENCING OLD TABLE AS gone NEW TABLE AS come '
                'FOR EACH STATEMENT EXECUTE FUNCTION portal_tally_%s()', each.tbl, each.name);
        END IF;
    END LOOP;
END $$;

-- Where there were projects before there were triggers.
INSERT INTO portal_projecttally (facet, value, count)
SELECT facet, value, count(*) FROM portal_projectfacet
WHERE NOT EXISTS (SELECT FROM portal_projecttally) GROUP BY 1, 2;

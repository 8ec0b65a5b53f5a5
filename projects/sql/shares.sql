-- What part of each project counts for which place: the one definition, a function of the database.
--
-- `projects_countryshare(known_at)` gives a row for each place of a project, as known at the moment
-- (NULL: now), with its `weight`: the stated share, in proportion where shares add up to more than
-- the whole, or to it but for rounding; all of it where it is the only place; NULL where no share is
-- stated. A row without a country has what is left beside the shares, where anything is. Of a project
-- that states no place at all there is none.
--
-- Plain SQL, which PostgreSQL puts into the query that reads it: of one project, or of one country,
-- it looks at no other.

DROP FUNCTION IF EXISTS projects_countryshare(timestamptz), projects_placed(timestamptz) CASCADE;

-- Places as known at a moment, from the versions of their rows; of a project that came into the
-- portal later, those of today (`projects/history.py`).
CREATE FUNCTION projects_placed(known_at timestamptz)
RETURNS TABLE (id bigint, project_id bigint, country_id bigint, share numeric)
LANGUAGE sql STABLE AS $$
SELECT place.id, place.project_id, place.country_id, place.share
FROM projects_projectcountry AS place
WHERE known_at IS NULL OR NOT EXISTS (
    SELECT FROM projects_projectevent AS version
    WHERE version.pgh_obj_id = place.project_id AND version.pgh_created_at <= known_at
)
UNION ALL
SELECT said.pgh_obj_id, said.project_id, said.country_id, said.share
FROM projects_projectcountryevent AS said
WHERE said.pgh_created_at <= known_at AND said.pgh_label <> 'delete' AND NOT EXISTS (
    SELECT FROM projects_projectcountryevent AS later
    WHERE later.pgh_obj_id = said.pgh_obj_id AND later.pgh_created_at <= known_at
    AND (later.pgh_created_at, later.pgh_id) > (said.pgh_created_at, said.pgh_id)
)
$$;

CREATE FUNCTION projects_countryshare(known_at timestamptz)
RETURNS TABLE (id bigint, project_id bigint, country_id bigint, weight numeric)
LANGUAGE sql STABLE AS $$
-- Shares that are rounded add up to a little less than 100, or more.
SELECT place.id, place.project_id, place.country_id, CASE
    WHEN place.share IS NULL AND whole.places = 1 THEN 1::numeric
    WHEN whole.stated >= 99.9 THEN place.share / whole.stated
    ELSE place.share / 100 END
FROM projects_placed(known_at) AS place CROSS JOIN LATERAL (
    SELECT sum(other.share) AS stated, count(*) AS places FROM projects_placed(known_at) AS other
    WHERE other.project_id = place.project_id
) AS whole
UNION ALL
SELECT -place.id, place.project_id, NULL::bigint, (100 - coalesce(whole.stated, 0)) / 100
FROM projects_placed(known_at) AS place CROSS JOIN LATERAL (
    SELECT sum(other.share) AS stated, count(*) AS places, min(other.id) AS first
    FROM projects_placed(known_at) AS other WHERE other.project_id = place.project_id
) AS whole
WHERE place.id = whole.first AND (whole.places > 1 OR whole.stated IS NOT NULL)
    AND coalesce(whole.stated, 0) < 99.9
$$;

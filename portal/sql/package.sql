-- A text for CSV: what a spreadsheet would run gets an apostrophe (csv_text in portal/kit/safe.py).
CREATE OR REPLACE FUNCTION portal_csv_text(value text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN value ~ '^([\t\r\n]|\s*[-=+@|%＝＋－＠])' AND value !~ '^-?[0-9,.]+$'
        THEN '''' || replace(value, '|', '\|') ELSE value END
$$;

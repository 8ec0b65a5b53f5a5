-- A text for CSV: what a spreadsheet would run gets an apostrophe (csv_text in portal/kit/safe.py).
-- Most texts begin with a letter or digit, and are told by that alone.
CREATE OR REPLACE FUNCTION portal_csv_text(value text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN ascii(value) BETWEEN 48 AND 57 OR ascii(value) BETWEEN 65 AND 90
            OR ascii(value) BETWEEN 97 AND 122 THEN value
        WHEN value ~ '^([\t\r\n]|\s*[-=+@|%＝＋－＠])' AND value !~ '^-?[0-9,.]+$'
            THEN '''' || replace(value, '|', '\|')
        ELSE value END
$$;

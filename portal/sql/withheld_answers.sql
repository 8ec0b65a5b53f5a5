-- Answers beside figures are words of the office: what they quote is withheld with what it is quoted
-- from: as whole words, short ones such as a short name of these very letters, others in any case.
-- The office of a contact is no secret of the contact's.

CREATE OR REPLACE FUNCTION withheld_quotes(told text, asked bigint DEFAULT NULL) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT EXISTS (
        SELECT FROM projects_withheldvalue AS v,
            LATERAL regexp_split_to_table(v.kept #>> '{}', E'\n') AS line,
            LATERAL btrim(line) AS word
        WHERE (asked IS NULL OR v.withholding_id = asked)
            AND jsonb_typeof(v.kept) = 'string'
            AND v.column_name NOT IN ('salt', 'state', 'basis')
            AND NOT (v.table_name = 'projects_contact' AND v.column_name = 'organization_name')
            AND length(word) > 1
            AND position(lower(word) IN lower(told)) > 0
            AND CASE WHEN length(word) > 3
                THEN told ~* ('(^|\W)' || regexp_replace(word, '(\W)', '\\\1', 'g') || '(\W|$)')
                ELSE told ~ ('(^|\W)' || regexp_replace(word, '(\W)', '\\\1', 'g') || '(\W|$)')
                END)
$$;

-- Staff may word them anew and publish them again.
CREATE OR REPLACE FUNCTION withheld_hide_answers(withholding bigint) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public AS $$
    UPDATE portal_publicanswer SET published_on = NULL WHERE published_on IS NOT NULL
        AND withheld_quotes(concat_ws(E'\n', page, figure, question, answer), withholding)
$$;

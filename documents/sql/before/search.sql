-- Searching the text of documents. PostgreSQL knows the endings of these languages; accents,
-- case and signs that nobody sees are taken off first, as `portal/kit/text.py` does elsewhere. A
-- generated column calls these: whoever restores a dump has no search path, so they name the schema
-- of what they call.

CREATE OR REPLACE FUNCTION document_folded(text text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT translate(lower(regexp_replace(normalize(text, NFKD), '[\u0300-\u036f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]', '', 'g')), 'øłđŧħıς', 'oldthiσ')
$$;

CREATE OR REPLACE FUNCTION document_search(text text, language text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE left(language, 2)
        WHEN 'en' THEN to_tsvector('pg_catalog.english'::regconfig, public.document_folded(text))
        WHEN 'fr' THEN to_tsvector('pg_catalog.french'::regconfig, public.document_folded(text))
        WHEN 'es' THEN to_tsvector('pg_catalog.spanish'::regconfig, public.document_folded(text))
        WHEN 'pt' THEN to_tsvector('pg_catalog.portuguese'::regconfig, public.document_folded(text))
        WHEN 'ru' THEN to_tsvector('pg_catalog.russian'::regconfig, public.document_folded(text))
        WHEN 'ar' THEN to_tsvector('pg_catalog.arabic'::regconfig, public.document_folded(text))
        ELSE to_tsvector('pg_catalog.simple'::regconfig, public.document_folded(text))
    END
$$;

-- Words in quotation marks stand side by side. The same stem in several languages is asked for
-- once: ranking costs by the number of branches.
CREATE OR REPLACE FUNCTION document_query(text text) RETURNS tsquery
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(string_agg(DISTINCT '(' || q::text || ')', ' | '), '')::tsquery
    FROM (VALUES
        (websearch_to_tsquery('pg_catalog.simple'::regconfig, public.document_folded(text))),
        (websearch_to_tsquery('pg_catalog.english'::regconfig, public.document_folded(text))),
        (websearch_to_tsquery('pg_catalog.french'::regconfig, public.document_folded(text))),
        (websearch_to_tsquery('pg_catalog.spanish'::regconfig, public.document_folded(text))),
        (websearch_to_tsquery('pg_catalog.portuguese'::regconfig, public.document_folded(text))),
        (websearch_to_tsquery('pg_catalog.russian'::regconfig, public.document_folded(text))),
        (websearch_to_tsquery('pg_catalog.arabic'::regconfig, public.document_folded(text)))
    ) AS forms (q) WHERE numnode(q) > 0
$$;

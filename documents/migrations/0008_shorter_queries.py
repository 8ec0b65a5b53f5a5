from django.db import migrations

# The same stem in several languages is asked for once: ranking costs by the number of branches.
_FOLDED = r"""translate(lower(regexp_replace(normalize(text, NFKD), '[\u0300-\u036f]', '', 'g')), 'øłđŧħı', 'oldthi')"""
_NAMES = ("simple", "english", "french", "spanish", "portuguese", "russian", "arabic")
_QUERIES = ", ".join(f"(plainto_tsquery('pg_catalog.{name}'::regconfig, {_FOLDED}))" for name in _NAMES)
FUNCTION = f"""
CREATE OR REPLACE FUNCTION document_query(text text) RETURNS tsquery
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(string_agg(DISTINCT '(' || q::text || ')', ' | '), '')::tsquery
    FROM (VALUES {_QUERIES}) AS forms (q) WHERE numnode(q) > 0
$$;
"""


class Migration(migrations.Migration):

    dependencies = [
        ("documents", "0007_upload_year"),
    ]

    operations = [migrations.RunSQL(FUNCTION, migrations.RunSQL.noop)]

from django.db import migrations

# Words in quotation marks stand side by side.
_FOLDED = r"""translate(lower(regexp_replace(normalize(text, NFKD), '[\u0300-\u036f]', '', 'g')), 'øłđŧħı', 'oldthi')"""
_NAMES = ("simple", "english", "french", "spanish", "portuguese", "russian", "arabic")


def _function(parse: str) -> str:
    queries = ", ".join(f"({parse}('pg_catalog.{name}'::regconfig, {_FOLDED}))" for name in _NAMES)
    return f"""
CREATE OR REPLACE FUNCTION document_query(text text) RETURNS tsquery
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(string_agg(DISTINCT '(' || q::text || ')', ' | '), '')::tsquery
    FROM (VALUES {queries}) AS forms (q) WHERE numnode(q) > 0
$$;
"""


class Migration(migrations.Migration):

    dependencies = [
        ("documents", "0008_shorter_queries"),
    ]

    operations = [
        migrations.RunSQL(_function("websearch_to_tsquery"), _function("plainto_tsquery"))
    ]

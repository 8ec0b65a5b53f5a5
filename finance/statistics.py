"""What the planner knows of our tables, for transactions that fill them from nothing."""

from django.apps import apps
from django.db import connection

# The first PostgreSQL in which a role can be allowed to ANALYZE what it does not own.
MAINTAIN_SINCE = 170_000
_APPS = ("projects", "finance", "documents")


def analyzed_tables() -> list[str]:
    """Tables whose statistics the web role may refresh, see `portal/grants.py`."""
    return [
        model._meta.db_table
        for app in _APPS
        for model in apps.get_app_config(app).get_models(include_auto_created=True)
        if model._meta.managed and not hasattr(model, "web_may_nothing")
    ]


def refresh_statistics() -> None:
    """ANALYZE them, which takes about a second: autovacuum would within a minute of a commit."""
    names = ", ".join(map(connection.ops.quote_name, analyzed_tables()))
    with connection.cursor() as cursor:
        if cursor.connection.server_version >= MAINTAIN_SINCE:
            cursor.execute(f"ANALYZE {names}")

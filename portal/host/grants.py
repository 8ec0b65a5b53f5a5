"""What the web role may do in the database: little, and on records nothing but append.

The rules are read from the models, so that a new model needs no line here:

- `web_may_update`, a tuple of field names, marks a model as append-only: its rows may be
  read and added, and only these fields changed; nothing is deleted.
- A history table of pghistory may be read and added to, and so may the administration's log.
- A view, the table of an unmanaged model, may be read.
- A model marked `web_may_nothing` is for the database's own functions only.
- Any other table may be read and written.
"""

from collections.abc import Iterator

from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.db import models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.recorder import MigrationRecorder
from pghistory.models import Context

READ = ("SELECT",)
SEQUENCE = ("USAGE", "SELECT")
APPEND = ("SELECT", "INSERT")
WRITE = ("SELECT", "INSERT", "UPDATE", "DELETE")


def grant(owner_connection: BaseDatabaseWrapper, web_role: str) -> None:
    """Give `web_role` exactly its rights on the tables of `owner_connection`'s database.

    Rights given earlier are revoked first, so that running it again also tightens.
    """
    with transaction.atomic(using=owner_connection.alias), owner_connection.cursor() as cursor:
        # Only what we own: an extension's view may lie in the same schema.
        cursor.execute(
            "SELECT relname, relkind = 'S' FROM pg_class "
            "WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'S') "
            "AND pg_has_role(relowner, 'USAGE')"
        )
        owned = dict(cursor.fetchall())
        database = str(owner_connection.settings_dict["NAME"])
        for sql in database_sql(database, web_role):
            cursor.execute(sql)
        for sql in _rights_sql(_quoted(web_role), owned):
            cursor.execute(sql)


def privileges(model: type[models.Model]) -> tuple[str, ...]:
    """What the web role may do with the table of `model`, as GRANT spells it."""
    if not model._meta.managed:
        return READ
    if hasattr(model, "web_may_nothing"):
        return ()
    if hasattr(model, "web_may_update"):
        local = model._meta.local_concrete_fields
        column = {field.name: str(field.column) for field in local}
        columns = ", ".join(_quoted(column[name]) for name in model.web_may_update)
        update = (f"UPDATE ({columns})",) if columns else ()
        return APPEND + update
    if hasattr(model, "pgh_tracked_model") or issubclass(model, LogEntry):
        return APPEND
    if issubclass(model, Context):
        # pghistory adds to the context of a request as it goes.
        return (*APPEND, "UPDATE")
    return WRITE


def database_sql(database: str, role: str) -> Iterator[str]:
    """Rights and settings of the database as a whole, which a copy of it does not inherit."""
    # Compiling what is read in milliseconds would take longer than reading it.
    yield f"ALTER DATABASE {_quoted(database)} SET jit = off"
    yield f"REVOKE CREATE, TEMPORARY ON DATABASE {_quoted(database)} FROM PUBLIC, {_quoted(role)}"
    yield f"GRANT CONNECT ON DATABASE {_quoted(database)} TO {_quoted(role)}"


def _rights_sql(role: str, owned: dict[str, bool]) -> Iterator[str]:
    """The GRANTs and REVOKEs inside it; `owned` says of each name whether it is a sequence."""
    yield f"REVOKE CREATE ON SCHEMA public FROM PUBLIC, {role}"
    yield f"GRANT USAGE ON SCHEMA public TO {role}"
    given = {
        MigrationRecorder.Migration._meta.db_table: READ,
        **{name: SEQUENCE for name, is_sequence in owned.items() if is_sequence},
        **{model._meta.db_table: privileges(model) for model in _models()},
    }
    for name, is_sequence in owned.items():
        kind = "SEQUENCE" if is_sequence else "TABLE"
        yield f"REVOKE ALL ON {kind} {_quoted(name)} FROM PUBLIC, {role}"
        if given.get(name):
            yield f"GRANT {', '.join(given[name])} ON {kind} {_quoted(name)} TO {role}"


def _models() -> Iterator[type[models.Model]]:
    for model in apps.get_models(include_auto_created=True):
        if not model._meta.proxy:
            yield model


def _quoted(name: str) -> str:
    return '"{}"'.format(name.replace('"', '""'))

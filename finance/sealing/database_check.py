"""Whether the database still holds the rules that the models state."""

from collections.abc import Iterator

from django.apps import apps
from django.db import connection
from django.db.models import CheckConstraint, ForeignKey, Model, UniqueConstraint
from django.utils.translation import gettext as _


def _models() -> Iterator[type[Model]]:
    """Models with a table of their own; pghistory has some that only join others."""
    for model in apps.get_models():
        if model._meta.managed and not model._meta.proxy:
            yield model


def check_database() -> Iterator[str]:
    """Constraints are there and validated; triggers are there and switched on."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text, conname, convalidated FROM pg_constraint "
            "WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2"
        )
        constraints = cursor.fetchall()
        cursor.execute("SELECT indexname FROM pg_indexes WHERE schemaname = 'public'")
        names = {name for (name,) in cursor.fetchall()} | {c[1] for c in constraints}
    for table, name, validated in constraints:
        if not validated:
            yield _("Constraint %(name)s of %(table)s is not validated.") % {
                "name": name,
                "table": table,
            }
    yield from _missing_constraints(names)
    yield from _missing_foreign_keys()
    yield from _check_triggers()


def _missing_constraints(names: set[str]) -> Iterator[str]:
    for model in _models():
        for constraint in model._meta.constraints:
            stated = isinstance(constraint, CheckConstraint | UniqueConstraint)
            if stated and constraint.name not in names:
                yield _("Constraint %(name)s of %(table)s is missing.") % {
                    "name": constraint.name,
                    "table": model._meta.db_table,
                }


def _missing_foreign_keys() -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text, attname FROM pg_constraint JOIN pg_attribute "
            "ON attrelid = conrelid AND attnum = ANY(conkey) WHERE contype = 'f'"
        )
        there = set(cursor.fetchall())
    for model in _models():
        table = model._meta.db_table
        for field in model._meta.local_concrete_fields:
            bound = isinstance(field, ForeignKey) and getattr(field, "db_constraint", True)
            if bound and (table, field.column) not in there:
                yield _("%(table)s has no foreign key on %(column)s any more.") % {
                    "table": table,
                    "column": field.column,
                }


def _check_triggers() -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE tgenabled = 'D' "
            "ORDER BY 1, 2"
        )
        for table, name in cursor.fetchall():
            yield _("Trigger %(name)s of %(table)s is switched off.") % {
                "name": name,
                "table": table,
            }
    for model in _models():
        for trigger in getattr(model._meta, "triggers", ()):
            if trigger.get_installation_status(model)[0] != "INSTALLED":
                yield _("Trigger %(name)s of %(table)s is missing or was changed.") % {
                    "name": trigger.name,
                    "table": model._meta.db_table,
                }

"""Sealing releases: each is hashed over what it changed and over the seal before it."""

from collections.abc import Iterator
from datetime import datetime
from functools import cache, partial
from uuid import UUID

from django.apps import apps
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from finance.models import Load, Seal
from finance.planning import fit_for_many
from finance.sealing import canonical
from finance.sealing.verification import verify_recent


def seal_release(load: Load) -> Seal:
    """Seal a release, in its transaction and under the lock of releases; verify it later."""
    seal = _seal(load)
    transaction.on_commit(partial(verify_recent.enqueue))
    return seal


def seal_old_releases() -> Iterator[Seal]:
    """Seal the releases of a database from before there were seals, in their order."""
    unsealed = Load.objects.released().filter(seal__isnull=True).order_by("released_at", "pk")
    for load in unsealed:
        yield _seal(load)


@transaction.atomic
def _seal(load: Load) -> Seal:
    _name_entities()
    newest = Seal.objects.newest()
    number, previous = (newest.number + 1, newest.hash) if newest else (1, "")
    with connection.cursor() as cursor:
        # 100,000 leaves are sorted in memory.
        cursor.execute("SET LOCAL work_mem = '64MB'")
        # The parts of a seal are there before it.
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute("SELECT nextval(pg_get_serial_sequence('finance_seal', 'id'))")
        seal_id = cursor.fetchone()[0]
        salt, load_line, now = _load_line(cursor, load)
        with fit_for_many(sum(load.counts.values())):
            parts = list(_add_parts(cursor, seal_id, load.pk))
    content = canonical.sha256(canonical.content_text(canonical.FORM, load_line, parts))
    return Seal.objects.create(
        pk=seal_id,
        number=number,
        form=canonical.FORM,
        load=load,
        load_line=load_line,
        salt=salt,
        previous=previous,
        content=content,
        hash=canonical.seal_hash(number, previous, content),
        added=sum(count for withdrawn, _name, count, _digest in parts if not withdrawn),
        withdrawn=sum(count for withdrawn, _name, count, _digest in parts if withdrawn),
        sealed_at=now,
    )


def _name_entities() -> None:
    """Fix the identifiers of entities that no seal has named yet."""
    with connection.cursor() as cursor:
        for label, column in canonical.IDENTIFIERS.items():
            table = apps.get_model(label)._meta.db_table
            is_salted = label in canonical.SALTED_ENTITIES
            salt = "gen_random_uuid()" if is_salted else "NULL::uuid"
            name = canonical.salted("salt", ["name"]) if is_salted else "name"
            cursor.execute(
                f"WITH fresh AS MATERIALIZED (SELECT id, {column}::text AS name, "  # noqa: S608
                f"{salt} AS salt FROM {table} AS entity WHERE NOT EXISTS (SELECT FROM "
                "finance_sealedentity WHERE model = %s AND object_id = entity.id)) "
                "INSERT INTO finance_sealedentity (model, object_id, identifier, salt) "
                f"SELECT %s, id, {name}, salt FROM fresh",
                [label, label],
            )


def _load_line(cursor: CursorWrapper, load: Load) -> tuple[UUID, str, datetime]:
    """A new salt, the line of the load with it, and the database's time."""
    line = canonical.load_sql(erased="NULL::text", salt="s.salt")
    cursor.execute(
        f"SELECT s.salt, {line}, clock_timestamp() FROM finance_load AS l, "  # noqa: S608
        "(SELECT gen_random_uuid() AS salt) AS s WHERE l.id = %s",
        [load.pk],
    )
    return cursor.fetchone()


def _add_parts(
    cursor: CursorWrapper, seal_id: int, load_id: int
) -> Iterator[tuple[bool, str, int, str]]:
    """Hash the records that the load added and withdrew; the database keeps their leaves."""
    cursor.execute(_kinds_sql(), {"load": load_id})
    for name, column in cursor.fetchall():
        leaves = canonical.leaves_sql(name, f"r.{column} = %s")
        cursor.execute(
            "WITH part AS (SELECT count(*) AS count, string_agg(leaf, ''::bytea "  # noqa: S608
            f"ORDER BY leaf) AS leaves FROM ({leaves}) AS found) "
            "INSERT INTO finance_sealpart (seal_id, model, withdrawn, count, digest, leaves) "
            "SELECT %s, %s, %s, count, encode(sha256(leaves), 'hex'), leaves FROM part "
            "RETURNING withdrawn, model, count, digest",
            [load_id, seal_id, name, column == "withdrawn_by_id"],
        )
        yield from cursor.fetchall()


@cache
def _kinds_sql() -> str:
    """SELECT of kind and column of what a load added or withdrew, in the order of the form.

    To ask each kind for its leaves takes ten times as long as to ask whether there are any.
    """
    asked: list[str] = []
    for name in canonical.FORMS[canonical.FORM]:
        table = canonical.record_model(name)._meta.db_table
        columns = (
            ("load_id", "withdrawn_by_id") if canonical.can_be_withdrawn(name) else ("load_id",)
        )
        asked += [
            f"SELECT {len(asked) + place}, '{name}', '{column}' "  # noqa: S608
            f"WHERE EXISTS (SELECT FROM {table} WHERE {column} = %(load)s)"
            for place, column in enumerate(columns)
        ]
    return (
        f"SELECT kind, which FROM ({' UNION ALL '.join(asked)}) "  # noqa: S608
        "AS found (number, kind, which) ORDER BY number"
    )

"""What a seal covers, line by line, for whoever wants to compute its hash anew.

JSON Lines: first the seal itself, then one array for each record that the release added (+)
or withdrew (-): sign, kind, line in the file, canonical text. Texts are in it as salted
digests only, as they are in the seal (finance/sealing/canonical.py). Where something of the
record is withheld, the SHA-256 of the text stands in its place: nobody can guess the text from
it, for a salted digest is part of it, and the hash of the seal can be computed all the same.
"""

import json
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import connection, models

from finance.models import Seal
from finance.sealing import canonical
from projects.models import Organization

AT_ONCE = 500


def seal_lines(seal: Seal) -> Iterator[str]:
    """The lines of the file of one seal, each with its line feed; records as they stand now."""
    head = {name: getattr(seal, name) for name in ("number", "form", "previous", "content", "hash")}
    yield _json({"seal": head.pop("number"), **head, "load": seal.load_line})
    for name in canonical.FORMS[seal.form]:
        yield from _records(seal, name, "load_id", "+")
        if canonical.can_be_withdrawn(name):
            yield from _records(seal, name, "withdrawn_by_id", "-")


def _records(seal: Seal, name: str, column: str, sign: str) -> Iterator[str]:
    leaves = canonical.leaves_sql(name, f"r.{column} = %s", seal.form)
    table = canonical.record_model(name)._meta.db_table
    with connection.chunked_cursor() as cursor:
        cursor.execute(
            f"SELECT found.line, CASE WHEN {_withheld(seal.form, name)} "  # noqa: S608
            "THEN jsonb_build_object('sha256', encode(substr(leaf, 9), 'hex')) "
            f"ELSE to_jsonb(text) END FROM ({leaves}) AS found JOIN {table} AS r USING (id) "
            "ORDER BY leaf",
            [seal.load_id],
        )
        while rows := cursor.fetchmany(AT_ONCE):
            for line, text in rows:
                yield _json([sign, name, line, json.loads(text)])


def _withheld(form: int, name: str) -> str:
    """SQL: whether a text of record `r`, or an entity that it names, is withheld.

    The rest of such a record would help to guess it: a fingerprint is a digest without salt.
    """
    stated = canonical.FORMS[form][name]
    found = ["r.salt IS NULL"] if stated.texts else []
    model = canonical.record_model(name)
    found += [_withheld_entity(model, entity, "r") for entity in stated.entities]
    if name == "voucherline":
        voucher = canonical.record_model("voucher")
        found.append(
            "EXISTS (SELECT FROM finance_voucher AS v WHERE v.id = r.voucher_id "
            f"AND (v.salt IS NULL OR {_withheld_entity(voucher, 'payee', 'v')}))"
        )
    return f"coalesce({' OR '.join(found)}, FALSE)"


def _withheld_entity(model: type[models.Model], name: str, alias: str) -> str:
    entity: Any = model._meta.get_field(name).related_model
    column = canonical.IDENTIFIERS[entity._meta.label_lower]
    return (
        f"{alias}.{name}_id IN (SELECT id FROM {entity._meta.db_table} "  # noqa: S608
        f"WHERE starts_with({column}, 'withheld-'))"
    )


def entity_lines() -> Iterator[str]:
    """The projects and organizations that seals name by a salted digest.

    Withheld ones are left out, and individuals, who appear only as a sum.

    Each line: digest, kind of entity, salt, and the number or code at the time.
    """
    for label in canonical.SALTED_ENTITIES:
        model = apps.get_model(label)
        column, events = canonical.IDENTIFIERS[label], model.pgh_event_model._meta.db_table
        kind = model._meta.model_name
        sealed = canonical.sealed_name(f"named.{column}")
        with connection.chunked_cursor() as cursor:
            # Under its number of today, or of the day when it was sealed.
            cursor.execute(
                f"SELECT DISTINCT ON (sealed.id) sealed.identifier, "  # noqa: S608
                f"sealed.salt::text, named.{column} FROM finance_sealedentity AS sealed JOIN "
                f"(SELECT id, {column} FROM {model._meta.db_table} UNION ALL "
                f"SELECT pgh_obj_id, {column} FROM {events}) AS named "
                f"ON named.id = sealed.object_id AND {sealed} = sealed.identifier "
                "WHERE sealed.model = %s AND sealed.salt IS NOT NULL AND NOT (sealed.model = "
                "'projects.organization' AND sealed.object_id IN (SELECT id FROM "
                "projects_organization WHERE kind = %s)) ORDER BY sealed.id",
                [label, Organization.Kind.INDIVIDUALS],
            )
            while rows := cursor.fetchmany(AT_ONCE):
                for digest, salt, name in rows:
                    yield _json([digest, kind, salt, name])


def described(form: int = canonical.FORM) -> list[tuple[str, list[str]]]:
    """For each kind of record what its text holds, in order."""
    found = []
    for name, stated in canonical.FORMS[form].items():
        parts = [name, *stated.entities]
        if name == "voucherline":
            parts += [f"voucher.{part}" for part in canonical.VOUCHER_PARTS]
        if canonical.can_be_withdrawn(name):
            parts.append("restates")
        parts += stated.values
        if stated.texts:
            parts.append(f"salted({', '.join(stated.texts)})")
        found.append((name, parts))
    return found


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False) + "\n"

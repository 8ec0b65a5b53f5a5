"""The canonical form in which a release is sealed, version 1.

A record becomes one text: the kind of record and its values as `FORMS` lists them, joined by
U+001F, what is empty as nothing, in this order:

1. entities by the identifier under which they are sealed (`SealedEntity`): never by a database id,
   nor by a name or number as it reads today. For funds, sources and categories it is their
   code; for projects and organizations, which may have to be erased, the salted digest of
   their number or code (once the number or code itself, for what was sealed that way);
2. for a line of a voucher, the voucher: its ledger, payee and fund in the same way, its key,
   its date, and its number as a salted digest;
3. what it restates: file (SHA-256), line and fingerprint of the record before;
4. its values: dates as 2016-09-15, amounts without trailing zeros, yes and no as 1 and 0, what an
   IATI file says beside them as JSON the way PostgreSQL writes jsonb;
5. its texts as one salted digest: SHA-256 over the salt and each text, joined by U+001F. The
   salt is kept beside the text and is erased with it; `ErasedText` then keeps the digest.

A leaf is the line's number in the file (8 bytes, big-endian) and the SHA-256 of that text (32
bytes). The leaves of one kind of record that a release added, sorted, are hashed into one
digest, and so are those that it withdrew. The content is the text of these lines, joined by
line feeds: `form 1`; the load (kind, source, SHA-256 and size of its file, when received and
released in UTC, the numbers of the persons who received it, released it, acknowledged its
warnings and confirmed its withdrawals, and file name and reason as a salted digest); then
`+ kind count digest` for what was added and `- kind count digest` for what was withdrawn, each
sorted by kind. The seal
is the SHA-256 of `seal`, its number, the hash before (or nothing) and the hash of the content,
joined by single spaces.

A form never changes once it has sealed; a column that is added later belongs to a new one.
"""

import hashlib
from functools import cache

from django.apps import apps
from django.db import models

from finance.models.record_kinds import RECORD_KINDS, Form

FORM = 1

# The column that identifies each kind of entity.
IDENTIFIERS = {
    "projects.project": "number",
    "projects.fund": "code",
    "projects.organization": "code",
    "finance.budgetcategory": "code",
    "finance.source": "code",
}


# Those that may be withheld or erased: their salt is kept beside the identifier and goes with it.
SALTED_ENTITIES = ("projects.project", "projects.organization")


# What stands in a text for the voucher of a line.
VOUCHER_PARTS = ("source", "payee", "fund", "key", "payment_date", "salted(number)")

FORMS: dict[int, dict[str, Form]] = {
    1: {kind.name: kind.form for kind in sorted(RECORD_KINDS, key=lambda kind: kind.name)}
}


def record_model(name: str) -> type[models.Model]:
    """The model of a kind of record."""
    return apps.get_model("finance", name)


def can_be_withdrawn(name: str) -> bool:
    """Whether records of this kind can be withdrawn; statements about projects cannot."""
    return any(field.name == "withdrawn_by" for field in record_model(name)._meta.fields)


@cache
def leaves_sql(name: str, where: str, form: int = FORM) -> str:
    """SELECT of id, load_id, withdrawn_by_id, line, leaf and text of records (`r`) of a kind.

    Only names of columns that this module and the models state are put together here.
    """
    model, stated = record_model(name), FORMS[form][name]
    joins: list[str] = []
    parts = [f"'{name}'", *(_entity(model, entity, "r", joins) for entity in stated.entities)]
    if name == "voucherline":
        parts += _voucher(joins)
    withdrawn = "r.withdrawn_by_id" if can_be_withdrawn(name) else "NULL::bigint"
    if can_be_withdrawn(name):
        parts.append(_restated(model, joins))
    parts += [_value(model, column) for column in stated.values]
    if stated.texts:
        parts.append(_texts(model, stated.texts, "r", joins))
    # Half the time that an array in JSON takes.
    text = f"concat_ws(E'\\x1f', {', '.join(parts)})"
    return (
        "SELECT id, load_id, withdrawn_by_id, line, "  # noqa: S608
        "int8send(line) || sha256(convert_to(text, 'UTF8')) AS leaf, text FROM ("
        f"SELECT r.id, r.load_id, {withdrawn} AS withdrawn_by_id, r.line, {text} AS text "
        f"FROM {model._meta.db_table} AS r {' '.join(joins)} WHERE {where}) AS lines"
    )


def _entity(model: type[models.Model], name: str, alias: str, joins: list[str]) -> str:
    field = model._meta.get_field(name)
    label = field.related_model._meta.label_lower  # type: ignore[union-attr]
    as_ = f"{alias}_{name}"
    joins.append(
        f"LEFT JOIN finance_sealedentity AS {as_} "
        f"ON {as_}.model = '{label}' AND {as_}.object_id = {alias}.{name}_id"
    )
    return f"coalesce({as_}.identifier, '')"


def _voucher(joins: list[str]) -> list[str]:
    voucher = record_model("voucher")
    joins.append("LEFT JOIN finance_voucher AS v ON v.id = r.voucher_id")
    entities = [_entity(voucher, entity, "v", joins) for entity in ("source", "payee", "fund")]
    number = _texts(voucher, ("number",), "v", joins)
    return [*entities, "coalesce(v.key, '')", _day("v.payment_date"), number]


def _restated(model: type[models.Model], joins: list[str]) -> str:
    joins.append(
        f"LEFT JOIN {model._meta.db_table} AS o ON o.id = r.restates_id "
        "LEFT JOIN finance_load AS ol ON ol.id = o.load_id"
    )
    return (
        "CASE WHEN o.id IS NULL THEN '' ELSE concat_ws(' ', ol.sha256, o.line, o.fingerprint) END"
    )


def _value(model: type[models.Model], column: str) -> str:
    field = model._meta.get_field(column)
    if isinstance(field, models.DecimalField):
        text = f"trim_scale(r.{column})::text"
    elif isinstance(field, models.DateField):
        return _day(f"r.{column}")
    elif isinstance(field, models.BooleanField):
        text = f"r.{column}::int::text"
    else:
        text = f"r.{column}::text"
    return f"coalesce({text}, '')" if field.null else text


def _day(column: str) -> str:
    return f"coalesce(to_char({column}, 'YYYY-MM-DD'), '')"


def _texts(model: type[models.Model], names: tuple[str, ...], alias: str, joins: list[str]) -> str:
    """The salted digest of texts, or the one that erasing them left behind."""
    erased = f"{alias}_erased"
    joins.append(
        f"LEFT JOIN finance_erasedtext AS {erased} "
        f"ON {erased}.model = '{model._meta.model_name}' AND {erased}.object_id = {alias}.id"
    )
    texts = [f'{alias}."{name}"::text' for name in names]
    return f"coalesce({erasable(f'{alias}.salt', texts, f'{erased}.digest')}, '')"


def erasable(salt: str, texts: list[str], erased: str) -> str:
    """SQL: the salted digest of texts; once they and the salt are gone, the digest kept.

    They are gone when they are withheld (`portal/sql/withholding.sql`) or erased by law.

    A kept digest counts for nothing while there is a text, so that it cannot cover a new one.
    """
    empty = " AND ".join(
        f"({text} IN ('', '{{}}') OR starts_with({text}, 'Withheld on '))" for text in texts
    )
    kept = f"CASE WHEN {empty} THEN {erased} END"
    return f"CASE WHEN {salt} IS NULL THEN {kept} ELSE {salted(salt, texts)} END"


def salted(salt: str, texts: list[str]) -> str:
    """SQL: the salted digest of texts."""
    joined = " || E'\\x1f' || ".join((f"{salt}::text", *texts))
    return f"encode(sha256(convert_to({joined}, 'UTF8')), 'hex')"


def sealed_name(name: str, entity: str = "sealed") -> str:
    """SQL: what a number or code would be sealed as, with the salt of that sealed entity."""
    digest = salted(f"{entity}.salt", [name])
    return f"CASE WHEN {entity}.salt IS NULL THEN {name} ELSE {digest} END"


def load_sql(erased: str = "e.digest", salt: str = "s.salt") -> str:
    """SQL: the line of load `l` with seal `s` and perhaps `e`, what its erasure left."""
    moment = "to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"
    digest = erasable(salt, ["l.file_name", "l.reason"], erased)
    return (
        "jsonb_build_array('load', l.kind, (SELECT identifier FROM finance_sealedentity "  # noqa: S608
        "WHERE model = 'finance.source' AND object_id = l.source_id), l.sha256, l.size, "
        f"{moment.format('l.received_at')}, {moment.format('l.released_at')}, "
        f"l.received_by_id, l.released_by_id, l.acknowledged_by_id, "
        f"l.withdrawal_confirmed_by_id, {digest})::text"
    )


def content_text(form: int, load_line: str, parts: list[tuple[bool, str, int, str]]) -> str:
    """The content of a seal; parts are (withdrawn, kind, count, digest)."""
    lines = [f"form {form}", load_line]
    lines += [f"{'-' if p[0] else '+'} {p[1]} {p[2]} {p[3]}" for p in sorted(parts)]
    return "\n".join(lines)


def seal_hash(number: int, previous: str, content: str) -> str:
    """The hash of a seal."""
    return sha256(f"seal {number} {previous} {content}")


def sha256(text: str) -> str:
    """SHA-256 of a text, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()

"""What a seal covers, line by line, for whoever wants to compute its hash anew.

JSON Lines: first the seal itself, then one array for each record that the release added (+)
or withdrew (-): sign, kind, line in the file, canonical text. Texts are in it as salted
digests only, as they are in the seal (finance/canonical.py).
"""

import json
from collections.abc import Iterator

from django.db import connection

from finance import canonical
from finance.models import Seal

AT_ONCE = 500


def seal_lines(seal: Seal) -> Iterator[str]:
    """The lines of the file of one seal, each with its line feed; records as they stand now."""
    head = {name: getattr(seal, name) for name in ("number", "form", "previous", "content", "hash")}
    yield _json({"seal": head.pop("number"), **head, "load": seal.load_line})
    for name in canonical.FORMS[seal.form]:
        yield from _records(seal, name, "load_id", "+")
        if canonical.can_be_withdrawn(name):
            yield from _records(seal, name, "retired_by_id", "-")


def _records(seal: Seal, name: str, column: str, sign: str) -> Iterator[str]:
    leaves = canonical.leaves_sql(name, f"r.{column} = %s", seal.form)
    with connection.chunked_cursor() as cursor:
        cursor.execute(
            f"SELECT line, text FROM ({leaves}) AS found ORDER BY leaf",  # noqa: S608
            [seal.load_id],
        )
        while rows := cursor.fetchmany(AT_ONCE):
            for line, text in rows:
                yield _json([sign, name, line, text])


def described(form: int = canonical.FORM) -> list[tuple[str, list[str]]]:
    """For each kind of record what its text holds, in order."""
    found = []
    for name, stated in canonical.FORMS[form].items():
        parts = [name, *stated.nouns]
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

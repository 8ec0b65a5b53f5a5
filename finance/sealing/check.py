"""Whether seals, loads and records still are what was sealed; what differs, in words."""

import hashlib
from collections.abc import Callable, Iterator
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from finance.models import Load, Seal
from finance.sealing import canonical

Progress = Callable[[str, int, int], None]
BATCH = 50

_PARTS = """
SELECT withdrawn, model, count, digest, encode(sha256(leaves), 'hex'), length(leaves) / 40
FROM finance_sealpart WHERE seal_id = %s
"""


def check_seals(progress: Progress) -> Iterator[str]:
    """The chain is whole: numbers without gaps, each hash over its content and the one before."""
    previous = ""
    count = Seal.objects.count()
    for number, seal in enumerate(Seal.objects.order_by("number").iterator(), start=1):
        progress(_("seals"), number, count)
        if seal.number != number:
            yield _("Seal %(number)s is missing.") % {"number": number}
            return
        if seal.previous != previous:
            yield _("Seal %(number)s does not follow from the seal before it.") % {"number": number}
        yield from _check_seal(seal)
        previous = seal.hash


def _check_seal(seal: Seal) -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute(_PARTS, [seal.pk])
        parts = cursor.fetchall()
    summary = [(withdrawn, model, count, digest) for withdrawn, model, count, digest, *_r in parts]
    intact = all(count == n and digest == now for *_k, count, digest, now, n in parts)
    content = canonical.sha256(canonical.content_text(seal.form, seal.load_line, summary))
    counts = [sum(p[2] for p in summary if p[0] is withdrawn) for withdrawn in (False, True)]
    if not intact or content != seal.content or counts != [seal.added, seal.withdrawn]:
        yield _("Seal %(number)s: its content was changed after it was sealed.") % {
            "number": seal.number
        }
    elif seal.hash != canonical.seal_hash(seal.number, seal.previous, seal.content):
        yield _("Seal %(number)s: its hash is not that of its content.") % {"number": seal.number}


def check_records(load_ids: list[int], progress: Progress) -> Iterator[str]:
    """Each load, and all records that it added or withdrew, are as sealed."""
    for start in range(0, len(load_ids), BATCH):
        progress(_("sealed records"), start, len(load_ids))
        batch = load_ids[start : start + BATCH]
        yield from _check_loads(batch)
        yield from _check_batch(batch)


def _check_loads(load_ids: list[int]) -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT s.number, s.load_line, {canonical.load_sql()}, l.file_name, l.id "  # noqa: S608
            "FROM finance_seal AS s LEFT JOIN finance_load AS l ON l.id = s.load_id "
            "LEFT JOIN finance_erasedtext AS e ON e.model = 'load' AND e.object_id = l.id "
            "WHERE s.load_id = ANY(%s::bigint[]) ORDER BY s.number",
            [load_ids],
        )
        for number, sealed, there, name, load_id in cursor.fetchall():
            if load_id is None:
                yield _("Seal %(number)s: its load is gone; sealed was %(sealed)s.") % {
                    "number": number,
                    "sealed": sealed,
                }
            elif sealed != there:
                yield _(
                    "Seal %(number)s, load “%(file)s”: sealed was %(sealed)s, there is %(there)s."
                ) % {"number": number, "file": name, "sealed": sealed, "there": there}


def _check_batch(load_ids: list[int]) -> Iterator[str]:
    """Compare digests of all records of some loads; where one differs, look for the record."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT s.load_id, p.model, p.withdrawn, p.count, p.digest FROM finance_sealpart AS p "
            "JOIN finance_seal AS s ON s.id = p.seal_id WHERE s.load_id = ANY(%s::bigint[])",
            [load_ids],
        )
        sealed = {row[:3]: row[3:] for row in cursor.fetchall()}
        there: dict[tuple, tuple] = {}
        for name in canonical.FORMS[canonical.FORM]:
            columns = ["load_id"]
            if canonical.can_be_withdrawn(name):
                columns.append("withdrawn_by_id")
            for column in columns:
                leaves = canonical.leaves_sql(name, f"r.{column} = ANY(%s::bigint[])")
                cursor.execute(
                    f"SELECT {column}, count(*), "  # noqa: S608
                    "encode(sha256(string_agg(leaf, ''::bytea ORDER BY leaf)), 'hex') "
                    f"FROM ({leaves}) AS found GROUP BY 1",
                    [load_ids],
                )
                for load_id, count, digest in cursor.fetchall():
                    there[load_id, name, column == "withdrawn_by_id"] = (count, digest)
    position = {load_id: place for place, load_id in enumerate(load_ids)}
    for key in sorted(
        sealed.keys() | there.keys(), key=lambda key: (position[key[0]], key[2], key[1])
    ):
        if sealed.get(key) != there.get(key):
            yield _first_difference(*key)


_SEALED_LEAVES = """
SELECT substr(leaves, (n * 40 + 1)::int, 40) AS leaf FROM finance_sealpart AS p
JOIN finance_seal AS s ON s.id = p.seal_id, generate_series(0, p.count - 1) AS n
WHERE s.load_id = %(load)s AND p.model = %(model)s AND p.withdrawn = %(withdrawn)s
"""


def _first_difference(load_id: int, name: str, withdrawn: bool) -> str:
    """The first row that is not as sealed: changed, missing or too much."""
    column = "withdrawn_by_id" if withdrawn else "load_id"
    leaves = canonical.leaves_sql(name, f"r.{column} = %(load)s")
    values: dict[str, Any] = {"load": load_id, "model": name, "withdrawn": withdrawn}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT leaf FROM ({_SEALED_LEAVES}) AS a EXCEPT "  # noqa: S608
            f"SELECT leaf FROM ({leaves}) AS b ORDER BY 1 LIMIT 1",
            values,
        )
        missing = cursor.fetchone()
        cursor.execute(
            f"SELECT leaf, text, id, load_id FROM ({leaves}) AS b WHERE leaf NOT IN "  # noqa: S608
            f"({_SEALED_LEAVES}) ORDER BY leaf LIMIT 1",
            values,
        )
        extra = cursor.fetchone()
        if missing and withdrawn:
            cursor.execute(
                f"SELECT leaf, text, id, load_id FROM "  # noqa: S608
                f"({canonical.leaves_sql(name, 'r.line = %(line)s')}) AS b "
                "WHERE leaf = %(leaf)s LIMIT 1",
                {"line": _line(missing[0]), "leaf": bytes(missing[0])},
            )
            back = cursor.fetchone()
            if back:
                return _words("back", load_id, name, back[0], back[1], stated_by=back[3])
    if missing and extra:
        return _words("changed", load_id, name, extra[0], extra[1], _line(missing[0]))
    if missing:
        return _words("missing", load_id, name, missing[0], "")
    if extra:
        kind = "withdrawn" if withdrawn else "added"
        return _words(kind, load_id, name, extra[0], extra[1], stated_by=extra[3])
    return _words("repeated", load_id, name, None, "")


def _line(leaf: Any) -> int:
    return int.from_bytes(bytes(leaf)[:8], "big")


def _words(
    kind: str,
    load_id: int,
    name: str,
    leaf: Any,
    text: str,
    sealed_line: int | None = None,
    stated_by: int | None = None,
) -> str:
    seal = Seal.objects.select_related("load").get(load_id=load_id)
    stated = Load.objects.filter(pk=stated_by).first() if stated_by else None
    row = sealed_line if sealed_line is not None else _line(leaf) if leaf is not None else "?"
    values = {
        "number": seal.number,
        "file": (stated or seal.load).file_name,
        "by": seal.load.file_name,
        "row": row,
        "kind": canonical.record_model(name)._meta.verbose_name,
        "there": text.replace("\x1f", " | "),
        "digest": hashlib.sha256(text.encode()).hexdigest()[:16] if text else "",
    }
    return {
        "changed": _(
            "Seal %(number)s, file “%(file)s”, row %(row)s (%(kind)s): it is not what was "
            "sealed; there is now %(there)s."
        ),
        "missing": _(
            "Seal %(number)s, file “%(file)s”, row %(row)s (%(kind)s): it was sealed and is gone."
        ),
        "added": _(
            "Seal %(number)s, file “%(file)s”, row %(row)s (%(kind)s): it was not sealed; "
            "there is %(there)s."
        ),
        "withdrawn": _(
            "Seal %(number)s, file “%(file)s”, row %(row)s (%(kind)s): it is withdrawn by "
            "“%(by)s”, whose seal does not say so."
        ),
        "back": _(
            "Seal %(number)s, file “%(file)s”, row %(row)s (%(kind)s): it was withdrawn by "
            "“%(by)s” and is not any more."
        ),
        "repeated": _(
            "Seal %(number)s, file “%(file)s” (%(kind)s): a row stands there more often or less "
            "often than was sealed."
        ),
    }[kind] % values


def check_unsealed() -> Iterator[str]:
    """Every release is sealed, and no record belongs to anything else."""
    for load in Load.objects.released().filter(seal__isnull=True).order_by("pk")[:1]:
        yield _(
            "Load %(load)s, “%(file)s”, is released and not sealed. Releases from before there "
            "were seals are sealed by `manage.py verify --seal-old`."
        ) % {"load": load.pk, "file": load.file_name}
    for name in canonical.FORMS[canonical.FORM]:
        model = canonical.record_model(name)
        columns = ["load"] + (["withdrawn_by"] if canonical.can_be_withdrawn(name) else [])
        for column in columns:
            sealed = Seal.objects.values("load_id")
            strays = model._default_manager.filter(**{f"{column}__isnull": False})
            stray = strays.exclude(**{f"{column}__in": sealed}).order_by("pk").first()
            if stray is not None:
                yield _(
                    "Row %(row)s (%(kind)s, id %(id)s) belongs to load %(load)s, which has no seal."
                ) % {
                    "row": getattr(stray, "line", "?"),
                    "kind": model._meta.verbose_name,
                    "id": stray.pk,
                    "load": getattr(stray, f"{column}_id"),
                }

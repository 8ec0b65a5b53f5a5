"""Where words that are erased by law may stand beside the columns that declare them.

Copies in notes of checks, logs and messages give way to the mark of the withholding; then all
columns that hold text are searched, and the names and logs on the disk, so that whoever erases
reads where something is left.
"""

import json
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import IO, Any
from xml.sax.saxutils import escape

from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _

from finance.models import Load

# Shorter ones stand in too many other words.
SHORTEST, LONGEST = 4, 500
COPIES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "finance.load": ("file_name", "reason", "scope", "options", "report"),
        "finance.loadremark": ("value", "message", "advice"),
        "finance.stagedline": ("values",),
        "finance.partstatement": ("values",),
        "documents.upload": ("file_name", "title", "detail", "note", "warnings"),
        "admin.logentry": ("object_repr", "change_message"),
        "portal.feedback": ("page", "figure", "message"),
        "portal.export": ("query",),
        "portal.referencechange": ("data", "fields"),
        "portal.follow": ("key",),
        "portal.publicanswer": ("page", "figure", "question", "answer"),
        "django_tasks_database.dbtaskresult": ("args_kwargs", "return_value", "traceback"),
    }
)
_LOGS = "log"
_PIECE = 1 << 20


def words_of(cursor: Any, withholding_id: int) -> list[str]:
    """The texts of a withholding that are told apart from common words, the longest first."""
    cursor.execute(
        "SELECT DISTINCT kept #>> '{}' FROM projects_withheldvalue WHERE withholding_id = %s "
        "AND jsonb_typeof(kept) = 'string' AND column_name <> 'salt' "
        "AND length(kept #>> '{}') BETWEEN %s AND %s",
        [withholding_id, SHORTEST, LONGEST],
    )
    return sorted((text for (text,) in cursor.fetchall()), key=lambda text: (-len(text), text))


def take_out(cursor: Any, words: list[str], mark: str) -> None:
    """Put the mark in the place of each word in all copies; within the erasing transaction."""
    cursor.execute("SELECT set_config('finance.erasing', 'yes', true)")
    for label, names in COPIES.items():
        model = apps.get_model(label)
        for field in map(model._meta.get_field, names):
            for word in words:
                _replace(cursor, model, field, word, mark)
    cursor.execute("SELECT set_config('finance.erasing', 'no', true)")


def _replace(cursor: Any, model: type[models.Model], field: Any, word: str, mark: str) -> None:
    table, column = f'"{model._meta.db_table}"', f'"{field.column}"'
    text, given, kind = f"{column}::text", "%(word)s", ""
    if isinstance(field, models.JSONField):
        word, kind = json.dumps(word, ensure_ascii=False)[1:-1], "::jsonb"
    fresh = f"replace({text}, {given}, %(mark)s){kind}"
    if field.max_length and not kind:
        fresh = f"left({fresh}, {field.max_length})"
    cursor.execute(
        f"UPDATE {table} SET {column} = {fresh} "  # noqa: S608 – names that models state
        f"WHERE position({given} IN {text}) > 0",
        {"word": word, "mark": mark},
    )


def left_of(cursor: Any, words: list[str]) -> Iterator[str]:
    """Where one of the words is left: columns with the number of rows, files, logs."""
    cursor.execute(
        "SELECT c.table_name, c.column_name, c.data_type = 'bytea' "
        "FROM information_schema.columns AS c "
        "JOIN information_schema.tables AS t USING (table_schema, table_name) "
        "WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE' "
        "AND c.data_type IN ('text', 'character varying', 'jsonb', 'ARRAY', 'bytea') "
        "ORDER BY 1, 2"
    )
    for table, column, is_bytes in cursor.fetchall():
        if count := _rows_with(cursor, table, column, is_bytes, words):
            yield f"{table}.{column}: {count}"
    yield from _files_with(words)


def _rows_with(cursor: Any, table: str, column: str, is_bytes: bool, words: list[str]) -> int:
    text = f"encode(\"{column}\", 'escape')" if is_bytes else f'"{column}"::text'
    cursor.execute(
        f'SELECT count(*) FROM "{table}" WHERE EXISTS (SELECT FROM unnest(%s::text[]) '  # noqa: S608
        f"AS word WHERE position(lower(word) IN lower({text})) > 0)",
        [words],
    )
    (count,) = cursor.fetchone()
    return int(count)


def _is_in(kept: Any, words: list[str]) -> bool:
    """Whether a kept file, or a part of a workbook, has one of the words, in lower case."""
    try:
        with kept.open("rb") as file:
            if not zipfile.is_zipfile(file):
                file.seek(0)
                return _is_read(file, words)
            with zipfile.ZipFile(file) as package:
                return any(_is_part(package, part, words) for part in package.infolist())
    except (OSError, zipfile.BadZipFile, NotImplementedError, RuntimeError):
        return False


def _is_part(package: zipfile.ZipFile, part: zipfile.ZipInfo, words: list[str]) -> bool:
    with package.open(part) as file:
        return _is_read(file, words)


def _is_read(file: IO[bytes], words: list[str]) -> bool:
    tail, forms = "", [*words, *map(escape, words)]
    while piece := file.read(_PIECE):
        # A text in UTF-16 is one in Latin letters with nothing between them.
        text = tail + piece.replace(b"\0", b"").decode("utf-8", errors="replace").lower()
        if any(form in text for form in forms):
            return True
        tail = text[-2 * LONGEST :]
    return False


def _files_with(words: list[str]) -> Iterator[str]:
    low = [word.lower() for word in words]
    for load in Load.objects.using("owner").exclude(file="").order_by("pk").iterator():
        if _is_in(load.file, low):
            yield _("the kept file of load %(load)d (--load %(load)d erases it)") % {
                "load": load.pk
            }
    for path in sorted(Path(settings.MEDIA_ROOT).rglob("*")):
        if any(word in path.name.lower() for word in low):
            yield f"a file below {path.parent}"
    for path in sorted((Path(settings.VAR_DIR) / _LOGS).glob("*")):
        text = path.read_text(encoding="utf-8", errors="replace").lower()
        if path.is_file() and any(word in text for word in low):
            yield str(path)

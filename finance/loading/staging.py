"""Staged lines: what a load would add and withdraw, put there by COPY and compared in SQL."""

import json
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import date
from decimal import Decimal
from typing import IO, Any

from django.db import connection, models
from django.db.models import QuerySet
from django.db.models.functions import Cast

from finance.loading.content.pairing import pair_lines
from finance.loading.content.seen import content_digest
from finance.loading.lines import Line
from finance.loading.scopes import Scope
from finance.models import Load, Record
from finance.models.record_kinds import RECORD_MODELS
from finance.planning import fit_for_many

SPOOL_BYTES = 8_000_000
AT_ONCE = 500  # lines written at once
# Columns that not every model of records has.
_OWNERS: dict[str, models.Field[Any, Any]] = {
    "project_id": models.BigIntegerField(),
    "fund_id": models.BigIntegerField(),
    "base_amount": models.DecimalField(max_digits=20, decimal_places=2),
}
_COPY = (
    "COPY finance_stagedline "
    "(load_id, model, action, line, fingerprint, project_id, fund_id, base_amount, values) "
    "FROM STDIN"
)

_BACKSLASH, _TWO = "\\", "\\\\"

# Only constants and the SQL of querysets are put together here.
_COMPARE = """
WITH standing AS (
    SELECT q.*, row_number() OVER (PARTITION BY fingerprint ORDER BY id) AS n FROM ({standing}) q
), staged AS (
    SELECT id, fingerprint, row_number() OVER (PARTITION BY fingerprint ORDER BY line, id) AS n
    FROM finance_stagedline WHERE load_id = %(load)s AND model = %(model)s AND action = 'add'
), same AS (
    SELECT staged.id AS staged_id, standing.id AS record_id
    FROM staged JOIN standing USING (fingerprint, n)
), gone AS (
    DELETE FROM finance_stagedline WHERE id IN (SELECT staged_id FROM same)
), lost AS (
    INSERT INTO finance_stagedline
        (load_id, model, action, line, fingerprint, project_id, fund_id, record_id, base_amount)
    SELECT %(load)s, %(model)s, 'withdraw', line, fingerprint, project_id, fund_id, id, base_amount
    FROM standing
    WHERE %(complete)s AND NOT EXISTS (SELECT FROM same WHERE same.record_id = standing.id)
)
SELECT (SELECT count(*) FROM same),
    (SELECT count(*) FROM standing), (SELECT coalesce(sum(abs(base_amount)), 0) FROM standing)
"""
_WITHDRAWN = """
SELECT coalesce(sum(greatest(withdrawn_base_amount - added_base_amount, 0))
    FILTER (WHERE withdrawn > 0), 0)
FROM (
    SELECT count(*) FILTER (WHERE action = 'withdraw') AS withdrawn,
        coalesce(sum(base_amount) FILTER (WHERE action = 'add'), 0) AS added_base_amount,
        coalesce(sum(base_amount) FILTER (WHERE action = 'withdraw'), 0) AS withdrawn_base_amount
    FROM finance_stagedline WHERE load_id = %s
    GROUP BY model, project_id, CASE WHEN project_id IS NULL THEN fund_id END
) AS owners
"""


class StagingBuffer:
    """Lines on their way to the database, in a file, so that any number fits in memory."""

    def __init__(self, load: Load) -> None:
        self.load = load
        self.file: IO[str] = tempfile.SpooledTemporaryFile(  # noqa: SIM115
            max_size=SPOOL_BYTES, mode="w+", encoding="utf-8", newline=""
        )
        self._waiting: list[str] = []
        self.count = 0

    def add(self, line: Line) -> None:
        """Write one line down."""
        base_amount = line.values.get("base_amount")
        self.count += 1
        self._waiting.append(
            f"{self.load.pk}\t{line.model}\tadd\t{line.line}\t{line.fingerprint}\t"
            f"{_number(line.project_id)}\t{_number(line.fund_id)}\t{_number(base_amount)}\t"
            # JSON holds no bare tab or line feed, so only its backslashes need care.
            f"{_as_json(line.values).replace(_BACKSLASH, _TWO)}\n"
        )
        if len(self._waiting) == AT_ONCE:
            self._write()

    def _write(self) -> None:
        self.file.write("".join(self._waiting))
        self._waiting.clear()

    def copy(self) -> None:
        """Send all lines to the database, in the place of what was staged before."""
        self._write()
        self.load.staged_lines.all().delete()
        self.file.seek(0)
        with connection.cursor() as cursor:
            cursor.cursor.copy_expert(_COPY, self.file)

    def close(self) -> None:
        """Drop the file."""
        self.file.close()


def staging_buffer(load: Load) -> "closing[StagingBuffer]":
    """A buffer that is closed at the end of a `with`."""
    return closing(StagingBuffer(load))


def _number(value: Any) -> str:
    return "\\N" if value is None else str(value)


def _plain(value: Any) -> str:
    if isinstance(value, date | Decimal):
        return str(value)
    raise TypeError(f"{type(value)} cannot be staged")


_as_json = json.JSONEncoder(default=_plain, check_circular=False).encode


def standing_records(
    load: Load, model: type[Record], scope: Scope, projects: Sequence[int] | None = None
) -> QuerySet:
    """What the load's source says today within its scope; "only these lines" compares with all.

    `projects` are the ids of the scope's projects where there are too many to name.
    """
    rows = model.objects.known_at().filter(source_id=load.source_id)
    if projects is not None:
        return rows.extra(where=["project_id = ANY(%s::bigint[])"], params=[list(projects)])
    return rows.filter(scope.matching(model)) if scope.complete else rows


def compare(
    load: Load, models: Iterable[str], scope: Scope, projects: Sequence[int] | None = None
) -> Counter[str]:
    """Keep of the staged lines just the difference to what stands, multiset by multiset.

    Within a transaction. Returns the counts unchanged, standing, standing_base_amount
    (absolute), new, changed, withdrawn and withdrawn_base_amount; a line that replaces another
    of its project or fund counts as changed. `projects` as for `standing_records`.
    """
    counts: Counter[str] = Counter()
    with fit_for_many(load.staged_lines.count()), connection.cursor() as cursor:
        for name in models:
            cursor.execute(*_compare_statement(load, name, scope, projects))
            unchanged, standing, base_amount = cursor.fetchone()
            counts["unchanged"] += unchanged
            counts["standing"] += standing
            counts["standing_base_amount"] += base_amount
    return counts + difference(load)


def _compare_statement(
    load: Load, name: str, scope: Scope, projects: Sequence[int] | None
) -> tuple[str, dict[str, Any]]:
    model = RECORD_MODELS[name]
    fields = {field.attname for field in model._meta.concrete_fields}
    rows = standing_records(load, model, scope, projects)
    if not scope.complete:
        staged = load.staged_lines.filter(model=name, action="add").values("fingerprint")
        rows = rows.filter(fingerprint__in=staged)
    missing = {
        column: Cast(models.Value(None), kind)
        for column, kind in _OWNERS.items()
        if column not in fields
    }
    rows = rows.order_by().annotate(**missing).values("id", "line", "fingerprint", *_OWNERS)
    inner, values = rows.query.sql_with_params()
    named = {f"p{n}": value for n, value in enumerate(values)}
    standing = inner % tuple(f"%({name})s" for name in named)
    parameters = {"load": load.pk, "model": name, "complete": scope.complete, **named}
    return _COMPARE.format(standing=standing), parameters


def counts_of_lines(counts: Mapping[str, Any]) -> dict[str, int]:
    """Of the counts of a comparison those that a load keeps: what becomes of its lines."""
    return {name: int(counts[name]) for name in ("new", "changed", "withdrawn", "unchanged")}


def report_of(load: Load, counts: Mapping[str, Any]) -> dict[str, Any]:
    """What a load reports of what is staged: its digest, what stood there, what would go."""
    return {
        "content": content_digest(load),
        "standing": int(counts["standing"]),
        "standing_base_amount": str(counts["standing_base_amount"]),
        "withdrawn_base_amount": str(counts["withdrawn_base_amount"]),
    }


def difference(load: Load) -> Counter[str]:
    """The counts new, changed, withdrawn and withdrawn_base_amount of what is staged."""
    counts = pair_lines(load)
    with connection.cursor() as cursor:
        cursor.execute(_WITHDRAWN, [load.pk])
        counts["withdrawn_base_amount"] = cursor.fetchone()[0]
    return counts


_OTHER_RATES = """
SELECT EXISTS (
    SELECT FROM (
        SELECT DISTINCT values ->> 'currency' AS currency, (values ->> 'rate')::numeric AS rate,
            coalesce(values ->> 'value_date', values ->> 'date')::date AS day
        FROM finance_stagedline
        WHERE load_id = %s AND action = 'add' AND (values ->> 'converted')::boolean
    ) AS line WHERE rate IS DISTINCT FROM (
        SELECT units_per_base FROM finance_exchangerate AS standing
        WHERE standing.currency = line.currency AND effective_on <= day
        AND withdrawn_by_id IS NULL ORDER BY effective_on DESC, id DESC LIMIT 1))
"""


def other_rates(load: Load) -> bool:
    """Whether a staged base amount, converted by the check, would be another by now."""
    with connection.cursor() as cursor:
        cursor.execute(_OTHER_RATES, [load.pk])
        return cursor.fetchone()[0]


def staged_projects(load: Load) -> list[int]:
    """Ids of the projects whose records would change."""
    rows = load.staged_lines.filter(project_id__isnull=False).order_by()
    ids = rows.values_list("project_id", flat=True).distinct()
    return [pk for pk in ids if pk is not None]


def batches(items: list[int], size: int) -> Iterator[list[int]]:
    """The items in pieces of at most `size`."""
    for start in range(0, len(items), size):
        yield items[start : start + size]

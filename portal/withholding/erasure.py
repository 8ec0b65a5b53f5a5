"""Erasing by law: what is withheld goes for good, with the kept files that state it.

Runs as the database's owner, from the command line only: the web's role cannot erase.
"""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db import connections, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from documents.models import DocumentPage, DocumentVersion, Reading
from finance.loading.lock import lock_releases
from finance.models import Load
from portal.kit.owner import as_owner
from portal.withholding.generated_files import drop_generated_files
from portal.withholding.kinds import Kind, withholdable_models
from portal.withholding.traces import left_of, take_out, words_of
from projects.models import User, Withholding, WithholdingOutcome

# Loads that stated what is withheld: by the records and statements that lost a value to it.
_LOADS = """
SELECT DISTINCT (to_jsonb(r) ->> 'load_id')::bigint FROM projects_withheldvalue AS v
CROSS JOIN LATERAL (SELECT load_id FROM {table} WHERE id = v.row_id) AS r
WHERE v.withholding_id = %s AND v.table_name = '{table}'
"""


def originals(
    withholding: Withholding, more_loads: Sequence[int] = ()
) -> tuple[list[Load], list[DocumentVersion]]:
    """The loads and versions of documents whose kept files would go."""
    ids = set(more_loads)
    with connections["owner"].cursor() as cursor:
        for table in _stating():
            cursor.execute(_LOADS.format(table=table), [withholding.pk])
            ids.update(pk for (pk,) in cursor.fetchall())
        cursor.execute(
            "SELECT row_id FROM projects_withheldvalue WHERE withholding_id = %s "
            "AND table_name = 'finance_load'",
            [withholding.pk],
        )
        ids.update(pk for (pk,) in cursor.fetchall())
        cursor.execute(
            "SELECT DISTINCT row_id FROM projects_withheldvalue WHERE withholding_id = %s "
            "AND table_name = 'documents_documentversion'",
            [withholding.pk],
        )
        versions = [pk for (pk,) in cursor.fetchall()]
        ids.update(_waiting(cursor, withholding))
        ids.update(_of_parts(cursor, withholding))
    # Sheets of one workbook share its file.
    files = Load.objects.filter(pk__in=ids).exclude(file="").values("file")
    return (
        list(Load.objects.filter(Q(pk__in=ids) | Q(file__in=files)).order_by("pk")),
        list(DocumentVersion.objects.filter(pk__in=versions).order_by("pk")),
    )


# Files of contacts and participations: known by what they say.
_PARTS = """
SELECT DISTINCT load_id FROM finance_partstatement WHERE EXISTS (
    SELECT FROM unnest(%s::text[]) AS word WHERE position(lower(word) IN lower(values::text)) > 0)
"""


def _of_parts(cursor: Any, withholding: Withholding) -> list[int]:
    cursor.execute(_PARTS, [words_of(cursor, withholding.pk)])
    return [pk for (pk,) in cursor.fetchall()]


# What never was released made no records: it is known by what it says.
_WAITING = """
SELECT id FROM finance_load AS load WHERE state <> 'released' AND EXISTS (
    SELECT FROM unnest(%s::text[]) AS word WHERE
    position(lower(word) IN lower(concat_ws(' ', file_name, scope, options, report))) > 0
    OR EXISTS (SELECT FROM finance_loadremark WHERE load_id = load.id
        AND position(lower(word) IN lower(concat_ws(' ', value, message))) > 0)
    OR EXISTS (SELECT FROM finance_stagedline WHERE load_id = load.id
        AND position(lower(word) IN lower(values::text)) > 0)
) OR state <> 'released' AND EXISTS (
    SELECT FROM finance_stagedline WHERE load_id = load.id AND project_id = %s
)
"""


def _waiting(cursor: Any, withholding: Withholding) -> list[int]:
    """Loads that were never released and say of it."""
    project = withholding.target_id if withholding.kind == Kind.PROJECT else None
    cursor.execute(_WAITING, [words_of(cursor, withholding.pk), project])
    return [pk for (pk,) in cursor.fetchall()]


def _stating() -> list[str]:
    """The tables whose rows were stated by loads, of all that can be withheld."""
    return [
        model._meta.db_table
        for model in withholdable_models()
        if any(field.attname == "load_id" for field in model._meta.fields)
    ]


def erase(
    *, withholding: Withholding, reason: str, by: User | None, more_loads: Sequence[int] = ()
) -> tuple[WithholdingOutcome, list[str]]:
    """Erase it for good; also where a word of it is left all the same. Raises ValidationError."""
    loads, versions = originals(withholding, more_loads)
    with as_owner() as owner, transaction.atomic(using=owner.alias), owner.cursor() as cursor:
        lock_releases()
        words = words_of(cursor, withholding.pk)
        outcome = WithholdingOutcome(
            withholding=withholding, erased=True, reason=reason.strip(), by=by
        )
        try:
            outcome.full_clean()
        except ValidationError as error:
            raise ValidationError(_("This withholding has ended already.")) from error
        outcome.save()
        _empty(cursor, withholding, loads)
        take_out(cursor, words, f"withheld-{withholding.pk}")
        files = [load.file for load in loads] + [version.file for version in versions]
        names = list({file.name: None for file in files if file.name})
        read = Reading.objects.filter(version__in=versions)
        names += [name for name in read.values_list("preview", flat=True) if name]
        DocumentPage.objects.filter(version__in=versions).delete()
        drop_generated_files()
    # Only once the database has let go: a file that is gone cannot come back.
    for name in names:
        default_storage.delete(name)
    with connections["owner"].cursor() as cursor:
        return outcome, list(left_of(cursor, words))


def _empty(cursor: Any, withholding: Withholding, loads: list[Load]) -> None:
    cursor.execute(
        "UPDATE projects_withheldvalue SET kept = NULL, erased = true WHERE withholding_id = %s",
        [withholding.pk],
    )
    # Without its file nothing of a load can be looked at, and so it is never released.
    waiting = [load.pk for load in loads if load.state != Load.State.RELEASED]
    cursor.execute("DELETE FROM finance_stagedline WHERE load_id = ANY(%s)", [waiting])
    cursor.execute(
        "UPDATE finance_load SET state = 'rejected' WHERE id = ANY(%s) AND state <> 'rejected'",
        [waiting],
    )
    cursor.execute(
        "INSERT INTO finance_erasedfile (load_id, erased_at, reason) "
        "SELECT id, %s, '' FROM unnest(%s::bigint[]) AS id ON CONFLICT (load_id) DO NOTHING",
        [timezone.now(), [load.pk for load in loads]],
    )

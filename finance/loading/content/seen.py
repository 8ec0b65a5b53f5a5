"""What a load would change, as one digest: whoever releases it says what she was shown."""

from decimal import Decimal

from django.db import connection
from django.utils.translation import gettext as _

from finance.models import Load

# By content, not by the numbers of rows: the same check done again gives the same.
_DIGEST = """
SELECT encode(sha256(coalesce(string_agg(
    sha256(convert_to(concat_ws('|', model, action, line, fingerprint, project_id, fund_id,
        record_id, values::text), 'UTF8')),
    ''::bytea ORDER BY model, action, line, fingerprint, record_id, values::text), ''::bytea)),
    'hex')
FROM finance_stagedline WHERE load_id = %s
"""


def content_digest(load: Load) -> str:
    """The SHA-256 of all that is staged."""
    with connection.cursor() as cursor:
        cursor.execute(_DIGEST, [load.pk])
        found: str = cursor.fetchone()[0]
        return found


# Each line beside what it takes the place of; without a join, for staged lines are too new to
# have statistics.
_TOTALS = """
SELECT CASE WHEN action = 'withdraw' THEN 'withdrawn' WHEN record_id IS NULL THEN 'new'
        ELSE 'changed' END,
    count(*), sum(base_amount - CASE WHEN action = 'add' THEN coalesce(old, 0) ELSE 0 END)
FROM (
    SELECT action, record_id, replaced, base_amount, max(base_amount)
        FILTER (WHERE action = 'withdraw') OVER (PARTITION BY model, record_id) AS old
    FROM finance_stagedline WHERE load_id = %s
) AS line WHERE NOT replaced GROUP BY 1
"""


def content_totals(load: Load) -> dict[str, tuple[int, Decimal | None]]:
    """New, changed and withdrawn: how many lines, and by how much in the base currency."""
    with connection.cursor() as cursor:
        cursor.execute(_TOTALS, [load.pk])
        return {what: (count, base_amount) for what, count, base_amount in cursor.fetchall()}


def differs_from(load: Load, seen: str | None) -> list[str]:
    """In words that the load would change something else than was seen; None: nobody looked."""
    if seen is None or seen == load.report.get("content", ""):
        return []
    return [
        _(
            "It was checked again since you looked: what it would change is not what you were "
            "shown. Look at its lines again."
        )
    ]

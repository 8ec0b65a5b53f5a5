"""Exchange rates of a load: a rate replaces that of its currency and day, others stand."""

from collections import Counter
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from finance.loading.content.pairing import pair_lines
from finance.loading.digests import digest
from finance.loading.lines import Line, Refused, refuse_repeat
from finance.models import Load

_COMPARE = """
WITH pairs AS (
    SELECT staged.id AS staged_id, rate.id AS record_id, rate.line, rate.fingerprint,
        rate.units_per_base = (staged.values ->> 'units_per_base')::numeric AS same
    FROM finance_stagedline AS staged JOIN finance_exchangerate AS rate
    ON rate.withdrawn_by_id IS NULL AND rate.currency = staged.values ->> 'currency'
    AND rate.effective_on = (staged.values ->> 'effective_on')::date
    WHERE staged.load_id = %(load)s AND staged.action = 'add'
), gone AS (
    DELETE FROM finance_stagedline WHERE id IN (SELECT staged_id FROM pairs WHERE same)
), lost AS (
    INSERT INTO finance_stagedline (load_id, model, action, line, fingerprint, record_id)
    SELECT %(load)s, 'exchangerate', 'withdraw', line, fingerprint, record_id
    FROM pairs WHERE NOT same
)
SELECT count(*) FILTER (WHERE same), count(*) FILTER (WHERE NOT same) FROM pairs
"""


class RateReader:
    """Makes lines of rows of currency, effective date and units per base currency."""

    def __init__(self) -> None:
        self.seen: dict[str, int] = {}

    def line(self, number: int, row: dict[str, Any], as_stated: tuple[str, ...]) -> Line:
        """The rate that the row states. Raises Refused."""
        key = f"{row['currency']} {row['effective_on']}"
        refuse_repeat(self.seen, key, number, "effective_on")
        if row["units_per_base"] <= 0:
            raise Refused("units_per_base", row["units_per_base"], _("a rate is above zero"))
        values = {name: row[name] for name in ("currency", "effective_on", "units_per_base")}
        return Line("exchangerate", number, digest("rate", *as_stated), None, None, values)

    @staticmethod
    def compare(load: Load) -> Counter[str]:
        """Keep of the staged rates those that are new or differ; returns the counts."""
        with connection.cursor() as cursor:
            cursor.execute(_COMPARE, {"load": load.pk})
            unchanged, _changed = cursor.fetchone()
        return Counter({"unchanged": unchanged}) + pair_lines(load)

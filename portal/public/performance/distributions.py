"""How many projects are in which class of a measure, and which value stands in the middle."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from portal.kit.dates import Known
from portal.public.performance.measures import Measure
from projects.history import of_fund_then
from projects.models import Project

_COUNTED = "SELECT %s, value::numeric, why, count(*)::int FROM ({sql}) AS measured GROUP BY 2, 3"


@dataclass(frozen=True)
class Distribution:
    """How many projects are in each class of a measure, and the value of the one in the middle."""

    measure: Measure
    counts: Mapping[str, int]
    known: int
    median: Any

    @property
    def all(self) -> int:
        """How many projects there are."""
        return sum(self.counts.values())

    @property
    def unknown(self) -> int:
        """Of how many there is no value, or none yet."""
        return self.all - self.known


def projects_of(fund: Any, known: Known) -> QuerySet:
    """The projects of a fund, or all, as known then; without withheld ones."""
    projects = Project.objects.shown().order_by()
    return projects if fund is None else of_fund_then(projects, fund, known)


def told_by(
    measures: Iterable[Measure], fund: Any, known: Known
) -> dict[str, list[tuple[Any, str, int]]]:
    """How many projects have each value, or none for each reason; all measures in one statement."""
    found: dict[str, list[tuple[Any, str, int]]] = {}
    parts, values = [], []
    for measure in measures:
        found[measure.key] = []
        rows = measure.measured(projects_of(fund, known), known).values("value", "why")
        sql, parameters = rows.query.sql_with_params()
        parts.append(_COUNTED.format(sql=sql))
        values += [measure.key, *parameters]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), values)
        for key, *row in cursor.fetchall():
            found[key].append(tuple(row))
    return found


def distribution(measure: Measure, told: Iterable[tuple[Any, str, int]]) -> Distribution:
    """The classes of a measure, of rows of `told_by`."""
    counts: Counter[str] = Counter()
    values: list[tuple[Any, int]] = []
    for value, why, count in told:
        counts[measure.class_of(value, why)] += count
        if not why:
            values.append((value, count))
    values.sort()
    known = sum(count for _value, count in values)
    # The least value that half of the projects do not exceed.
    up_to = accumulate(count for _value, count in values)
    median = next(
        (value for (value, _n), n in zip(values, up_to, strict=True) if 2 * n >= known), None
    )
    return Distribution(measure, counts, known, median)

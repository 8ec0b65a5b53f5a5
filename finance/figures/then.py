"""Today or then: the one place where a page chooses the figures that it shows.

Today's figures are stored (`key_figures`). A page that is asked "as known on" a day, or for
"money up to" one, reads views over the records instead (`figures_then`, `effects`), by the
same querysets. The views read moment, day and projects from the session; who reads them
sets these first, within the same request, so that nothing is left over from another.
(A pooler that hands one session to several requests at once must therefore pool by session.)
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F, QuerySet

from finance.models import Effect, FigureThen, FundEffect, FundFigure, KeyFigure, Load
from portal.kit.dates import TODAY, Known

_NUMBERS = {"commitment": 2, "deposit": 3}


@dataclass
class KnownFigures:
    """Figures as known then, of some projects or of all; a page makes one, for all that it shows.

    `projects` says that no figures but theirs are needed, so that no others are added up.
    """

    known: Known = TODAY
    projects: QuerySet | Iterable[int] | None = None

    @cached_property
    def path(self) -> str:
        """The name that leads from a noun to its figures, of today or of then."""
        if not self.known.is_past:
            return "key_figures"
        _set(self.known, self.projects, ())
        return "figures_then"

    def all(self) -> QuerySet:
        """The figures themselves, of today or of then."""
        is_now = self.path == "key_figures"
        return KeyFigure.objects.all() if is_now else FigureThen.objects.all()


def effects(
    known: Known, measures: Iterable[str], projects: QuerySet | Iterable[int] | None = None
) -> QuerySet[Effect]:
    """The records behind figures of these measures, each with what it adds; today's too."""
    _set(known, projects, measures)
    return Effect.objects.all()


def fund_figures(known: Known, funds: Iterable[int] | None = None) -> QuerySet[FundFigure]:
    """Sums of what records do to these funds, or to all; today's too."""
    _set_funds(known, funds, ())
    return FundFigure.objects.all()


def fund_effects(
    known: Known, measures: Iterable[str], funds: Iterable[int] | None = None
) -> QuerySet[FundEffect]:
    """The records behind sums of these measures of funds, each with what it adds."""
    _set_funds(known, funds, measures)
    return FundEffect.objects.all()


def effect_ids(records: QuerySet) -> QuerySet:
    """The ids of the effects of commitments or of deposits, by their numbers in `effects.sql`."""
    number = _NUMBERS[records.model._meta.model_name or ""]
    return records.order_by().values(effect=F("pk") * 8 + number)


def array_of(ids: QuerySet | Iterable[int] | None) -> tuple[str, tuple[Any, ...]]:
    """Ids as the text of an array, in SQL with parameters: a queryset's never leave the database.

    "" stands for all.
    """
    if not isinstance(ids, QuerySet):
        return "%s", ("" if ids is None else _array(map(str, ids)),)
    try:
        text, parameters = ids.order_by().query.sql_with_params()
    except EmptyResultSet:
        return "%s", ("{}",)
    listed = "'{' || coalesce(string_agg(id::text, ','), '') || '}'"
    return f"(SELECT {listed} FROM ({text}) AS wanted (id))", tuple(parameters)  # noqa: S608


def _set_funds(known: Known, funds: Iterable[int] | None, measures: Iterable[str]) -> None:
    parameters = [
        *_moment_and_day(known),
        "" if funds is None else _array(map(str, funds)),
        _array(measures),
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('portal.as_of', %s, FALSE), set_config('portal.until', %s, FALSE),"
            " set_config('portal.funds', %s, FALSE), set_config('portal.fund_measures', %s, FALSE)",
            parameters,
        )


def _moment_and_day(known: Known) -> tuple[str, str]:
    return (
        known.as_of.isoformat() if known.as_of else "",
        known.until.isoformat() if known.until else "",
    )


def _set(known: Known, projects: QuerySet | Iterable[int] | None, measures: Iterable[str]) -> None:
    ids, parameters = array_of(projects)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('portal.as_of', %s, FALSE), set_config('portal.until', %s, FALSE),"
            f" set_config('portal.projects', {ids}, FALSE),"
            " set_config('portal.measures', %s, FALSE)",
            [*_moment_and_day(known), *parameters, _array(measures)],
        )


def _array(values: Iterable[str]) -> str:
    return "{" + ",".join(values) + "}"


def known_loads(known: Known, loads: QuerySet[Load] | None = None) -> QuerySet[Load]:
    """Loads, or those among some, that were released by the moment of knowledge."""
    loads = Load.objects.released() if loads is None else loads
    return loads if known.as_of is None else loads.filter(released_at__lte=known.as_of)

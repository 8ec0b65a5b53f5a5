"""What is measured of each project, and in which classes.

Of each measure a project has a `value`, worked out from `first` and `second`, or the reason `why`
it has none. Withheld projects are in none of it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from django.db.models import (
    Case,
    Count,
    DateField,
    DecimalField,
    F,
    Func,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, ExtractYear
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from finance.figures.catalogue import FIGURES
from finance.figures.listed import with_own_figures
from finance.figures.pace import first_approved, first_spent, first_transfer, passed_on
from finance.figures.reading import KnownFigures
from portal.kit.dates import Known
from portal.kit.formatting import money, percent
from projects.history import with_end_then, with_status_then
from projects.models import Participation, Status, StatusChange


@dataclass(frozen=True)
class Class:
    """Some of the values, from one on and below another; or those that have none, for a reason."""

    key: str
    label: Any
    least: int | None = None
    below: int | None = None
    is_value: bool = True

    def holds(self, value: Any, why: str) -> bool:
        """Whether a project with this value, or with none for this reason, is in it."""
        if not self.is_value or why:
            return why == self.key
        at_least = self.least is None or value >= self.least
        return at_least and (self.below is None or value < self.below)

    @property
    def condition(self) -> Q:
        """The same for rows of the database."""
        if not self.is_value:
            return Q(why=self.key)
        least = Q() if self.least is None else Q(value__gte=self.least)
        below = Q() if self.below is None else Q(value__lt=self.below)
        return Q(why="") & least & below


@dataclass(frozen=True)
class Measure:
    """One thing that is measured of each project."""

    key: str
    title: Any
    meaning: Any
    classes: tuple[Class, ...]
    measured: Callable[[QuerySet, Known], QuerySet]
    words: Callable[[Any], str]
    # What the columns of `first`, `second` and `value` are called, and what they hold.
    first: tuple[Any, Any]
    second: tuple[Any, Any]
    value: tuple[Any, Any]
    # What is told of a past day in addition.
    of_the_past: Any = ""
    # Whether it is worked out from the figures of a list, which then are selected with it.
    is_of_figures: bool = False

    def class_of(self, value: Any, why: str) -> str:
        """The class of a project."""
        return next(one.key for one in self.classes if one.holds(value, why))


def _none(key: str, label: Any) -> Class:
    return Class(key, label, is_value=False)


_NO_TRANSFER = _none("no-transfer", _("No transfer is known"))


def _days(count: Any) -> str:
    return ngettext("%(count)s day", "%(count)s days", int(count)) % {"count": money(count)}


def _years(count: Any) -> str:
    if not count:
        return gettext("the same year")
    return ngettext("%(count)s year", "%(count)s years", int(count)) % {"count": money(count)}


def _ranges(before: Any, *limits: tuple[int, Any], last: Any) -> tuple[Class, ...]:
    """Classes of days: below zero, up to each limit with its words, and beyond the last."""
    found, least = [Class("before", before, below=0)], 0
    for limit, label in limits:
        found.append(Class(f"{least}-{limit}", label, least, limit + 1))
        least = limit + 1
    return (*found, Class(f"{least}-", last, least))


def _valued(projects: QuerySet, value: Any, *reasons: tuple[Q, Class | None]) -> QuerySet:
    """With `value`, which is none where there is a reason, and `why`: the first reason that holds,
    or "" at once where one of them is None."""
    whens = [When(condition, then=Value(one.key if one else "")) for condition, one in reasons]
    return projects.annotate(value=value, why=Case(*whens, default=Value("")))


def _between() -> Func:
    """Days from one day to another."""
    return Func(F("second"), F("first"), arg_joiner=" - ", template="(%(expressions)s)",
                output_field=IntegerField())  # fmt: skip


# --- From approval to the first transfer


def _to_transfer(projects: QuerySet, known: Known) -> QuerySet:
    projects = projects.annotate(first=first_approved(known), second=first_transfer(known))
    return _valued(
        projects,
        _between(),
        (Q(second=None), _NO_TRANSFER),
        (Q(first=None), _NO_APPROVAL),
    )


_NO_APPROVAL = _none("no-approval", _("The day of approval is not known"))
_TO_TRANSFER = Measure(
    "first-transfer",
    _("From approval to the first transfer"),
    _(
        "Days from the first approved budget to the first transfer to a participating "
        "organization. Some publishers state the period of a budget and no day of approval: of "
        "their projects it is not known."
    ),
    (
        *_ranges(
            _("Before the approval"),
            (30, _("0 to 30 days")),
            (90, _("31 to 90 days")),
            (180, _("91 to 180 days")),
            (365, _("181 to 365 days")),
            last=_("More than 365 days"),
        ),
        _NO_TRANSFER,
        _NO_APPROVAL,
    ),
    _to_transfer,
    _days,
    (_("Approved on"), _("The day of the first approved budget.")),
    (_("First transfer"), _("The day of the first transfer.")),
    (_("Days"), _("From the one to the other.")),
)

# --- From the first transfer to the first spending


def _to_spending(projects: QuerySet, known: Known) -> QuerySet:
    projects = projects.annotate(first=first_transfer(known), second=first_spent(known))
    years = Func(F("second"), ExtractYear("first"), arg_joiner=" - ",
                 template="(%(expressions)s)", output_field=IntegerField())  # fmt: skip
    return _valued(
        projects,
        years,
        (Q(first=None), _NO_TRANSFER),
        (Q(second=None), _NO_SPENDING),
    )


_NO_SPENDING = _none("no-spending", _("No spending is reported"))
_TO_SPENDING = Measure(
    "first-spending",
    _("From the first transfer to the first spending"),
    _(
        "Spending is reported by year, so only years can be told: from the year of the first "
        "transfer to the first year for which spending is reported."
    ),
    (
        Class("before", _("Spending reported for an earlier year"), below=0),
        Class("0", _("The same year"), 0, 1),
        Class("1", _("The year after"), 1, 2),
        Class("2", _("Two years after"), 2, 3),
        Class("3-", _("Three or more years after"), 3),
        _NO_TRANSFER,
        _NO_SPENDING,
    ),
    _to_spending,
    _years,
    (_("First transfer"), _("The day of the first transfer.")),
    (_("First year with spending"), _("The first year for which spending is reported.")),
    (_("Years"), _("From the year of the first transfer to that year.")),
)

# --- From the end to closure


def _to_closure(field: str, closed: tuple[Status, ...], step: Status) -> Callable[..., QuerySet]:
    """Days from the end to the day on which the last organization was closed (`field`), or else to
    that on which the project came to the status `step`; `closed` are the statuses by then."""
    parts = Participation.objects.participating().filter(project=OuterRef("pk")).order_by()

    def measured(projects: QuerySet, known: Known) -> QuerySet:
        steps = StatusChange.objects.filter(
            project=OuterRef("pk"), status=step, set_on__lte=known.last_day
        )
        counted = parts.values("project").annotate(
            all=Count("pk"), with_day=Count(field), newest=Max(field)
        )
        days = counted.filter(all=F("with_day")).values("newest")
        projects = with_end_then(with_status_then(projects, known), known)
        day = Coalesce(
            Subquery(days, output_field=DateField()),
            Subquery(steps.order_by("-set_on", "-pk").values("set_on")[:1]),
            Case(When(status=step, then=F("status_on"))),
        )
        projects = projects.annotate(first=F("end"), closed_day=day).annotate(
            # Of a past day, only what had come by then.
            second=Case(When(closed_day__lte=known.last_day, then=F("closed_day")))
        )
        is_closed = Q(status_then__in=closed, second__isnull=False)
        # What is looked up for a project is looked up anew wherever it stands.
        return _valued(
            projects,
            Case(When(is_closed, then=_between())),
            (Q(status_then=Status.CANCELLED), _CANCELLED),
            (
                Q(status_then=None) | Q(status_then__in=(*closed, Status.CLOSED), second=None),
                _NO_DAY,
            ),
            (Q(first=None), _NO_END),
            (is_closed, None),
            (Q(first__gte=known.last_day), _NOT_ENDED),
            (Q(pk__isnull=False), _OPEN),
        )

    return measured


_OPEN = _none("open", _("Ended and not closed yet"))
_NOT_ENDED = _none("not-ended", _("Not ended yet"))
_NO_END = _none("no-end", _("The end is not known"))
_NO_DAY = _none("no-day", _("Whether or when it was closed is not known"))
_CANCELLED = _none("cancelled", _("Cancelled"))
_OF_CLOSURE = (
    *_ranges(
        _("Before the end"),
        (90, _("0 to 90 days")),
        (180, _("91 to 180 days")),
        (365, _("181 to 365 days")),
        (730, _("366 to 730 days")),
        last=_("More than 730 days"),
    ),
    *(_OPEN, _NOT_ENDED, _NO_END, _NO_DAY, _CANCELLED),
)
_ENDED = (_("End date"), _("The end after the last approved extension."))
_OF_TODAY = _(
    "Of a past day, days of closure are those recorded today, as far as they had come by then."
)
_TO_OPERATIONAL = Measure(
    "operational-closure",
    _("From the end to operational closure"),
    _(
        "Days from the end date to the day by which all participating organizations had closed "
        "their activities."
    ),
    _OF_CLOSURE,
    _to_closure("operationally_closed_on", Status.done(), Status.OPERATIONALLY_CLOSED),
    _days,
    _ENDED,
    (_("Operationally closed"), _("The day on which the last organization closed.")),
    (_("Days"), _("From the one to the other.")),
    _OF_TODAY,
)
_TO_FINANCIAL = Measure(
    "financial-closure",
    _("From the end to financial closure"),
    _(
        "Days from the end date to the day by which the accounts of all participating "
        "organizations were closed."
    ),
    _OF_CLOSURE,
    _to_closure(
        "financially_closed_on",
        (Status.FINANCIALLY_CLOSED, Status.CLOSED),
        Status.FINANCIALLY_CLOSED,
    ),
    _days,
    _ENDED,
    (_("Financially closed"), _("The day on which the last organization closed.")),
    (_("Days"), _("From the one to the other.")),
    _OF_TODAY,
)

# --- What is passed on


def _share(projects: QuerySet, known: Known) -> QuerySet:
    projects = with_own_figures(projects, KnownFigures(known)).annotate(**passed_on(known))
    left_out = Q(grants_left_out__gt=0) | Q(transfer_left_out__gt=0) | Q(refund_left_out__gt=0)
    share = F("passed_on") * Value(Decimal(100)) / F("net_funded")
    share.output_field = DecimalField(max_digits=50, decimal_places=20)
    can_tell = Q(grants_left_out=0, transfer_left_out=0, refund_left_out=0, net_funded__gt=0)
    return _valued(
        projects.annotate(first=F("passed_on"), second=F("net_funded")),
        Case(When(can_tell, then=share)),
        (Q(grants=None) | Q(grants=0), _NO_GRANT),
        (left_out, _NOT_CONVERTED),
        (Q(second=None) | Q(second__lte=0), _NOTHING),
    )


_NO_GRANT = _none("no-grant", _("No sub-grant is stated"))
_NOT_CONVERTED = _none("not-converted", _("Not all amounts could be converted"))
_NOTHING = _none("nothing", _("No net funded amount is known"))
_PASSED_ON = Measure(
    "passed-on",
    _("Share passed on to implementing partners"),
    _(
        "Sub-grants as a share of the net funded amount of each project. Where no sub-grant is "
        "stated, nothing may have been passed on, or nobody may have said so."
    ),
    (
        Class("0-10", _("Less than 10 %"), below=10),
        Class("10-25", _("10 % to less than 25 %"), 10, 25),
        Class("25-50", _("25 % to less than 50 %"), 25, 50),
        Class("50-75", _("50 % to less than 75 %"), 50, 75),
        Class("75-", _("75 % and more"), 75),
        *(_NO_GRANT, _NOT_CONVERTED, _NOTHING),
    ),
    _share,
    percent,
    (_("Passed on"), _("What sub-grants add up to.")),
    (FIGURES["net_funded"].label, FIGURES["net_funded"].definition),
    (_("Share"), _("Of the net funded amount.")),
    is_of_figures=True,
)

MEASURES: Mapping[str, Measure] = MappingProxyType(
    {
        one.key: one
        for one in (_TO_TRANSFER, _TO_SPENDING, _TO_OPERATIONAL, _TO_FINANCIAL, _PASSED_ON)
    }
)

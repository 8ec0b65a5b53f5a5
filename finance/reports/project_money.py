"""The money of a project as known then, each part read once for all panels of a page."""

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Case, Count, Min, Q, QuerySet, When, Window
from django.utils.functional import cached_property

from finance.figures.sums import Figure, Totals, figures_of, total
from finance.models import VoucherLine
from finance.models.figures import Measure
from finance.models.records import IS_TRANSFER
from portal.kit.dates import TODAY, Known
from projects.models import Project

LATEST = 10


class ProjectMoney:
    """Figures and vouchers of a project; vouchers before `listed_from` are counted only."""

    def __init__(
        self, project: Project, known: Known = TODAY, listed_from: date = date.min
    ) -> None:
        self.project = project
        self.known = known
        self.listed_from = listed_from

    @property
    def page(self) -> str:
        """The address that its figures lead on from."""
        return self.project.get_absolute_url()

    @cached_property
    def figures(self) -> list[Figure]:
        """All figures."""
        return figures_of([self.project.pk], self.known.as_of, self.known.until)

    @cached_property
    def totals(self) -> Totals:
        """Their sums, in the base currency."""
        return total(self.figures)

    @property
    def spent_until(self) -> date | None:
        """The last day of the last period that expenditure is reported of."""
        spent = [f.until for f in self.figures if f.measure == Measure.EXPENDITURE]
        return max(spent, default=None)

    def days_to_come(self, *measures: Measure) -> list[date]:
        """The days of money that is said to have moved after that of which the page tells."""
        today = self.known.day
        return [
            figure.until
            for figure in self.figures
            if figure.measure in measures
            and (figure.base_amount or figure.unconverted)
            and figure.until > today
            # What is reported of the year that goes on bears its last day.
            and (figure.measure != Measure.EXPENDITURE or figure.year > today.year)
        ]

    @property
    def is_paid(self) -> bool:
        """Whether any money was passed on or spent."""
        moved = (f for f in self.figures if f.base_amount or f.unconverted)
        return any(f.measure in (Measure.TRANSFER, Measure.EXPENDITURE) for f in moved)

    @property
    def is_spent(self) -> bool:
        """Whether any spending is reported, converted or not."""
        return any(
            f.measure == Measure.EXPENDITURE and (f.base_amount or f.unconverted)
            for f in self.figures
        )

    @property
    def lines(self) -> QuerySet[VoucherLine]:
        """Lines of vouchers that paid the project, newest first."""
        lines = VoucherLine.objects.known_at(self.known.as_of).up_to(self.known.until)
        return (
            lines.filter(project=self.project)
            .select_related("voucher", "organization")
            .order_by("-date", "-pk")
        )

    @cached_property
    def latest_lines(self) -> QuerySet[Any]:
        """The newest lines, each annotated with what all lines have in common: how many there
        are (`total`), how many before those that are listed (`older`), the `first` transfer, and
        how many transfers another fund paid (`foreign`)."""
        transfer = Case(When(IS_TRANSFER, then="date"))
        paid_by_others = IS_TRANSFER & ~Q(voucher__fund=self.project.fund_id)
        lines = self.lines.annotate(
            total=Window(Count("pk")),
            older=Window(Count(Case(When(date__lt=self.listed_from, then="pk")))),
            first=Window(Min(transfer)),
            foreign=Window(Count(Case(When(paid_by_others, then="pk")))),
        )
        return lines[:LATEST]

    @cached_property
    def most_at_once(self) -> Decimal:
        """The most that was ever passed on and had not come back, in US$, day by day.

        Within a day nothing tells the order, so what is paid counts before what is returned.
        """
        days: dict[date, list[Decimal]] = defaultdict(list)
        for on, base_amount in self.lines.order_by("date").values_list("date", "base_amount"):
            days[on].append(base_amount or Decimal(0))
        held = most = Decimal(0)
        for amounts in days.values():
            held += sum((amount for amount in amounts if amount > 0), Decimal(0))
            most = max(most, held)
            held += sum((amount for amount in amounts if amount < 0), Decimal(0))
        return most

    @property
    def first_transfer(self) -> date | None:
        """The date of the first transfer from the fund office, which is the start date."""
        return self.latest_lines[0].first if self.latest_lines else None

    @property
    def is_paid_by_others(self) -> bool:
        """Whether any transfer was drawn on another fund than the project's."""
        return bool(self.latest_lines and self.latest_lines[0].foreign)

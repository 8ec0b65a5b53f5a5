"""Publishing editions of annual reports."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from finance.figures.fund_figures import fund_sums
from finance.models import Edition
from finance.reports.sources_and_uses import COLUMNS, Statement
from portal.kit.dates import end_of
from portal.kit.panels import Ask
from portal.kit.tables.cells import BLANK
from projects.models import Fund


def check_edition(year: int, as_of: date) -> None:
    """Raise ValidationError where no edition can be of this year and day."""
    if as_of >= timezone.localdate():
        raise ValidationError(
            {"as_of": _("Choose a day that is over: more can become known until it ends.")}
        )
    if as_of.year < year:
        raise ValidationError({"as_of": _("On this day the year had not begun.")})


def publish_edition(*, fund: Fund, year: int, as_of: date, by: Any = None) -> Edition:
    """A new edition of a fund's annual report: up to the year's end, as known on `as_of`.

    Raises ValidationError where that day is not over, or lies before the year.
    """
    check_edition(year, as_of)
    with transaction.atomic():
        # Two at a time would take the same number.
        Fund.objects.select_for_update().get(pk=fund.pk)
        number = Edition.objects.filter(fund=fund, year=year).count() + 1
        edition = Edition(fund=fund, year=year, number=number, as_of=as_of, published_by=by)
        ask = Ask(HttpRequest(), as_of=end_of(as_of), until=edition.until)
        edition.figures = figures_of_statement(fund, year, ask)
        edition.full_clean()
        edition.save()
    return edition


def figures_of_statement(fund: Fund, year: int, ask: Ask) -> dict[str, dict[str, str]]:
    """The amounts of the statement in US$, by line and column."""
    statement = Statement(fund_sums(ask, fund.pk), year, "")
    return {
        row.key: {
            column: f"{getattr(row, column).normalize():f}"
            for column in COLUMNS
            if getattr(row, column) is not BLANK
        }
        for row in statement.rows()
        if row.css != "group"
    }

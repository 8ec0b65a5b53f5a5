"""Publishing editions of annual reports."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from finance.figures.fund_figures import FundSums, fund_sums
from finance.models import Edition
from finance.reports.sources_and_uses import COLUMNS, SourcesAndUses
from portal.kit.formatting import day
from portal.kit.tables.cells import BLANK
from projects.models import Fund, User


def check_edition(year: int, as_of: date) -> None:
    """Raise ValidationError where no edition can be of this year and day."""
    if as_of >= timezone.localdate():
        raise ValidationError(
            {"as_of": _("Choose a day that is over: more can become known until it ends.")}
        )
    if as_of.year < year:
        raise ValidationError({"as_of": _("On this day the year had not begun.")})


def publish_edition(*, fund: Fund, year: int, as_of: date, by: User | None = None) -> Edition:
    """A new edition of a fund's annual report: up to the year's end, as known on `as_of`.

    Raises ValidationError where that day is not over, or lies before the year.
    """
    check_edition(year, as_of)
    with transaction.atomic():
        # Two at a time would take the same number.
        Fund.objects.select_for_update().get(pk=fund.pk)
        number = Edition.objects.filter(fund=fund, year=year).count() + 1
        edition = Edition(fund=fund, year=year, number=number, as_of=as_of, published_by=by)
        edition.figures = figures_of_statement(fund_sums(edition.known, fund.pk), year)
        edition.full_clean()
        edition.save()
    return edition


def edition_title(edition: Edition) -> str:
    """The heading of its page and files."""
    return f"{edition} – {edition.fund}"


def edition_filters(edition: Edition) -> list[tuple[str, str]]:
    """What its files say of it."""
    return [(_("Edition"), str(edition)), (_("As known on"), day(edition.as_of))]


def figures_of_statement(sums: FundSums, year: int) -> dict[str, dict[str, str]]:
    """The amounts of a fund's statement in the base currency, by line and column."""
    statement = SourcesAndUses(sums, year, "")
    return {
        row.key: {
            column: f"{getattr(row, column).normalize():f}"
            for column in COLUMNS
            if getattr(row, column) is not BLANK
        }
        for row in statement.rows()
        if row.css != "group"
    }

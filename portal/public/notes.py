"""Data-quality notes of a project: what a careful reader would ask, answered on the record."""

import re
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from finance.models.figures import Measure
from portal.kit.currency import told_in_base
from portal.kit.formatting import day, money
from portal.models import OVERDUE
from portal.public.project_page import ProjectPage
from projects.models import Status
from projects.models.places import ROUNDED


def data_notes(page: ProjectPage) -> list[str]:
    """All notes that hold, in words."""
    checks = (
        *(_placeholder, _shares, _not_closed, _overspent, _label, _not_reported, _reports_missing),
        *(_closed_too_soon, _unconverted, _to_come, _ends_before_start, _other_year),
    )
    return [note for check in checks if (note := check(page))]


def open_matters(page: ProjectPage) -> list[str]:
    """What is wrong or still to be done, in words: the page opens with it."""
    return [note for check in _OPEN if (note := check(page))]


def other_notes(page: ProjectPage) -> list[str]:
    """The notes with which the page does not open."""
    opened = open_matters(page)
    return [note for note in data_notes(page) if note not in opened]


def _placeholder(page: ProjectPage) -> str:
    names = [p.country.local_name for p in page.facts.places if p.country.is_placeholder]
    if not names:
        return ""
    return _("“%(name)s” is the ledger’s placeholder where no single country is stated.") % {
        "name": names[0]
    }


def _shares(page: ProjectPage) -> str:
    """Shares of places that are all stated, or more than the whole, and do not make it."""
    shares = [place.share for place in page.facts.places]
    stated = [share for share in shares if share is not None]
    total = sum(stated, Decimal(0))
    if not stated or abs(total - 100) <= ROUNDED or (len(stated) < len(shares) and total < 100):
        return ""
    return _("The shares stated for its countries add up to %(total)s %%, not to 100 %%.") % {
        "total": f"{total.normalize():f}"
    }


def _not_closed(page: ProjectPage) -> str:
    end, today = page.facts.end, page.known.day
    if page.facts.status not in Status.running() or not end or end >= today:
        return ""
    months = months_between(end, today)
    if not months:
        return _("The project’s end date was %(day)s, and it has not been closed yet.") % {
            "day": day(end)
        }
    return ngettext(
        "The project’s end date was %(day)s, %(count)s month ago, and it has not been closed yet.",
        "The project’s end date was %(day)s, %(count)s months ago, and it has not been closed yet.",
        months,
    ) % {"day": day(end), "count": months}


def months_between(first: date, last: date) -> int:
    """Whole months from one day to a later one."""
    return (last.year - first.year) * 12 + last.month - first.month - (last.day < first.day)


def _overspent(page: ProjectPage) -> str:
    totals = page.money.totals
    if not totals.is_overspent(follows_rules=page.project.fund.follows_rules):
        return ""
    return told_in_base(
        _("Expenditure is %(currency)s %(amount)s above the net funded amount."),
        amount=money(-totals.balance),
    )


def _label(page: ProjectPage) -> str:
    words = set(re.findall(r"[A-Z]{3,}", page.project.ledger_label))
    takes_part = {p.organization.short_name.upper() for p in page.facts.participating}
    missing = sorted(words & KNOWN_ACRONYMS - takes_part)
    if not missing or not page.facts.is_of_then:
        return ""
    return _("The ledger label names %(names)s, not among the participating organizations.") % {
        "names": ", ".join(missing)
    }


def _not_reported(page: ProjectPage) -> str:
    figures = page.money.figures
    moved = [f for f in figures if f.base_amount or f.unconverted]
    funded = {f.organization_id for f in moved if f.measure == Measure.TRANSFER}
    told = {f.organization_id for f in figures if f.measure == Measure.EXPENDITURE}
    # Who received or spent an amount that names nobody cannot be told.
    if not told or not funded - told or None in funded | told:
        return ""
    counts = {"told": len(funded & told), "all": len(funded)}
    if page.money.totals.delivery_rate is None or page.money.totals.net_funded < 0:
        text = ngettext(
            "%(told)s of %(all)s organization reported; expenditure is at least what is shown.",
            "%(told)s of %(all)s organizations reported; expenditure is at least what is shown.",
            len(funded),
        )
        return text % counts
    return (
        ngettext(
            "%(told)s of %(all)s organization reported; expenditure and delivery rate are at least "
            "what is shown.",
            "%(told)s of %(all)s organizations reported; expenditure and delivery rate are at "
            "least what is shown.",
            len(funded),
        )
        % counts
    )


def _reports_missing(page: ProjectPage) -> str:
    overdue = [r for r in page.reports if r.state in OVERDUE]
    if not overdue:
        return ""
    oldest = min(overdue, key=lambda report: (report.due_on, report.pk))
    return ngettext(
        "%(count)s report is late or missing: %(oldest)s, due on %(day)s.",
        "%(count)s reports are late or missing; the oldest is %(oldest)s, due on %(day)s.",
        len(overdue),
    ) % {
        "count": len(overdue),
        "oldest": f"{oldest.get_kind_display()} {oldest.year}",
        "day": day(oldest.due_on),
    }


def _closed_too_soon(page: ProjectPage) -> str:
    """A load may state closure before its time: the status is kept, and this is said."""
    if page.facts.status != Status.FINANCIALLY_CLOSED:
        return ""
    parts = [part for part in page.closure if part.open]
    if not parts:
        return ""
    why = "; ".join(f"{part.organization.short_label}: {', '.join(part.open)}" for part in parts)
    return _("The project is closed financially, but this is open: %(why)s.") % {"why": why}


def _unconverted(page: ProjectPage) -> str:
    totals = page.money.totals
    if not totals.unconverted:
        return ""
    return told_in_base(
        ngettext(
            "%(count)s amount has no known rate of exchange and is left out of %(currency)s sums.",
            "%(count)s amounts have no known rate of exchange and are left out of %(currency)s "
            "sums.",
            totals.unconverted,
        ),
        count=totals.unconverted,
    )


def _to_come(page: ProjectPage) -> str:
    """Money that is said to have moved on a day after that of which the page tells."""
    days = page.money.days_to_come(Measure.TRANSFER, Measure.REFUND, Measure.EXPENDITURE)
    if not days:
        return ""
    return _("Some of this money bears a date that is still to come, the last %(day)s.") % {
        "day": day(max(days))
    }


def _ends_before_start(page: ProjectPage) -> str:
    start, end = page.money.first_transfer or page.facts.stated_start, page.facts.end
    if not start or not end or end >= start:
        return ""
    return _("The end date, %(end)s, lies before the start date, %(start)s.") % {
        "end": day(end),
        "start": day(start),
    }


def _other_year(page: ProjectPage) -> str:
    """Expenditure that tables by year and pages up to a day count at different times."""
    years = sorted(
        {
            figure.year
            for figure in page.money.figures
            if figure.measure == Measure.EXPENDITURE
            and (figure.base_amount or figure.unconverted)
            and figure.until.year != figure.year
        }
    )
    if not years:
        return ""
    return _(
        "Expenditure stated of %(years)s bears a date of another year: tables by year count it in "
        "the year stated, pages of money up to a day from its date on."
    ) % {"years": ", ".join(map(str, years))}


# Acronyms of UN organizations as they stand in ledger labels.
KNOWN_ACRONYMS = frozenset(
    {
        *("FAO", "IFAD", "ILO", "IOM", "ITC", "OCHA", "OHCHR", "UNAIDS", "UNDP", "UNEP"),
        *("UNESCO", "UNFPA", "UNHCR", "UNICEF", "UNIDO", "UNITAR", "UNODC", "UNOPS", "UNRWA"),
        *("WFP", "WHO"),
    }
)


_OPEN = (_overspent, _to_come, _not_closed, _reports_missing)

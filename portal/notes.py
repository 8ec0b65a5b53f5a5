"""Data-quality notes of a project: what a careful reader would ask, answered on the record."""

import re

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from finance.figures import Totals
from finance.models.figures import Measure
from finance.panels import project_figures
from portal.kit.currency import in_base
from portal.kit.formatting import day, money
from portal.kit.panels import Ask
from projects.models import Project, Status
from projects.panels import end_date, participating, places


def data_notes(project: Project, ask: Ask, totals: Totals) -> list[str]:
    """All notes that hold, in words."""
    checks = (_placeholder, _not_closed, _overspent, _label, _not_reported, _unconverted)
    return [note for check in checks if (note := check(project, ask, totals))]


def _placeholder(project: Project, ask: Ask, _totals: Totals) -> str:
    names = [p.country.name for p in places(project, ask) if p.country.is_placeholder]
    if not names:
        return ""
    return _("“%(name)s” is the ledger’s placeholder where no single country is stated.") % {
        "name": names[0]
    }


def _not_closed(project: Project, ask: Ask, _totals: Totals) -> str:
    end = end_date(project, ask)
    if project.status != Status.ON_GOING or not end or end >= timezone.localdate(ask.as_of):
        return ""
    return _("The project ended on %(day)s and has not been closed yet.") % {"day": day(end)}


def _overspent(_project: Project, _ask: Ask, totals: Totals) -> str:
    if not totals.net_funded or totals.balance >= 0:
        return ""
    return in_base(_("Reported expenditure is US$ %(amount)s above the net funded amount.")) % {
        "amount": money(-totals.balance)
    }


def _label(project: Project, ask: Ask, _totals: Totals) -> str:
    words = set(re.findall(r"[A-Z]{3,}", project.ledger_label))
    takes_part = {p.organization.short_name.upper() for p in participating(project, ask)}
    missing = sorted(words & KNOWN_ACRONYMS - takes_part)
    if not missing:
        return ""
    return _("The ledger label names %(names)s, not among the participating organizations.") % {
        "names": ", ".join(missing)
    }


def _not_reported(project: Project, ask: Ask, totals: Totals) -> str:
    figures = project_figures(project, ask)
    funded = {f.organization_id for f in figures if f.measure == Measure.TRANSFER}
    told = {f.organization_id for f in figures if f.measure == Measure.EXPENDITURE}
    if not told or not funded - told:
        return ""
    return ngettext(
        "%(told)s of %(all)s organization reported; expenditure and delivery rate are at least "
        "what is shown.",
        "%(told)s of %(all)s organizations reported; expenditure and delivery rate are at least "
        "what is shown.",
        len(funded),
    ) % {"told": len(funded & told), "all": len(funded)}


def _unconverted(_project: Project, _ask: Ask, totals: Totals) -> str:
    if not totals.unconverted:
        return ""
    return in_base(
        ngettext(
            "%(count)s amount in another currency has no known rate and is left out of US$ sums.",
            "%(count)s amounts in other currencies have no known rate and are left out of "
            "US$ sums.",
            totals.unconverted,
        )
    ) % {"count": totals.unconverted}


# Acronyms of UN organizations as they stand in ledger labels.
KNOWN_ACRONYMS = frozenset(
    {
        *("FAO", "IFAD", "ILO", "IOM", "ITC", "OCHA", "OHCHR", "UNAIDS", "UNDP", "UNEP"),
        *("UNESCO", "UNFPA", "UNHCR", "UNICEF", "UNIDO", "UNITAR", "UNODC", "UNOPS", "UNRWA"),
        *("WFP", "WHO"),
    }
)

"""Figures and entries as known then: the one place where a page chooses what it adds up.

Everything is a plain sum of entries (`finance.models.Entry`), or of sums that are kept beside them:
those of projects today (`KeyFigure`), of funds and organizations on any day (`FundFigure`).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Sum

from finance.models import (
    Entry,
    EntryQuerySet,
    FundFigure,
    KeyFigure,
    Load,
    OrganizationFigure,
    can_roll_up,
    entry_known,
    rolled_up,
)
from finance.models.figures import Measure
from finance.models.loads import LoadQuerySet
from portal.kit.dates import TODAY, Known
from projects.models import Organization

# What is paid or spent; a budget that is approved moves nothing yet.
MOVED = (Measure.TRANSFER, Measure.REFUND, Measure.EXPENDITURE)


@dataclass(frozen=True)
class KnownFigures:
    """The figures of projects as known then."""

    known: Known = TODAY

    @property
    def path(self) -> str:
        """The name that leads from a project to its figures."""
        return "entries" if self.known.is_past else "key_figures"

    @property
    def is_rolled_up(self) -> bool:
        """Whether roll-ups of funds and organizations say it."""
        return can_roll_up(self.known)

    def standing_sums(self, path: str) -> Q:
        """The condition on what leads from a fund or an organization to its figures."""
        return (rolled_up if self.is_rolled_up else entry_known)(self.known, f"{path}__")

    @property
    def fund_path(self) -> str:
        """The name that leads from `of_all` and `of_organizations` to the fund of the project."""
        return "project_fund" if self.is_rolled_up else "project__fund"

    def of_all(self) -> QuerySet:
        """What adds up to the figures of all projects: the sums of funds, where they say it."""
        if not self.is_rolled_up:
            return self.all()
        return FundFigure.objects.known(self.known).filter(project_fund__isnull=False)

    def of_organization(self, organization: Organization | OuterRef) -> QuerySet:
        """What adds up to the figures of an organization."""
        if not self.is_rolled_up:
            return self.all().filter(organization=organization)
        return OrganizationFigure.objects.known(self.known).filter(organization=organization)

    def of_organizations(self) -> QuerySet:
        """What adds up to the figures of all organizations, each with the fund of its project."""
        if not self.is_rolled_up:
            return Entry.objects.known(self.known).filter(
                project__isnull=False, organization__isnull=False
            )
        return OrganizationFigure.objects.known(self.known)

    def standing(self, path: str = "") -> Q:
        """The condition under which what `path` leads to is among them."""
        return entry_known(self.known, f"{path}__" if path else "") if self.known.is_past else Q()

    def all(self) -> QuerySet:
        """The figures themselves: kept sums of today, or entries; both are added up alike."""
        if not self.known.is_past:
            return KeyFigure.objects.all()
        found = Entry.objects.known(self.known).filter(project__isnull=False)
        return found.annotate(until=F("date"))

    def with_money_in(self, projects: QuerySet, first: int, last: int) -> QuerySet:
        """Those for which money moved in these years, both included: of which a record of a
        transfer, a refund or spending stands behind such figures."""
        if not self.known.is_past:
            return projects.filter(sums__years__overlap=list(range(first, last + 1)))
        entries = self.all().filter(measure__in=MOVED, year__gte=first, year__lte=last)
        moved = entries.order_by().values("project").annotate(standing=Sum("records"))
        return projects.filter(pk__in=moved.filter(standing__gt=0).values("project"))


TODAYS = KnownFigures()


def project_entries(
    known: Known, measures: Iterable[str], projects: QuerySet | Iterable[int] | None = None
) -> EntryQuerySet:
    """The entries of these measures, of some projects or of all."""
    found = Entry.objects.known(known).filter(measure__in=measures, project__isnull=False)
    return found if projects is None else found.filter(project__in=projects)


def what_stands(entries: EntryQuerySet, known: Known) -> EntryQuerySet:
    """Only entries of records that count: without those taken out again, nor what takes them out.

    The sum is the same, for each such pair adds up to nothing.
    """
    taken_out = Entry.objects.known(known).filter(
        records=-1,
        **{
            name: OuterRef(name)
            for name in ("record_id", "kind", "measure", "state", "year", "adjusts")
        },
    )
    return entries.filter(records=1).exclude(Exists(taken_out))


def known_loads(known: Known, loads: LoadQuerySet | None = None) -> LoadQuerySet:
    """Loads, or those among some, that were released by the moment of knowledge."""
    loads = Load.objects.released() if loads is None else loads
    return loads if known.as_of is None else loads.filter(released_at__lte=known.as_of)

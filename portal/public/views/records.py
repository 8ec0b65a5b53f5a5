"""The records behind a figure: of a project, fund, organization, country, or of everything."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db.models import Case, Count, F, Q, QuerySet, Sum, Value, When
from django.db.models.fields import DecimalField
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from finance.figures.addresses import NONE
from finance.figures.catalogue import OF_PROJECTS, Figure
from finance.figures.covering import TOLD_STATES, of_state
from finance.figures.covering import counted as counted_out
from finance.figures.reading import KnownFigures, project_entries, what_stands
from finance.figures.sums import Totals
from finance.figures.totals import rest_of, share_of, whole
from finance.models import EntryQuerySet, FundFigure
from finance.models.figures import Measure
from finance.reports.fund_tables import OF_FUNDING
from portal.kit.currency import told_in_base
from portal.kit.filters import wrong_filters
from portal.kit.formatting import cents
from portal.kit.language.place_names import shown_name
from portal.kit.tables.base import Table
from portal.kit.tables.parts import Parts
from portal.kit.views import TableView
from portal.public.entry_filters import EntryFilter
from portal.public.record_tables import EntryTable
from portal.public.record_totals import total_rows
from portal.public.views.entities import (
    CountryPage,
    OrganizationPage,
    entity_crumbs,
    get_country_or_404,
    get_organization_or_404,
    projects_of_country,
)
from portal.public.views.factsheet import crumbs, page_of
from projects.models import Country

# The filters by which sums are kept, and what of these they ask for.
_OF_KEPT = {
    "organization": "organization__code",
    "fund": "project_fund__code",
    "first": "year__gte",
    "last": "year__lte",
    "state": "state",
}


def _of_spent(state: str) -> Q:
    """What is expenditure of the state."""
    return Q(measure=Measure.EXPENDITURE, state=state)


class Records(TableView):
    """The records behind a figure of everything."""

    template_name = "records.html"
    table_class = EntryTable
    filterset_class = EntryFilter
    paginate_by = 25
    sorts_of_many = ("date",)
    is_heavy = True
    hidden: tuple[str, ...] = ()
    # Whether each fund of it has to state what was funded (finance/figures/sums.py).
    by_fund = True
    figures: Mapping[str, Figure] = OF_PROJECTS
    default = "net_funded"

    @property
    def unknown(self) -> str:
        """Why nothing can be said of what they add up to; "" where it can."""
        return ""

    # --- What the records are of

    def get_of(self) -> str:
        """The name of what the figure is of."""
        return _("All funds together")

    def get_back(self) -> list[dict[str, Any]]:
        """The way to the page that shows the figure."""
        return [{"label": _("Home"), "url": reverse("home")}]

    def get_scope(self) -> Any:
        """The ids of the projects concerned, or their query; None for all."""
        return None

    def narrowed(self, entries: EntryQuerySet) -> EntryQuerySet:
        """The entries that belong to it, each with `share`, the part that counts."""
        return entries.annotate(share=whole())

    # --- The page

    @property
    def figure(self) -> str:
        """The figure asked for, or the one that the page begins with."""
        asked = self.request.GET.get("figure", "")
        return asked if asked in self.figures else self.default

    def get_filter_options(self) -> dict[str, Any]:
        return {"figures": self.figures, "figure": self.figures[self.figure]}

    def get_queryset(self) -> QuerySet[Any]:
        signs = self.figures[self.figure].measures
        entries = self.narrowed(
            what_stands(project_entries(self.known, signs.measures, self.get_scope()), self.known)
        )
        return (
            entries.annotate(counted=F("base_amount") * self._sign() * F("share"))
            .select_related("project", "organization", "voucher")
            # Planning so many joins would take longer than all of the page.
            .prefetch_related("load", "original_load", "category")
            .order_by("-date", "-record_id", "kind", "adjusts")
        )

    def get_title(self) -> str:
        return _("%(figure)s: what makes it up") % {"figure": self.figures[self.figure]}

    def get_intro(self) -> str:
        return self.get_of()

    def get_crumbs(self) -> list[dict[str, Any]]:
        return [*self.get_back(), {"label": _("Records")}]

    def get_kept(self) -> QuerySet[Any] | None:
        """The sums kept that add up to all records of the page; None where none do."""
        figures = KnownFigures(self.known)
        return figures.of_all() if figures.is_rolled_up else None

    @cached_property
    def kept(self) -> QuerySet[Any] | None:
        """Those of the figure, as far as the filters leave them."""
        found = self.get_kept()
        if found is None or self.is_unknown or wrong_filters(self.filterset):
            return None
        values = self.filterset.form.cleaned_data
        asked = {name: value for name, value in values.items() if value not in ("", None)}
        if "organization" in asked and found.model is FundFigure:
            found = KnownFigures(self.known).of_organizations()
        if asked.keys() - {"figure", *_OF_KEPT} or asked.get("organization") == NONE:
            return None
        which = {path: asked[name] for name, path in _OF_KEPT.items() if name in asked}
        if "state" in which:
            found = found.filter(of_state(which.pop("state")))
        return found.filter(measure__in=self.figures[self.figure].measures.measures, **which)

    def get_table(self) -> Table:
        sums: dict[str, Decimal] = {}
        held: dict[str, Parts] = {}
        count = 0
        for measure, base_amount, number, left_out, *states in self._added_up():
            interim, certified = (amount or Decimal(0) for amount in states)
            sums[measure] = base_amount or Decimal(0)
            held[measure] = Parts(interim, left_out, certified=certified)
            count += number
        label = self.figures[self.figure]
        self.totals = total_rows(self.figure, sums, held, label, is_known=self.knows_funding())
        self.number = count
        return super().get_table()

    def _added_up(self) -> QuerySet[Any]:
        """What the records found add up to, by measure: as it counts, how many records these are,
        how many of them are left out, and how much is interim and certified."""
        rows: Any = self.rows
        number: Any = Count("pk")
        counted: Any = F("counted")
        amount: Any = F("base_amount") * F("share")
        asked = getattr(self.filterset.form, "cleaned_data", {})
        left_out: Any = counted_out(first=asked.get("first"), of_state=bool(asked.get("state")))
        if self.kept is not None:
            rows, number = self.kept, Sum("records")
            counted, amount = F("base_amount") * self._sign(), F("base_amount")
        return (
            rows.order_by()
            .values_list("measure")
            .annotate(
                total=Sum(counted),
                number=number,
                left_out=Sum(left_out),
                **{f"is_{state}": Sum(amount, filter=_of_spent(state)) for state in TOLD_STATES},
            )
            .exclude(number=0)
        )

    def _sign(self) -> Any:
        """How each measure counts in the figure."""
        signs = self.figures[self.figure].measures.signs
        return Case(
            *(When(measure=measure, then=Value(sign)) for measure, sign in signs.items()),
            output_field=DecimalField(),
        )

    def knows_funding(self) -> bool:
        """Whether what is left of it, or spent of it, can be known at all."""
        if self.figure not in OF_FUNDING:
            return True
        rows, fund = self.get_kept(), "project_fund"
        sums: tuple[Any, ...] = (Sum("base_amount"), Sum("records"), Sum("unconverted"))
        if rows is None:
            rows, fund = self.get_queryset(), "project__fund"
            sums = (Sum("counted"), Count("pk"), Sum("unconverted"))
        parts: dict[Any, Totals] = {}
        for measure, of, *added in rows.order_by().values_list("measure", fund).annotate(*sums):
            parts.setdefault(of if self.by_fund else None, Totals()).count(measure, "", *added)
        return all(part.states_funding for part in parts.values())

    def get_table_options(self) -> dict[str, Any]:
        return {
            "totals": [] if self.unknown else self.totals,
            "exclude": self.hidden,
            "count": self.number,
        }

    def get_sums(self) -> str:
        last = self.totals[-1]
        if self.figure == "delivery_rate":
            return f"{self.figures[self.figure]} {last.values['part']}"
        if last.values["counted"] is None:
            return ""
        parts = last.parts["counted"]
        if parts.hide(last.values["counted"]):
            return parts.words
        words = told_in_base(_("together %(currency)s %(sum)s"), sum=cents(last.values["counted"]))
        return f"{words}, {parts.words}" if parts.unconverted else words


class ProjectRecords(Records):
    """Of a project."""

    hidden = ("project",)

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.project = page_of(request, kwargs["number"]).project

    def get_of(self) -> str:
        return str(self.project)

    def get_back(self) -> list[dict[str, Any]]:
        return crumbs(self.project)

    def get_kept(self) -> None:
        return None

    def get_scope(self) -> list[int]:
        return [self.project.pk]


class OrganizationRecords(Records):
    """Of an organization, over all projects."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.organization = get_organization_or_404(kwargs["code"])

    def get_of(self) -> str:
        return str(self.organization)

    def get_back(self) -> list[dict[str, Any]]:
        return entity_crumbs(OrganizationPage, self.organization, self.kwargs["code"])

    def get_kept(self) -> QuerySet[Any] | None:
        figures = KnownFigures(self.known)
        if not figures.is_rolled_up:
            return None
        return figures.of_organization(self.organization)

    def narrowed(self, entries: EntryQuerySet) -> EntryQuerySet:
        return super().narrowed(entries.filter(organization=self.organization))


class CountryRecords(Records):
    """Of a country: each project by its stated share."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.country = get_country_or_404(kwargs["code"])

    def get_of(self) -> str:
        return shown_name(self.country)

    def get_back(self) -> list[dict[str, Any]]:
        return entity_crumbs(CountryPage, self.country, self.kwargs["code"])

    def get_kept(self) -> None:
        return None

    def get_scope(self) -> QuerySet:
        return projects_of_country(self.country, self.known).values_list("pk", flat=True)

    def narrowed(self, entries: EntryQuerySet) -> EntryQuerySet:
        if not isinstance(self.country, Country):
            return entries.annotate(share=rest_of(self.known))
        share = share_of(self.country.code, self.known)
        return entries.annotate(share=share).filter(share__isnull=False)

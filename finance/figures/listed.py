"""Rows of lists with their figures: projects, funds, organizations."""

from collections.abc import Callable
from typing import Any

from django.db.models import (
    Case,
    F,
    FilteredRelation,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.fields import DecimalField
from django.db.models.functions import Coalesce

from finance.figures import telling
from finance.figures.catalogue import FIGURES
from finance.figures.covering import TOLD_STATES, counted
from finance.figures.reading import TODAYS, KnownFigures
from finance.figures.side_by_side import SIDE_BY_SIDE
from finance.figures.sums import ZERO, Totals, totals_by
from finance.models import sums_known
from finance.models.figures import Measure
from portal.kit.tables.filling import filled
from portal.kit.tables.parts import Parts

LISTED = (Measure.APPROVED, Measure.TRANSFER, Measure.REFUND, Measure.EXPENDITURE)


_KIND_OF_SUM: dict[str, Any] = {"base_amount": DecimalField(), "unconverted": IntegerField()}


def with_rolled_up(
    rows: QuerySet, figures: KnownFigures, *, sums: str, entries: str, is_mixed: Q | None = None
) -> QuerySet:
    """Funds or organizations with approved, transfer, refund, expenditure, net_funded, balance
    (base currency) and delivery_rate (percent), to list and sort by, and with what `parts_of_row`
    reads; `sums` leads from a row to its roll-ups, `entries` to its entries; `is_mixed` are wholes
    of which a part does not tell what it was funded with."""
    path = sums if figures.is_rolled_up else entries
    joined = FilteredRelation(path, condition=figures.standing_sums(path))
    added = _each(
        lambda **which: _total_of("counted_in", "base_amount", Q(), which),
        lambda **which: _total_of("counted_in", "unconverted", Q(), which),
    )
    return rows.annotate(counted_in=joined).annotate(**added).annotate(**derived(is_mixed))


def with_organization_figures(organizations: QuerySet, figures: KnownFigures = TODAYS) -> QuerySet:
    """Organizations with what they received and spent, as `with_rolled_up` has it; of each fund
    it has to be stated. As kept side by side, of money up to a day added up."""
    if not figures.known.is_past:
        return _with_kept(organizations, "sums")
    if figures.known.until is None:
        return _with_kept(organizations, "sums_then", sums_known(figures.known, "sums_then__"))
    told = figures.of_organizations().order_by().values("organization", "project_fund")
    total = {
        f"{measure.value}{suffix}": Coalesce(
            Sum(name, filter=Q(measure=measure)), Value(0), output_field=DecimalField()
        )
        for measure in LISTED
        for name, suffix in (("base_amount", ""), ("unconverted", "_left_out"))
    }
    mixed = told.annotate(**total).filter(~telling.told()).values("organization")
    return with_rolled_up(
        organizations, figures, sums="figures", entries="entries", is_mixed=Q(pk__in=mixed)
    )


def with_fund_figures(funds: QuerySet, figures: KnownFigures = TODAYS) -> QuerySet:
    """Funds with the figures of their projects, as `with_rolled_up` has it: as kept side by side,
    of money up to a day added up."""
    if figures.known.until is None:
        return _with_kept(funds, "sums", sums_known(figures.known, "sums__"))
    return with_rolled_up(funds, figures, sums="project_figures", entries="project_entries")


def _with_kept(rows: QuerySet, path: str, which: Q | None = None) -> QuerySet:
    """Rows with the sums that `path` leads to, those of which there are many narrowed to one."""
    if which is not None:
        rows, path = rows.annotate(kept=FilteredRelation(path, condition=which)), "kept"
    return rows.annotate(**{name: _kept_of(path, name) for name in SIDE_BY_SIDE})


def _kept_of(path: str, name: str) -> Any:
    """A sum kept of a row; of one that has none, nothing came and nothing went."""
    kept = F(f"{path}__{name}")
    if name == "delivery_rate":
        return kept
    if name == "balance":
        return Case(When(Q(**{f"{path}__isnull": True}), then=Value(ZERO)), default=kept)
    kind = IntegerField() if name.endswith("_left_out") else DecimalField()
    return Coalesce(kept, Value(0), output_field=kind)


class _Alone(Coalesce):
    """A number that follows from the primary key of a row alone: once for each group of its sums,
    not once for each row that these are made of."""

    def get_group_by_cols(self, wrapper: Any = None) -> list[Any]:  # noqa: ARG002
        return []


def number_of(rows: QuerySet) -> Coalesce:
    """How many there are, of rows grouped by what leads to the listed row and counted as `n`."""
    return _Alone(Subquery(rows.values("n")[:1]), 0)


def with_own_figures(
    projects: QuerySet, figures: KnownFigures = TODAYS, *, is_shown_only: bool = False
) -> QuerySet:
    """Projects with the same: of today side by side, else to sort and filter by, and added up of
    those that are read, so that of many only those of a page are. `is_shown_only`: nobody sorts or
    filters by them, which takes Django long to prepare; a table still finds their names."""
    if not figures.known.is_past:
        # That a row has sums lets the database join and sort by them from either side.
        names = {name: F(f"sums__{name}") for name in SIDE_BY_SIDE}
        return projects.filter(sums__approved__isnull=False).annotate(**names)

    def add_up(some: list[Any]) -> None:
        entries = figures.all().filter(project__in=[p.pk for p in some], measure__in=LISTED)
        found = totals_by(entries, "project")
        for project in some:
            totals = found.get(project.pk, Totals())
            for name in (*LISTED, *derived()):
                setattr(project, name, totals.told(name))
            for measure in LISTED:
                setattr(project, f"{measure}_left_out", totals.left_out[measure])
            project.expenditure_interim = totals.interim
            project.expenditure_certified = totals.certified

    if is_shown_only:
        nothing = Value(None, output_field=DecimalField())
        return filled(projects.alias(**dict.fromkeys(SIDE_BY_SIDE, nothing)), add_up)
    sums = _each(
        lambda **which: _own(figures, "base_amount", **which),
        lambda **which: _own(figures, "unconverted", **which),
    )
    return filled(projects.alias(**sums).alias(**derived()), add_up)


def _each(total: Callable[..., Any], left_out: Callable[..., Any]) -> dict[str, Any]:
    sums = {m.value: total(measure=m) for m in LISTED}
    sums |= {f"{m.value}_left_out": left_out(measure=m) for m in LISTED}
    spent = {"measure": Measure.EXPENDITURE}
    held = {f"expenditure_{state}": total(state=state, **spent) for state in TOLD_STATES}
    return {**sums, **held}


def _own(figures: KnownFigures, name: str, **which: Any) -> Coalesce:
    of_project = figures.all().filter(project=OuterRef("pk"), **which).order_by()
    total = Subquery(of_project.values("project").annotate(total=Sum(name)).values("total"))
    return Coalesce(total, Value(ZERO), output_field=_KIND_OF_SUM[name])


def _total_of(path: str, name: str, standing: Q, which: dict[str, Any]) -> Coalesce:
    among = Q(**{f"{path}__{key}": value for key, value in which.items()})
    added: Any = f"{path}__{name}"
    if name == "unconverted":
        added = counted(f"{path}__", first=which.get("year"))
    total = Sum(added, filter=standing & among)
    return Coalesce(total, Value(ZERO), output_field=_KIND_OF_SUM[name])


def sum_of(figures: KnownFigures, **which: Any) -> Coalesce:
    """The sum of these of a project's figures, in the base currency."""
    return _total_of(figures.path, "base_amount", figures.standing(figures.path), which)


def left_out_of(figures: KnownFigures, **which: Any) -> Coalesce:
    """How many amounts these of a project's figures leave out."""
    return _total_of(figures.path, "unconverted", figures.standing(figures.path), which)


def parts_of_row(row: Any, figure: str) -> Parts:
    """What a figure of a listed row holds that is interim and leaves out: of one that has totals,
    or of one of `with_own_figures` or `with_rolled_up`."""
    if isinstance(totals := getattr(row, "totals", None), Totals):
        return totals.parts(figure)
    cut = FIGURES[figure]
    names = {figure} if cut.of else cut.measures.measures
    left_out = sum(getattr(row, f"{name}_left_out") for name in names)
    if not cut.has_expenditure:
        return Parts(unconverted=left_out)
    spent = figure if cut.of else "expenditure"
    interim, certified = (getattr(row, f"{spent}_{state}") for state in TOLD_STATES)
    return Parts(interim, left_out, certified=certified)


def with_derived(rows: QuerySet, is_mixed: Q | None = None) -> QuerySet:
    """Add net_funded, balance and delivery_rate to rows that have transfer, refund, expenditure,
    and of each how many amounts it leaves out, as far as these may be told."""
    return rows.annotate(**derived(is_mixed))


def derived(is_mixed: Q | None = None) -> dict[str, Any]:
    """What `with_derived` adds."""
    return {
        "net_funded": F("transfer") - F("refund"),
        "balance": telling.balance_of_rows(is_mixed),
        "delivery_rate": telling.rate_of_rows(is_mixed),
    }

"""Figures as of any moment equal an independent replay of what the loads said until then.

The replay knows only the raw lines of each load and the rule of which expenditure counts
(reported replaces interim of its project, organization and year; a certified statement is
cumulative and enters its own year as the difference). It calls nothing of the portal.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import product
from typing import Any, NamedTuple

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from finance.figures.listed import with_organization_figures, with_own_figures
from finance.figures.making import first_difference
from finance.figures.reading import KnownFigures, project_entries
from finance.figures.roll_ups import first_wrong_sum, rebuild_roll_ups
from finance.figures.sums import figures_of, total
from finance.figures.totals import listed_funds, wholes_by
from finance.models import (
    Entry,
    ExpenditureLine,
    FundFigure,
    FundPartFigure,
    KeyFigure,
    OrganizationFigure,
    VoucherLine,
    can_roll_up,
)
from finance.sealing.sums_check import check_fund_sums, check_organization_sums
from portal.kit.dates import Known
from projects.models import Organization, Project
from tests.factories import (
    OrganizationFactory,
    ProjectFactory,
    SourceFactory,
    expenditure,
    released,
    transfer,
)

pytestmark = pytest.mark.django_db

FIRST = datetime(2025, 1, 1, 12, tzinfo=UTC)
YEARS = (2019, 2020, 2021)
# Few values, so that identical repeats and lines that stay from load to load are common.
CENTS = st.sampled_from([Decimal(text) for text in ("0", "0.01", "10.10", "33.33", "-7.5", "200")])


class Line(NamedTuple):
    """One raw line of a file."""

    project: int
    organization: int | None
    year: int
    state: str  # of an expenditure; "" for a payment
    amount: Decimal


class Said(NamedTuple):
    """One load: all that its source says of these projects from now on."""

    kind: str
    projects: frozenset[int]
    lines: tuple[Line, ...]


def _line(states: st.SearchStrategy[str]) -> st.SearchStrategy[Line]:
    organizations = st.sampled_from([0, 1, None])
    return st.builds(
        Line, st.sampled_from([0, 1]), organizations, st.sampled_from(YEARS), states, CENTS
    )


def _said(kind: str, states: st.SearchStrategy[str]) -> st.SearchStrategy[Said]:
    projects = st.sampled_from([frozenset({0}), frozenset({1}), frozenset({0, 1})])
    lines = st.lists(_line(states), max_size=7).map(tuple)
    return st.builds(Said, st.just(kind), projects, lines)


LOADS = st.lists(
    st.one_of(
        _said("payments", st.just("")),
        _said("expenditures", st.sampled_from(["interim", "reported", "certified"])),
    ),
    min_size=1,
    max_size=5,
)


def replay(loads: list[Said], until: date | None) -> dict[tuple, Decimal]:
    """What stands after these loads: US$ by measure, project, organization and year."""
    standing: dict[tuple[str, int], list[Line]] = {}
    for said in loads:
        for project in said.projects:
            standing[said.kind, project] = [n for n in said.lines if n.project == project]
    sums: dict[tuple, Decimal] = defaultdict(Decimal)
    for (kind, _project), lines in standing.items():
        counted = [n for n in lines if until is None or _day(n, kind) <= until]
        for measure, line, amount in _payments(counted) if kind == "payments" else _spent(counted):
            sums[measure, line.project, line.organization, line.year] += amount
    return {key: amount for key, amount in sums.items() if amount}


def _day(line: Line, kind: str) -> date:
    return date(line.year, 5, 1) if kind == "payments" else date(line.year, 12, 31)


def _payments(lines: list[Line]):
    for line in lines:
        if line.amount < 0:
            yield "refund", line, -line.amount
        else:
            yield "transfer", line, line.amount


def _spent(lines: list[Line]):
    for organization in {line.organization for line in lines}:
        own = [line for line in lines if line.organization == organization]
        certified_years = [line.year for line in own if line.state == "certified"]
        last = max(certified_years, default=0)
        for year in YEARS:
            of_year = [line for line in own if line.year == year and line.state != "certified"]
            reported = [line for line in of_year if line.state == "reported"]
            for line in reported or of_year:
                yield "expenditure", line, line.amount
                if year <= last:
                    yield "expenditure", line._replace(year=last), -line.amount
        for line in own:
            if line.state == "certified" and line.year == last:
                yield "expenditure", line, line.amount


def by_key(figures, projects, organizations) -> dict[tuple, Decimal]:
    """Figures of the portal under the same keys as the replay's."""
    number = {project.pk: index for index, project in enumerate(projects)}
    organization = {o.pk: index for index, o in enumerate(organizations)}
    sums: dict[tuple, Decimal] = defaultdict(Decimal)
    for f in figures:
        key = (f.measure, number[f.project_id], organization.get(f.organization_id), f.year)
        sums[key] += f.base_amount or 0
    return {key: amount for key, amount in sums.items() if amount}


def take(said: Said, projects, organizations, source, moment) -> None:
    """Load it as the portal does."""
    stated = []
    for line in said.lines:
        if line.project not in said.projects:
            continue
        project = projects[line.project]
        organization = (
            organizations[line.organization].pk if line.organization is not None else None
        )
        if said.kind == "payments":
            day = date(line.year, 5, 1)
            stated.append(transfer(project, line.amount, day, organization_id=organization))
        else:
            stated.append(
                expenditure(
                    project, line.amount, line.year, line.state, organization_id=organization
                )
            )
    released(
        *stated,
        source=source,
        models=[VoucherLine if said.kind == "payments" else ExpenditureLine],
        moment=moment,
        projects=[projects[n] for n in sorted(said.projects)],
    )


def of_funds(known, model, *more: str) -> set[tuple]:
    """What stands of funds, by all that a statement tells apart, and more."""
    keys = ("measure", "state", "year", "fund", "project_fund", *more)
    sums = ("base_amount__sum", "records__sum", "unconverted__sum")
    return set(model.objects.known(known).summed(*keys).values_list(*keys, *sums))


def of_organizations(known, expected) -> dict[tuple, Decimal]:
    """US$ by measure, organization and year: of the roll-ups, or of what a replay expects."""
    sums: dict[tuple, Decimal] = defaultdict(Decimal)
    if expected is None:
        for row in OrganizationFigure.objects.known(known):
            sums[row.measure, row.organization_id, row.year] += row.base_amount
    else:
        ids = list(Organization.objects.order_by("pk").values_list("pk", flat=True))[-2:]
        for (measure, _project, organization, year), amount in expected.items():
            if organization is not None:
                sums[measure, ids[organization], year] += amount
    return {key: amount for key, amount in sums.items() if amount}


LISTED = ("approved", "net_funded", "expenditure", "balance", "delivery_rate")


def listed(pk: int, known: Known) -> list[Decimal | None]:
    """What lists say of a project, rates as far as they are kept."""
    found = with_own_figures(Project.objects.filter(pk=pk), KnownFigures(known)).get()
    values = [getattr(found, name) for name in LISTED]
    return [value if value is None else round(value, 15) for value in values]


def added_up(pk: int) -> list[Decimal | None]:
    """The same of its key figures."""
    totals = total(figures_of([pk]))
    return [value if value is None else round(value, 15) for value in map(totals.told, LISTED)]


def listed_organizations(known: Known) -> dict[int, list[Decimal | None]]:
    """What lists say of organizations of which figures tell."""
    told = Organization.objects.filter(pk__in=OrganizationFigure.objects.values("organization"))
    rows = with_organization_figures(told, KnownFigures(known)).values_list("pk", *LISTED)
    return {pk: [v if v is None else round(v, 15) for v in values] for pk, *values in rows}


def listed_fund_figures(known: Known) -> dict[int, list[Decimal | None]]:
    """What lists say of funds."""
    rows = listed_funds(KnownFigures(known)).values_list("pk", *LISTED)
    return {pk: [v if v is None else round(v, 15) for v in values] for pk, *values in rows}


def added_up_by(figures: Any, key: str) -> dict[int, list[Decimal | None]]:
    """The same of roll-ups, each as the whole of its funds."""
    wholes = wholes_by(figures.filter(**{f"{key}__isnull": False}), key, "project_fund")
    return {
        pk: [v if v is None else round(v, 15) for v in map(totals.told, LISTED)]
        for pk, totals in wholes.items()
    }


def assert_lists_agree(moments: Sequence[datetime]) -> None:
    """The sums of lists are those of the roll-ups, today and as known at each moment."""
    assert not [*check_organization_sums(), *check_fund_sums()]
    for moment in (None, *moments):
        known = Known(moment)
        told = added_up_by(OrganizationFigure.objects.known(known), "organization")
        shown = listed_organizations(known)
        assert {pk: shown[pk] for pk in told} == told
        told = added_up_by(FundFigure.objects.known(known), "project_fund")
        shown = listed_fund_figures(known)
        assert {pk: shown[pk] for pk in told} == told


CERTIFIED = (
    Line(0, 0, 2019, "reported", Decimal("33.33")),
    Line(0, 0, 2020, "interim", Decimal("10.10")),
    Line(0, 0, 2020, "certified", Decimal("200")),
    Line(0, None, 2020, "interim", Decimal("0.01")),
)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@example(
    loads=[
        Said("expenditures", frozenset({0, 1}), CERTIFIED),
        Said("expenditures", frozenset({0}), CERTIFIED[:2]),
        Said("expenditures", frozenset({0}), CERTIFIED),
        Said("expenditures", frozenset({0}), ()),
    ]
)
@given(loads=LOADS)
def test_figures_as_of_each_moment_equal_a_replay_of_the_raw_lines(loads):
    with transaction.atomic():
        projects = [ProjectFactory(), ProjectFactory()]
        organizations = [OrganizationFactory(), OrganizationFactory()]
        sources = {kind: SourceFactory() for kind in ("payments", "expenditures")}
        moments = [FIRST + timedelta(days=n) for n in range(len(loads))]
        for said, moment in zip(loads, moments, strict=True):
            take(said, projects, organizations, sources[said.kind], moment)
        ids = [project.pk for project in projects]
        untils = (None, date(2020, 12, 30), date(2020, 12, 31))
        asked = [None, FIRST - timedelta(seconds=1), *moments]
        for moment, until in product(asked, untils):
            so_far = loads if moment is None else loads[: sum(m <= moment for m in moments)]
            expected = replay(so_far, until)
            known = Known(moment, until)
            of = (projects, organizations)
            entries = Entry.objects.known(Known(moment, until)).filter(project__in=ids)
            assert by_key(entries, *of) == expected
            assert by_key(figures_of(ids, moment, until), *of) == expected
            assert by_key(KnownFigures(known).all().filter(project__in=ids), *of) == expected
            measures = ("transfer", "refund", "expenditure")
            assert by_key(project_entries(known, measures, ids), *of) == expected
            if can_roll_up(known):
                assert of_funds(known, FundFigure) == of_funds(known, Entry)
                parts = ("organization", "category")
                assert of_funds(known, FundPartFigure, *parts) == of_funds(known, Entry, *parts)
                assert of_organizations(known, expected) == of_organizations(known, None)
        assert by_key(KeyFigure.objects.filter(project__in=ids), *of) == replay(loads, None)
        assert first_difference(ids) is None
        for pk in ids:
            assert listed(pk, Known()) == listed(pk, Known(moments[-1])) == added_up(pk)
        assert listed_organizations(Known(moments[-1])) == listed_organizations(Known())
        assert first_wrong_sum() is None
        assert_lists_agree(moments)
        projects[0].fund = projects[1].fund
        projects[0].save()
        assert first_wrong_sum() is None
        assert_lists_agree(moments)
        for moment in (None, *moments):
            known = Known(moment, None)
            assert of_funds(known, FundFigure) == of_funds(known, Entry)
            assert of_funds(known, FundPartFigure, *parts) == of_funds(known, Entry, *parts)
        kept = of_funds(Known(moments[0]), FundFigure)
        rebuild_roll_ups()
        assert of_funds(Known(moments[0]), FundFigure) == kept
        assert_lists_agree(moments)
        transaction.set_rollback(True)

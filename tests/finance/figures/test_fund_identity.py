"""Projects plus named fund-level lines are the fund; the funds, less what went between, are all.

The records of the funds themselves are added up here from the rows of the files, by a replay
that knows no SQL; those of the projects come from the figures of each project.
"""

from collections import defaultdict
from decimal import Decimal
from typing import NamedTuple

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from finance.figures.catalogue import OF_FUNDS
from finance.figures.fund_entries import counted, fund_entries
from finance.figures.fund_figures import fund_sums
from finance.figures.sums import figures_of, total
from finance.loading.scopes import Scope
from finance.models import FundCost
from finance.reports.sources_and_uses import SourcesAndUses
from portal.kit.dates import Known
from portal.kit.tables.cells import BLANK
from tests.factories import FundFactory, OrganizationFactory, ProjectFactory, SourceFactory
from tests.loading import load_rows

pytestmark = pytest.mark.django_db

FUNDS = ("AAA10", "BBB10")
PROJECTS = {"1": "AAA10", "2": "AAA10", "3": "BBB10"}
YEARS = (2019, 2020)
CENTS = st.sampled_from(["0", "0.01", "10.10", "33.33", "200"])
SIGNED = st.sampled_from(["0.01", "10.10", "-7.55", "200"])
FUND, YEAR = st.sampled_from(FUNDS), st.sampled_from(YEARS)
SOURCES = ("deposit", "fund-interest", "po-interest", "other-income")


class Said(NamedTuple):
    """A file: its kind, the funds that it is complete for, and its rows."""

    kind: str
    funds: tuple[str, ...]
    rows: tuple[tuple, ...]


def _said(kind, funds, *row):
    rows = st.lists(st.tuples(*row), max_size=6).map(tuple)
    return st.builds(Said, st.just(kind), funds, rows)


SOME = st.sampled_from([(), ("AAA10",), ("BBB10",)])
ALL = st.just(())
LOADS = st.lists(
    st.one_of(
        _said(
            "contributions", SOME, st.sampled_from(["deposit", "commitment", "pledge"]),
            FUND, YEAR, SIGNED,
        ),
        _said("fund-costs", SOME, st.sampled_from(list(FundCost.Kind)), FUND, YEAR, SIGNED),
        _said("vouchers", ALL, st.sampled_from(list(PROJECTS)), FUND, YEAR, CENTS, st.booleans()),
        _said(
            "expenditures", ALL, st.sampled_from(list(PROJECTS)),
            st.sampled_from(["interim", "reported", "certified"]), YEAR, SIGNED,
        ),
    ),
    min_size=1,
    max_size=5,
)  # fmt: skip


def _text(said: Said) -> list[str]:
    """The rows of the file, as far as they lie in its scope."""
    lines = []
    for row in said.rows:
        if said.kind == "vouchers":
            project, fund, year, cents, is_refund = row
            kind, sign = ("refund", "-") if is_refund else ("transfer", "")
            lines.append(f"V,{year}-05-01,{fund},UNDP,{project},{kind},{sign}{cents},USD")
        elif said.kind == "expenditures":
            project, state, year, cents = row
            lines.append(f"{year},{state},{project},UNDP,,{cents},USD")
        elif not said.funds or row[1] in said.funds:
            kind, fund, year, cents = row
            if said.kind == "contributions":
                lines.append(f"{kind},{fund},GOV,,{year}-05-01,,{cents},USD,,,")
            else:
                other = FUNDS[fund == FUNDS[0]] if kind == "to-fund" else ""
                lines.append(f"{fund},{kind},{year}-05-01,{cents},USD,UNDP,{other}")
    return lines


def _own(loads) -> dict[tuple[str, str], Decimal]:
    """US$ by fund and measure of the funds' own records that stand after these loads."""
    standing: dict[tuple[str, str], tuple] = {}
    for said in loads:
        if said.kind in {"contributions", "fund-costs"}:
            for fund in said.funds or FUNDS:
                standing[said.kind, fund] = tuple(row for row in said.rows if row[1] == fund)
    sums: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for rows in standing.values():
        for measure, fund, _year, cents in rows:
            sums[fund, str(measure)] += Decimal(cents)
    return sums


def _rows(sums, **options):
    """The cumulative column of a statement."""
    rows = SourcesAndUses(sums, YEARS[-1], "/", **options).rows()
    return {row.key: row.cumulative for row in rows if row.cumulative is not BLANK}


# Vouchers over nothing, of this fund and of another.
NOTHING = Said("vouchers", (), (("1", "AAA10", 2019, "0", False), ("1", "BBB10", 2019, "0", False),
                                ("1", "AAA10", 2019, "33.33", False)))  # fmt: skip


@example(loads=[NOTHING])
@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(loads=LOADS)
def test_projects_and_named_lines_are_the_fund_and_funds_less_what_went_between_are_all(loads):
    with transaction.atomic():
        funds = {code: FundFactory(code=code) for code in FUNDS}
        projects = {n: ProjectFactory(number=n, fund=funds[f]) for n, f in PROJECTS.items()}
        for code in ("UNDP", "GOV"):
            OrganizationFactory(code=code)
        # a file without rows is refused
        loads = [said for said in loads if _text(said)]
        sources = {said.kind: SourceFactory() for said in loads}
        for said in loads:
            scope = Scope(complete=True, funds=said.funds)
            load_rows(said.kind, _text(said), source=sources[said.kind], scope=scope)
        own, statements = _own(loads), []
        # Without any income stated, nothing is known to be left.
        stated = {fund for fund, measure in own if measure in SOURCES}
        for moment in (None, timezone.now()):
            known = Known(moment)
            shown = {}
            for code, fund in funds.items():
                sums = fund_sums(known, fund.pk)
                shown[code] = _rows(sums)
                statements.append(SourcesAndUses(sums, YEARS[-1], "/").rows())
                _is_the_fund(code, shown[code], own, projects, moment)
                assert ("balance_aa" in shown[code]) == (code in stated)
                # Of each moment the records of one fund: the statements are the same at both.
                if (moment is None) == (code == FUNDS[0]):
                    _leads_to_its_records(known, fund, sums)
            silent = len(FUNDS) - len(stated)
            together = _rows(fund_sums(known, None), whole=True, without_income=silent)
            assert ("balance_aa" in together) == (not silent)
            between = -sum(own[code, "to-fund"] for code in FUNDS)
            assert together["between_funds"] == between
            for key, amount in together.items():
                parts = sum(rows.get(key, Decimal(0)) for rows in shown.values())
                if key in {"all_sources", "all_uses"}:
                    name = key.replace("all", "total")
                    parts = sum(rows[name] for rows in shown.values()) + between
                if key != "between_funds":
                    assert amount == parts, key
        half = len(statements) // 2
        assert statements[:half] == statements[half:], "today and then"
        transaction.set_rollback(True)


def _is_the_fund(code, rows, own, projects, moment):
    """The projects' figures and the fund's own lines add up to what the statement says."""
    ids = [projects[n].pk for n, fund in PROJECTS.items() if fund == code]
    of_projects = total(figures_of(ids, moment))
    sources = sum(own[code, measure] for measure in SOURCES)
    fees = own[code, "aa-fee"] + own[code, "bank-charges"]
    direct = own[code, "direct-cost"] - own[code, "direct-cost-refund"]
    difference = rows.get("for_others", 0) + rows.get("by_others", 0)
    with_aa = sources - own[code, "to-fund"] - fees - direct - of_projects.net_funded + difference
    assert rows["total_sources"] == sources
    assert rows.get("balance_aa", with_aa) == with_aa
    assert rows["net_funded"] == of_projects.net_funded
    assert rows["expenditure"] == of_projects.expenditure
    left = with_aa + of_projects.balance
    assert rows.get("total_balance", left) == left


def _leads_to_its_records(known, fund, sums):
    """Each figure is the sum of the records that are listed behind it."""
    for name, figure in OF_FUNDS.items():
        entries = list(counted(fund_entries(known, [fund.pk]), figure.measures, [fund.pk]))
        for first in (None, 2020):
            listed = sum(
                (e.base_amount * e.sign for e in entries if not first or e.year >= first),
                Decimal(0),
            )
            assert listed == sums.total(name, first), name

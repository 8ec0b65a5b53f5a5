"""A checked load on funds alone shows their contributions and costs before and after."""

import pytest
from lxml import html

from finance.loading.preview import fund_totals, staged_funds
from finance.loading.scopes import Scope
from finance.loading.services import acknowledge_warnings, confirm_withdrawal, release_load
from finance.models import Deposit, FundCost
from portal.staff.loads.detail import changes_of_funds
from projects.models import Fund

pytestmark = pytest.mark.django_db
COSTS = "fund,kind,date,amount,currency"
GIVEN = "what,fund,contributor,date,amount,currency"
ALL = Scope(complete=True)


def _rows(load):
    rows = changes_of_funds(load)["fund_changes"].data.data
    return [(r["fund"], r["measure"], r["before"], r["after"], r["change"]) for r in rows]


@pytest.fixture
def costs(enter, people):
    """Released costs of the fund."""
    load = enter(
        "UNA00,aa-fee,2020-01-31,100.25,USD",
        "UNA00,bank-charges,2020-01-31,3,USD",
        head=COSTS,
        kind="fund-costs",
    )
    return release_load(load=load, by=people["chief"])


def test_costs_are_shown_by_fund_and_kind_and_only_those_that_change(enter, costs, as_):
    load = enter(
        "UNA00,aa-fee,2020-01-31,90.25,USD",
        "UNA00,aa-fee,2021-01-31,20,USD",
        "UNA00,bank-charges,2020-01-31,3,USD",
        head=COSTS,
        kind="fund-costs",
    )
    assert [tuple(map(str, row)) for row in _rows(load)] == [
        ("UNA00", "Administrative Agent fee", "100.250000", "110.250000", "10.000000")
    ]
    text = as_("clerk").get(f"/staff/load/{load.pk}/").content.decode()
    assert "Funds before and after" in text
    assert "110.25" in text
    assert "Figures before and after" not in text


def test_deposits_commitments_and_pledges_are_told_apart(enter, as_):
    load = enter(
        "deposit,UNA00,UNDP,2020-01-31,5,USD",
        "commitment,UNA00,UNDP,2020-01-31,50,USD",
        "pledge,UNA00,UNDP,2020-01-31,7,USD",
        head=GIVEN,
        kind="contributions",
    )
    shown = [(measure, int(after)) for _f, measure, _b, after, _c in _rows(load)]
    assert shown == [("Commitments", 50), ("Pledges", 7), ("Deposits", 5)]


def test_the_preview_is_what_the_release_makes(enter, costs, people):
    load = enter("UNA00,aa-fee,2022-01-31,-1,USD", head=COSTS, kind="fund-costs")
    fund = Fund.objects.get(code="UNA00")
    promised = fund_totals(load, staged_funds(load))[fund.pk]
    confirm_withdrawal(load=load, by=people["clerk"])
    release_load(load=load, by=people["chief"])
    standing = FundCost.objects.known_at().filter(fund=fund)
    made = {cost.kind: cost.base_amount for cost in standing}
    assert {kind: sums.after for kind, sums in promised.items() if sums.after} == made
    assert promised["bank-charges"].after == 0


def test_a_load_on_projects_shows_no_funds(enter, as_):
    load = enter("1,2016-09-15,UNA00,UNDP,00102004,100,USD")
    assert not Deposit.objects.exists()
    text = as_("clerk").get(f"/staff/load/{load.pk}/").content.decode()
    assert "Funds before and after" not in text
    assert "Figures before and after" in text


def test_an_amount_without_a_rate_is_a_change_that_is_not_known(enter):
    (row,) = _rows(enter("UNA00,aa-fee,2020-01-31,100,KRW", head=COSTS, kind="fund-costs"))
    assert row == ("UNA00", "Administrative Agent fee", 0, 0, None)


def test_another_amount_without_a_rate_changes_figures_of_projects_too(enter, as_, people):
    line = "1,2016-09-15,UNA00,UNDP,00102004,{},KRW"
    first = enter(line.format(100))
    acknowledge_warnings(load=first, by=people["clerk"], codes=["without-rate"])
    release_load(load=first, by=people["chief"])
    load = enter(line.format(200))
    tree = html.fromstring(as_("clerk").get(f"/staff/load/{load.pk}/").content.decode())
    (row, *_rest) = (
        [" ".join(cell.text_content().split()) for cell in each]
        for each in tree.xpath("//table[@id='changes']/tbody/tr")
    )
    left_out = "plus 1 amount not converted"
    assert row == ["00102004", "Transfers", left_out, left_out, "n/a"]


def test_staff_see_what_the_figures_before_and_after_leave_out(enter, as_):
    load = enter("1,2016-09-15,UNA00,UNDP,00102004,100,KRW")
    tree = html.fromstring(as_("clerk").get(f"/staff/load/{load.pk}/").content.decode())
    (row, *_rest) = (
        [" ".join(cell.text_content().split()) for cell in each]
        for each in tree.xpath("//table[@id='changes']/tbody/tr")
    )
    assert row == ["00102004", "Transfers", "0.00", "plus 1 amount not converted", "n/a"]

"""The sources-and-uses statement: published ones reproduced from records; years and links."""

from datetime import date
from decimal import Decimal

import pytest

from finance.figures.catalogue import FIGURES, OF_FUNDS
from finance.figures.fund_entries import counted, fund_entries
from finance.figures.fund_figures import fund_sums
from finance.reports.flow import parts
from finance.reports.fund import FundMoney
from finance.reports.sources_and_uses import SourcesAndUses, last_year
from portal.kit.dates import TODAY, Known
from portal.kit.tables.cells import BLANK
from tests.factories import (
    FundFactory,
    OrganizationFactory,
    ProjectFactory,
    SourceFactory,
    booked,
    deposit,
    expenditure,
    released,
    transfer,
)
from tests.loading import load_rows

pytestmark = pytest.mark.django_db


def statement(fund, year, known=TODAY, **options):
    return SourcesAndUses(fund_sums(known, fund and fund.pk), year, "/fund/X/", **options)


def cells(statement):
    """Each line's amounts, without the columns that it leaves empty."""
    return {
        row.key if row.css != "group" else f"[{row.key}]": [
            value for value in (row.prior, row.year, row.cumulative) if value is not BLANK
        ]
        for row in statement.rows()
    }


def whole(statement):
    """The cumulative column: each line's amount in whole US$, and its percentage."""
    return {
        row.key: (round(row.cumulative), None if row.percent is BLANK else round(row.percent, 1))
        for row in statement.rows()
        if row.cumulative is not BLANK
    }


@pytest.fixture
def jps10():
    """The records of the Joint Programme Support Fund, in parts that have cents."""
    fund = FundFactory(code="JPS10")
    for code in ("UNDP", "GOV-A", "GOV-B"):
        OrganizationFactory(code=code)
    projects = [ProjectFactory(number=str(n), fund=fund) for n in (1, 2)]
    load_rows(
        "contributions",
        [
            "deposit,JPS10,GOV-A,,2008-05-05,,10000000.37,USD,,,",
            "deposit,JPS10,GOV-B,,2009-05-05,,6619209.63,USD,,,",
            # what is signed or pledged is no source of funds
            "commitment,JPS10,GOV-B,,2009-01-05,,9000000,USD,,,",
            "pledge,JPS10,GOV-B,,2009-01-05,,9000000,USD,,,",
        ],
        source=SourceFactory(),
    )
    load_rows(
        "fund-costs",
        [
            "JPS10,fund-interest,2009-12-31,12523,USD,,",
            "JPS10,aa-fee,2008-05-31,100000,USD,,",
            "JPS10,aa-fee,2009-05-31,66192,USD,,",
            "JPS10,bank-charges,2009-12-31,53,USD,,",
        ],
        source=SourceFactory(),
    )
    load_rows(
        "vouchers",
        [
            "1,2008-06-01,JPS10,UNDP,1,transfer,9000000.25,USD",
            "2,2009-06-01,JPS10,UNDP,2,transfer,7452979.75,USD",
        ],
        source=SourceFactory(),
    )
    load_rows(
        "expenditures",
        [
            "2008,reported,1,UNDP,,3000000.10,USD",
            "2009,interim,1,UNDP,,1,USD",
            "2009,reported,1,UNDP,,6779658.90,USD",
        ],
        source=SourceFactory(),
    )
    return fund, projects


def test_the_statement_of_jps10_is_reproduced_from_records(jps10):
    fund, _projects = jps10
    assert whole(statement(fund, 2009)) == {
        "deposit": (16_619_210, None),
        "fund_interest": (12_523, None),
        "po_interest": (0, None),
        "other_income": (0, None),
        "total_sources": (16_631_733, None),
        "to_organizations": (16_452_980, None),
        "to_funds": (0, None),
        "less_refunds": (0, None),
        "aa_fee": (166_192, None),
        "direct_cost": (0, None),
        "bank_charges": (53, None),
        "total_uses": (16_619_225, None),
        "balance_aa": (12_508, Decimal("0.1")),
        "net_funded": (16_452_980, None),
        "expenditure": (9_779_659, None),
        "balance": (6_673_321, Decimal("40.6")),
        "total_balance": (6_685_829, Decimal("40.2")),
    }


@pytest.fixture
def peacebuilding():
    """A fund whose figures were published, as records that lead to them."""
    fund, other = FundFactory(code="PB000"), FundFactory(code="OTH00")
    for code in ("UNDP", "GOV-A"):
        OrganizationFactory(code=code)
    ProjectFactory(number="1", fund=fund)
    load_rows(
        "contributions",
        [
            "deposit,PB000,GOV-A,,2010-05-05,,700000000.99,USD,,,",
            "deposit,PB000,GOV-A,,2015-05-05,,56821731.01,USD,,,",
        ],
        source=SourceFactory(),
    )
    load_rows(
        "fund-costs",
        [
            "PB000,fund-interest,2011-12-31,20006220,USD,,",
            "PB000,po-interest,2011-12-31,3122214,USD,,",
            f"PB000,to-fund,2012-12-31,13792503,USD,,{other.code}",
            "PB000,aa-fee,2012-12-31,7484571,USD,,",
            "PB000,direct-cost,2012-12-31,22638221,USD,UNDP,",
            "PB000,bank-charges,2012-12-31,29699,USD,,",
        ],
        source=SourceFactory(),
    )
    load_rows(
        "vouchers",
        [
            "1,2012-06-01,PB000,UNDP,1,transfer,693135684,USD",
            "2,2015-06-01,PB000,UNDP,1,refund,-48030831,USD",
        ],
        source=SourceFactory(),
    )
    load_rows("expenditures", ["2014,reported,1,UNDP,,535464931,USD"], source=SourceFactory())
    return fund


def test_the_snapshot_of_the_peacebuilding_fund_is_reproduced_from_records(peacebuilding):
    assert whole(statement(peacebuilding, 2015)) == {
        "deposit": (756_821_732, None),
        "fund_interest": (20_006_220, None),
        "po_interest": (3_122_214, None),
        "other_income": (0, None),
        "total_sources": (779_950_166, None),
        "to_organizations": (693_135_684, None),
        "to_funds": (13_792_503, None),
        "less_refunds": (-48_030_831, None),
        "aa_fee": (7_484_571, None),
        "direct_cost": (22_638_221, None),
        "bank_charges": (29_699, None),
        "total_uses": (689_049_847, None),
        "balance_aa": (90_900_319, Decimal("12.0")),
        "net_funded": (645_104_853, None),
        "expenditure": (535_464_931, None),
        "balance": (109_639_922, Decimal("15.8")),
        "total_balance": (200_540_241, Decimal("26.5")),
        "net_direct_cost": (22_638_221, None),
        "direct_expenditure": (0, None),
        "direct_balance": (22_638_221, None),
    }
    # what went to a fund of this portal is taken out of sources and uses of all funds alike
    together = whole(statement(None, 2015, whole=True))
    assert together["between_funds"] == (-13_792_503, None)
    assert together["all_sources"] == (779_950_166 - 13_792_503, None)
    assert together["all_uses"] == (689_049_847 - 13_792_503, None)
    assert together["balance_aa"] == (90_900_319, Decimal("12.0"))


def test_years_show_change_opening_and_closing_and_no_balance(jps10):
    fund, _projects = jps10
    lines = cells(statement(fund, 2009))
    first, second = Decimal("10000000.37") - 100_000 - Decimal("9000000.25"), Decimal("12508")
    assert lines["balance_aa_change"] == [first, second - first]
    assert lines["balance_aa_opening"] == [0, first]
    assert lines["balance_aa_closing"] == [first, second]
    assert [len(lines[key]) for key in ("balance_aa", "balance", "total_balance")] == [1, 1, 1]
    assert lines["expenditure"] == [
        Decimal("3000000.10"), Decimal("6779658.90"), Decimal("9779659.00"),
    ]  # fmt: skip


def test_an_earlier_year_and_an_earlier_day_leave_out_what_came_later(jps10):
    fund, _projects = jps10
    lines = cells(statement(fund, 2008))
    assert lines["deposit"] == [0, Decimal("10000000.37"), Decimal("10000000.37")]
    known = Known(until=date(2009, 5, 31))
    lines = cells(statement(fund, 2009, known))
    assert lines["deposit"][2] == 16_619_210
    assert lines["to_organizations"][2] == Decimal("9000000.25")
    assert last_year(known, fund_sums(known, fund.pk).years()) == 2009
    assert last_year(TODAY, [2008, 2009, 3000]) == 2009


def test_vouchers_across_funds_are_a_printed_difference_with_its_parts(jps10):
    fund, projects = jps10
    other = FundFactory(code="OTH00")
    ProjectFactory(number="9", fund=other)
    load_rows(
        "vouchers",
        [
            "1,2009-06-01,JPS10,UNDP,1,transfer,100,USD",
            "2,2009-06-01,JPS10,UNDP,9,transfer,30,USD",
            "3,2009-06-01,JPS10,UNDP,9,refund,-1,USD",
            "4,2009-06-01,OTH00,UNDP,2,transfer,7,USD",
        ],
        source=projects[0].voucher_lines.first().source,
    )
    for known in (TODAY, Known(until=date(2019, 1, 1))):
        lines = cells(statement(fund, 2009, known))
        assert lines["upper_net"] == [0, 129, 129]
        assert lines["for_others"] == [0, -29, -29]
        assert lines["by_others"] == [0, 7, 7]
        assert lines["net_funded"] == [0, 107, 107]
        lines = cells(statement(other, 2009, known))
        assert lines["for_others"][2] == -7
        assert lines["by_others"][2] == 29
        together = cells(statement(None, 2009, known, whole=True))
        assert together["net_funded"][2] == 136


@pytest.mark.parametrize("until", [None, date(2009, 6, 15)])
def test_each_cell_is_the_sum_of_the_records_that_it_leads_to(jps10, until):
    fund, _projects = jps10
    known = Known(until=until)
    sums = fund_sums(known, fund.pk)
    for name, figure in OF_FUNDS.items():
        entries = fund_entries(known, [fund.pk])
        listed = sum(e.base_amount * e.sign for e in counted(entries, figure.measures, [fund.pk]))
        assert listed == sums.total(name), name


def test_an_amount_without_a_rate_across_funds_is_left_out_and_said_not_counted_as_nothing():
    own, other = ProjectFactory(), ProjectFactory()
    released(
        transfer(own, 100),
        transfer(own, 7, currency="KRW", drawn_on=other.fund_id, voucher="9"),
        transfer(other, 50),
    )
    lines = {row.key: row for row in statement(own.fund, 2026).rows()}
    assert lines["by_others"].parts["cumulative"].unconverted == 1
    assert lines["by_others"].links["cumulative"]
    assert lines["for_others"].cumulative == 0
    (across,) = (
        part
        for part in parts(FundMoney(own.fund, TODAY).reports)
        if part.end == str(FIGURES["across"])
    )
    assert across.parts.unconverted == 1


def test_a_voucher_without_a_rate_is_one_amount_in_the_words_of_its_fund_and_of_all():
    own, other = ProjectFactory(), ProjectFactory()
    released(
        transfer(own, 7, currency="KRW"),
        expenditure(own, 5, currency="KRW"),
        transfer(own, 9, currency="KRW", drawn_on=other.fund_id, voucher="9"),
        transfer(own, 100),
    )
    giver = OrganizationFactory()
    booked(deposit(own.fund, 8, contributor_id=giver.pk, currency="KRW"))
    for known in (TODAY, Known(until=date(2026, 1, 1))):
        sums = fund_sums(known, own.fund_id)
        assert sums.unconverted == 4
        assert fund_sums(known, other.fund_id).unconverted == 1
        whole = fund_sums(known, None)
        assert whole.unconverted == 4
        # Those of it tell of it, too.
        figures = whole.of("total_sources", "net_funded", "balance")
        some = (figures, whole.by(lambda s: bool(s.year))[True], whole.between(1, None))
        assert [sums.unconverted for sums in some] == [4, 4, 4]
        left_out = {
            name: sums.parts(name).unconverted
            for name in ("balance_aa", "balance", "total_balance", "net_funded", "upper_net")
        }
        # What the fund paid to its own project is lost to neither: the total knows of it.
        assert left_out == {
            "balance_aa": 2, "balance": 3, "total_balance": 3, "net_funded": 2, "upper_net": 1,
        }  # fmt: skip
        assert sums.parts_together(("balance_aa", "balance")).unconverted == 4

"""What contributors owe: by arrangement and currency, due or not, exchange differences apart."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from finance.contributors.arrangements import Arrangement, Due, FundRef, Position, arrangements
from finance.figures.fund_figures import NOBODY, Party
from finance.models import Commitment, Deposit
from portal.kit.dates import Known
from tests.factories import FundFactory, OrganizationFactory, SourceFactory
from tests.loading import load_rows

TODAY = date(2021, 6, 1)
CENT = Decimal("0.01")
MONEY = st.decimals(0, 10**9, places=2)


def of(rows, options=None, **dates):
    """The arrangements that these rows make, of a fund F1 and a contributor GOV."""
    fund = FundFactory(code="F1")
    for code in ("GOV", "NGO"):
        OrganizationFactory(code=code, name=code)
    rates = ["2020-01-01,SEK,10", "2021-01-01,SEK,8", "2020-01-01,EUR,0.5"]
    load_rows("rates", rates, source=SourceFactory())
    load_rows("contributions", rows, source=SourceFactory(), options=options or {})
    known = Known(until=dates.get("until", date(2021, 5, 31)))
    return arrangements(known, fund=fund)


def in_words(one):
    return {
        name: str(getattr(one, name))
        for name in (
            "commitment",
            "deposit",
            "not_due",
            "overdue",
            "exchange_differences",
            "unmatched_deposits",
        )
        if getattr(one, name)
    }


@pytest.mark.django_db
def test_what_was_paid_fulfils_the_earliest_first_and_the_rate_makes_the_difference():
    (one,) = of(
        [
            "commitment,F1,GOV,S1,2020-02-01,2020-03-01,1000,SEK,,,",
            "commitment,F1,GOV,S1,2020-02-01,2021-03-01,1000,SEK,,,",
            "commitment,F1,GOV,S1,2020-02-01,2021-12-01,500,SEK,,,",
            "pledge,F1,GOV,S1,2020-02-01,,7000,SEK,,,",
            # paid when a krona was worth more
            "deposit,F1,GOV,S1,2021-02-01,,1200,SEK,,,",
        ]
    )
    # 2500 kronor at 10 were US$ 250; 1200 at 8 are 150, at 10 they were 120
    assert in_words(one) == {
        "commitment": "250.000000", "deposit": "150.000000", "overdue": "80.00",
        "not_due": "50.000000", "exchange_differences": "-30.000000",
    }  # fmt: skip
    assert (one.signed, one.paid, one.open) == (2500, 1200, 1300)


@pytest.mark.django_db
def test_other_currencies_count_by_their_worth_and_what_nobody_signed_for_stands_apart():
    found = of(
        [
            "commitment,F1,GOV,S1,2020-02-01,,100,USD,,,",
            "deposit,F1,GOV,S1,2020-02-01,,20,EUR,,,",
            "commitment,F1,GOV,S2,2020-02-01,,100,USD,,,",
            "deposit,F1,GOV,S2,2020-02-01,,130,USD,,,",
            "deposit,F1,NGO,,2020-02-01,,5.50,USD,,,",
            # later than asked for
            "deposit,F1,GOV,S1,2021-06-02,,60,USD,,,",
        ]
    )
    assert [in_words(one) for one in found] == [
        {"commitment": "100.000000", "deposit": "40.000000", "not_due": "60.00"},
        {"commitment": "100.000000", "deposit": "130.000000", "unmatched_deposits": "30.00"},
        {"deposit": "5.500000", "unmatched_deposits": "5.500000"},
    ]
    whole = Position.of(found)
    assert (whole.commitment, whole.deposit, whole.outstanding) == (200, Decimal("175.50"), 60)


@pytest.mark.django_db
def test_a_deposit_is_measured_by_what_is_converted_of_the_arrangement():
    half, none = of(
        [
            "commitment,F1,GOV,S1,2020-02-01,2020-03-01,100,GBP,,50,2",
            "commitment,F1,GOV,S1,2020-02-01,2022-03-01,100,GBP,,,",
            "deposit,F1,GOV,S1,2020-02-01,,50,USD,,,",
            "commitment,F1,GOV,S2,2020-02-01,2022-03-01,100,GBP,,,",
            "deposit,F1,GOV,S2,2020-02-01,,50,USD,,,",
        ]
    )
    # At the rate of what is converted US$ 50 are 100 pounds, not 200.
    assert (half.paid, half.open) == (100, 100)
    # Of what is not converted it is not known what US$ 50 are of it.
    assert (none.currency, none.paid, none.unmeasured) == ("GBP", 0, 1)
    assert left_out(none)["outstanding"] == 2


def left_out(one):
    """How many amounts each figure leaves out."""
    names = ("commitment", "deposit", "not_due", "overdue", "outstanding",
             "exchange_differences", "unmatched_deposits", "unpaid")  # fmt: skip
    found = {name: Position.of([one]).parts(name).unconverted for name in names}
    return {name: count for name, count in found.items() if count}


@pytest.mark.django_db
def test_only_what_rests_on_an_amount_without_a_rate_leaves_it_out():
    nothing_signed, all_paid, one_open, other_currency = of(
        [
            "deposit,F1,GOV,S1,2020-02-01,,50,GBP,,,",
            "commitment,F1,GOV,S2,2020-02-01,2020-03-01,50,GBP,,,",
            "deposit,F1,GOV,S2,2020-02-01,,50,GBP,,,",
            "commitment,F1,GOV,S3,2020-02-01,2020-03-01,50,GBP,,,",
            "commitment,F1,GOV,S3,2020-02-01,2022-03-01,50,GBP,,,",
            "deposit,F1,GOV,S3,2020-02-01,,50,GBP,,,",
            "commitment,F1,GOV,S4,2020-02-01,2020-03-01,50,USD,,,",
            "deposit,F1,GOV,S4,2020-02-01,,50,GBP,,,",
        ]
    )
    assert left_out(nothing_signed) == {"deposit": 1, "unmatched_deposits": 1, "unpaid": 1}
    assert left_out(all_paid) == {
        "commitment": 1, "deposit": 1, "exchange_differences": 2, "unpaid": 2,
    }  # fmt: skip
    assert left_out(one_open) == {
        "commitment": 2, "deposit": 1, "not_due": 1, "outstanding": 1,
        "exchange_differences": 3, "unpaid": 3,
    }  # fmt: skip
    assert left_out(other_currency) == {
        "deposit": 1, "not_due": 1, "overdue": 1, "outstanding": 1,
        "exchange_differences": 1, "unmatched_deposits": 1, "unpaid": 1,
    }  # fmt: skip


@example(
    parts=[(None, Decimal(0), CENT), (None, CENT, Decimal(0))],
    paid=Decimal(0),
    deposited=Decimal(0),
)
@given(
    parts=st.lists(st.tuples(st.sampled_from([None, TODAY, date(2021, 5, 31)]), MONEY, MONEY)),
    paid=MONEY,
    deposited=MONEY,
)
def test_commitments_and_deposits_differ_by_exactly_the_named_parts(parts, paid, deposited):
    fund, schedule = FundRef(1, "F", "F"), [Due(*part) for part in parts]
    one = Arrangement(fund, NOBODY, "", "EUR", TODAY, schedule)
    one.paid, one.deposit = paid, deposited
    one.settle()
    whole = Position.of([one, one])
    assert whole.unpaid == whole.outstanding + whole.exchange_differences - whole.unmatched_deposits
    assert 0 <= one.open <= max(one.signed, 0)
    if one.signed and one.commitment and one.deposit == 0 == one.paid:
        assert one.exchange_differences == 0


@pytest.mark.django_db
def test_where_payments_are_taken_off_a_pledge_what_remains_and_what_was_paid_was_signed():
    rows = [
        # 1000 kronor were pledged and 600 of them paid, so that the source states 400.
        "pledge,F1,GOV,S1,2020-02-01,2021-12-01,400,SEK,,,",
        "deposit,F1,GOV,S1,2020-06-01,,600,SEK,,,",
        # All of it was paid: nothing is left of the pledge but its payment.
        "deposit,F1,NGO,S2,2020-06-01,,50,USD,,,",
    ]
    one, other = of(rows, {"pledges": "remaining"})
    assert in_words(one) == {
        "commitment": "100.000000", "deposit": "60.000000", "not_due": "40.000000",
    }  # fmt: skip
    assert (one.signed, one.paid, one.open, one.pledge) == (1000, 600, 400, 0)
    assert in_words(other) == {"commitment": "50.000000", "deposit": "50.000000"}
    assert Commitment.objects.get(amount=600).line == Deposit.objects.get(amount=600).line


@pytest.mark.django_db
def test_otherwise_a_payment_says_nothing_of_a_pledge():
    rows = ["pledge,F1,GOV,S1,2020-02-01,,400,USD,,,", "deposit,F1,GOV,S1,2020-06-01,,60,USD,,,"]
    (one,) = of(rows, {"pledges": "whole"})
    assert in_words(one) == {"deposit": "60.000000", "unmatched_deposits": "60.000000"}
    assert one.pledge == 400


def test_no_address_names_the_arrangement_of_an_individual():
    party = Party(7, "P1", "Individuals, as a sum", "individuals")
    one = Arrangement(FundRef(1, "F1", "Fund"), party, "Jane-Roe", "USD", TODAY)
    one.schedule.append(Due(None, Decimal(70), Decimal(70)))
    one.settle()
    assert one.outstanding == 70
    assert one.breakdown_url("outstanding") is one.records_url("commitment") is None
    assert one.told_reference == ""

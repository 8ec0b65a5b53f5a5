"""The ledger of entries: plain sums of it are right at every moment, for money up to any day."""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import Sum
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from finance.figures.making import first_difference
from finance.loading.services import release_load, reverse_load
from finance.models import Entry, ExpenditureLine, Load, VoucherLine
from portal.kit.dates import Known
from tests.factories import (
    FundFactory,
    OrganizationFactory,
    ProjectFactory,
    SourceFactory,
    UserFactory,
    booked,
    deposit,
    expenditure,
    fund_cost,
    released,
    transfer,
)

pytestmark = pytest.mark.django_db

FIRST = datetime(2025, 1, 1, 12, tzinfo=UTC)
YEARS = (2019, 2020, 2021)
DAYS = (date(2019, 12, 31), date(2020, 6, 30), date(2020, 12, 31), date(2022, 3, 1))


class Spent(NamedTuple):
    """One raw line of a file of expenditure."""

    organization: int | None
    year: int
    state: str
    amount: Decimal
    day: date


LINES = st.builds(
    Spent,
    st.sampled_from([0, None]),
    st.sampled_from(YEARS),
    st.sampled_from(["interim", "reported", "certified"]),
    st.sampled_from([Decimal(text) for text in ("0", "0.01", "33.33", "-7.5", "200")]),
    st.sampled_from(DAYS),
)


def counted(lines: list[Spent], until: date | None) -> dict[tuple, tuple[Decimal, int]]:
    """What of these lines counts, by organization, year and state: US$ and records."""
    found: dict[tuple, tuple[Decimal, int]] = defaultdict(lambda: (Decimal(0), 0))

    def count(line: Spent, year: int, state: str, amount: Decimal) -> None:
        key = line.organization, year, state
        found[key] = (found[key][0] + amount, found[key][1] + 1)

    dated = [line for line in lines if until is None or line.day <= until]
    for organization in {line.organization for line in dated}:
        own = [line for line in dated if line.organization == organization]
        last = max((line.year for line in own if line.state == "certified"), default=0)
        reported = {line.year for line in own if line.state == "reported"}
        for line in own:
            if line.state == "certified":
                if line.year == last:
                    count(line, last, "certified", line.amount)
            elif line.state == "reported" or line.year not in reported:
                # What a certified statement covers is no longer provisional.
                is_final = line.state == "interim" and line.year <= last
                count(line, line.year, "certified" if is_final else line.state, line.amount)
                if line.year <= last:
                    count(line, last, "certified", -line.amount)
    return dict(found)


def kept(moment: datetime | None, until: date | None, organization) -> dict:
    """The same from the entries."""
    rows = Entry.objects.known(Known(moment, until)).summed("organization", "year", "state")
    return {
        (0 if row["organization"] == organization.pk else None, row["year"], row["state"]): (
            row["base_amount__sum"],
            row["records__sum"],
        )
        for row in rows
    }


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@example(
    loads=[
        [
            Spent(0, 2020, "interim", Decimal("33.33"), DAYS[3]),
            Spent(0, 2020, "reported", Decimal("200"), DAYS[1]),
            Spent(0, 2021, "certified", Decimal("0.01"), DAYS[0]),
            Spent(0, 2020, "certified", Decimal("-7.5"), DAYS[2]),
        ],
        [Spent(0, 2020, "interim", Decimal("33.33"), DAYS[3])],
    ]
)
@given(loads=st.lists(st.lists(LINES, max_size=7), min_size=1, max_size=4))
def test_sums_of_entries_are_what_counts_at_each_moment_up_to_each_day(loads):
    with transaction.atomic():
        project, organization, source = ProjectFactory(), OrganizationFactory(), SourceFactory()
        parties = {0: organization.pk, None: None}
        moments = [FIRST + timedelta(days=n) for n in range(len(loads))]
        for lines, moment in zip(loads, moments, strict=True):
            released(
                *(
                    expenditure(
                        project,
                        line.amount,
                        line.year,
                        line.state,
                        day=line.day,
                        organization_id=parties[line.organization],
                    )
                    for line in lines
                ),
                source=source,
                models=[ExpenditureLine],
                moment=moment,
                projects=[project],
            )
        for lines, moment in zip(loads, moments, strict=True):
            for until in (None, *DAYS):
                assert kept(moment, until, organization) == counted(lines, until)
        assert kept(None, None, organization) == counted(loads[-1], None)
        assert first_difference([project.pk]) is None
        transaction.set_rollback(True)


def amounts(**which) -> dict[str, Decimal]:
    """US$ of today by measure."""
    rows = Entry.objects.known().filter(**which).order_by("measure")
    return dict(rows.values_list("measure").annotate(Sum("base_amount")))


def test_a_refund_and_a_correction_count_in_the_direction_of_their_measure():
    project = ProjectFactory()
    released(
        transfer(project, "100"),
        transfer(project, "-30", date(2020, 7, 1)),
        transfer(project, "-5", date(2020, 8, 1), kind=VoucherLine.Kind.CORRECTION),
    )
    assert amounts(project=project) == {"transfer": 100, "refund": 35}
    assert Entry.objects.get(state="correction").amount == -5


def test_what_has_no_rate_is_a_record_without_an_amount():
    project = ProjectFactory()
    released(transfer(project, "1000", currency="KRW"))
    [row] = Entry.objects.known().summed("measure")
    assert (row["base_amount__sum"], row["records__sum"], row["unconverted__sum"]) == (0, 1, 1)
    assert Entry.objects.get().base_amount is None


def test_one_entry_serves_both_halves_of_a_statement():
    payer, project = FundFactory(), ProjectFactory()
    released(transfer(project, "40", drawn_on=payer.pk))
    entry = Entry.objects.get()
    assert (entry.fund, entry.project_fund) == (payer, project.fund)


def test_entries_follow_their_project_to_another_fund():
    project, other = ProjectFactory(), FundFactory()
    released(transfer(project, "40"), expenditure(project, "3"))
    old, project.fund = project.fund, other
    project.save()
    assert amounts(project_fund=other) == {"transfer": 40, "expenditure": 3}
    assert amounts(fund=old) == {"transfer": 40}
    assert first_difference([project.pk]) is None


def test_a_reversal_closes_entries_and_brings_back_what_stood():
    project, person = ProjectFactory(), UserFactory()
    source = SourceFactory()
    released(transfer(project, "40"), source=source, moment=FIRST)
    second = released(transfer(project, "50"), source=source, moment=FIRST + timedelta(days=1))
    release_load(load=reverse_load(load=second, by=person, reason="Twice."))
    assert amounts(project=project) == {"transfer": 40}
    then = Entry.objects.known(Known(FIRST + timedelta(days=1))).get()
    assert then.base_amount == 50
    assert first_difference([project.pk]) is None


def test_money_of_a_fund_without_project_has_its_entries_and_they_are_verified():
    fund = FundFactory()
    booked(
        deposit(fund, "70"), fund_cost(fund, "aa-fee", "7"), fund_cost(fund, "fund-interest", "1")
    )
    assert amounts(fund=fund) == {"aa-fee": 7, "deposit": 70, "fund-interest": 1}
    assert first_difference(None) is None


def test_verify_names_an_entry_that_was_changed_and_rebuild_mends_it():
    project = ProjectFactory(number="00000007")
    load = released(transfer(project, "40"), expenditure(project, "3"))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE finance_entry SET base_amount = 41 WHERE base_amount = 40")
    with pytest.raises(CommandError, match=r"an entry of USD 40.* does not bear out|is missing"):
        call_command("verify", quick=["00000007"])
    call_command("verify", quick=["00000007"], rebuild=True)
    assert amounts(project=project) == {"transfer": 40, "expenditure": 3}
    assert Load.objects.get(pk=load.pk).state == Load.State.RELEASED

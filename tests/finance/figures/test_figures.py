"""Which records count, and what they add up to."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from finance.figures.sums import figures_of, total, totals_at
from finance.models import ExpenditureLine, VoucherLine
from tests.factories import (
    OrganizationFactory,
    ProjectFactory,
    SourceFactory,
    expenditure,
    released,
    transfer,
)

pytestmark = pytest.mark.django_db


def totals(project, **kwargs):
    return total(figures_of([project.pk], **kwargs))


def test_net_funded_amount_is_transfers_less_refunds():
    project = ProjectFactory()
    released(transfer(project, "1000.50"), transfer(project, "-200.25", date(2021, 1, 1)))
    figures = totals(project)
    assert (figures.transfer, figures.refund) == (Decimal("1000.50"), Decimal("200.25"))
    assert figures.net_funded == Decimal("800.25")


def test_delivery_rate_without_net_funded_amount_is_not_zero_but_absent():
    project = ProjectFactory()
    released(expenditure(project, "10"))
    assert totals(project).delivery_rate is None


def test_reported_replaces_all_interim_lines_of_that_year_and_organization():
    project, one, two = ProjectFactory(), OrganizationFactory(), OrganizationFactory()
    released(
        expenditure(project, "10", state="interim", organization_id=one.pk),
        expenditure(project, "11", state="interim", organization_id=one.pk),
        expenditure(project, "15", organization_id=one.pk),
        expenditure(project, "7", state="interim", organization_id=two.pk),
        expenditure(project, "5", year=2021, state="interim", organization_id=one.pk),
    )
    assert totals(project).expenditure == 15 + 7 + 5


def test_certified_statement_is_cumulative_and_enters_as_the_difference():
    project, one = ProjectFactory(), OrganizationFactory()
    released(
        expenditure(project, "100", 2019, organization_id=one.pk),
        expenditure(project, "50", 2020, organization_id=one.pk),
        expenditure(project, "140", 2021, "certified", organization_id=one.pk),
    )
    years = {}
    for figure in figures_of([project.pk]):
        years[figure.year] = years.get(figure.year, 0) + figure.base_amount
    assert years == {2019: 100, 2020: 50, 2021: -10}
    assert totals(project).expenditure == 140


def test_a_past_date_shows_what_was_known_then():
    project, source = ProjectFactory(), SourceFactory()
    first = timezone.now() - timedelta(days=9)
    second = first + timedelta(days=4)
    released(transfer(project, "10"), source=source, moment=first)
    released(transfer(project, "25"), source=source, moment=second)
    known = [totals(project, as_of=first + timedelta(days=d)).transfer for d in (-1, 0, 1, 5)]
    assert known == [0, 10, 10, 25]
    assert totals(project).transfer == 25


def test_until_counts_money_up_to_a_day():
    project = ProjectFactory()
    released(transfer(project, "10", date(2020, 1, 1)), transfer(project, "5", date(2021, 1, 1)))
    assert totals(project, until=date(2020, 12, 31)).transfer == 10


def test_figures_of_today_equal_those_summed_from_records():
    project, one = ProjectFactory(), OrganizationFactory()
    released(
        transfer(project, "33.33"),
        expenditure(project, "12.34", 2018, organization_id=one.pk),
        expenditure(project, "99", 2020, "certified", organization_id=one.pk),
    )
    moment = timezone.now() + timedelta(days=1)
    key = lambda f: (f.measure, f.year, f.state, f.base_amount)  # noqa: E731
    assert sorted(figures_of([project.pk]), key=key) == sorted(
        figures_of([project.pk], as_of=moment), key=key
    )


def test_amounts_left_out_are_told_apart_by_their_signs_and_what_is_covered_is_none():
    moment = timezone.now() + timedelta(days=1)

    def held(*amounts, certified=None):
        project = ProjectFactory()
        lines = [expenditure(project, amount, 2019, currency="KRW") for amount in amounts]
        lines += [expenditure(project, certified, 2020, "certified")] if certified else []
        released(*lines)
        return totals_at([moment], [project.pk])[moment, project.pk].parts("expenditure")

    assert held(7).leaves_out_as(held(7))
    assert not held(7).leaves_out_as(held(-7))
    covered = held(-7, 9, certified=5)
    assert (covered.unconverted, covered.told_by) == (0, 0)


def test_withdrawn_records_stay_in_the_table():
    project, source = ProjectFactory(), SourceFactory()
    released(transfer(project, "10"), source=source)
    load = released(source=source, models=[VoucherLine], projects=[project])
    assert load.counts["withdrawn"] == 1
    assert VoucherLine.objects.count() == 1
    assert not VoucherLine.objects.known_at().exists()
    assert not ExpenditureLine.objects.exists()

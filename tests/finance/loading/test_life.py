"""The life of a load: received, checked, released, reversed; and what stands in its way."""

from datetime import date
from decimal import Decimal

import pytest

from finance.errors import LoadError
from finance.figures.sums import figures_of, total
from finance.loading.corrections import correct_record
from finance.loading.scopes import Scope
from finance.loading.services import (
    acknowledge_warnings,
    check_load,
    confirm_withdrawal,
    reject_load,
    release_load,
    reverse_load,
)
from finance.models import ExpenditureLine, Load, Voucher, VoucherLine
from projects.models import Office
from tests.factories import (
    SourceFactory,
    UserFactory,
    released,
    transfer,
)
from tests.finance.loading.life import HEAD, codes, let_go, net, row

pytestmark = pytest.mark.django_db


def test_nothing_shows_before_release_and_all_of_it_after(enter, world, chief):
    load = enter(row("1", "100.00"), row("1", "50.50"), row("2", "-20"))
    assert (load.state, load.counts["new"]) == (Load.State.CHECKED, 3)
    assert net(world) == 0
    assert not Voucher.objects.exists()
    let_go(load, chief)
    assert net(world) == Decimal("130.50")
    assert Voucher.objects.count() == 2
    assert not load.staged_lines.exists()
    assert VoucherLine.objects.get(amount=-20).kind == VoucherLine.Kind.CORRECTION
    assert VoucherLine.objects.get(amount=100).line == 2


def test_the_same_file_again_changes_nothing_and_identical_rows_are_kept(enter, world, chief):
    rows = [row("1", "100"), row("1", "100"), row("2", "7")]
    let_go(enter(*rows), chief)
    again = enter(*rows)
    assert again.counts == {"new": 0, "changed": 0, "withdrawn": 0, "unchanged": 3}
    let_go(again, chief)
    assert net(world) == 207


def test_a_corrected_file_changes_just_what_differs(enter, world, chief):
    first = let_go(enter(row("1", "100"), row("2", "7")), chief)
    second = enter(row("1", "100"), row("2", "9"))
    assert second.counts == {"new": 0, "changed": 1, "withdrawn": 0, "unchanged": 1}
    let_go(second, chief)
    assert net(world) == 109
    assert net(world, as_of=first.released_at) == 107


def test_the_one_who_entered_a_load_does_not_release_it(enter, chief):
    load = enter(row("1", "100"))
    with pytest.raises(LoadError, match="Another person"):
        release_load(load=load, by=load.received_by)
    Office.objects.filter(pk=1).update(four_eyes=False)
    release_load(load=load, by=load.received_by)


def test_errors_block_and_name_row_column_and_value(enter, chief):
    load = enter(row("1", "100"), row("2", "x"), row("3", "5", project="00000009"))
    assert load.state == Load.State.FAULTY
    remarks = list(load.remarks.values_list("line", "value", "code"))
    assert remarks == [(3, "x", "cell"), (4, "00000009", "unknown")]
    with pytest.raises(LoadError, match="errors"):
        release_load(load=load, by=chief)


def test_warnings_must_be_acknowledged_by_kind(enter, world, chief):
    load = enter(row("1", "-100"))
    assert codes(load) == {"refund-above-transfers"}
    with pytest.raises(LoadError, match="warnings"):
        release_load(load=load, by=chief)
    acknowledge_warnings(load=load, codes=["refund-above-transfers"], by=chief)
    release_load(load=load, by=chief)
    assert net(world) == -100


def test_a_large_withdrawal_is_confirmed_by_itself(enter, world, chief):
    let_go(enter(*(row(str(n), "10") for n in range(10))), chief)
    load = enter(*(row(str(n), "10") for n in range(9)))
    assert load.counts["withdrawn"] == 1
    with pytest.raises(LoadError, match="more than 5 %"):
        release_load(load=load, by=chief)
    confirm_withdrawal(load=load, by=chief)
    release_load(load=load, by=chief)
    assert net(world) == 90


def test_only_these_lines_withdraws_nothing(enter, world, chief):
    let_go(enter(row("1", "100")), chief)
    let_go(enter(row("2", "5"), scope=Scope()), chief)
    assert net(world) == 105


def test_a_scope_of_a_year_leaves_other_years_alone(enter, world, chief):
    let_go(enter(row("1", "100", "2015-03-01"), row("2", "7", "2016-03-01")), chief)
    load = enter(row("3", "9", "2016-04-01"), scope=Scope.of_year(2016))
    let_go(load, chief)
    assert net(world) == 109
    outside = enter(row("4", "9", "2017-04-01"), scope=Scope.of_year(2016))
    assert outside.state == Load.State.FAULTY
    assert "outside" in outside.remarks.get().message


def test_a_check_is_void_once_its_scope_was_released_into(enter, world, chief):
    one, two = enter(row("1", "100")), enter(row("1", "100"), row("2", "3"))
    other_year = enter(row("9", "1", "2011-01-01"), scope=Scope.of_year(2011))
    let_go(one, chief)
    with pytest.raises(LoadError, match="void"):
        release_load(load=two, by=chief)
    with pytest.raises(LoadError, match="void"):
        release_load(load=other_year, by=chief)
    let_go(check_load(two), chief)
    assert net(world) == 103


def test_two_sources_do_not_state_the_same_kind_of_one_project(enter, world, chief):
    let_go(enter(row("1", "100")), chief)
    load = enter(row("1", "100"), source=SourceFactory(name="Another ledger"))
    assert load.state == Load.State.FAULTY
    assert "00102004" in load.remarks.get().message


def test_two_loads_checked_at_once_from_two_sources_are_not_both_released(enter, world, chief):
    one = enter(row("1", "100"))
    two = enter(row("1", "100"), source=SourceFactory())
    let_go(one, chief)
    with pytest.raises(LoadError, match="another source"):
        release_load(load=two, by=chief)


def test_a_reversal_returns_the_scope_to_what_stood_before(enter, world, chief):
    let_go(enter(row("1", "100"), row("2", "7")), chief)
    second = let_go(enter(row("1", "90"), row("3", "1")), chief)
    assert net(world) == 91
    reversal = reverse_load(load=second, by=UserFactory(), reason="wrong extract")
    assert net(world) == 91
    let_go(reversal, chief)
    assert net(world) == 107
    restored = VoucherLine.objects.known_at().get(amount=7)
    assert restored.restates.load.sha256 != reversal.sha256
    assert restored.restates.line == restored.line == 3
    assert net(world, as_of=second.released_at) == 91
    again = enter(row("1", "100"), row("2", "7"))
    assert again.counts["unchanged"] == 2


def test_only_the_newest_of_overlapping_loads_can_be_reversed(enter, world, chief):
    first = let_go(enter(row("1", "100")), chief)
    second = let_go(enter(row("1", "100"), row("2", "5")), chief)
    with pytest.raises(LoadError, match=rf"extract.csv \({second.pk}\)"):
        reverse_load(load=first, by=chief, reason="")
    let_go(reverse_load(load=second, by=UserFactory(), reason=""), chief)
    let_go(reverse_load(load=first, by=UserFactory(), reason=""), chief)
    assert net(world) == 0
    with pytest.raises(LoadError, match="was reversed already"):
        reverse_load(load=first, by=chief, reason="")


def test_a_load_released_after_a_reversal_was_made_stops_it(enter, world, chief):
    first = let_go(enter(row("1", "100")), chief)
    reversal = reverse_load(load=first, by=UserFactory(), reason="")
    let_go(enter(row("1", "100"), row("2", "5")), chief)
    confirm_withdrawal(load=reversal, by=chief)
    with pytest.raises(LoadError, match="later load"):
        release_load(load=reversal, by=chief)
    assert net(world) == 105


def test_one_line_is_corrected_by_a_load_of_one_line(enter, world, chief):
    let_go(enter(row("1", "100"), row("2", "7")), chief)
    record = VoucherLine.objects.get(amount=7)
    clerk = UserFactory()
    load = correct_record(record=record, changes={"amount": Decimal("8")}, by=clerk, reason="typo")
    assert load.counts == {"new": 0, "changed": 1, "withdrawn": 0}
    with load.file.open() as file:
        assert b"after" in file.read()
    let_go(load, chief)
    assert net(world) == 108
    assert VoucherLine.objects.known_at().get(amount=8).restates == record
    with pytest.raises(LoadError, match="withdrawn already"):
        correct_record(
            record=VoucherLine.objects.get(pk=record.pk), changes={"amount": 1}, by=clerk, reason=""
        )


def test_a_load_of_iati_is_not_reversed_under_a_correction(world, chief):
    first = released(transfer(world, 100))
    record = VoucherLine.objects.known_at().get()
    load = correct_record(record=record, changes={"amount": 8}, by=UserFactory(), reason="typo")
    correction = let_go(load, chief)
    with pytest.raises(LoadError, match=rf"correction-vouchers-{record.pk}.csv"):
        reverse_load(load=first, by=UserFactory(), reason="")
    let_go(reverse_load(load=correction, by=UserFactory(), reason=""), chief)
    assert net(world) == 100
    let_go(reverse_load(load=first, by=UserFactory(), reason=""), chief)
    assert net(world) == 0


def test_a_correction_is_void_once_iati_was_released_over_it(world, chief):
    first = released(transfer(world, 100))
    record = VoucherLine.objects.known_at().get()
    load = correct_record(record=record, changes={"amount": 8}, by=UserFactory(), reason="typo")
    released(transfer(world, 90), source=first.source)
    with pytest.raises(LoadError, match="void"):
        let_go(load, chief)
    assert net(world) == 90


def test_cumulative_figures_become_annual_by_subtraction(enter, world, chief):
    head = "year,state,project,organization,category,amount,currency"
    rows = ["2019,reported,00102004,UNDP,5,100,USD"]
    let_go(enter(*rows, kind="expenditures", head=head, scope=Scope()), chief)
    load = enter(
        "2020,reported,00102004,UNDP,5,130,USD",
        "2021,reported,00102004,UNDP,5,120,USD",
        kind="expenditures",
        head=head,
        scope=Scope(),
        options={"figures": "cumulative"},
    )
    let_go(load, chief)
    amounts = ExpenditureLine.objects.known_at().order_by("year").values_list("year", "base_amount")
    assert list(amounts) == [(2019, 100), (2020, 30), (2021, -10)]
    assert total(figures_of([world.pk])).expenditure == 120


def test_control_totals_of_the_sender_are_compared(enter, chief):
    totals = {"rows": "2", "amount": "100"}
    load = enter(row("1", "100"), stated_totals=totals)
    assert [remark.value for remark in load.remarks.filter(code="control-totals")] == ["2"]


def test_a_rejected_load_is_closed(enter, chief):
    load = enter(row("1", "100"))
    reject_load(load=load, by=chief)
    with pytest.raises(LoadError, match="closed"):
        confirm_withdrawal(load=load, by=chief)
    with pytest.raises(LoadError, match="not checked"):
        release_load(load=Load.objects.get(pk=load.pk), by=chief)


def test_a_file_that_is_no_spreadsheet_is_faulty_with_its_reason(enter, world):
    load = enter(head="<html><body>403 Access denied</body></html>")
    assert load.state == Load.State.FAULTY
    assert "extract.csv" in load.remarks.get().message


def test_dates_outside_the_project_and_unusual_amounts_are_warned_of(enter, world, chief):
    world.planned_start, world.original_end = date(2016, 1, 1), date(2016, 12, 31)
    world.save()
    let_go(enter(*(row(str(n), "10") for n in range(5))), chief)
    rows = [row(str(n), "10") for n in range(5)]
    load = enter(*rows, row("5", "9000"), row("6", "1", "2018-01-01"))
    found = {(remark.code, remark.line) for remark in load.remarks.all()}
    assert found == {("unusual-amount", 7), ("outside-project", 8)}


def test_an_amount_in_dollars_stated_twice_once_rounded_counts_exactly_and_is_noted(enter, world):
    head = f"{HEAD},base_amount"
    load = enter(row("1", "19171") + ",19170.67", row("2", "5") + ",5", head=head)
    assert load.state == Load.State.CHECKED
    assert set(load.remarks.values_list("code", "line")) == {("rounded-amount", 2)}
    staged = load.staged_lines.order_by("line").values_list("base_amount", flat=True)
    assert list(staged) == [Decimal("19170.67"), 5]
    for amount in ("19172", "19171.5"):
        faulty = enter(row("1", amount) + ",19170.67", head=head)
        assert "differs" in faulty.remarks.get().message


def test_a_sum_of_which_a_part_cannot_be_read_is_held_against_nothing(enter):
    stated = {"rows": "2", "amount": "150"}
    load = enter(row("1", "100"), row("2", "5O"), stated_totals=stated)
    assert (load.report["totals"], load.report["unread_amounts"]) == ({"USD": "100"}, 1)
    assert not load.remarks.filter(code="control-totals").exists()


def test_a_check_stops_when_errors_are_enough(enter, monkeypatch):
    monkeypatch.setattr("finance.loading.checking.MAX_ERRORS", 3)
    load = enter(
        *(row(str(n), "5", project=f"0000000{n}") for n in range(9)), stated_totals={"rows": "9"}
    )
    assert load.state == Load.State.FAULTY
    assert list(load.remarks.values_list("line", flat=True)) == [2, 3, 4, 5]
    assert "stopped" in load.remarks.get(line=5).message


# --- Rates released after a check

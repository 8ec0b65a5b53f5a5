"""New rates of exchange void a check that converted by others."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from finance.errors import LoadError
from finance.loading.corrections import correct_record
from finance.loading.files import load_file
from finance.loading.scopes import Scope
from finance.loading.services import check_load, release_load
from finance.models import Load, VoucherLine
from projects.models import Project
from tests.factories import FundFactory, SourceFactory, UserFactory
from tests.finance.loading.life import HEAD, codes, let_go, net, row

pytestmark = pytest.mark.django_db


def _entered(enter, *rows):
    head = "currency,effective_on,units_per_base"
    return enter(*rows, kind="rates", head=head, source=SourceFactory(), scope=Scope())


def _rates(enter, chief, *rows):
    let_go(_entered(enter, *rows), chief)


@pytest.mark.parametrize(
    ("rate", "is_void"),
    [
        ("EUR,2016-09-01,0.5", True),
        ("EUR,2016-01-01,0.5", True),
        ("EUR,2015-01-01,0.5", False),
        ("EUR,2016-09-16,0.5", False),
        ("NOK,2016-09-01,0.5", False),
    ],
    ids=["nearer the day", "another rate", "before the one used", "later", "other currency"],
)
def test_rates_that_would_convert_otherwise_void_a_check(enter, world, chief, rate, is_void):
    _rates(enter, chief, "EUR,2016-01-01,0.9")
    load = enter(row("1", "90").replace("USD", "EUR"))
    _rates(enter, chief, rate)
    if not is_void:
        let_go(load, chief)
        assert net(world) == 100
        return
    with pytest.raises(LoadError, match="void"):
        release_load(load=load, by=chief)
    let_go(check_load(load), chief)
    assert net(world) == 180


def test_a_first_rate_voids_the_check_of_what_waits_for_it(enter, world, chief):
    load = enter(row("1", "90").replace("USD", "EUR"))
    _rates(enter, chief, "EUR,2016-01-01,0.9")
    with pytest.raises(LoadError, match="void"):
        release_load(load=load, by=chief)
    let_go(check_load(load), chief)
    assert net(world) == 100


@pytest.mark.parametrize("heading", ["base_amount", "usd", "US$ as stated"])
def test_rates_do_not_matter_to_amounts_that_state_their_dollars(enter, world, chief, heading):
    _rates(enter, chief, "EUR,2016-01-01,0.9")
    load = enter(row("1", "90").replace("USD", "EUR") + ",95", head=f"{HEAD},{heading}")
    _rates(enter, chief, "EUR,2016-09-01,0.5")
    let_go(load, chief)
    assert net(world) == 95


def test_a_correction_is_void_once_its_rate_is_another(enter, world, chief):
    _rates(enter, chief, "EUR,2016-01-01,0.9")
    let_go(enter(row("1", "90").replace("USD", "EUR")), chief)
    load = correct_record(
        record=VoucherLine.objects.get(), changes={"amount": Decimal(45)}, by=UserFactory(),
        reason="half",
    )  # fmt: skip
    _rates(enter, chief, "EUR,2016-09-01,0.5")
    with pytest.raises(LoadError, match="void"):
        let_go(load, chief)


@pytest.mark.parametrize(
    ("rate", "is_warned"),
    [("EUR,2016-09-01,0.9", False), ("EUR,2016-08-01,0.9", False), ("EUR,2016-07-31,0.9", True)],
    ids=["of the month", "45 days before", "46 days before"],
)
def test_an_old_rate_is_warned_of(enter, chief, rate, is_warned):
    _rates(enter, chief, rate)
    load = enter(row("1", "90").replace("USD", "EUR"))
    told = [remark.message for remark in load.remarks.filter(code="old-rate")]
    day = rate.split(",")[1]
    assert told == [f"The newest rate of EUR for 2016-09-15 is that of {day}."] * is_warned


@pytest.mark.parametrize(
    ("rate", "told"),
    [
        ("EUR,2016-08-01,0.9", []),
        (
            "EUR,2016-01-01,0.9",
            ["1 amount in EUR, of 2016-09-15, would be converted by the rate of 2016-01-01."],
        ),
    ],
)
def test_a_rate_too_old_for_what_waits_for_it_is_warned_of(enter, chief, rate, told):
    let_go(enter(row("1", "90").replace("USD", "EUR")), chief)
    head = "currency,effective_on,units_per_base"
    load = enter(rate, kind="rates", head=head, source=SourceFactory(), scope=Scope())
    found = load.remarks.filter(code="old-rate")
    assert [(remark.line, remark.message) for remark in found] == [(2, text) for text in told]


@pytest.mark.parametrize(("ahead", "is_warned"), [(30, False), (80, True)])
def test_a_rate_of_a_day_that_nobody_can_know_is_warned_of(enter, ahead, is_warned):
    day = timezone.localdate() + timedelta(days=ahead)
    load = _entered(enter, f"EUR,{day},0.9")
    assert ("far-ahead" in {remark.code for remark in load.remarks.all()}) == is_warned


@pytest.mark.parametrize(
    ("state", "ago", "is_warned"),
    [("reported", 0, True), ("reported", 1, False), ("interim", 0, False), ("certified", 0, False)],
)
def test_a_year_end_figure_of_a_year_that_runs_is_warned_of(enter, world, state, ago, is_warned):
    year = timezone.localdate().year - ago
    head = "year,state,project,organization,amount,currency"
    load = enter(f"{year},{state},00102004,UNDP,10,USD", kind="expenditures", head=head)
    assert ("not-over" in {remark.code for remark in load.remarks.all()}) == is_warned


def _file(tmp_path, kind, *rows):
    FundFactory(code="F1")
    path = tmp_path / f"{kind}.csv"
    path.write_text("\n".join(rows))
    load_file(path, source=SourceFactory(), kind=kind)
    return Load.objects.get()


def test_a_country_that_is_named_twice_is_a_fault_of_its_row(tmp_path):
    with pytest.raises(LoadError, match="row 2, countries: “mali” it is named twice"):
        _file(tmp_path, "projects", "number,title,fund,countries", "P-9,x,F1,ML 60; mali 40")


def test_the_marks_of_a_web_page_are_read_from_spreadsheets_too(tmp_path):
    head, row = (
        "number,title,fund,narrative",
        "P-9,<b>x</b> &amp; y,F1,<p>One</p><p>R&amp;amp;D</p>",
    )
    _file(tmp_path, "projects", head, row)
    project = Project.objects.get(number="P-9")
    assert (project.title, project.narrative) == ("x & y", "One\n\nR&amp;D")


def test_a_status_from_a_day_to_come_on_is_warned_of(tmp_path):
    head, row = "number,title,fund,status,status date", "P-9,x,F1,suspended,2098-01-01"
    load = _file(tmp_path, "projects", head, row)
    assert "after-today" in codes(load)


@pytest.mark.parametrize(
    ("kind", "head", "row", "fault"),
    [
        ("fund-costs", "date,fund,kind,amount,currency,base_amount,other fund",
         "2020-01-01,F1,aa-fee,5,EUR,-6,", "has another sign"),
        ("fund-costs", "date,fund,kind,amount,currency,base_amount,other fund",
         "2020-01-01,F1,aa-fee,-5,EUR,6,", "has another sign"),
        ("fund-costs", "date,fund,kind,amount,currency,other fund",
         "2020-01-01,F1,to-fund,5,USD,f1", "transfers nothing to itself"),
    ],
)  # fmt: skip
def test_what_contradicts_itself_in_a_row_is_a_fault(tmp_path, kind, head, row, fault):
    with pytest.raises(LoadError, match=fault):
        _file(tmp_path, kind, head, row)


def test_expenditure_of_a_year_in_which_its_period_does_not_end_is_warned_of(enter):
    head = "year,state,project,organization,amount,currency,period_end"
    rows = [f"2020,reported,00102004,UNDP,{n},USD,{day}"
            for n, day in enumerate(("", "2020-12-31", "2021-03-31"), 1)]  # fmt: skip
    (told,) = enter(*rows, kind="expenditures", head=head).remarks.filter(code="other-year")
    assert told.line == 4
    assert told.message.startswith("It is stated of 2020, and its period ends on 31 Mar 2021")


@pytest.mark.parametrize(
    ("on", "words"),
    [
        (None, ""),
        ("2021-02-01", ""),
        ("2019-12-31", "A report on 2020 can hardly have come on 31 Dec 2019"),
        ("ahead", "which lies ahead"),
    ],
)
def test_a_report_that_cannot_have_come_on_its_day_is_warned_of(enter, on, words):
    day = str(timezone.localdate() + timedelta(days=1)) if on == "ahead" else on or ""
    head = "project,organization,type,period,received_on,exempt,reason"
    row = f"00102004,UNDP,narrative,2020,{day},{'' if on else 'yes'},lost"
    load = enter(row, kind="reports-received", head=head)
    told = [remark.message for remark in load.remarks.filter(code="report-day")]
    assert [words in text for text in told] == [True] * bool(words)


@pytest.mark.parametrize(
    ("kind", "head", "line", "code"),
    [
        ("budgets", "date,project,organization,amount,currency", "2020-05-01", "budget-below-zero"),
        (
            "expenditures",
            "year,state,project,organization,amount,currency",
            "2020,reported",
            "spending-below-zero",
        ),
    ],
)
def test_a_project_that_would_come_to_less_than_nothing_is_warned_of(enter, kind, head, line, code):
    (told,) = enter(f"{line},00102004,UNDP,-5,USD", kind=kind, head=head).remarks.filter(code=code)
    assert "would come to US$\N{NO-BREAK SPACE}−5." in told.message


@pytest.mark.parametrize(
    ("dollars", "rate", "told"),
    [
        ("100", "0.9", []),
        ("100.6", "0.9", []),
        ("180", "0.9", ["By the rate that the row states it would be US$ 100, not US$ 180."]),
        ("105", "", []),
        ("180", "", ["By the rate of the day it would be US$ 100, not US$ 180."]),
    ],
)
def test_a_base_amount_far_from_its_rate_is_warned_of(enter, chief, dollars, rate, told):
    _rates(enter, chief, "EUR,2016-09-01,0.9")
    line = row("1", "90").replace("USD", "EUR")
    load = enter(f"{line},{dollars},{rate}", head=f"{HEAD},base_amount,rate")
    found = load.remarks.filter(code="stated-base_amount-deviates")
    assert [remark.message.replace("\N{NO-BREAK SPACE}", " ") for remark in found] == told


def test_a_base_amount_with_no_rate_at_all_is_not_compared(enter):
    line = row("1", "90").replace("USD", "EUR")
    load = enter(f"{line},180", head=f"{HEAD},base_amount")
    assert not load.remarks.filter(code="stated-base_amount-deviates")

"""Exchange rates: read strictly, converting once, never a record that is converted."""

from datetime import date
from decimal import Decimal

import openpyxl
import pytest

from finance.errors import LoadError
from finance.figures.sums import figures_of, total
from finance.loading.files import load_file
from finance.models import ExchangeRate, Load, VoucherLine
from tests.factories import ProjectFactory, SourceFactory, released, transfer
from tests.loading import load_rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def take():
    source = SourceFactory(code="exchange-rates")
    return lambda path: load_file(path, source=source, kind=Load.Kind.RATES)


@pytest.fixture
def rates(tmp_path, take):
    def write(*rows, head="Currency,Effective date,Units per US$"):
        path = tmp_path / "rates.csv"
        path.write_text("\n".join([head, *rows]))
        return take(path)

    return write


def counts(load):
    return {name: count for name, count in load.counts.items() if count}


def test_a_rate_converts_what_waited_for_it_and_provenance_stays(rates):
    project, source = ProjectFactory(), SourceFactory()
    euros = transfer(project, "90", currency="EUR")
    released(euros, source=source)
    assert total(figures_of([project.pk])).unconverted == 1
    load = rates("EUR,2020-01-01,0.9")
    assert load.report["restated"] == 1
    assert total(figures_of([project.pk])).transfer == 100
    standing = VoucherLine.objects.known_at().get()
    assert (standing.base_amount, standing.rate, standing.load) == (100, Decimal("0.9"), load)
    assert standing.restates.load.source == source
    again = released(transfer(project, "90", currency="EUR"), source=source)
    assert {name: n for name, n in again.counts.items() if n} == {"unchanged": 1}


def test_the_latest_rate_at_or_before_the_day_counts(rates):
    rates("EUR,2020-01-01,0.5", "EUR,2020-05-01,0.8", "EUR,2020-05-02,0.1")
    project = ProjectFactory()
    released(transfer(project, "80", date(2020, 5, 1), currency="EUR"))
    assert total(figures_of([project.pk])).transfer == 100


def test_a_corrected_rate_never_changes_a_converted_record(rates):
    project = ProjectFactory()
    rates("EUR,2020-01-01,0.5")
    released(transfer(project, "50", currency="EUR"))
    load = rates("EUR,2020-01-01,0.25")
    assert counts(load) == {"changed": 1}
    assert load.report["restated"] == 0
    assert total(figures_of([project.pk])).transfer == 100
    assert ExchangeRate.objects.known_at().get().units_per_base == Decimal("0.25")


def test_the_same_file_changes_nothing(rates):
    rates("EUR,2020-01-01,0.5", "NOK,2020-01-01,9.1")
    assert counts(rates("EUR,2020-01-01,0.5", "NOK,2020-01-01,9.1")) == {"unchanged": 2}


def test_excel_and_semicolons_are_read_too(rates, take, tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["Code", "Date", "Rate"])
    book.active.append(["eur", date(2021, 1, 1), 0.8])
    path = tmp_path / "rates.xlsx"
    book.save(path)
    assert counts(take(path)) == {"new": 1}
    assert counts(rates("SEK;1 Feb 2021;8.5", head="Currency;Effective;Rate")) == {"new": 1}


@pytest.mark.parametrize(
    ("rows", "head", "message"),
    [
        (["EURO,2020-01-01,1"], None, "row 2, Currency: “EURO”"),
        (["EUR,01/02/2020,1"], None, "row 2, Effective date: “01/02/2020”"),
        (["EUR,2020-01-01,0"], None, "row 2, .*“0”"),
        (["EUR,2020-01-01,1", "EUR,2020-01-01,2"], None, "row 3, .*row 2 states"),
        ([], None, "no rows"),
        (["EUR,1"], "Currency,Rate", "Effective date"),
    ],
)
def test_bad_input_is_faulty_with_file_and_row(rates, rows, head, message):
    with pytest.raises(LoadError, match=message) as error:
        rates(*rows, **({"head": head} if head else {}))
    assert "rates.csv" in str(error.value)
    assert not Load.objects.released().exists()
    assert not ExchangeRate.objects.exists()


def test_something_else_called_xlsx_is_refused(take, tmp_path):
    path = tmp_path / "rates.xlsx"
    path.write_text("no workbook")
    with pytest.raises(LoadError, match=r"rates\.xlsx"):
        take(path)


def test_a_rate_that_makes_more_of_an_amount_than_can_be_kept_is_refused(rates):
    project = ProjectFactory()
    released(transfer(project, "90000000", currency="EUR"))
    with pytest.raises(LoadError, match=r"90000000 EUR at 0\.0000000001 per US\$ is too large"):
        rates("EUR,2020-01-01,0.0000000001")
    assert total(figures_of([project.pk])).unconverted == 1


def test_an_amount_that_such_a_rate_converts_is_a_fault_of_its_row(rates):
    project = ProjectFactory(number="P-1")
    rates("EUR,2020-01-01,0.0000000001")
    row = f"1,2020-05-01,{project.fund.code},,P-1,transfer,90000000,EUR"
    with pytest.raises(LoadError, match=r"row 2, amount: .*is too large"):
        load_rows("vouchers", row.splitlines(), source=SourceFactory())


def test_the_sum_of_the_largest_amounts_has_its_place():
    project = ProjectFactory(number="P-1")
    row = f"1,2020-05-01,{project.fund.code},,P-1,transfer,999999999999999.999999,USD"
    load_rows("vouchers", [row] * 12, source=SourceFactory())
    assert total(figures_of([project.pk])).transfer == 12 * Decimal("999999999999999.999999")
    too_large = row.replace("999999999999999.", "1000000000000000.")
    with pytest.raises(LoadError, match="too large"):
        load_rows("vouchers", [too_large], source=SourceFactory())


def test_a_budget_whose_period_ends_before_it_begins_is_a_fault(take, tmp_path):
    ProjectFactory(number="P-1")
    path = tmp_path / "budgets.csv"
    path.write_text(
        "date,project,amount,currency,from,to\n2020-01-01,P-1,5,USD,2020-12-31,2020-01-01\n"
    )
    with pytest.raises(LoadError, match="the period ends before it begins"):
        load_file(path, source=SourceFactory(), kind=Load.Kind.BUDGETS)

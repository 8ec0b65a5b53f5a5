"""Rows of any kind typed or pasted become a file that goes the way of all files."""

import csv
import io

import pytest
from django.urls import reverse

from finance.formats.starter import SHEETS
from finance.loading.services import check_load, release_load
from finance.models import Commitment, FundCost, Load, Source, VoucherLine
from tests.factories import OrganizationFactory, SourceFactory

pytestmark = pytest.mark.django_db
ROW = {
    "voucher": "000123", "payment_date": "2016-09-15", "fund": "UNA00", "payee": "UNDP",
    "project": "00102004", "amount": "250.50", "currency": "USD",
}  # fmt: skip


def address(kind="vouchers"):
    return reverse("staff-load-type", args=[kind])


def sent(*rows, total=10, **more):
    """What the form sends of these rows; whoever names no source takes the ledger."""
    data = {"rows-TOTAL_FORMS": str(total), "rows-INITIAL_FORMS": "0"}
    data |= {f"rows-{at}-currency": "USD" for at in range(total)}
    for at, row in enumerate(rows):
        data |= {f"rows-{at}-{name}": value for name, value in row.items()}
    source = Source.objects.get(code="ledger").pk
    return {**data, "existing_source": source, "pasted": "", **more}


def lines(load):
    with load.file.open() as file:
        return list(csv.DictReader(io.StringIO(file.read().decode())))


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_each_kind_has_a_page_with_all_its_columns_and_ten_rows(as_, world, sheet):
    client = as_("clerk")
    text = client.get(address(sheet.name)).content.decode()
    assert address(sheet.name) in client.get(reverse("staff-load-type-kinds")).content.decode()
    for column in sheet.columns.columns:
        assert f'id="head-{column.name}"' in text
        assert text.count(f'aria-labelledby="head-{column.name}"') == 10


def test_what_was_typed_becomes_a_stored_file_that_is_checked_and_released(as_, world, people):
    answer = as_("clerk").post(address(), sent(ROW, {**ROW, "amount": "-3"}, reason="By hand"))
    load = Load.objects.get()
    assert answer.url == reverse("staff-load", args=[load.pk])
    assert (load.kind, load.state, load.received_by) == ("vouchers", "received", people["clerk"])
    assert load.file_name.startswith("vouchers-20")
    assert [row["amount"] for row in lines(load)] == ["250.50", "-3"]
    release_load(load=check_load(load), by=people["chief"])
    assert sorted(VoucherLine.objects.values_list("amount", flat=True)) == [-3, 250.5]


def test_the_public_names_of_files_group_nobodys_entries(as_, world):
    clerk = as_("clerk")
    for amount in ("1", "2"):
        clerk.post(address(), sent({**ROW, "amount": amount}))
    ends = {load.file_name.rsplit("-", 1)[1] for load in Load.objects.all()}
    assert len(ends) == 2


def test_empty_rows_between_keep_the_numbers_of_those_below(as_, world):
    as_("clerk").post(address(), sent(ROW, {}, {**ROW, "amount": "x"}))
    load = check_load(Load.objects.get())
    # The headings are row 1 of the file, as on the page.
    assert list(load.remarks.values_list("line", "value")) == [(4, "x")]


def test_pasted_rows_are_taken_by_their_headings_or_in_the_order_of_the_table(as_, world):
    clerk = as_("clerk")
    headings = "Amount\tCurrency\tPaid on\tFund code\tProject number"
    named = f"{headings}\n5\tUSD\t2016-01-02\tUNA00\t00102004\n"
    clerk.post(address(), sent(pasted=named))
    ordered = '7\t2016-01-02\tUNA00\tUNDP\t00102004\t\t6.5\tUSD\t"two\nlines"\n'
    clerk.post(address(), sent(ROW, pasted=ordered))
    first, second = Load.objects.order_by("pk")
    assert lines(first)[0]["payment_date"] == "2016-01-02"
    typed, pasted = lines(second)
    assert (typed["amount"], pasted["amount"], pasted["description"]) == (
        "250.50", "6.5", "two\nlines")  # fmt: skip


@pytest.mark.parametrize(
    "more, said",
    [
        ({"existing_source": ""}, "Choose a source, or name a new one."),
        ({"pasted": "Amount\tCurrency\tColour\n5\tUSD\tred"}, "No column is called “Colour”"),
        ({"pasted": "\t".join("x" * 30)}, "Row 1 of what was pasted has more cells"),
        ({"pasted": "Date\tPaid on\tAmount\n1\t2\t3"}, "both mean"),
        ({"pasted": "x" * 400_001}, "too long to be pasted"),
        ({"reason": "x" * 301}, "300"),
        ({"rows-TOTAL_FORMS": "many"}, "did not arrive whole"),
        ({"rows-TOTAL_FORMS": "9" * 5000, "more": "yes"}, "did not arrive whole"),
    ],
)
def test_a_mistake_is_told_and_all_that_was_typed_stays(as_, world, more, said):
    typed = {**ROW, "payment_date": "15.09.2016", "kind": "neither", "amount": "ten"}
    page = as_("clerk").post(address(), sent(typed) | more)
    text = page.content.decode()
    assert said in text and not Load.objects.exists()
    if "rows-TOTAL_FORMS" not in more:
        for value in ("15.09.2016", "neither", "ten", *more.values()):
            assert value in text


@pytest.mark.parametrize(
    ("pasted", "said"),
    [
        ("7\t2016-01-02\n\n" + "\t".join("x" * 30), "Row 3 of what was pasted has more cells"),
        ('7\t"a\n8\tUSD\n9\tb"\tx', "Row 1 of what was pasted: a quotation mark begins a cell"),
    ],
)
def test_rows_that_were_pasted_are_numbered_as_they_stand_and_none_is_swallowed(
    as_, world, pasted, said
):
    text = as_("clerk").post(address(), sent(pasted=pasted)).content.decode()
    assert said in text and not Load.objects.exists()


def test_nothing_typed_is_no_file(as_, world):
    page = as_("clerk").post(address(), sent()).content.decode()
    assert "Type a row above, or paste one here." in page and not Load.objects.exists()


def test_more_rows_keep_what_was_typed_and_find_no_fault(as_, world):
    data = sent(ROW, existing_source="", new_source="Mine", pasted="a\tb", more="yes")
    text = as_("clerk").post(address(), data).content.decode()
    assert text.count('aria-labelledby="head-amount"') == 20
    assert "000123" in text and "Mine" in text and "a\tb" in text and "Error:" not in text
    assert 'name="more"' not in as_("clerk").post(
        address(), data | {"rows-TOTAL_FORMS": "100"}
    ).content.decode()  # fmt: skip


def test_sent_twice_it_is_one_load(as_, world):
    clerk = as_("clerk")
    first, again = (clerk.post(address(), sent(ROW, once="a" * 32)) for _time in range(2))
    assert first.url == again.url and Load.objects.count() == 1


def test_typed_after_the_session_ended_it_waits_behind_the_sign_in(client, world):
    answer = client.post(address(), sent(ROW))
    assert answer.status_code == 302 and reverse("form-again", args=["0" * 32])[:-33] in answer.url


def test_opening_balances_count_as_other_income(as_, world, people):
    row = {"date": "2015-12-31", "fund": "UNA00", "amount": "10"}
    as_("clerk").post(address("opening-balances"), sent(row))
    release_load(load=check_load(Load.objects.get()), by=people["chief"])
    cost = FundCost.objects.get()
    assert (cost.kind, cost.amount) == ("other-income", 10)


def test_pledges_that_remain_are_asked_of_contributions_only(as_, world, people):
    OrganizationFactory(code="NOR")
    row = {"what": "commitment", "date": "2015-12-31", "fund": "UNA00", "contributor": "NOR",
           "amount": "10"}  # fmt: skip
    as_("clerk").post(address("contributions"), sent(row, pledges="remaining"))
    load = Load.objects.get()
    assert load.options == {"pledges": "remaining"}
    release_load(load=check_load(load), by=people["chief"])
    assert Commitment.objects.get().amount == 10
    assert 'name="pledges"' not in as_("clerk").get(address()).content.decode()


def test_the_source_that_stated_such_lines_last_is_offered(as_, enter, people):
    assert 'value="Fund office"' in as_("clerk").get(address()).content.decode()
    SourceFactory(code="other")
    load = release_load(load=enter("1,2016-09-15,UNA00,UNDP,00102004,5,USD"), by=people["chief"])
    text = as_("clerk").get(address()).content.decode()
    assert f'<option value="{load.source_id}" selected>' in text


def test_what_is_no_kind_has_no_page(as_, world):
    assert as_("clerk").get(address("starter")).status_code == 404

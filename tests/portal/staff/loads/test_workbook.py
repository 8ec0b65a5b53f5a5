"""The starter workbook is looked at line by line and mended in the browser, as any file is."""

import pytest
from django.urls import reverse

from finance.loading.services import release_load
from finance.models import Load, Mend, VoucherLine
from projects.models import Organization
from tests.finance.loading.test_starter import ROWS, entered, workbook
from tests.portal.staff.loads.test_entry import page, run_tasks
from tests.portal.staff.loads.test_mending import mending

pytestmark = pytest.mark.django_db
VOUCHER = ROWS["vouchers"][0]


@pytest.fixture
def book(people):
    """A checked workbook that the clerk entered."""
    return lambda **rows: entered(workbook(ROWS | rows), by=people["clerk"])


def test_the_page_of_a_workbook_shows_its_lines_sheet_by_sheet(as_, book):
    load, clerk = book(), as_("clerk")
    text = page(clerk, load)
    assert "All 12 lines" in text and "Water Fund" in text
    url = reverse("staff-load-lines", args=[load.pk])
    first = clerk.get(url).content.decode()
    # The first sheet, and the way to the others.
    assert "Water Fund" in first and "0001" not in first
    assert '<option value="voucherline"' in first
    vouchers = clerk.get(url, {"kind": "voucherline", "q": "00012"}).content.decode()
    assert "0001" in vouchers and "UNDP" in vouchers and "300" in vouchers
    assert b"00012" in clerk.get(url, {"kind": "project", "format": "csv"}).getvalue()


def test_cells_rows_and_repeated_values_of_sheets_are_mended(as_, book, people):
    wrong = [VOUCHER | {"voucher": f"000{n}", "payment_date": "31 June 2020"} for n in (2, 3)]
    load = book(
        vouchers=[VOUCHER | {"amount": "3OO"}, *wrong],
        contributions=[ROWS["contributions"][0] | {"amount": "1x"}],
    )
    clerk = as_("clerk")
    assert "Mend it here" in page(clerk, load)
    form = clerk.get(reverse("staff-load-mend", args=[load.pk])).context["form"]
    fields = {f"out-contributions{2}": "on"}
    fields |= {f"cell-{r.pk}": "300" for r in form.cells if r.column == "vouchers: Amount"}
    fields |= {f"same-{one.pk}": "2020-06-30" for one in form.repeated}
    assert mending(clerk, load, **fields).status_code == 302
    run_tasks()
    load.refresh_from_db()
    assert load.state == Load.State.CHECKED, list(load.remarks.values_list("column", "message"))
    assert set(load.mends.values_list("what", "column")) == {
        ("left-out", "contributions"), ("cell", "vouchers: amount"),
        ("rule", "vouchers: payment_date"),
    }  # fmt: skip
    release_load(load=load, by=people["chief"])
    assert sorted(VoucherLine.objects.values_list("date__month", flat=True)) == [3, 6, 6]


def test_an_unknown_name_may_be_what_another_sheet_states_or_a_new_organization(as_, book):
    load = book(
        vouchers=[VOUCHER | {"payee": "U.N.D.P"}, VOUCHER | {"payee": "Wells for all"}],
    )
    clerk = as_("clerk")
    form = clerk.get(reverse("staff-load-mend", args=[load.pk])).context["form"]
    pks = {remark.value: remark.pk for remark in form.names}
    mended = {f"other-{pks['U.N.D.P']}": "undp", f"name-{pks['Wells for all']}": "+nngo"}
    assert mending(clerk, load, **mended).status_code == 302
    run_tasks()
    load.refresh_from_db()
    assert load.state == Load.State.CHECKED
    assert Organization.objects.get().name == "Wells for all"
    assert Mend.objects.filter(what="rule", column="vouchers: payee").count() == 2


def test_any_cell_of_a_sheet_can_be_mended_and_is_told_with_its_sheet(as_, book):
    load, clerk = book(), as_("clerk")
    mended = {"row": "2", "column": "vouchers: amount", "value": "301"}
    assert mending(clerk, load, **mended).status_code == 302
    run_tasks()
    assert load.staged_lines.get(model="voucherline").base_amount == 301
    assert "Vouchers: Amount" in page(clerk, load)

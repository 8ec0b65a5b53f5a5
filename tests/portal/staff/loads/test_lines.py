"""What a load would change is shown line by line, and only what was shown is released."""

import pytest
from django.urls import reverse

from finance.loading.corrections import correct_record
from finance.loading.services import (
    acknowledge_warnings,
    check_load,
    open_warnings,
    reject_load,
    release_load,
    request_check,
    reverse_load,
)
from finance.models import VoucherLine
from projects.models import Organization
from tests.factories import OrganizationFactory
from tests.portal.staff.conftest import row

pytestmark = pytest.mark.django_db
TEXTS = "voucher,payment_date,fund,payee,project,amount,currency,description"


def lines(client, load, **query):
    """The rows of the page of lines: what happens, and the cells that differ or stand."""
    answer = client.get(reverse("staff-load-lines", args=[load.pk]), query)
    assert answer.status_code == 200
    return {
        (line.what, name): (cell.before, cell.after)
        for line in answer.context["page_obj"].object_list
        for name, cell in line.cells.items()
        if cell.differs or line.what != "changed"
    }


def test_a_changed_line_shows_each_cell_before_and_after(as_, enter, people):
    OrganizationFactory(code="FAO", name="Food and Agriculture")
    first = enter(row("1", "100") + ",Wells", row("2", "50") + ",Pumps", head=TEXTS)
    release_load(load=first, by=people["chief"])
    load = enter(
        row("1", "120.5", payee="UNDP") + ",Deep wells",
        row("3", "7", payee="FAO", day="2017-01-02") + ",Pipes",
        head=TEXTS,
    )
    assert {k: load.counts[k] for k in ("new", "changed", "withdrawn")} == {
        "new": 0, "changed": 2, "withdrawn": 0,
    }  # fmt: skip
    client = as_("chief")
    found = lines(client, load)
    assert found["changed", "amount"] == ("50.00", "7.00")
    assert found["changed", "organization"][1] == "Food and Agriculture"
    assert found["changed", "description"] == ("Pumps", "Pipes")
    one = lines(client, load, q="Deep")
    assert one["changed", "description"] == ("Wells", "Deep wells")
    assert one["changed", "amount"] == ("100.00", "120.50")
    assert lines(client, load, what="new") == {}
    # A column of the record is none of the table’s own.
    headings = client.get(reverse("staff-load-lines", args=[load.pk])).context["table"].heads
    assert [head.text for head in headings].count("Kind") == 1
    assert lines(client, load, q="Agriculture")["changed", "voucher_number"] == ("2", "3")
    text = client.get(reverse("staff-load", args=[load.pk])).content.decode()
    assert "<del>Wells</del> <ins>Deep wells</ins>" in text
    export = client.get(reverse("staff-load-lines", args=[load.pk]), {"format": "csv"})
    assert "Wells → Deep wells" in b"".join(export).decode()


def test_corrections_and_reversals_show_their_lines_too(as_, enter, people):
    released = release_load(load=enter(row("1", "100")), by=people["chief"])
    client = as_("clerk")
    correction = correct_record(
        record=VoucherLine.objects.get(), changes={"amount": 90}, by=people["clerk"], reason="x"
    )
    assert lines(client, correction)["changed", "amount"] == ("100.00", "90.00")
    reject_load(load=correction, by=people["clerk"])
    reversal = reverse_load(load=released, by=people["clerk"], reason="Wrong")
    assert lines(client, reversal)["withdrawn", "amount"] == ("100.00", "")
    assert reversal.counts["withdrawn"] == 1


def test_the_file_of_a_correction_holds_no_formula(enter, people):
    release_load(load=enter(row("1", "100")), by=people["chief"])
    changes = {"description": "=1+1"}
    correction = correct_record(
        record=VoucherLine.objects.get(), changes=changes, by=people["clerk"], reason="x"
    )
    with correction.file.open() as file:
        assert b",'=1+1," in file.read()


def test_master_data_shows_what_a_file_changes_of_it(as_, enter, people):
    load = enter(
        "UNDP,Development Programme", "NEW,New one", head="code,name", kind="organizations"
    )
    before = Organization.objects.get(code="UNDP").name
    found = lines(as_("clerk"), load)
    assert found["changed", "name"] == (before, "Development Programme")
    assert found["new", "name"] == ("", "New one")
    assert ("changed", "code") not in found


def test_only_what_was_shown_is_released(as_, enter, people, world):
    load = enter(row("1", "100"))
    chief = as_("chief")
    url = reverse("staff-load-release", args=[load.pk])
    seen = chief.get(reverse("staff-load", args=[load.pk])).context["seen"]
    assert len(seen) == 64
    assert "shown" in chief.post(url, {"seen": ""}, follow=True).content.decode()
    # The same check done again shows the same.
    check_load(load)
    load.refresh_from_db()
    assert load.report["content"] == seen
    request_check(load=load, mapping={"kind": "vouchers", "negated": ["amount"]})
    load.refresh_from_db()
    check_load(load)
    text = chief.post(url, {"seen": seen}, follow=True).content.decode()
    assert "not what you were shown" in text
    load.refresh_from_db()
    acknowledge_warnings(load=load, codes=open_warnings(load), by=people["chief"])
    chief.post(url, {"seen": load.report["content"]})
    load.refresh_from_db()
    assert load.state == "released"


def test_lines_of_a_released_load_are_public_records(as_, enter, people):
    load = release_load(load=enter(row("1", "100")), by=people["chief"])
    answer = as_("looker").get(reverse("staff-load-lines", args=[load.pk]))
    assert answer.url == reverse("load-records", args=[load.pk])

"""A file's way through the pages: entered, checked, acknowledged, released, reversed."""

import re
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_tasks_db.models import DBTaskResult
from openpyxl import load_workbook

from finance.errors import LoadError
from finance.figures.sums import figures_of, total
from finance.loading.services import check_load, release_load
from finance.models import Load, Source, SourceMapping, VoucherLine
from portal.work.checks import check
from projects.models import Fund
from tests.factories import ProjectFactory
from tests.portal.staff.conftest import HEAD, row

pytestmark = pytest.mark.django_db
NEW = reverse("staff-load-new")


def upload(*rows, head=HEAD, name="extract.csv"):
    return SimpleUploadedFile(name, "\n".join([head, *rows]).encode())


def sent(file, **more):
    source = Source.objects.get(code="ledger")
    return {
        "kind": "vouchers", "existing_source": source.pk, "file": file, "complete": "lines", **more,
    }  # fmt: skip


def run_tasks():
    for task in DBTaskResult.objects.ready().order_by("enqueued_at"):
        check.func(*task.args_kwargs["args"])
        task.delete()


def seen(load):
    load.refresh_from_db()
    return {"seen": load.report["content"]}


def page(client, load):
    return client.get(reverse("staff-load", args=[load.pk])).content.decode()


def test_a_file_is_entered_checked_released_and_reversed(as_, world, people):
    clerk = as_("clerk")
    answer = clerk.post(NEW, sent(upload(row("1", "100")), rows="1", amount="100", reason="May"))
    load = Load.objects.get()
    assert answer.url == reverse("staff-load", args=[load.pk])
    assert (load.state, load.received_by, load.reason) == ("received", people["clerk"], "May")
    assert re.search(r'<noscript>\s*<meta http-equiv="refresh"', page(clerk, load))
    run_tasks()
    text = page(clerk, load)
    assert "http-equiv" not in text
    assert "does not release loads" in text
    chief = as_("chief")
    assert "Nothing stands in the way" in page(chief, load)
    chief.post(reverse("staff-load-release", args=[load.pk]), seen(load))
    assert total(figures_of([world.pk])).net_funded == 100
    answer = chief.post(reverse("staff-load-reverse", args=[load.pk]), {"reason": "Wrong file"})
    reversal = Load.objects.get(reverses=load)
    assert answer.url == reverse("staff-load", args=[reversal.pk])
    assert "Another person" in page(chief, reversal)
    both = as_("both")
    both.post(reverse("staff-load-confirm", args=[reversal.pk]))
    both.post(reverse("staff-load-release", args=[reversal.pk]), seen(reversal))
    assert total(figures_of([world.pk])).net_funded == 0


def test_a_reversal_needs_a_reason_and_names_later_loads(as_, enter, people):
    first = release_load(load=enter(row("1", "100")), by=people["chief"])
    chief = as_("chief")
    url = reverse("staff-load-reverse", args=[first.pk])
    assert "State the reason" in chief.post(url, {"reason": " "}, follow=True).content.decode()
    # What was typed and is not taken stays in its field, or at least on the page.
    assert f'value="{"x" * 301}"' in chief.post(url, {"reason": "x" * 301}).content.decode()
    later = enter(row("1", "100"), row("2", "50"))
    release_load(load=later, by=people["chief"])
    text = chief.post(url, {"reason": "Wrong"}, follow=True).content.decode()
    assert f"must be reversed first: extract.csv ({later.pk})" in text
    assert "You wrote: Wrong" in text
    assert not Load.objects.filter(reverses=first).exists()


@pytest.mark.parametrize(
    ("more", "field", "message"),
    [
        ({"file": ""}, "file", "required"),
        ({"existing_source": ""}, "existing_source", "name a new one"),
        ({"new_source": "Other"}, "existing_source", "not both"),
        ({"existing_source": "", "new_source": "Ledger"}, "new_source", "already"),
        ({"existing_source": "", "new_source": "…"}, "new_source", "letter"),
        ({"existing_source": "77777"}, "existing_source", "valid choice"),
        ({"kind": "iati"}, "file", "no file of IATI"),
        ({"year": "2016"}, "complete", "only matter"),
        ({"complete": "complete", "year": "2016", "first": "2016-01-01"}, "year", "not both"),
        ({"complete": "complete", "first": "2016-02-01", "last": "2016-01-01"}, "last", "before"),
        ({"rows": "-1"}, "rows", "greater"),
        ({"amount": "NaN"}, "amount", "number"),
        ({"complete": "complete", "funds": ["NONE"]}, "funds", "NONE"),
        ({"reason": "x" * 301}, "reason", "300"),
    ],
)
def test_a_mistake_is_told_beside_its_field(as_, world, more, field, message):
    answer = as_("clerk").post(NEW, sent(upload(row("1", "1"))) | more)
    assert message in " ".join(answer.context["form"].errors[field])
    assert not Load.objects.exists()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf<?xml version='1.0'?><iati-activities/>", "choose “IATI activities”"),
    ],
)
def test_a_file_that_belongs_elsewhere_is_told_so(as_, world, content, message):
    answer = as_("clerk").post(NEW, sent(SimpleUploadedFile("file.xml", content)))
    assert message in " ".join(answer.context["form"].errors["file"])


def test_a_file_above_the_limit_is_refused(as_, world, settings):
    settings.LOAD_MAX_MB = 0
    answer = as_("clerk").post(NEW, sent(upload(row("1", "1"))))
    assert "larger than 0 MB" in " ".join(answer.context["form"].errors["file"])


def test_what_the_file_is_complete_for_becomes_its_scope(as_, world):
    clerk = as_("clerk")
    bounds = {"complete": "complete", "year": "2016", "funds": ["UNA00"], "organizations": ["UNDP"]}
    clerk.post(NEW, sent(upload(row("1", "1")), **bounds))
    assert Load.objects.latest("pk").scope == {
        "complete": True, "first": "2016-01-01", "last": "2016-12-31",
        "funds": ["UNA00"], "organizations": ["UNDP"],
    }  # fmt: skip
    clerk.post(NEW, sent(upload("x"), kind="expenditures", figures="cumulative"))
    assert Load.objects.latest("pk").options == {"figures": "cumulative"}
    clerk.post(NEW, sent(upload("x"), existing_source="", new_source="A new ledger"))
    assert Load.objects.latest("pk").source.code == "a-new-ledger"


def test_totals_before_and_after_are_shown_by_project(as_, enter, people):
    release_load(load=enter(row("1", "100")), by=people["chief"])
    load = enter(row("1", "100"), row("2", "50.25"), stated_totals={"rows": "2", "amount": "149"})
    rows = as_("clerk").get(reverse("staff-load", args=[load.pk])).context["changes"].data.data
    assert [(r["measure"], r["before"], r["after"], r["change"]) for r in rows] == [
        ("Transfers", 100, pytest.approx(150.25), pytest.approx(50.25)),
        ("Net funded amount", 100, pytest.approx(150.25), pytest.approx(50.25)),
    ]
    assert "differs" in page(as_("clerk"), load)


def test_warnings_are_acknowledged_by_kind(as_, enter):
    load = enter(row("1", "-100"))
    clerk = as_("clerk")
    assert "Acknowledge: Refunds above transfers" in page(clerk, load)
    url = reverse("staff-load-acknowledge", args=[load.pk])
    clerk.post(url, {"code": "nonsense"})
    load.refresh_from_db()
    assert load.acknowledged == []
    clerk.post(url, {"code": "refund-above-transfers"})
    load.refresh_from_db()
    assert load.acknowledged == ["refund-above-transfers"]
    assert "Acknowledged by clerk@x.org" in page(clerk, load)


def test_errors_can_be_had_in_a_list_and_in_the_file_itself(as_, enter, tmp_path):
    load = enter(row("1", "x"), row("2", "5", project="00000009"))
    clerk = as_("clerk")
    assert "Cells that cannot be read" in page(clerk, load)
    listed = clerk.get(reverse("staff-load-remarks", args=[load.pk]) + "?code=unknown")
    assert listed.context["count"] == 1
    answer = clerk.get(reverse("staff-load-remarks-file", args=[load.pk]))
    file = tmp_path / "remarks.xlsx"
    file.write_bytes(b"".join(answer.streaming_content))
    book = load_workbook(file)
    rows = list(book.active.iter_rows(values_only=True))
    book.close()
    assert rows[0][:3] == ("Remarks", "voucher", "payment_date")
    assert "amount" in rows[1][0].casefold()
    assert "00000009" in rows[2]


def test_the_original_comes_as_an_attachment(as_, enter):
    load = enter(row("1", "100"))
    answer = as_("looker").get(reverse("staff-load-file", args=[load.pk]))
    assert b"".join(answer.streaming_content).decode().splitlines() == [HEAD, row("1", "100")]
    assert answer["Content-Disposition"] == 'attachment; filename="extract.csv"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert load.sha256 in page(as_("looker"), load)


def test_a_file_that_is_gone_is_no_error_of_the_server(as_, enter, settings):
    load = enter(row("1", "100"))
    (Path(settings.MEDIA_ROOT) / load.file.name).unlink()
    for name in ("staff-load-file", "staff-load-remarks-file", "staff-load-mapping"):
        answer = as_("clerk").get(reverse(name, args=[load.pk]))
        assert answer.status_code == 302


def test_foreign_headings_are_mapped_once_and_remembered(as_, world):
    clerk = as_("clerk")
    foreign = ("No;Paid on;Proj;Sum;Bank account", "7;03/04/2016;00102004;1.234,50;DE99 SECRET")
    clerk.post(NEW, sent(upload(foreign[1], head=foreign[0])))
    run_tasks()
    load = Load.objects.get()
    assert load.state == "faulty"
    url = reverse("staff-load-mapping", args=[load.pk])
    assert url in page(clerk, load)
    form = clerk.get(url)
    assert "DE99 SECRET" in form.content.decode()
    missing = clerk.post(url, {"column-amount": "Sum"})
    assert "column-project" in missing.context["form"].errors
    answer = clerk.post(
        url,
        {
            "column-voucher": "No", "column-payment_date": "Paid on", "column-date": "Paid on",
            "column-project": "Proj", "column-amount": "Sum", "constant-currency": "USD",
            "constant-payee": "UNDP", "constant-fund": "UNA00",
            "date_order": "day-first", "decimal": ",",
        },
    )  # fmt: skip
    assert answer.status_code == 302, answer.context["form"].errors
    run_tasks()
    load.refresh_from_db()
    assert (load.state, load.report["totals"]) == ("checked", {"USD": "1234.50"})
    assert SourceMapping.objects.get().kind == "vouchers"
    clerk.post(NEW, sent(upload(foreign[1], head=foreign[0])))
    run_tasks()
    assert Load.objects.latest("pk").state == "checked"


def test_one_line_is_corrected_in_a_form(as_, enter, world, people):
    described = enter(f"{row('1', '100')},First tranche", head=f"{HEAD},description")
    release_load(load=described, by=people["chief"])
    record = VoucherLine.objects.get()
    clerk = as_("clerk")
    listed = clerk.get(reverse("staff-records") + "?project=00102004").content.decode()
    url = reverse("staff-record", args=["voucherline", record.pk])
    assert url in listed
    same = {
        "amount": "100", "date": "2016-09-15", "project": "00102004", "reason": "Typo",
        "description": "First tranche", "organization": record.organization.name,
        "currency": "USD", "kind": "transfer", "voucher_number": "1", "voucher_fund": "UNA00",
    }  # fmt: skip
    assert "Nothing would change" in clerk.post(url, same).content.decode()
    wrong = clerk.post(url, same | {"project": "99", "amount": "x", "reason": ""})
    assert set(wrong.context["form"].errors) == {"project", "amount", "reason"}
    answer = clerk.post(url, same | {"amount": "110.50"})
    load = Load.objects.latest("pk")
    assert answer.url == reverse("staff-load", args=[load.pk])
    as_("chief").post(reverse("staff-load-release", args=[load.pk]), seen(load))
    assert str(total(figures_of([world.pk])).net_funded.quantize(1)) == "110"
    clerk = as_("clerk")
    assert clerk.get(reverse("staff-record", args=["nothing", 1])).status_code == 404
    again = clerk.post(url, same | {"amount": "1"})
    assert "withdrawn already" in again.content.decode()


def test_a_correction_is_not_checked_as_a_file(as_, enter, people):
    release_load(load=enter(row("1", "100")), by=people["chief"])
    url = reverse("staff-record", args=["voucherline", VoucherLine.objects.get().pk])
    clerk = as_("clerk")
    clerk.post(url, {"withdraw": "1", "withdraw-reason": "Typo"})
    load = Load.objects.latest("pk")
    again = clerk.post(reverse("staff-load-check", args=[load.pk]), follow=True)
    assert "not made from a file" in again.content.decode()
    load.refresh_from_db()
    assert load.state == "checked"
    assert clerk.get(reverse("staff-load-remarks-file", args=[load.pk])).status_code == 302


def test_the_room_counts_what_waits_for_this_person(as_, enter, people):
    enter(row("1", "100"))
    enter(row("1", "x"))

    def counts(role):
        items = as_(role).get(reverse("staff")).context["inbox"]
        return {item.code: item.count for item in items if item.count}

    # What only others may do is not counted.
    assert counts("chief") == {"release": 1}
    assert counts("clerk") == {"mend": 1, "released-by-others": 1}
    assert counts("both") == {"release": 1, "mend": 1}
    assert counts("looker") == {}


def test_loads_are_found_by_state_kind_source_and_person(as_, enter):
    enter(row("1", "100"))
    enter(row("1", "x"), by="both")
    client = as_("clerk")
    url = reverse("staff-loads")
    for query, count in (
        ("", 2), ("state=faulty", 1), ("kind=budgets", 0), ("source=ledger", 2),
        ("person=both@x.org", 1), ("entered=me", 1), ("entered=others", 1),
            ("state=nonsense", None),
    ):  # fmt: skip
        assert client.get(f"{url}?{query}").context["count"] == count, query


def test_statements_of_a_page_do_not_grow_with_projects(as_, enter):
    fund = Fund.objects.get(code="UNA00")
    few = enter(row("1", "100"))
    for number in range(20):
        ProjectFactory(number=f"{number:08}", fund=fund)
    many = enter(*(row(str(n), "100", project=f"{n:08}") for n in range(20)))
    client = as_("clerk")
    taken = []
    for load in (few, many):
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse("staff-load", args=[load.pk])).status_code == 200
        taken.append(len(captured))
    assert taken[0] == taken[1]


def test_a_rejected_load_is_closed(as_, enter):
    load = enter(row("1", "100"))
    clerk = as_("clerk")
    clerk.post(reverse("staff-load-reject", args=[load.pk]))
    load.refresh_from_db()
    assert load.state == "rejected"
    text = clerk.post(reverse("staff-load-check", args=[load.pk]), follow=True).content.decode()
    assert "nothing of it changes any more" in text
    with pytest.raises(LoadError, match="not waiting"):
        check_load(load)


def _waiting(enter, state):
    load = enter(row("1", "100"))
    Load.objects.filter(pk=load.pk).update(state=state)
    load.refresh_from_db()
    return load


@pytest.mark.parametrize("state", ["received", "checking"])
def test_a_load_whose_workers_all_died_offers_to_be_checked_again(as_, enter, state):
    load = _waiting(enter, state)
    result = check.enqueue(load.pk)
    address = reverse("staff-load-check", args=[load.pk])
    clerk = as_("clerk")
    assert address not in page(clerk, load)
    assert "under way already" in clerk.post(address, follow=True).content.decode()
    assert DBTaskResult.objects.count() == 1
    DBTaskResult.objects.filter(pk=result.id).update(status="FAILED")
    text = page(clerk, load)
    assert address in text
    assert "did not finish" in text
    assert "http-equiv" not in text
    clerk.post(address)
    run_tasks()
    load.refresh_from_db()
    assert load.state == Load.State.CHECKED


def test_a_check_without_a_task_is_given_an_hour(as_, enter):
    load = _waiting(enter, "checking")
    assert "did not finish" not in page(as_("clerk"), load)
    Load.objects.filter(pk=load.pk).update(state="received")
    assert "did not finish" in page(as_("clerk"), load)


def test_a_faulty_load_can_be_checked_again_once_what_it_named_is_there(as_, enter):
    load = enter(row("1", "100", project="00000009"))
    assert load.state == Load.State.FAULTY
    ProjectFactory(number="00000009", fund=Fund.objects.get(code="UNA00"))
    address = reverse("staff-load-check", args=[load.pk])
    assert address in page(as_("clerk"), load)
    as_("clerk").post(address)
    run_tasks()
    load.refresh_from_db()
    assert load.state == Load.State.CHECKED

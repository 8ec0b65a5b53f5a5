"""A file is mended in the browser: all that is wrong at once, the file itself kept."""

import pytest
from django.urls import reverse

from finance.loading.services import check_load, mend_load, release_load
from finance.models import Load, LoadRemark, Mend, VoucherLine
from portal.staff.loads.new_organizations import create_organizations, suggested
from projects.models import Organization
from tests.factories import OrganizationFactory
from tests.portal.staff.conftest import HEAD, row
from tests.portal.staff.loads.test_entry import page, run_tasks, seen

pytestmark = pytest.mark.django_db


def mending(client, load, **fields):
    """The answer to the form with these fields filled in, by what they are about."""
    url = reverse("staff-load-mend", args=[load.pk])
    form = client.get(url).context["form"]
    data = {name: form[name].value() or "" for name in form.fields}
    data = {n: value for n, value in data.items() if not n.startswith(("out-", "outs-")) or value}
    pks = {
        (remark.line if kind == "cell" else remark.value): remark.pk
        for kind, remarks in (("cell", form.cells), ("name", form.names))
        for remark in remarks
    }
    for name, value in fields.pop("names", {}).items():
        data[f"name-{pks[name]}"] = value
    for line, value in fields.pop("cells", {}).items():
        data[f"cell-{pks[line]}"] = value
    return client.post(url, data | fields)


def test_thirty_lines_with_twelve_errors_are_mended_in_one_round(as_, enter, people, world):
    OrganizationFactory(code="FAO", name="Food and Agriculture Organization")
    rows = [row(n, "100") for n in range(1, 19)]
    rows += [row(n, "1x") for n in (19, 20, 21)]  # amounts
    rows += [row(22, "5", day="31.31.2016"), row(23, "5", day="")]  # dates
    rows += [row(n, "7", payee="Food & Agriculture Org.") for n in (24, 25, 26)]
    rows += [row(27, "9x", payee="Water for All"), row(28, "9", payee="Water for All")]
    rows += [row(29, "3", project="00102OO4"), "Total,,,,,4000,USD"]
    load = enter(*rows)
    found = {
        (remark.code, remark.line): remark.rows
        for remark in load.remarks.filter(severity=LoadRemark.Severity.ERROR)
    }
    # Every name once, and the name beside the amount that cannot be read, too.
    assert found["unknown", 25] == 3
    assert found["unknown", 28] == 2
    assert len(found) == 10
    clerk = as_("clerk")
    assert "Mend it here" in page(clerk, load)
    form = clerk.get(reverse("staff-load-mend", args=[load.pk])).context["form"]
    (near,) = (field for field in form.name_fields() if "Food &" in str(field.label)
               and field.name.startswith("name-"))  # fmt: skip
    assert "=FAO" in str(near)
    project = next(remark.pk for remark in form.names if remark.column == "project")
    answer = mending(
        clerk,
        load,
        names={"Food & Agriculture Org.": "=FAO", "Water for All": "+nngo"},
        cells={20: "190", 21: "200", 22: "210", 23: "2016-12-31", 24: "2016-12-30", 28: "90"},
        **{f"other-{project}": "00102004", "out-31": "on"},
    )
    assert answer.status_code == 302, answer.context["form"].errors
    run_tasks()
    load.refresh_from_db()
    assert (load.state, load.counts["new"]) == ("checked", 29)
    assert Organization.objects.get(name="Water for All").kind == "nngo"
    sha256 = load.sha256
    release_load(load=load, by=people["chief"])
    assert VoucherLine.objects.filter(organization__code="FAO").count() == 3
    assert VoucherLine.objects.get(voucher__number="19").amount == 190
    public = as_("anonymous").get(load.get_absolute_url()).content.decode()
    assert "Mended before publication" in public
    # What stood there may be a name that is withheld some day: only staff see it.
    assert not any(text in public for text in ("In the file", "Food &amp;", "clerk@x.org"))
    assert "In the file" in page(as_("chief"), load)
    load.refresh_from_db()
    assert load.sha256 == sha256
    with load.file.open() as file:
        assert b"1x" in file.read()


def test_whoever_mended_a_file_does_not_release_it(as_, enter, people):
    load = enter(row("1", "1x"))
    both = as_("both")
    assert mending(both, load, cells={2: "100"}).status_code == 302
    run_tasks()
    url = reverse("staff-load-release", args=[load.pk])
    said = both.post(url, seen(load), follow=True).content.decode()
    assert "than those who mended it" in said
    as_("chief").post(url, seen(load))
    load.refresh_from_db()
    assert load.state == "released"


def test_a_form_of_an_earlier_check_mends_nothing(as_, enter, people):
    load = enter(row("1", "1x"))
    clerk = as_("clerk")
    url = reverse("staff-load-mend", args=[load.pk])
    form = clerk.get(url).context["form"]
    old = {name: form[name].value() or "" for name in form.fields if name != "out-2"}
    check_load(load)
    answer = clerk.post(url, old | {"row": "2", "column": "amount", "value": "5"})
    assert "checked again meanwhile" in answer.content.decode()
    assert not Mend.objects.exists()
    wrong = mending(clerk, load, row="2")
    assert "neither" in wrong.content.decode()
    assert "Nothing was mended" in mending(clerk, load).content.decode()


def test_what_was_typed_into_cells_of_an_earlier_check_is_shown(as_, enter):
    load = enter(row("1", "1x"), row("2", "2x"))
    clerk = as_("clerk")
    url = reverse("staff-load-mend", args=[load.pk])
    form = clerk.get(url).context["form"]
    old = {name: form[name].value() or "" for name in form.fields if not name.startswith("out-")}
    first = next(remark for remark in form.cells if remark.value == "1x")
    check_load(load)
    text = clerk.post(url, old | {f"cell-{first.pk}": "17"}).content.decode()
    assert "You wrote: 17" in text
    # Nobody typed what the other cell held before.
    assert "17; 2x" not in text


def test_a_row_left_out_is_taken_in_again_and_the_newest_mend_counts(enter, people):
    load = enter(row("1", "1x"), row("2", "50"))
    by = people["clerk"]
    for mends in (
        [Mend(what=Mend.What.LEFT_OUT, line=2)],
        [Mend(what=Mend.What.TAKEN_IN, line=2)],
        [Mend(what=Mend.What.CELL, line=2, column="amount", old="1x", new="7y")],
        [Mend(what=Mend.What.CELL, line=2, column="amount", old="1x", new="7")],
    ):
        mend_load(load=load, mends=mends, by=by)
        load.refresh_from_db()
        check_load(load)
    assert (load.state, load.report["totals"]) == ("checked", {"USD": "57"})
    assert Load.objects.get().mends.count() == 4


def test_what_the_sum_leaves_out_is_told_beside_it(as_, enter):
    load = enter(row("1", "100"), row("2", "5O"), stated_totals={"amount": "150"})
    text = " ".join(page(as_("clerk"), load).split())
    assert "USD 100.00 <small>without 1 amount that cannot be read</small>" in text
    assert "<strong>differs</strong>" not in text


def test_initials_with_points_suggest_whoever_is_called_so(enter):
    undp = Organization.objects.get(code="UNDP")
    assert undp in suggested(["U.N.D.P. Office"])["U.N.D.P. Office"]


def test_all_unknown_organizations_are_created_by_one_page_however_many(
    as_, enter, people, monkeypatch
):
    monkeypatch.setattr("portal.staff.loads.mending.NAMES_AT_ONCE", 2)
    load = enter(*(row(n, "5", payee=f"Supplier {n} Ltd") for n in range(1, 6)))
    clerk = as_("clerk")
    text = clerk.get(reverse("staff-load-mend", args=[load.pk])).content.decode()
    assert "3 further organizations" in " ".join(text.split())
    assert "Supplier 5 Ltd" in text
    mending(clerk, load, rest="+private")
    check_load(load)
    load.refresh_from_db()
    assert load.counts["new"] == 5
    assert Organization.objects.filter(name__startswith="Supplier", kind="private").count() == 5


def test_the_same_names_of_two_files_become_one_organization_each(enter):
    first = create_organizations({"Water for All": "nngo", "WATER FOR ALL": "nngo"})
    again = create_organizations({"Water For All": "private", "Other Ltd": "private"})
    assert first["Water for All"] == first["WATER FOR ALL"] == again["Water For All"]
    assert Organization.objects.filter(name__iexact="water for all").count() == 1
    assert again["Other Ltd"].code == "other-ltd"


def test_thousands_are_created_by_few_statements(enter, django_assert_max_num_queries):
    load = enter(*(row(n, "5", payee=f"Supplier {n} Ltd") for n in range(1, 40)))
    names = {r.value: "private" for r in load.remarks.filter(code="unknown")}
    with django_assert_max_num_queries(12):
        create_organizations(names)
    assert Organization.objects.filter(name__startswith="Supplier").count() == 39


def test_whoever_mends_at_the_same_moment_is_told_and_nothing_is_done_twice(
    as_, enter, monkeypatch
):
    load = enter(row(1, "5", payee="Supplier Ltd"))
    stale = Load.objects.get(pk=load.pk)
    clerk = as_("clerk")
    mending(clerk, load, rest="+private")
    # As both saw it before either was done.
    monkeypatch.setattr("portal.staff.loads.mending.load_or_404", lambda _pk: stale)
    second = mending(clerk, load, rest="+private")
    assert "Somebody mended it meanwhile" in second.content.decode()
    assert Organization.objects.filter(name="Supplier Ltd").count() == 1
    assert Mend.objects.filter(what="created").count() == 1


def test_a_value_that_stands_in_many_rows_is_mended_once(as_, enter, world):
    rows = [row(n, "100", day="end of 2016") for n in range(1, 31)]
    rows += [row(31, "1x"), row(32, "1x"), row(33, "5", day="then"), row(34, "5", day="then")]
    load = enter(*rows)
    clerk = as_("clerk")
    form = clerk.get(reverse("staff-load-mend", args=[load.pk])).context["form"]
    assert {one.value: len(one.lines) for one in form.repeated} == {"end of 2016": 30, "then": 2}
    # The same wrong amount need not mean the same right one.
    assert [remark.value for remark in form.cells] == ["1x", "1x"]
    end, then = sorted(form.repeated, key=lambda one: one.value)
    answer = mending(
        clerk,
        load,
        cells={32: "31", 33: "32"},
        **{f"same-{end.pk}": "2016-12-31", f"outs-{then.pk}": "on"},
    )
    assert answer.status_code == 302, answer.context["form"].errors
    run_tasks()
    load.refresh_from_db()
    assert (load.state, load.counts["new"]) == ("checked", 32)
    assert load.mends.filter(what=Mend.What.RULE).count() == 1
    assert load.mends.filter(what=Mend.What.LEFT_OUT).count() == 2


def test_a_rule_for_a_day_holds_for_just_that_writing(as_, enter, world):
    load = enter(row(1, "1", day="1.2.16"), row(2, "1", day="1.2.16"), row(3, "1", day="12.1.16"))
    form = as_("clerk").get(reverse("staff-load-mend", args=[load.pk])).context["form"]
    (one,) = form.repeated
    mending(as_("clerk"), load, **{f"same-{one.pk}": "2016-02-01"})
    run_tasks()
    (left,) = load.remarks.filter(severity=LoadRemark.Severity.ERROR)
    assert left.value == "12.1.16"


def test_a_word_that_is_none_of_the_known_is_mended_by_choosing_one(as_, enter):
    words = ("paymnt", "reversl", "reversl")
    load = enter(*(f"{row(n, '1')},{word}" for n, word in enumerate(words, 1)), head=f"{HEAD},kind")
    form = as_("clerk").get(reverse("staff-load-mend", args=[load.pk])).context["form"]
    (cell,) = (field for field in form.cell_fields() if field.name.startswith("cell-"))
    (repeated,) = (field for field in form.repeated_fields() if field.name.startswith("same-"))
    for field, written in ((cell, "paymnt"), (repeated, "reversl")):
        assert all(f'<option value="{code}">{label}</option>' in str(field)
                   for code, label in VoucherLine.Kind.choices)  # fmt: skip
        # What the file has stays chosen until another is.
        assert f'<option value="{written}" selected>' in str(field)
    mending(as_("clerk"), load, cells={2: "refund"}, **{repeated.name: "refund"})
    run_tasks()
    shown = as_("clerk").get(reverse("staff-load", args=[load.pk])).context["mends"]["table"]
    columns = {str(row.record.column) for row in shown.rows}
    read_as = {str(row.record.new) for row in shown.rows}
    assert (columns, read_as) == ({"Kind"}, {str(VoucherLine.Kind("refund").label)})

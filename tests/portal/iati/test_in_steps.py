"""An IATI file comes in by the browser: checked, its lines looked at, released by another."""

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from finance.errors import LoadError
from finance.loading.services import (
    acknowledge_warnings,
    confirm_withdrawal,
    mend_load,
    receive_load,
)
from finance.models import BudgetLine, Load, Mend, VoucherLine
from portal.iati.in_steps import check_in_steps, release_in_steps
from portal.work.checks import release_iati
from projects.models import Fund, Organization, Project
from tests.factories import FundFactory, OrganizationFactory, SourceFactory, UserFactory

pytestmark = pytest.mark.django_db
FILE = """<iati-activities version="2.03" generated-datetime="2024-06-01T00:00:00Z">
<iati-activity default-currency="USD" hierarchy="2">
<iati-identifier>{number}</iati-identifier>
<reporting-org ref="STEPS" type="40"><narrative>Steps Fund</narrative></reporting-org>
<title><narrative>{title}</narrative></title>
<participating-org role="4" type="22"><narrative>{payee}</narrative></participating-org>
<activity-status code="2"/>
<activity-date iso-date="2024-01-01" type="1"/>
<transaction><transaction-type code="3"/><transaction-date iso-date="2024-02-01"/>
<value currency="{currency}" value-date="2024-02-01">{amount}</value>
<receiver-org><narrative>{payee}</narrative></receiver-org></transaction>
</iati-activity></iati-activities>"""


@pytest.fixture
def received():
    FundFactory(code="STEPS")
    source, clerk = SourceFactory(code="iati"), UserFactory(email="clerk@x.org")

    def take(another="", one_line=False, **values):
        said = {"number": "NEW-1", "title": "Wells", "payee": "Water Trust", "amount": "100"}
        said["currency"] = "USD"
        text = FILE.format(**said | values)
        if another:
            second = FILE.format(**said | {"number": another}).partition("<iati-activity ")[2]
            text = text.replace("</iati-activities>", f"<iati-activity {second}")
        if one_line:
            text = text.replace("\n", " ")
        content = ContentFile(text.encode())
        load = receive_load(source=source, kind="iati", content=content, name="file.xml", by=clerk)
        return check_in_steps(load)

    return take


def release(load):
    chief = UserFactory(is_superuser=True, is_staff=True)
    codes = load.remarks.values_list("code", flat=True)
    acknowledge_warnings(load=load, codes=set(codes), by=chief)
    confirm_withdrawal(load=load, by=chief)
    load.refresh_from_db()
    return release_in_steps(load, by=chief, seen=load.report["content"])


def test_a_check_shows_its_lines_and_changes_nothing(client, received):
    load = received()
    assert load.state == "checked", list(load.remarks.values_list("message", flat=True))
    assert not Project.objects.exists()
    assert not Organization.objects.filter(name="Water Trust").exists()
    client.force_login(UserFactory(is_staff=True))
    page = client.get(reverse("staff-load-lines", args=[load.pk]))
    lines = {line.model: line.cells for line in page.context["page_obj"].object_list}
    assert lines["project"]["title"].after == "Wells"
    assert lines["voucherline"]["amount"].after == "100.00"
    # What is made only with the release is named.
    assert lines["voucherline"]["project"].after == "NEW-1"
    assert lines["voucherline"]["organization"].after == "Water Trust"


def test_the_same_file_checked_again_is_the_same_and_is_released(received):
    load = received()
    seen = load.report["content"]
    assert check_in_steps(load).report["content"] == seen
    release(load)
    load.refresh_from_db()
    assert (load.state, Project.objects.get().title) == ("released", "Wells")
    later = received(title="Deep wells", amount="120")
    assert Project.objects.get().title == "Wells"
    assert (later.counts["changed"], later.counts["new"]) == (1, 0)
    release(later)
    assert Project.objects.get().title == "Deep wells"
    assert Fund.objects.filter(code="STEPS").count() == 1
    assert not BudgetLine.objects.exists()


def test_what_was_not_seen_is_not_released_and_why_stays_with_the_load(client, received):
    load = received()
    chief = UserFactory(is_superuser=True, is_staff=True)
    acknowledge_warnings(
        load=load, codes=set(load.remarks.values_list("code", flat=True)), by=chief
    )
    client.force_login(chief)
    url = reverse("staff-load-release", args=[load.pk])
    client.post(url, {"seen": "other"})
    assert not DBTaskResult.objects.filter(task_path=release_iati.module_path).exists()
    client.post(url, {"seen": load.report["content"]})
    task = DBTaskResult.objects.get(task_path=release_iati.module_path)
    page = client.get(reverse("staff-load", args=[load.pk])).content.decode()
    assert "Its release is under way" in page
    said = release_iati.func(load.pk, chief.pk, "0" * 64)
    assert "other things than you were shown" in said
    load.refresh_from_db()
    assert (load.state, Project.objects.exists()) == ("checked", False)
    assert release_iati.func(*task.args_kwargs["args"]) == "released"
    assert Load.objects.get().released_by == chief


def test_a_file_that_cannot_be_read_says_why(received):
    load = received(amount="much")
    assert load.state == "faulty"
    assert load.remarks.get().line
    assert not Project.objects.exists()


def form_of_mends(client, load):
    """The form of what can be mended now; with the names of its fields by their labels."""
    client.force_login(UserFactory(is_superuser=True, is_staff=True))
    form = client.get(reverse("staff-load-mend", args=[load.pk])).context["form"]
    return form, {field.label: field.name for field in form}


def mend(client, load, **said):
    """The load after it was mended by form and checked again; the page where it was not kept."""
    form, names = form_of_mends(client, load)
    url = reverse("staff-load-mend", args=[load.pk])
    said = {names.get(label, label): value for label, value in said.items()}
    answer = client.post(url, {"checked": form.checked_now, **said})
    if answer.status_code != 302:
        return answer.content.decode()
    load.refresh_from_db()
    return check_in_steps(load)


def test_an_organization_that_the_file_calls_otherwise_is_not_made(client, received):
    known = OrganizationFactory(code="WT", name="The Water Trust, a charity")
    load = received()
    assert load.report["made"] == [["Water Trust", "Water Trust"]]
    assert "There is no organization “XX”" in mend(client, load, **{"Water Trust": "XX"})
    load = mend(client, load, **{"Water Trust": "wt"})
    assert (load.state, load.report["made"]) == ("checked", [])
    release(load)
    assert VoucherLine.objects.get().organization == known
    assert Organization.objects.get() == known
    # Its next file says so by itself.
    assert received(amount="120").report["made"] == []


def test_an_activity_is_left_out_and_taken_in_again(client, received):
    load = received(another="NEW-2")
    assert "has no activity “OTHER”" in mend(client, load, activity="OTHER")
    load = mend(client, load, activity="new-1")
    assert (load.state, load.scope["projects"]) == ("checked", ["NEW-2"])
    assert load.mends.get().old == "new-1"
    load = mend(client, load, activity="new-2")
    assert load.state == "faulty"
    assert "all of its activities are left out" in load.remarks.get().message
    load = mend(client, load, **{"Take “new-1” in again, activity 1 of the file": "on"})
    assert (load.state, load.scope["projects"]) == ("checked", ["NEW-1"])


def test_an_activity_that_cannot_be_read_is_left_out_by_choice(client, received):
    load = received(amount="much", another="NEW-2")
    [[identifier, _line, reason, position]] = load.report["faulty"]
    assert identifier == "NEW-1" and "much" in reason
    client.force_login(UserFactory(is_superuser=True, is_staff=True, email="looks@x.org"))
    page = client.get(reverse("staff-load", args=[load.pk])).content.decode()
    # It has no headings that could mean something else.
    assert "Mend it here" in page and f"staff/load/{load.pk}/mapping" not in page
    load = mend(client, load, **{f"out-{position}": "on"})
    assert (load.state, load.scope["projects"]) == ("checked", ["NEW-2"])
    release(load)
    assert Project.objects.get().number == "NEW-2"


def test_a_code_that_is_none_means_a_currency(client, received):
    load = received(currency="US$")
    assert load.state == "faulty"
    assert "or neither" in mend(client, load, currency="US$")
    load = mend(client, load, currency="US$", means="usd")
    assert load.state == "checked"
    release(load)
    assert VoucherLine.objects.get().currency == "USD"


def test_leaving_one_activity_out_leaves_others_of_the_same_line(client, received):
    load = mend(client, received(another="NEW-2", one_line=True), activity="NEW-1")
    assert (load.state, load.scope["projects"]) == ("checked", ["NEW-2"])
    assert "all of its activities are left out" in str(
        mend(client, load, activity="NEW-2").remarks.get().message
    )


def test_an_activity_stated_twice_in_one_line_is_left_out_once(client, received):
    load = received(another="NEW-1", one_line=True)
    [[identifier, line, _said, position]] = load.report["faulty"]
    assert (identifier, line, position) == ("NEW-1", 1, 2)
    load = mend(client, load, **{f"out-{position}": "on"})
    assert (load.state, load.scope["projects"]) == ("checked", ["NEW-1"])


def test_an_activity_of_a_faulty_file_is_left_out_by_its_identifier(client, received):
    load = received(amount="much", another="NEW-2")
    assert load.state == "faulty"
    assert "has no activity “OTHER”" in mend(client, load, activity="OTHER")
    load = mend(client, load, activity="NEW-2")
    assert load.mends.get().line == 2


def test_a_stale_form_is_sent_again_and_a_code_stays_with_its_organization(client, received):
    OrganizationFactory(code="WT")
    load = received()
    _form, names = form_of_mends(client, load)
    url = reverse("staff-load-mend", args=[load.pk])
    answer = client.post(url, {"checked": "long ago", names["Water Trust"]: "WT"})
    form = answer.context["form"]
    assert "checked again meanwhile" in answer.content.decode()
    assert form["checked"].value() == form.checked_now
    # Whatever the next check finds, the word has the same field.
    load.report["made"].insert(0, ["Another", "Another"])
    load.save(update_fields=["report"])
    _form, later = form_of_mends(client, load)
    assert later["Water Trust"] == names["Water Trust"]
    sent = {field.html_name: field.value() or "" for field in form}
    assert client.post(url, sent).status_code == 302
    assert (load.mends.get().old, load.mends.get().new) == ("Water Trust", "WT")


def test_nothing_is_mended_while_the_release_is_under_way(client, received):
    load = received()
    chief = UserFactory(is_superuser=True, is_staff=True)
    codes = set(load.remarks.values_list("code", flat=True))
    acknowledge_warnings(load=load, codes=codes, by=chief)
    confirm_withdrawal(load=load, by=chief)
    form, _names = form_of_mends(client, load)
    client.force_login(chief)
    url = reverse("staff-load-release", args=[load.pk])
    client.post(url, {"seen": load.report["content"]})
    url = reverse("staff-load-mend", args=[load.pk])
    client.post(url, {"checked": form.checked_now, "currency": "US$", "means": "USD"})
    load.refresh_from_db()
    assert (load.state, load.mends.count()) == ("checked", 0)


def test_what_was_mended_after_the_release_was_asked_for_stops_it(received):
    load = received()
    chief = UserFactory(is_superuser=True, is_staff=True)
    codes = set(load.remarks.values_list("code", flat=True))
    acknowledge_warnings(load=load, codes=codes, by=chief)
    confirm_withdrawal(load=load, by=chief)
    load.refresh_from_db()
    rule = Mend(what=Mend.What.RULE, column="currency", old="US$", new="USD")
    mend_load(load=Load.objects.get(), mends=[rule], by=chief)
    # `load` is what the release knew before it had the lock.
    assert load.state == "checked"
    with pytest.raises(LoadError, match="not checked"):
        release_in_steps(load, by=chief, seen=load.report["content"])
    assert not Project.objects.exists()


def test_a_wrong_code_of_an_organization_is_changed_and_taken_back(client, received):
    OrganizationFactory(code="WRONG")
    right = OrganizationFactory(code="WT")
    load = mend(client, received(), **{"Water Trust": "WRONG"})
    form, names = form_of_mends(client, load)
    assert form[names["Water Trust"]].value() == "WRONG"
    load = mend(client, load, **{"Water Trust": ""})
    assert load.report["made"] == [["Water Trust", "Water Trust"]]
    load = mend(client, load, **{"Water Trust": "WT"})
    release(load)
    assert VoucherLine.objects.get().organization == right


def test_what_a_currency_means_is_taken_back(client, received):
    load = mend(client, received(currency="US$"), currency="US$", means="USD")
    assert load.state == "checked"
    load = mend(client, load, **{"Take back that “US$” means USD": "on"})
    assert load.state == "faulty"
    assert not [label for label in form_of_mends(client, load)[1] if "Take back" in label]


def test_organizations_that_have_no_field_are_counted(client, received, monkeypatch):
    monkeypatch.setattr("portal.iati.load.MADE_TOLD", 0)
    load = received()
    form_of_mends(client, load)
    page = client.get(reverse("staff-load-mend", args=[load.pk])).content.decode()
    assert "One more organization would be made that is not shown here." in page


def test_what_was_typed_too_late_is_shown_and_what_was_not_changed_is_not(client, received):
    OrganizationFactory(code="WT")
    load = mend(client, received(), **{"Water Trust": "WT"})
    form, names = form_of_mends(client, load)
    Load.objects.update(state="checking")
    sent = {"checked": form.checked_now, "found": form["found"].value(), "activity": "NEW-1"}
    sent |= {names["Water Trust"]: "WT", "currency": "US$", "out-1": "on"}
    answer = client.post(reverse("staff-load-mend", args=[load.pk]), sent, follow=True)
    assert "You wrote: NEW-1; US$" in [str(said) for said in answer.context["messages"]]
    Load.objects.update(state="checked")
    url = reverse("staff-load-mend", args=[load.pk])
    answer = client.post(url, {"checked": "old", "found": "[", "gone-1": "Wells"})
    assert "You wrote: Wells" in answer.content.decode()

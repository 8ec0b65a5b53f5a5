"""Funds, projects, organizations kept by form: at once, or once a second person confirmed it."""

import re
from html import unescape

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from portal.inbox.items import inbox
from portal.models import ReferenceChange
from portal.withholding.services import withhold
from projects.letters import letter
from projects.models import (
    Fund,
    OfficeTerm,
    OfficeText,
    Organization,
    Project,
    ProjectSubject,
    ReportRule,
    Withholding,
)
from tests.factories import (
    ContactFactory,
    FundFactory,
    OrganizationFactory,
    ParticipationFactory,
    ProjectFactory,
)
from tests.portal.iati.publishing.shared import published

pytestmark = pytest.mark.django_db


def at(kind, thing=None):
    if thing is None:
        return reverse("staff-reference-new", args=[kind])
    return reverse("staff-reference-thing", args=[kind, thing.pk])


def sent(client, url, **changes):
    """What the page's form sends with these changes."""
    context = client.get(url).context
    whole, data = context["whole"], {}
    for form in [whole.main, *(line for lines in whole.sets for line in lines)]:
        for field in form:
            value = form.fields[field.name].prepare_value(field.value())
            if value not in (None, False):
                data[field.html_name] = value
    for lines in whole.sets:
        data |= {field.html_name: field.value() for field in lines.management_form}
    return data | {"as_seen": whole.main.digest} | changes


def test_staff_say_what_a_project_is_about_and_its_iati_says_it(as_, alone, tmp_path):
    project = ProjectFactory(number="P-1")
    page = at("projects", project)
    client = as_("chief")
    name = "projectsubject"
    codes = {
        "sector": ("11220", "60"), "gender": ("2", ""), "humanitarian": ("1", ""),
        "goal": ("4", ""),
    }  # fmt: skip
    for scheme, (code, share) in codes.items():
        number = ProjectSubject.objects.count()
        line = {"scheme": scheme, "code": code, "share": share}
        answer = save(client, page, **{f"{name}-{number}-{key}": v for key, v in line.items()})
        assert ProjectSubject.objects.count() == number + 1, answer.content.decode()
    activity = published(project)
    sectors = {s.get("code"): s.get("percentage") for s in activity.iterfind("sector")}
    assert sectors == {"11220": "60", "99810": "40"}
    assert activity.get("humanitarian") in ("1", "true")
    marker = activity.find("policy-marker")
    assert (marker.get("code"), marker.get("significance")) == ("1", "2")
    assert activity.find("tag").get("code") == "4"
    page = client.get(project.get_absolute_url()).content.decode()
    assert "What the project is about, as the fund office says" in page
    assert "Primary education" in page
    kept = ReferenceChange.objects.filter(kind="projects", object_id=project.pk).first()
    assert any("What it is about" in label for label in kept.fields)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (("sector", "1", ""), "The list has no code"),
        (("sector", "11220", "101"), "up to 100"),
        (("goal", "4", "10"), "Only sectors have shares"),
        (("humanitarian", "2", ""), "Write 1"),
    ],
)
def test_codes_that_no_list_has_and_shares_that_cannot_be_are_refused(as_, alone, line, words):
    project = ProjectFactory(number="P-1")
    told = dict(zip(("scheme", "code", "share"), line, strict=True))
    answer = save(
        as_("chief"), at("projects", project),
        **{f"projectsubject-0-{key}": value for key, value in told.items()},
    )  # fmt: skip
    assert words in unescape(answer.content.decode())
    assert not ProjectSubject.objects.exists()


def save(client, url, **changes):
    return client.post(url, sent(client, url, **changes), follow=True)


def test_a_fund_is_changed_with_its_lines_and_the_history_says_who(as_, people, alone):
    fund = FundFactory(code="JPS10", name="Old name")
    client = as_("clerk")
    page = save(client, at("funds", fund), name="New name", **{
        "reportrule-0-kind": "narrative", "reportrule-0-is_asked": "on",
        "reportrule-0-month": "5", "reportrule-0-day": "1"})  # fmt: skip
    assert "Saved." in page.content.decode()
    fund.refresh_from_db()
    assert fund.name == "New name"
    assert ReportRule.objects.get(fund=fund).month == 5
    text = client.get(at("funds", fund)).content.decode()
    assert "Old name → New name" in " ".join(text.split())
    assert str(people["clerk"]) in text


def test_something_new_is_added_and_found(as_, alone):
    client = as_("clerk")
    save(client, at("organizations"), code="WFP", name="World Food Programme", kind="un")
    found = Organization.objects.get(code="WFP")
    listed = client.get(reverse("staff-reference", args=["organizations"]), {"q": "food"})
    assert at("organizations", found) in listed.content.decode()


def test_what_refers_to_something_is_typed_by_its_code(as_, world, alone):
    other = FundFactory(code="F2")
    client = as_("clerk")
    save(client, at("projects", world), fund="F2")
    world.refresh_from_db()
    assert world.fund == other
    assert "fund" in world.held_fields
    wrong = save(client, at("projects", world), fund="nowhere")
    assert "Nothing has this code or name." in wrong.content.decode()


def test_what_somebody_else_saved_meanwhile_is_not_overwritten(as_, world, alone):
    client = as_("clerk")
    stale = sent(client, at("projects", world), title="Mine")
    Project.objects.filter(pk=world.pk).update(title="Theirs")
    page = client.post(at("projects", world), stale)
    assert "Somebody else saved this meanwhile" in page.content.decode()
    world.refresh_from_db()
    assert world.title == "Theirs"


def test_a_line_that_somebody_else_changed_meanwhile_is_not_overwritten(as_, world, alone):
    part = ParticipationFactory(project=world, award_number="A1")
    client = as_("clerk")
    stale = sent(client, at("projects", world), **{"participation-0-award_number": "Mine"})
    type(part).objects.filter(pk=part.pk).update(award_number="Theirs")
    client.post(at("projects", world), stale)
    part.refresh_from_db()
    assert part.award_number == "Theirs"


def test_with_four_eyes_a_change_waits_for_somebody_else(as_, people, world, together):
    save(as_("both"), at("projects", world), title="A better title")
    change = ReferenceChange.objects.get()
    world.refresh_from_db()
    assert world.title != "A better title"
    url = reverse("staff-reference-decide", args=[change.pk])
    own = as_("both").post(url, {"confirm": "yes"}, follow=True)
    assert "A second person confirms it" in own.content.decode()
    chief = people["chief"]
    assert {item.code: item.count for item in inbox(chief)}["confirm-changes"] == 1
    clerk_page = as_("clerk").get(reverse("staff-reference-all")).content.decode()
    assert "A better title" in clerk_page
    done = as_("chief").post(url, {"confirm": "yes"}, follow=True)
    assert "it has taken effect" in done.content.decode()
    world.refresh_from_db()
    assert world.title == "A better title"
    change.refresh_from_db()
    assert (change.data, change.decided_by) == ({}, chief)
    again = as_("chief").post(url, {"confirm": "yes"}, follow=True)
    assert "decided on already" in again.content.decode()


def test_a_change_that_no_longer_fits_is_not_done(as_, people, world, together):
    save(as_("clerk"), at("projects", world), title="A better title")
    Project.objects.filter(pk=world.pk).update(narrative="Changed meanwhile")
    change = ReferenceChange.objects.get()
    url = reverse("staff-reference-decide", args=[change.pk])
    page = as_("chief").post(url, {"confirm": "yes"}, follow=True)
    assert "cannot be done any more" in page.content.decode()
    assert ReferenceChange.objects.waiting().count() == 1
    page = as_("chief").post(url, {"refuse": "yes"}, follow=True)
    assert "nothing was changed" in page.content.decode()
    world.refresh_from_db()
    assert world.title != "A better title"


def test_a_new_thing_too_waits_and_is_made_once(as_, people, together):
    save(as_("clerk"), at("funds"), code="NEW", name="A new fund")
    assert not Fund.objects.filter(code="NEW").exists()
    url = reverse("staff-reference-decide", args=[ReferenceChange.objects.get().pk])
    as_("chief").post(url, {"confirm": "yes"})
    as_("chief").post(url, {"confirm": "yes"})
    assert Fund.objects.filter(code="NEW").count() == 1


def test_names_of_persons_are_told_in_the_form_alone(as_, people, world, together):
    ContactFactory(project=world, person_name="Old Person")
    save(as_("clerk"), at("projects", world), **{"contact-0-person_name": "New Person"})
    text = as_("clerk").get(reverse("staff-reference-all")).content.decode()
    assert "New Person" not in text
    assert "Old Person" not in text
    assert "changed; a person’s" in text


def test_what_is_withheld_is_not_edited(as_, people, world, alone):
    Withholding.objects.create(kind="project-title", target_id=world.pk, reason="x")
    page = as_("clerk").get(at("projects", world), follow=True)
    assert "withheld" in page.content.decode()
    assert "whole" not in page.context


@pytest.mark.parametrize(("role", "status"), [("looker", 403), ("gateway", 403), ("clerk", 200)])
def test_only_who_enters_keeps_them(as_, world, role, status):
    client = as_(role)
    assert client.get(at("projects", world)).status_code == status
    assert client.get(reverse("staff-reference", args=["projects"])).status_code == status


def test_many_things_are_suggested_while_one_types(as_, world):
    OrganizationFactory(code="WFP", name="World Food Programme")
    url = reverse("staff-reference-suggestions", args=["organizations"])
    hits = as_("clerk").get(url, {"q": "food"}).json()["hits"]
    assert [hit["value"] for hit in hits] == ["WFP"]
    assert as_("clerk").get(url, {"q": ""}).json() == {"hits": []}


def test_nothing_changed_is_said(as_, world, alone):
    page = save(as_("clerk"), at("projects", world))
    assert "Nothing was changed." in page.content.decode()
    assert not ReferenceChange.objects.exists()


@pytest.mark.parametrize(("role", "offered"), [
    ("anonymous", False), ("gateway", False), ("looker", False), ("clerk", True),
])  # fmt: skip
def test_public_pages_lead_those_who_may_to_where_things_are_kept(as_, world, role, offered):
    client = as_(role)
    page = client.get(world.get_absolute_url()).content.decode()
    leads = reverse("staff-reference-named", args=["projects", world.number])
    assert (leads in page) is offered
    if offered:
        assert client.get(leads).url == at("projects", world)
        fund = client.get(world.fund.get_absolute_url()).content.decode()
        assert reverse("staff-reference-named", args=["funds", world.fund.code]) in fund


def test_who_may_withhold_is_led_to_what_the_page_is_of(as_, people, world):
    people["clerk"].user_permissions.add(Permission.objects.get(codename="withhold"))
    client = as_("clerk")
    page = client.get(world.get_absolute_url()).content.decode()
    (url,) = re.findall(r'href="(/staff/withholding/[^"]*)"', page)
    found = client.get(unescape(url))
    assert world.title in found.content.decode()


def test_all_labels_are_in_the_language_of_the_page(as_, world):
    form = as_("clerk").get(f"/fr{at('projects', world)}").context["whole"]
    labels = {str(field.label) for field in form.main}
    assert {"Fonds", "Thème", "Fait partie du projet"} <= labels
    assert not {"Fund", "Theme", "Parent"} & labels


def test_withholding_puts_aside_what_waits_to_be_changed_of_it(as_, people, world, together):
    contact = ContactFactory(project=world, person_name="Old Person")
    save(as_("clerk"), at("projects", world), title="A secret title")
    withhold(kind="contact", target_id=contact.pk, reason="danger", by=people["chief"])
    change = ReferenceChange.objects.get()
    assert (change.data, change.took_effect, change.decided_at is None) == ({}, False, False)
    assert "A secret title" not in as_("chief").get(reverse("staff-reference-all")).text


def test_what_the_office_says_stands_on_its_page(as_, client, alone):
    save(as_("clerk"), at("texts"), page="contact", language="en", heading="Opening hours",
         text="Mondays, 9 to 12.\n\nWrite to desk@office.test.",
         place="1", is_shown="on")  # fmt: skip
    text = client.get(reverse("contact")).content.decode()
    assert "<h2>Opening hours</h2>" in text
    assert "<p>Mondays, 9 to 12.</p>" in text
    found = OfficeText.objects.get()
    assert "Opening hours" in as_("clerk").get(at("texts", found)).content.decode()
    save(as_("clerk"), at("texts", found), is_shown="")
    assert "Opening hours" not in client.get(reverse("contact")).content.decode()


def test_rules_of_the_office_can_stand_instead_of_ours_but_no_list_gives_way(as_, client, alone):
    own = client.get(reverse("scam-alert")).content.decode()
    assert "What we never do" in own
    asked = {"language": "en", "heading": "Beware", "text": "As we say it.", "place": "1",
             "is_shown": "on", "replaces": "on"}  # fmt: skip
    save(as_("clerk"), at("texts"), page="scam-alert", **asked)
    text = client.get(reverse("scam-alert")).content.decode()
    assert ("As we say it." in text, "What we never do" in text) == (True, False)
    refused = save(as_("clerk"), at("texts"), page="data", **asked)
    assert "The text of this page says what the site has; it stays." in refused.content.decode()


def test_a_text_without_the_readers_language_stands_in_the_main_one_and_says_so(client, db):
    OfficeText.objects.create(page="contact", heading="Hours", text="Mondays.")
    text = client.get("/fr" + reverse("contact")).content.decode()
    assert re.search(r'<section id="said-\d+" dir="auto" lang="en">\s*<h2>Hours</h2>', text)
    OfficeText.objects.create(page="contact", heading="Heures", text="Lundi.", language="fr")
    text = client.get("/fr" + reverse("contact")).content.decode()
    assert ("Lundi." in text, "Mondays." in text) == (True, False)


def test_what_is_typed_as_markup_is_read_as_text(client, db):
    OfficeText.objects.create(page="contact", heading="<b>H</b>", text="<script>x</script>")
    text = client.get(reverse("contact")).content.decode()
    assert "<h2>&lt;b&gt;H&lt;/b&gt;</h2>" in text
    assert "&lt;script&gt;x&lt;/script&gt;" in text


def test_a_word_of_the_office_is_in_the_glossary_and_found(as_, client, alone):
    asked = {"name": "Window", "language": "en", "definition": "A part of a fund.",
             "is_shown": "on"}  # fmt: skip
    save(as_("clerk"), at("terms"), **asked)
    text = client.get(reverse("glossary")).content.decode()
    assert "A part of a fund." in text
    assert "This is how the office uses the word." in text
    assert "A part of a fund." in client.get(reverse("search"), {"q": "window"}).content.decode()
    twice = save(as_("clerk"), at("terms"), **asked | {"name": "WINDOW"})
    assert "The office has said already what this word means." in twice.content.decode()


def test_how_mails_begin_and_end_is_said_once_for_each_language(as_, alone):
    said = {"language": "en", "greeting": "Hello,", "closing": "Us", "is_shown": "on"}
    save(as_("clerk"), at("mails"), **said)
    assert letter("a@x.org", "s", ["One."]).body == "Hello,\n\nOne.\n\nUs"
    twice = save(as_("clerk"), at("mails"), **said)
    assert "Words of mails in this language are there already." in twice.content.decode()


@pytest.mark.parametrize("kind", ["texts", "terms", "mails", "funds"])
def test_lists_of_each_kind_and_the_way_by_name(as_, alone, kind):
    OfficeText.objects.bulk_create(OfficeText(page="data", heading=n, text="x") for n in "ab")
    OfficeTerm.objects.create(name="a", definition="x")
    client = as_("clerk")
    assert client.get(reverse("staff-reference", args=[kind])).status_code == 200
    for name, status in (("data", 302), ("en", 302), ("nothing", 404)):
        answer = client.get(reverse("staff-reference-named", args=[kind, name]))
        fits = (kind, name) in (("texts", "data"), ("terms", "en"))
        assert answer.status_code == (status if fits else 404)

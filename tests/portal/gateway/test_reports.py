"""Uploading a report: of which period, of which organization, and what it counts for."""

import re
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from documents import intake
from documents.access import grant_access
from documents.files.suggesting import part_of_year
from documents.models import Document, DocumentType, Upload
from portal.inbox.items import inbox
from portal.models import OPEN
from portal.reporting.due_reports import reports_due
from tests.documents.files import pdf
from tests.factories import (
    OrganizationFactory,
    ParticipationFactory,
    ProjectFactory,
    UserFactory,
    released,
    transfer,
)

pytestmark = pytest.mark.django_db
LAST_YEAR = timezone.localdate().year - 1


def _type(code):
    return DocumentType.objects.get(code=code).pk


@pytest.fixture
def unicef(own):
    """A second participating organization of the keepers' project."""
    organization = OrganizationFactory(code="UNICEF", name="Children’s Fund", short_name="UNICEF")
    ParticipationFactory(project=own, organization=organization)
    return organization


@pytest.fixture
def send(as_, own):
    """Send the form of a draft of an annual narrative report; None of `organization` is left."""

    def fill(upload=None, role="project", code="annual-narrative-report", **values):
        client = as_(role)
        if upload is None:
            file = SimpleUploadedFile("r.pdf", pdf(title=f"A text {Upload.objects.count()}"))
            client.post(reverse("gateway-project", args=[own.number]), {"file": [file]})
            upload = Upload.objects.order_by("-begun_at").first()
        sent = {
            "title": "A report", "type": _type(code), "publish": "yes", "period": "year",
            "year_reported": str(LAST_YEAR), **values,
        }  # fmt: skip
        return client.post(reverse("gateway-upload", args=[upload.pk]), sent)

    return fill


@pytest.fixture
def due(own, people):
    """States of the narrative reports of last year, by the code of the organization."""
    day = date(LAST_YEAR, 2, 1)
    parts = own.participations.values_list("organization", flat=True)
    released(*[transfer(own, 100, organization_id=pk, date=day) for pk in parts])

    def states(kind="narrative"):
        reports = reports_due(projects=[own.pk]).filter(kind=kind, year=LAST_YEAR)
        return {r.organization.code: r.state for r in reports.select_related("organization")}

    return states


def test_one_organizations_report_does_not_tick_the_others(own, unicef, due, send):
    assert "received" not in due().values() and len(due()) == 2
    assert send(organization=str(unicef.pk)).status_code == 302
    assert due()["UNICEF"] == "received" and due()["UNDP"] != "received"
    report = reports_due(projects=[own.pk]).get(
        organization=unicef, kind="narrative", year=LAST_YEAR
    )
    assert report.received_on == timezone.localdate()
    assert report.document == Document.objects.get()


def test_a_joint_report_is_of_all(unicef, due, send):
    send(organization="all")
    assert set(due().values()) == {"received"}


def test_with_two_organizations_it_has_to_be_said_whose_report_it_is(unicef, send):
    text = send().content.decode()
    assert "Say which organization reports" in text and not Document.objects.exists()


def test_a_part_of_the_year_is_no_annual_report(unicef, due, send):
    send(organization="all", period="q3")
    assert "received" not in due().values()
    assert "Say which part" in send(organization="all", period="").content.decode()
    document = Document.objects.get()
    assert document.period_name == f"{LAST_YEAR}, third quarter"
    # Corrected later, it counts.
    document.period = "year"
    document.save()
    assert set(due().values()) == {"received"}


def test_documents_without_these_values_count_as_before(own, unicef, due):
    Document.objects.create(
        project=own, title="Old", type_id=_type("annual-narrative-report"),
        year_reported=LAST_YEAR,
    )  # fmt: skip
    assert set(due().values()) == {"received"}


def test_a_report_counts_from_the_day_on_which_its_upload_began(own, unicef, due, send, as_):
    file = SimpleUploadedFile("r.pdf", pdf())
    as_("project").post(reverse("gateway-project", args=[own.number]), {"file": [file]})
    upload = Upload.objects.get()
    upload.begun_at -= timedelta(days=3)
    upload.save()
    send(upload, organization=str(unicef.pk))
    report = reports_due(projects=[own.pk]).get(
        organization=unicef, kind="narrative", year=LAST_YEAR
    )
    assert report.received_on == timezone.localdate() - timedelta(days=3)


def test_the_metadata_form_moves_a_report_to_another_organization(own, unicef, due, send, as_):
    send(organization=str(unicef.pk))
    document = Document.objects.get()
    client = as_("project")
    url = reverse("gateway-document", args=[document.pk])
    page = client.get(url).content.decode()
    assert re.search(rf'<option value="{unicef.pk}" selected>', page)
    other = own.participations.exclude(organization=unicef).get().organization
    values = {"title": "A report", "type": document.type_id, "period": "year",
              "year_reported": LAST_YEAR, "organization": other.pk}  # fmt: skip
    assert client.post(url, values).status_code == 302
    assert due() == {"UNDP": "received", "UNICEF": due()["UNICEF"]}
    assert due()["UNICEF"] != "received"
    assert document.events.filter(kind="corrected").count() == 1


def test_a_final_report_needs_no_year_and_other_types_need_nothing(own, unicef, send):
    send(code="final-narrative-report", organization=str(unicef.pk), year_reported="", period="")
    send(code="audit", year_reported="", period="")
    send(code="photo", organization=str(unicef.pk))
    kept = Document.objects.order_by("pk").values_list("period", "year_reported", "organization")
    assert list(kept) == [("final", None, unicef.pk), ("", None, None), ("", None, None)]


def test_an_organization_that_takes_no_part_is_refused(unicef, send):
    stranger = OrganizationFactory()
    answer = send(organization=str(stranger.pk))
    assert answer.status_code == 200 and not Document.objects.exists()


def test_reports_of_a_part_of_a_joint_programme_are_asked_for_at_the_whole(own, people, as_):
    part = ProjectFactory(fund=own.fund, parent=own)
    other = OrganizationFactory(name="Part’s organization")
    ParticipationFactory(project=part, organization=other)
    file = SimpleUploadedFile("r.pdf", pdf())
    client = as_("project")
    client.post(reverse("gateway-project", args=[own.number]), {"file": [file]})
    page = client.get(reverse("gateway-upload", args=[Upload.objects.get().pk]))
    assert "Part’s organization" in page.content.decode()


# --- What is filled in beforehand


def _taken(own, by, name="report.pdf", title="Annual narrative report 2024", **more):
    content = pdf(*more.get("lines", ()), title=title)
    made = intake.begin_upload(by=by, of=own, file_name=name, size=len(content))
    return intake.take_whole(upload=made, content=SimpleUploadedFile(name, content))


def test_period_and_organization_come_from_the_file_and_the_persons_rights(own, unicef, people):
    upload = _taken(own, people["organization"])  # whose rights are those of UNDP
    assert (upload.period, upload.year_reported) == ("year", 2024)
    assert upload.organization.code == "UNDP"
    upload = _taken(own, people["organization"], "UNICEF Annual report Q3 2023.pdf", "Untitled")
    assert (upload.period, upload.year_reported) == ("q3", 2023)
    assert upload.organization == unicef  # the file says so
    # Of the project's keeper nothing tells whose report it is: not guessed.
    assert _taken(own, people["project"]).organization is None
    member = UserFactory(organization=unicef)
    grant_access(user=member, by=None, of=own, valid_from=date(2020, 1, 1))
    assert _taken(own, member).organization == unicef


def test_the_year_comes_from_the_text_where_the_name_is_silent(own, people):
    lines = ["Annual report for the period 1 January to 31 December 2022", "Written in 2024."]
    upload = _taken(own, people["project"], "narrative report.pdf", "Narrative report", lines=lines)
    assert upload.year_reported == 2022


def test_what_is_no_report_has_no_period(own, people):
    upload = _taken(own, people["project"], "Audit 2024.pdf", "Audit 2024")
    assert (upload.period, upload.year_reported, upload.organization) == ("", None, None)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("Progress report Q2 2024", "q2"), ("Third quarter 2024", "q3"), ("T4 2023", "q4"),
        ("Rapport du 2e trimestre", "q2"), ("Informe del segundo semestre", "h2"),
        ("First half-year report", "h1"), ("Half 1, 2024", "h1"), ("S2 2023", "h2"),
        ("Quarterly report 2024", "?"), ("Rapport semestriel", "?"),
        ("Annual narrative report 2024", ""), ("Report on 4 quarters of the town", ""),
        ("First report of the water project", ""),
    ],
)  # fmt: skip
def test_a_part_of_the_year_is_read_from_words(text, part):
    assert part_of_year(text) == part


def test_a_quarterly_report_that_names_no_quarter_asks_for_it(own, people, as_):
    upload = _taken(own, people["project"], "r.pdf", "Quarterly narrative report 2024")
    assert upload.period == ""
    page = as_("project").get(reverse("gateway-upload", args=[upload.pk])).content.decode()
    assert "Period" in page and 'data-report="annual"' in page


def pay_all(own, year):
    """A transfer of that year to each who takes part."""
    parts = own.participations.values_list("organization", flat=True)
    day = date(year, 3, 1)
    released(*[transfer(own, 1000, organization_id=pk, date=day) for pk in parts])


def sections(text, anchor):
    """What stands in a section of a page, as plain text."""
    section = re.search(rf'<section id="{anchor}">(.*?)</section>', text, re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", section.group(1)).split())


def test_my_own_organizations_reports_are_listed_all_of_them_newest_due_first(own, unicef, as_):
    pay_all(own, LAST_YEAR - 12)
    mine = reports_due(projects=[own.pk]).filter(organization__code="UNDP", state__in=OPEN)
    page = as_("organization").get(reverse("gateway-reports"))
    shown = [(report.organization.code, report.due_on) for report in page.context["due"]]
    assert {code for code, _day in shown} == {"UNDP"}
    assert [day for _code, day in shown] == sorted((day for _code, day in shown), reverse=True)
    assert len(shown) == mine.count() > 10
    home = as_("organization").get(reverse("gateway")).content.decode()
    assert f"All {mine.count()} reports to send" in sections(home, "due")


def test_who_keeps_a_project_for_no_organization_sees_what_all_have_to_send(own, unicef, as_):
    pay_all(own, LAST_YEAR - 1)
    page = as_("project").get(reverse("gateway-reports"))
    assert {report.organization.code for report in page.context["due"]} == {"UNDP", "UNICEF"}


def test_the_inbox_counts_what_its_list_calls_overdue(own, unicef, as_, people):
    pay_all(own, LAST_YEAR - 5)
    for role in ("organization", "project", "clerk", "manager"):
        (item,) = [item for item in inbox(people[role]) if item.code == "late"]
        page = as_(role).get(item.url)
        assert item.count > 0
        if "overdue" in page.context:
            assert page.context["overdue"] == item.count
        else:
            assert len(page.context["table"].rows) == item.count

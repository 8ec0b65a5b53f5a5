"""Who may do what in the staff's room, as a table: role × address × answer."""

from datetime import date

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from finance.loading.services import release_load
from finance.models import Load, VoucherLine
from portal.models import ClosureStep, Feedback, IatiComparison, ReferenceChange
from portal.reporting.due_reports import reports_due
from portal.staff.health.urls import urlpatterns as health_urlpatterns
from portal.staff.iati.urls import urlpatterns as iati_urlpatterns
from portal.staff.office.urls import urlpatterns as office_urlpatterns
from portal.staff.places.urls import urlpatterns as places_urlpatterns
from portal.staff.questions.urls import urlpatterns as question_urlpatterns
from portal.staff.reference.urls import urlpatterns as reference_urlpatterns
from portal.staff.reports.urls import urlpatterns as reporting_urlpatterns
from portal.staff.rows.urls import urlpatterns as row_urlpatterns
from portal.staff.urls import urlpatterns
from portal.staff.year_end.urls import urlpatterns as board_urlpatterns
from portal.work.exports import ask_for_export, make_export
from tests.factories import ParticipationFactory
from tests.portal.staff.conftest import entering, make_people, make_world, row

ROLES = ("anonymous", "gateway", "looker", "clerk", "chief", "both")
# Answers to a GET, in the order of the roles; 405: only by POST, and then this person may.
LOOK = (302, 403, 200, 200, 200, 200)
WORK = (302, 403, 403, 200, 403, 200)
KEEP = (302, 403, 403, 200, 200, 200)
# For whoever may answer questions, who is none of these.
NOBODY = (302, 403, 403, 403, 403, 403)
GETS = {
    "staff": LOOK,
    "staff-loads": LOOK,
    "staff-health": LOOK,
    "staff-iati": LOOK,
    "staff-iati-comparisons": WORK,
    "staff-iati-comparison": LOOK,
    "staff-load": LOOK,
    "staff-load-progress": LOOK,
    "staff-load-lines": LOOK,
    "staff-load-remarks": LOOK,
    "staff-load-file": LOOK,
    "staff-load-remarks-file": LOOK,
    "staff-load-new": WORK,
    "staff-load-mapping": WORK,
    "staff-load-mend": WORK,
    "staff-records": WORK,
    "staff-record": WORK,
    "staff-year-end-latest": (302, 403, 302, 302, 302, 302),
    "staff-year-end": LOOK,
    "staff-year-end-progress": LOOK,
    "staff-formats": LOOK,
    "staff-reports": LOOK,
    "staff-report": WORK,
    "staff-reminders": LOOK,
    "staff-closures": LOOK,
    "staff-reference-all": LOOK,
    "staff-reference": KEEP,
    "staff-reference-new": KEEP,
    "staff-reference-thing": KEEP,
    "staff-reference-named": (302, 403, 403, 302, 302, 302),
    "staff-reference-suggestions": LOOK,
    "staff-enter-row": WORK,
    "staff-load-type-kinds": WORK,
    "staff-minutes-suggestions": WORK,
    "staff-load-type": WORK,
    "staff-closure": LOOK,
    "staff-countries": LOOK,
    "staff-country": WORK,
    "staff-exports": LOOK,
    "staff-questions": NOBODY,
    "staff-question": NOBODY,
    "staff-office": (302, 403, 403, 403, 403, 403),
    "staff-export": LOOK,
    # Its owner may fetch it too, whoever that is by now; others are not told that it exists.
    "staff-export-file": (302, 404, 200, 200, 200, 200),
}
# Answers to a POST: 302 to the sign-in for the first, back to the load for the others.
ENTERS = (302, 403, 403, 302, 403, 302)
EITHER = (302, 403, 403, 302, 302, 302)
RELEASES = (302, 403, 403, 403, 302, 302)
POSTS = {
    # Administrators only: tests/portal/staff/health/test_health.py.
    "staff-health-verify": (302, 403, 403, 403, 403, 403),
    "staff-health-mail": (302, 403, 403, 403, 403, 403),
    "staff-iati-look": ENTERS,
    "staff-iati-comparisons": (302, 403, 403, 200, 403, 200),
    "staff-iati-publish": RELEASES,
    "staff-load-acknowledge": EITHER,
    "staff-load-confirm": EITHER,
    "staff-load-reject": EITHER,
    "staff-load-check": ENTERS,
    "staff-load-mend": (302, 403, 403, 200, 403, 200),
    "staff-load-release": RELEASES,
    # Without a reason its page is shown again, with what stands in the way.
    "staff-load-reverse": (302, 403, 403, 403, 200, 200),
    "staff-load-new": (302, 403, 403, 200, 403, 200),
    "staff-load-mapping": (302, 403, 403, 200, 403, 200),
    "staff-record": (302, 403, 403, 200, 403, 200),
    "staff-year-end-receive": (302, 403, 403, 400, 403, 400),
    "staff-year-end-release": RELEASES,
    "staff-report": (302, 403, 403, 200, 403, 200),
    "staff-reminders-switch": ENTERS,
    "staff-closure-step": (302, 403, 403, 200, 403, 200),
    "staff-reference-decide": EITHER,
    "staff-reference-new": KEEP,
    "staff-reference-thing": KEEP,
    "staff-closure-confirm": RELEASES,
    "staff-enter-row": (302, 403, 403, 200, 403, 200),
    "staff-load-type": (302, 403, 403, 200, 403, 200),
    "staff-reminders-person": ENTERS,
    "staff-country": (302, 403, 403, 200, 403, 200),
    "staff-question": NOBODY,
    "staff-exports": (302, 403, 302, 302, 302, 302),
}


@pytest.fixture(scope="module")
def kept(module_db):
    """People, and the addresses of pages: made once for all tests."""
    people = make_people()
    return people, _addresses(people)


@pytest.fixture
def people(db, kept):
    """The same for all tests of this module."""
    return kept[0]


@pytest.fixture
def address(db, kept):
    """The address of a page by its name."""
    return kept[1]


def _addresses(people):
    make_world()
    enter = entering(people)
    released = enter(row("1", "100"))
    release_load(load=released, by=people["chief"])
    load = enter(row("1", "100"), row("2", "x"))
    record = VoucherLine.objects.get()
    part = ParticipationFactory(project=record.project, organization=record.organization)
    step = ClosureStep.objects.create(part=part, step="operational", on=date(2024, 1, 1))
    report = reports_due().first()
    export = make_export(ask_for_export(owner=people["both"], query=QueryDict(), format="csv"))

    comparison = IatiComparison.objects.create(organization=record.organization, state="done")
    question = Feedback.objects.create(topic="site", message="Why?", sender="x")

    change = ReferenceChange.objects.create(kind="projects", object_id=part.project_id)

    def of(name):
        arguments = {
            "staff": [], "staff-health": [], "staff-health-verify": [],
            "staff-iati": [], "staff-iati-look": [], "staff-iati-comparisons": [],
            "staff-iati-comparison": [comparison.pk], "staff-iati-publish": [comparison.pk],
            "staff-loads": [], "staff-load-new": [], "staff-records": [],
            "staff-record": ["voucherline", record.pk],
            "staff-year-end-latest": [], "staff-formats": [], "staff-exports": [],
            "staff-office": [],
            "staff-reports": [], "staff-report": [report.pk],
            "staff-enter-row": ["decisions"],
            "staff-minutes-suggestions": [],
            "staff-load-type-kinds": [], "staff-load-type": ["vouchers"],
            "staff-reference-all": [], "staff-reference": ["projects"],
            "staff-reference-new": ["funds"], "staff-reference-suggestions": ["funds"],
            "staff-reference-thing": ["projects", part.project_id],
            "staff-reference-named": ["projects", part.project.number],
            "staff-reference-decide": [change.pk],
            "staff-closures": [], "staff-closure": [part.project.number],
            "staff-closure-step": [part.pk], "staff-closure-confirm": [step.pk],
            "staff-countries": [], "staff-country": [part.project.number],
            "staff-reminders": [], "staff-reminders-switch": [],
            "staff-reminders-person": [people["looker"].pk],
            "staff-questions": [], "staff-question": [question.pk],
            "staff-export": [export.pk], "staff-export-file": [export.pk],
        }  # fmt: skip
        default = [2024] if name.startswith("staff-year-end") else [load.pk]
        return reverse(name, args=arguments.get(name, default))

    return of


def test_every_address_stands_in_the_table():
    rooms = (
        health_urlpatterns, office_urlpatterns, places_urlpatterns, reporting_urlpatterns,
        board_urlpatterns, question_urlpatterns, iati_urlpatterns, row_urlpatterns,
        reference_urlpatterns,
    )  # fmt: skip
    patterns = [*urlpatterns, *(pattern for room in rooms for pattern in room)]
    assert {pattern.name for pattern in patterns} == set(GETS) | set(POSTS)


@pytest.mark.parametrize("name", GETS)
def test_who_may_look(name, as_, address):
    answers = []
    for role in ROLES:
        response = as_(role).get(address(name))
        answers.append(response.status_code)
        if response.streaming:
            assert b"".join(response.streaming_content)
    assert answers == list(GETS[name])


@pytest.mark.parametrize("name", POSTS)
def test_who_may_act(name, as_, address):
    url = address(name)
    answers = []
    for role in ROLES:
        response = as_(role).post(url)
        answers.append(response.status_code)
        if role in ("anonymous",):
            # What was typed is kept until they have signed in.
            assert response.url.startswith(f"{reverse('account_login')}?next=/accounts/again/")
    assert answers == list(POSTS[name])


@pytest.mark.parametrize("name", sorted(set(POSTS) - set(GETS)))
def test_a_link_does_nothing(name, as_, address):
    assert as_("both").get(address(name)).status_code == 405


def test_a_form_from_another_site_does_nothing(people, address):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(people["both"])
    for name in POSTS:
        assert strict.post(address(name)).status_code == 403, name
    assert not Load.objects.filter(state="rejected").exists()

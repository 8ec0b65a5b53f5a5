"""Files of participations and contacts: what they add, change, refuse and give back."""

import pytest
from django.core.files.base import ContentFile

from finance.loading.content.shown import shown_lines
from finance.loading.services import check_load, receive_load, release_load, reverse_load
from finance.models import Load, PartStatement
from portal.withholding.services import withhold
from projects.models import Contact, Participation
from tests.factories import (
    FundFactory,
    OrganizationFactory,
    ParticipationFactory,
    ProjectFactory,
    SourceFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def source():
    return SourceFactory()


@pytest.fixture
def project():
    return ProjectFactory(number="00012")


def entered(source, kind, *lines):
    content = ContentFile("\n".join(lines).encode())
    return check_load(receive_load(source=source, kind=kind, content=content, name="file.csv"))


def errors(load):
    return [(one.line, one.column, one.message) for one in load.remarks.all()]


def contacts(source, *rows):
    return entered(source, "contacts", "project,fund,role,office,email,website", *rows)


def parts(source, *rows):
    return entered(source, "participations", "project,organization,role,award_number", *rows)


def test_a_participation_is_added_and_the_same_file_again_adds_nothing(source, project):
    OrganizationFactory(code="undp")
    release_load(load=parts(source, "00012,undp,implementing,77"))
    part = Participation.objects.get()
    assert (part.project, part.role, part.award_number) == (project, "implementing", "77")
    assert PartStatement.objects.get().values["award_number"] == "77"
    again = parts(source, "00012,undp,implementing,77")
    assert again.counts["unchanged"] == 1
    assert again.counts["new"] == again.counts["changed"] == 0


def test_what_a_file_does_not_state_of_a_participation_stays(source, project):
    part = ParticipationFactory(project=project, award_number="55")
    load = parts(source, f"00012,{part.organization.code},,")
    assert load.counts["changed"] == 1
    release_load(load=load)
    part.refresh_from_db()
    assert part.award_number == "55"


def test_a_list_of_participants_edited_by_hand_is_left_as_it_is(source, project):
    project.held_fields = ["organizations"]
    project.save()
    OrganizationFactory(code="undp")
    release_load(load=parts(source, "00012,undp,,77"))
    assert not Participation.objects.exists()


def test_a_reversal_gives_back_what_stood_before(source, project):
    OrganizationFactory(code="undp")
    release_load(load=parts(source, "00012,undp,,77"))
    second = release_load(load=parts(source, "00012,undp,,88"))
    assert Participation.objects.get().award_number == "88"
    release_load(load=reverse_load(load=second, by=UserFactory(is_staff=True), reason="Wrong"))
    assert Participation.objects.get().award_number == "77"


def test_a_contact_is_of_a_project_or_of_a_fund(source, project):
    fund = FundFactory(code="WAT00")
    load = contacts(
        source, "00012,,lead,UNDP Mali,mali@example.org,", ",WAT00,,Fund office,,https://x.example"
    )
    assert (load.state, errors(load)) == (Load.State.CHECKED, [])
    release_load(load=load)
    assert project.contacts.get().office_email == "mali@example.org"
    assert (fund.contacts.get().role, fund.contacts.get().website) == ("other", "https://x.example")


def test_a_contact_is_changed_where_role_and_office_are_the_same(source, project):
    release_load(load=contacts(source, "00012,,lead,UNDP Mali,old@example.org,"))
    load = contacts(source, "00012,,lead,undp mali,new@example.org,")
    assert load.counts["changed"] == 1
    [line] = shown_lines(load.staged_lines.all())
    cell = line.cells["office_email"]
    assert (cell.before, cell.after, cell.differs) == ("old@example.org", "new@example.org", True)
    release_load(load=load)
    assert Contact.objects.get().office_email == "new@example.org"


def test_who_is_named_by_consent_is_not_touched_by_a_file(source, project):
    Contact.objects.create(
        project=project, role="lead", organization_name="UNDP Mali", person_name="A. Person"
    )
    release_load(load=contacts(source, "00012,,lead,UNDP Mali,new@example.org,"))
    assert Contact.objects.get().person_name == "A. Person"


@pytest.mark.parametrize(
    ("row", "column", "told"),
    [
        ("00012,WAT00,,Office,,", "fund", "to a project or to a fund"),
        ("00099,,,Office,,", "project", "no project “00099”"),
        ("00012,,,Office,nobody,", "email", "no e-mail address"),
        ("00012,,,Office,,javascript:alert(1)", "website", "https://"),
        ("00012,,,Office,,www.example.org", "website", "https://"),
        ("00012,,,,a@example.org,", "Organization or office", ""),
        (",,,Office,,", "Project", "it is empty"),
        ("00012,,boss,Office,,", "Role", "none of the words"),
    ],
)
def test_what_is_no_contact_is_refused_by_row_and_column(source, project, row, column, told):
    FundFactory(code="WAT00")
    load = contacts(source, row)
    assert load.state == Load.State.FAULTY
    [(line, where, message)] = errors(load)
    assert line == 2
    assert column in where
    assert told in message


@pytest.mark.parametrize(
    ("first", "second"),
    [("00012,undp,,1", "00012,UNDP,participating,2"), ("00012,undp,,1", "00012,undp,,1")],
)
def test_a_participation_stands_in_one_row(source, project, first, second):
    OrganizationFactory(code="undp")
    load = parts(source, first, second)
    [(line, column, message)] = errors(load)
    assert (line, column) == (3, "organization")
    assert "row 2" in message


@pytest.mark.parametrize("row", ["Secret office,", "secret OFFICE,new@x.int", "Other,s@x.int"])
def test_a_contact_that_was_withheld_does_not_come_back_by_file(source, project, row):
    release_load(load=contacts(source, "00012,,lead,Secret office,s@x.int,"))
    by = UserFactory(is_superuser=True)
    withhold(kind="contact", target_id=Contact.objects.get().pk, reason="danger", by=by)
    load = contacts(source, f"00012,,lead,{row},")
    [(line, column, message)] = errors(load)
    assert (line, column) == (2, "office")
    assert "withheld" in message
    assert not Contact.objects.filter(office_email__gt="").exists()


def test_what_is_withheld_after_the_check_is_not_written_by_the_release(source, project):
    known = Contact.objects.create(
        project=project, role="lead", organization_name="Secret office", office_email="s@x.int"
    )
    load = contacts(source, "00012,,manager,Secret office,s@x.int,")
    by = UserFactory(is_superuser=True)
    withhold(kind="contact", target_id=known.pk, reason="danger", by=by)
    release_load(load=load)
    assert not Contact.objects.filter(office_email__gt="").exists()


def test_a_reversal_does_not_bring_back_what_is_withheld(source, project):
    release_load(load=contacts(source, "00012,,lead,Secret office,s@x.int,"))
    second = release_load(load=contacts(source, "00012,,lead,Secret office,t@x.int,"))
    by = UserFactory(is_superuser=True)
    withhold(kind="contact", target_id=Contact.objects.get().pk, reason="danger", by=by)
    release_load(load=reverse_load(load=second, by=by, reason="Wrong"))
    assert not Contact.objects.filter(office_email__gt="").exists()


def test_a_name_of_many_signs_fits_whatever_its_script(source, project):
    load = contacts(source, f"00012,,lead,{'한' * 450},,")
    release_load(load=load)
    assert Contact.objects.get().organization_name == "한" * 450

"""What withholding does to rows: moved aside, stated again, put back, with seals whole."""

from datetime import date

import pytest
from django.core.files.base import ContentFile
from django.db import DatabaseError, connection, transaction

from finance.loading.services import check_load, receive_load, release_load
from finance.models import ErasedText, FundStatement, Load, ProjectStatement, VoucherLine
from finance.sealing.verification import Scope, verify
from portal.withholding.services import lift, withhold
from projects.models import Fund, Project, WithheldValue, Withholding
from tests.databases import REFUSED
from tests.factories import (
    ContactFactory,
    DocumentFactory,
    OrganizationFactory,
    ProjectFactory,
    SourceFactory,
    UserFactory,
    released,
    transfer,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def by(db):
    """Somebody of the staff."""
    return UserFactory(is_staff=True)


def clean():
    """Whether everything verifies."""
    result = verify(Scope())
    assert result.ok, result.difference


def test_a_title_is_gone_from_row_history_and_search_and_comes_back(by):
    project = ProjectFactory(title="Zanzibar secret")
    project.title = "Zanzibar secret, second phase"
    project.save()
    released(transfer(project, "10"))
    withholding = withhold(kind="project-title", target_id=project.pk, reason="danger", by=by)
    project.refresh_from_db()
    assert project.title.startswith("Withheld on ")
    titles = set(project.events.values_list("title", flat=True))
    assert titles == {project.title}
    assert not Project.objects.filter(search="zanzibar").exists()
    clean()
    lift(withholding=withholding, reason="over", by=by)
    project.refresh_from_db()
    assert project.title == "Zanzibar secret, second phase"
    assert "Zanzibar secret" in set(project.events.values_list("title", flat=True))
    clean()


def test_what_a_file_said_of_a_fund_is_gone_with_its_name(by):
    source = SourceFactory()

    def state(row):
        content = ContentFile(f"code,name,description\nZAN00,{row}\n".encode())
        load = receive_load(source=source, kind="funds", content=content, name="funds.csv")
        return release_load(load=check_load(load))

    state("Zanzibar Fund,first")
    fund = Fund.objects.get()
    withholding = withhold(kind="fund", target_id=fund.pk, reason="danger", by=by)
    assert "Zanzibar" not in str(FundStatement.objects.get().values)
    state("Zanzibar Fund,second")
    fund.refresh_from_db()
    assert "Zanzibar" not in fund.name
    assert "Zanzibar" not in str(list(FundStatement.objects.values_list("values", flat=True)))
    clean()
    lift(withholding=withholding, reason="over", by=by)
    fund.refresh_from_db()
    assert fund.name == "Zanzibar Fund"


def test_the_text_of_a_record_is_gone_from_its_seal_too_and_the_seal_holds(by):
    project = ProjectFactory()
    source = SourceFactory()
    released(transfer(project, "10", description="to Zanzibar"), source=source)
    released(transfer(project, "11", description="to Zanzibar"), source=source)
    line = VoucherLine.objects.get(withdrawn_by=None)
    withholding = withhold(kind="voucherline", target_id=line.pk, reason="danger", by=by)
    assert set(VoucherLine.objects.values_list("description", "salt")) == {("", None)}
    clean()
    released(transfer(project, "12", description="To zanzibar"), source=source)
    assert not VoucherLine.objects.exclude(description="").exists()
    clean()
    lift(withholding=withholding, reason="over", by=by)
    assert not VoucherLine.objects.filter(description="").exists()
    assert not VoucherLine.objects.filter(salt=None).exists()
    clean()
    withhold(kind="voucherline", target_id=line.pk, reason="again", by=by)
    assert not VoucherLine.objects.exclude(description="").exists()
    clean()


def test_what_an_editor_or_a_load_writes_meanwhile_is_withheld_too_and_shown_once_lifted(by):
    project = ProjectFactory(title="Zanzibar")
    withholding = withhold(kind="project", target_id=project.pk, reason="danger", by=by)
    Project.objects.filter(pk=project.pk).update(title="Zanzibar II", narrative="In Zanzibar")
    project.refresh_from_db()
    assert "Zanzibar" not in project.title + project.narrative
    assert not project.events.filter(title__contains="Zanzibar").exists()
    assert not project.events.filter(narrative__contains="Zanzibar").exists()
    contact = ContactFactory(project=project, organization_name="Zanzibar office")
    contact.refresh_from_db()
    assert "Zanzibar" not in contact.organization_name
    lift(withholding=withholding, reason="over", by=by)
    project.refresh_from_db()
    contact.refresh_from_db()
    assert (project.title, project.narrative) == ("Zanzibar II", "In Zanzibar")
    assert contact.organization_name == "Zanzibar office"


def test_of_two_withholdings_the_one_left_still_holds(by):
    project = ProjectFactory(title="Zanzibar", narrative="In Zanzibar")
    title = withhold(kind="project-title", target_id=project.pk, reason="danger", by=by)
    whole = withhold(kind="project", target_id=project.pk, reason="danger", by=by)
    lift(withholding=title, reason="over", by=by)
    project.refresh_from_db()
    assert project.title.startswith("Withheld on ")
    lift(withholding=whole, reason="over", by=by)
    project.refresh_from_db()
    assert (project.title, project.narrative) == ("Zanzibar", "In Zanzibar")
    assert project.withheld_on is None


def test_a_place_keeps_its_share_and_stays_withheld_when_it_is_stated_anew(by):
    from projects.models import Country, ProjectCountry

    project = ProjectFactory()
    mali, niger = Country.objects.get(code="ML"), Country.objects.get(code="NE")
    place = ProjectCountry.objects.create(project=project, country=mali, share="60")
    ProjectCountry.objects.create(project=project, country=niger, share="40")
    withholding = withhold(kind="place", target_id=place.pk, reason="danger", by=by)
    project.project_countries.all().delete()
    ProjectCountry.objects.bulk_create(
        ProjectCountry(project=project, country=country, share=share)
        for country, share in ((mali, 60), (niger, 40))
    )
    places = {p.country.name: p.share for p in project.project_countries.all()}
    assert places == {"Withheld place": 60, niger.name: 40}
    events = ProjectCountry.pgh_event_model.objects
    assert not events.filter(country=mali).exists()
    lift(withholding=withholding, reason="over", by=by)
    assert set(project.project_countries.values_list("country", flat=True)) == {mali.pk, niger.pk}


def test_an_organization_loses_its_name_code_and_identifiers(by):
    organization = OrganizationFactory(code="ZNZ", name="Zanzibar Relief", short_name="ZR")
    organization.identifiers.create(scheme="IATI", value="TZ-ZNZ")
    withholding = withhold(kind="organization", target_id=organization.pk, reason="x", by=by)
    organization.refresh_from_db()
    assert organization.code == f"withheld-{withholding.pk}"
    assert (organization.name, organization.short_name) == ("Withheld organization", "")
    assert organization.identifiers.get().value.startswith("withheld-")
    lift(withholding=withholding, reason="over", by=by)
    organization.refresh_from_db()
    assert (organization.code, organization.name) == ("ZNZ", "Zanzibar Relief")
    assert organization.identifiers.get().value == "TZ-ZNZ"


def test_a_new_row_that_names_what_is_withheld_is_withheld_with_its_history(by):
    organization = OrganizationFactory(code="ZNZ", name="Zanzibar Relief")
    withhold(kind="organization", target_id=organization.pk, reason="x", by=by)
    other = OrganizationFactory(code="OTHER", name="Zanzibar relief")
    other.refresh_from_db()
    assert other.name == "Withheld organization"
    assert not other.events.filter(name__icontains="Zanzibar").exists()


def test_a_person_is_withheld_wherever_named(by):
    first = ContactFactory(person_name="Ana Zanzibar", name_consent_on=date(2020, 1, 1))
    second = ContactFactory(person_name="ana zanzibar", organization_name="Other office")
    withhold(kind="contact", target_id=first.pk, reason="x", by=by)
    for contact in (first, second):
        contact.refresh_from_db()
        assert contact.person_name == contact.public_name == ""
    again = ContactFactory(person_name="Ana Zanzibar", name_consent_on=date(2020, 1, 1))
    again.refresh_from_db()
    assert again.public_name == ""


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM projects_withheldvalue",
        "UPDATE projects_withheldvalue SET kept = NULL",
        "DELETE FROM projects_withheldvalue",
        "DELETE FROM projects_withholding",
        "UPDATE projects_withholding SET reason = 'other'",
        "UPDATE projects_withholdingoutcome SET erased = true",
        "SELECT withheld_set('finance_voucherline', 1, '{\"description\": \"x\"}')",
        "SELECT withheld_set('projects_withheldvalue', 1, '{\"kept\": null}')",
        "SELECT withheld_lift(id) FROM projects_withholding",
        "SET finance.erasing = 'yes'; UPDATE finance_voucherline SET description = 'x'",
        "ALTER TABLE projects_project DISABLE TRIGGER ALL",
    ],
)
def test_the_web_role_can_neither_read_nor_change_what_is_withheld(by, statement):
    project = ProjectFactory(title="Zanzibar")
    released(transfer(project, "10", description="Zanzibar"))
    withhold(kind="project", target_id=project.pk, reason="danger", by=by)
    with (
        pytest.raises(DatabaseError, match=f"{REFUSED}|first enter that withholding"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


@pytest.mark.django_db(databases=["default", "owner"])
def test_every_secret_stands_in_no_table_that_the_web_role_reads(by):
    """Any column of any table, once all is withheld."""
    project = ProjectFactory(
        title="Zanzibar", narrative="Zanzibar", ledger_label="ZANZIBAR", number="ZANZIBAR-1"
    )
    released(transfer(project, "10", description="Zanzibar"))
    load = Load.objects.get()
    ProjectStatement.objects.create(
        load=load, project=project, line=1, fingerprint="x", values={"title": "Zanzibar"}
    )
    DocumentFactory(project=project, title="Zanzibar", url="https://example.org/zanzibar.pdf")
    ContactFactory(project=project, person_name="Ana Zanzibar", organization_name="Zanzibar")
    withhold(kind="project", target_id=project.pk, reason="danger", by=by)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace "
            "AND relkind = 'r' AND has_table_privilege(oid, 'SELECT')"
        )
        tables = {name for (name,) in cursor.fetchall()}
        leaks = []
        for table in sorted(tables):
            rows = f'SELECT count(*) FROM "{table}" AS t WHERE t::text ILIKE %s'
            cursor.execute(rows, ["%zanzibar%"])
            if cursor.fetchone()[0]:
                leaks.append(table)
    assert tables
    assert leaks == []
    assert ErasedText.objects.exists()
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        WithheldValue.objects.exists()
    assert Withholding.objects.standing().count() == 1

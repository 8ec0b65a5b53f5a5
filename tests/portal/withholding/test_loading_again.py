"""What is withheld stays so when a file states it again, and comes back as last stated."""

from decimal import Decimal

import pytest
from django.core.management import call_command

from finance.figures.sums import figures_of, total
from finance.sealing.verification import Scope, verify
from portal.iati.load import IatiLoad
from portal.withholding.services import lift, withhold
from projects.models import Organization, Project
from tests.factories import FundFactory, OrganizationFactory, ProjectFactory, UserFactory
from tests.portal.iati.test_load import iati, money

pytestmark = pytest.mark.django_db

ORGANIZATION = (
    '<participating-org ref="ZZ-1" role="4" type="22"><narrative>{name}</narrative>'
    "</participating-org>"
)


@pytest.fixture
def by(db):
    return UserFactory(is_staff=True)


@pytest.fixture
def load(tmp_path):
    def take(*amounts, title="Clinics in Zanzibar", name="Zanzibar Relief"):
        path = tmp_path / "file.xml"
        parts = [money(3, amount) for amount in amounts]
        path.write_text(iati(*parts, title=title, extra=ORGANIZATION.format(name=name)))
        return IatiLoad(path).run()

    return take


def clean():
    result = verify(Scope())
    assert result.ok, result.difference


def test_iati_that_states_it_again_does_not_show_it(client, load, by):
    load(100)
    found = Project.objects.get()
    organization = Organization.objects.get(identifiers__value="ZZ-1")
    title = withhold(kind="project-title", target_id=found.pk, reason="danger", by=by)
    name = withhold(kind="organization", target_id=organization.pk, reason="danger", by=by)
    load(100, 50)
    load(100, 50, title="Clinics in Zanzibar, phase 2", name="Zanzibar Relief Society")
    found.refresh_from_db()
    assert Project.objects.count() == 1
    assert total(figures_of([found.pk])).net_funded == Decimal(150)
    for address in (found.get_absolute_url(), "/search/?q=zanzibar", "/projects/", "/loads/"):
        assert "zanzibar relief" not in client.get(address).content.decode().lower()
        assert "clinics" not in client.get(address).content.decode().lower()
    clean()
    for withholding in (name, title):
        lift(withholding=withholding, reason="over", by=by)
    found.refresh_from_db()
    organization.refresh_from_db()
    assert found.title == "Clinics in Zanzibar, phase 2"
    # IATI makes organizations and does not rename them.
    assert organization.name == "Zanzibar Relief"
    clean()


def test_spreadsheets_of_a_withheld_project_keep_adding_up(client, tmp_path, by):
    found = ProjectFactory(number="ZANZIBAR-1", fund=FundFactory(code="UNA00"))
    OrganizationFactory(code="UNDP")
    head = "voucher,payment_date,fund,payee,project,amount,currency"
    rows = [f"{n},2016-09-15,UNA00,UNDP,ZANZIBAR-1,{n}00,USD" for n in (1, 2)]
    path = tmp_path / "vouchers.csv"

    def take(*lines):
        path.write_text("\n".join([head, *lines]))
        call_command("load", path, kind="vouchers", complete=True, verbosity=0)

    take(rows[0])
    withholding = withhold(kind="project", target_id=found.pk, reason="danger", by=by)
    take(*rows)
    assert Project.objects.count() == 1
    assert total(figures_of([found.pk])).net_funded == Decimal(300)
    for address in ("/vouchers/", "/loads/", "/projects/", "/records/?figure=net_funded"):
        assert "zanzibar" not in client.get(address).content.decode().lower()
    clean()
    lift(withholding=withholding, reason="over", by=by)
    found.refresh_from_db()
    assert found.number == "ZANZIBAR-1"
    assert "ZANZIBAR-1" in client.get("/projects/").content.decode()
    clean()

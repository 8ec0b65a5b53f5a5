"""No cell of any table is a formula to a spreadsheet, whatever a name looks like."""

import json
from decimal import Decimal

import pytest

from finance.models import Load, Voucher
from projects.models import Country, Organization, Project, ProjectCountry
from tests.databases import undone
from tests.factories import (
    CountryFactory,
    DocumentFactory,
    FundFactory,
    OrganizationFactory,
    ParticipationFactory,
    ProjectFactory,
    released,
    transfer,
)
from tests.portal.kit import reading
from tests.portal.public.files.tables import NUMBER, TABLES, make_portfolio

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def payloads(module_db, real_files):
    """Texts that spreadsheets have taken for formulas, as names of everything that has one."""
    with undone():
        make_portfolio()
        yield _named(real_files)


def _named(real_files):
    file = real_files.path("formula-cases.json")
    cases = (case["input"] for case in json.loads(file.read_text()))
    texts = sorted({text for text in cases if isinstance(text, str) and text.strip()})
    project = Project.objects.get(number=NUMBER)
    country, lines = Country.objects.get(code="c1"), []
    for text in texts:
        FundFactory(name=text)
        organization = OrganizationFactory(name=text)
        other = ProjectFactory(fund=project.fund, title=text)
        ParticipationFactory(project=other, organization=Organization.objects.get(code="O1"))
        for place in (country, CountryFactory(name=text)):
            ProjectCountry.objects.create(project=other, country=place)
        DocumentFactory(project=project, title=text)
        paid = transfer(project, "1.00", organization_id=organization.pk, voucher=text)
        lines += [paid, transfer(other, "1.00")]
    released(*lines, source=Load.objects.latest("pk").source)
    return texts


@pytest.mark.parametrize("table", TABLES)
def test_no_table_gives_a_spreadsheet_a_formula(client, payloads, table):
    url = table.format(voucher=Voucher.objects.latest("pk").pk) + "format="
    rows = reading.csv_rows(client.get(f"{url}csv"))
    cells = [cell for row in rows for cell in row]
    live = [c for c in cells if c.lstrip().startswith(tuple("=+-@|%")) and not _is_number(c)]
    assert live == []
    sheet = reading.sheets(client.get(f"{url}xlsx")).worksheets[0]
    assert [c.value for row in sheet.iter_rows() for c in row if c.data_type == "f"] == []


def test_the_names_that_look_like_formulas_are_in_the_files_as_they_are(client, payloads):
    for url in ("/funds/", "/organizations/", "/countries/", "/projects/", "/vouchers/"):
        sheet = reading.sheets(client.get(f"{url}?format=xlsx")).worksheets[0]
        values = {cell.value for row in sheet.iter_rows() for cell in row}
        assert set(payloads) <= values, url


def _is_number(text):
    try:
        Decimal(text.replace(",", ""))
    except ArithmeticError:
        return False
    return True

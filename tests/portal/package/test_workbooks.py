"""The workbook of a fund says what its pages and the package of all data say."""

import csv
import io
import zipfile
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from portal.work.packages import make_package
from tests.portal.withholding.world import World

pytestmark = pytest.mark.django_db
URL = "/fund/UNA00/workbook.xlsx"
# Tables that name the fund of a row themselves, or whose projects do.
_NAMED = {"projects": "fund", "commitments": "fund", "deposits": "fund", "fund_costs": "fund"}
_BY_PROJECT = ("participations", "budgets", "expenditures")
SHEETS = {
    "Projects": "projects", "Participations": "participations",
    "Lines of vouchers": "voucher_lines",
    "Approved budgets": "budgets", "Expenditures": "expenditures", "Commitments": "commitments",
    "Deposits": "deposits", "Arrangements": "arrangements", "Fund costs": "fund_costs",
}  # fmt: skip


def sheets(client, url=URL):
    answer = client.get(url)
    assert answer.status_code == 200
    assert "una00-workbook-" in answer["Content-Disposition"]
    book = load_workbook(io.BytesIO(answer.getvalue()), read_only=True)
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


def packaged():
    with make_package().file.open() as file, zipfile.ZipFile(file) as archive:
        return {
            name: list(csv.DictReader(io.StringIO(archive.read(f"{name}.csv").decode())))
            for name in SHEETS.values()
        }


def of_fund(tables, name):
    """The rows of a table of the package that are of the fund."""
    own = {row["number"] for row in tables["projects"] if row["fund"] == "UNA00"}
    if name in _BY_PROJECT or name == "voucher_lines":
        return [row for row in tables[name] if row["project"] in own]
    return [row for row in tables[name] if row[_NAMED.get(name, "fund")] == "UNA00"]


def total(values):
    return sum((Decimal(str(value)) for value in values if value not in (None, "")), Decimal(0))


def test_its_rows_are_those_that_the_package_has_of_the_fund(client):
    World()
    found, tables = sheets(client), packaged()
    for title, name in SHEETS.items():
        heading, *rows = found[title]
        rows = [row for row in rows if any(cell is not None for cell in row)]
        theirs = of_fund(tables, name)
        assert len(rows) == len(theirs), title
        assert set(tables[name][0]) <= set(heading), title
        for column in ("base_amount", "net_funded", "expenditure", "commitment"):
            if column in tables[name][0]:
                ours = [row[heading.index(column)] for row in rows]
                assert total(ours) == total(row[column] for row in theirs), (title, column)
    assert len(found["Lines of vouchers"]) > 2


def test_lines_name_their_voucher_and_both_funds(client):
    World()
    heading, *rows = sheets(client)["Lines of vouchers"]
    line = dict(zip(heading, rows[0], strict=True))
    assert line["voucher_number"].startswith("Zanzibar/")
    assert {line["paid_by"], line["project_fund"]} == {"UNA00"}


def test_the_fund_and_the_page_of_all_data_lead_there(client):
    World()
    assert URL in client.get("/fund/UNA00/").text
    assert URL in client.get("/data/").text


def test_dates_are_refused_for_it_knows_none(client):
    World()
    assert client.get(f"{URL}?as_of=2020-01-01").status_code == 400


def test_about_says_what_each_column_means(client):
    World()
    about = sheets(client)["About"]
    assert ("load", None, "The source file that states it.") in about

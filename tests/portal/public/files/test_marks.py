"""What a page marks as interim, certified or not converted is the same in its files."""

import re
from decimal import ROUND_HALF_UP, Decimal

import pytest
from lxml import html

from portal.withholding.services import withhold
from projects.models import Country, ProjectCountry
from tests.factories import (
    FundFactory,
    OrganizationFactory,
    ParticipationFactory,
    ProjectFactory,
    UserFactory,
    booked,
    budget,
    commitment,
    deposit,
    expenditure,
    released,
    transfer,
)
from tests.portal.kit import reading

pytestmark = pytest.mark.django_db

PROJECT, CODE = "00102004", "O1"
_BY = ("organization", "year", "category", "organization-year")
TABLES = (
    "/projects/?column=balance&",
    "/funds/?column=balance&",
    "/organizations/?column=balance&",
    "/countries/?",
    "/vouchers/?",
    "/contributors/?",
    "/country/ML/?",
    "/fund/F1/?",
    f"/organization/{CODE}/?",
    *(f"/project/{PROJECT}/key-figures/?report_by={by}&" for by in _BY),
    f"/project/{PROJECT}/vouchers/?",
    *(f"/fund/F1/report/?report_by={by}&"
      for by in ("organization", "project", "country", "year", "contributor")),
    *(f"/organization/{CODE}/report/?report_by={by}&" for by in ("fund", "project", "year")),
    "/fund/F1/statement/?",
    *(f"{page}records/?figure={figure}&"
      for page in
      ("/", f"/project/{PROJECT}/", f"/organization/{CODE}/", "/country/ML/", "/fund/F1/")
      for figure in ("expenditure", "balance", "delivery_rate")),
)  # fmt: skip
# What cells call what they hold of a state.
_STATES = {"interim": "interim", "certified": "by certified statements"}
_MONEY = {"money", "percent", "rate"}
_NUMBER = re.compile(r"-?[\d,]+(?:\.\d+)?")


@pytest.fixture(autouse=True, scope="module")
def _portfolio(module_db):
    """Final, interim, certified, not converted and withheld, beside each other and alone."""
    fund = FundFactory(code="F1")
    one, other = OrganizationFactory(code=CODE), OrganizationFactory(code="O2")
    projects = [ProjectFactory(number=number, fund=fund) for number in (PROJECT, "A-2", "A-3")]
    for project in projects:
        ProjectCountry.objects.create(project=project, country=Country.objects.get(code="ML"))
        for organization in (one, other):
            ParticipationFactory(project=project, organization=organization)
    first, second, hidden = projects
    own, nok = {"organization_id": one.pk}, {"organization_id": other.pk, "currency": "NOK"}
    lines = [
        budget(first, "2000.25", **own),
        transfer(first, "1000.50", **own),
        expenditure(first, "100.40", 2019, **own),
        expenditure(first, "50.30", 2020, "interim", **own),
        expenditure(first, "170.60", 2021, "certified", **own),
        expenditure(first, "11.10", 2022, "interim", **own),
        transfer(first, "33", **nok),
        expenditure(first, "7", 2022, "interim", **nok),
        transfer(second, "66", **nok),
        expenditure(second, "20.20", 2022, "interim", **own),
        transfer(hidden, "500.00", **own),
        expenditure(hidden, "40.40", 2022, "interim", **own),
    ]
    released(*lines)
    giver = OrganizationFactory(code="G1")
    booked(
        commitment(fund, "900.10", contributor_id=giver.pk, arrangement="SAA"),
        deposit(fund, "800.05", contributor_id=giver.pk, arrangement="SAA"),
        deposit(fund, "5", contributor_id=giver.pk, currency="NOK"),
    )
    withhold(kind="project", target_id=hidden.pk, reason="danger", by=UserFactory())


@pytest.mark.parametrize("table", TABLES)
def test_marks_and_amounts_of_a_page_are_those_of_its_files(client, table):
    made = reading.json_object(client.get(f"{table}format=json"))
    page = html.fromstring(client.get(f"{table}format=print").content.decode())
    assert "A-3" not in page.text_content()
    (drawn, *_others) = page.xpath("//table[@id='table']") or page.xpath("//table")
    heads = [_words(head) for head in drawn.xpath("./thead//th")]
    columns = {one["label"]: one for one in made["columns"]}
    lines = made["rows"]
    assert lines
    _same(drawn.xpath("./tbody/tr"), heads, columns, lines)
    totals = [total["values"] for total in made["totals"]]
    _same(drawn.xpath("./tfoot/tr"), heads, columns, totals)
    sheet = reading.sheets(client.get(f"{table}format=xlsx")).worksheets[0]
    _same_in_excel(sheet, made)


def _same(rows, heads, columns, lines):
    assert len(rows) == len(lines)
    for row, typed in zip(rows, lines, strict=True):
        cells = row.xpath("./td|./th")
        left_out = dict(_left_out(typed))
        assert typed.keys() <= {one["key"] for one in columns.values()}
        for head, cell in zip(heads, cells, strict=True):
            column = columns.get(head)
            if column is None or column["type"] not in _MONEY or column["key"] not in typed:
                continue
            value = typed[column["key"]]
            states = {state: typed.get(f"{column['key']}_{state}") for state in _STATES}
            marks = [_words(small) for small in cell.xpath(".//small")]
            shown = _words(cell)
            where = (head, shown, typed)
            if head in left_out and value is None:
                assert shown == left_out[head], where
                continue
            expected = [
                f"{_STATES[state]}: {_places(sum_, _some(sum_))}"
                for state, sum_ in states.items() if sum_
            ]  # fmt: skip
            expected += [left_out[head]] if head in left_out else []
            assert marks == expected, where
            number = _NUMBER.search(shown.replace("−", "-"))
            if value is None:
                assert number is None or shown in ("", "n/a"), where
                continue
            assert number, where
            decimals = len(number[0].partition(".")[2])
            assert number[0] == _places(value, decimals).replace("−", "-"), where


def _left_out(typed):
    for part in (typed.get("unconverted") or "").split("; "):
        label, _colon, words = part.partition(": ")
        yield label, words


def _some(amount):
    return 0 if abs(Decimal(amount)) >= 1 else 2


def _places(value, decimals):
    number = Decimal(value).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return f"{number:,}".replace("-", "−")


def _words(element):
    return " ".join(element.text_content().split())


def _same_in_excel(sheet, made):
    """Totals stand below an empty row, each in its column."""
    head, *rows = map(list, sheet.iter_rows())
    at = {cell.value: index for index, cell in enumerate(head)}
    for typed, row in zip(made["rows"], rows, strict=False):
        _equal(made, typed, row, at)
    below = rows[len(made["rows"]) + 1 :] if made["totals"] else []
    for total, row in zip(made["totals"], below, strict=False):
        _equal(made, total["values"], row, at)


def _equal(made, typed, row, at):
    for column in made["columns"]:
        key, label = column["key"], column["label"]
        if key not in typed or column["type"] not in {*_MONEY, "text"} or label not in at:
            continue
        cell = row[at[label]]
        told = cell.value
        if isinstance(told, int | float) and cell.number_format.endswith("%"):
            told = Decimal(str(told)) * 100
        if column["type"] == "text":
            assert (told or None) == typed[key] or not typed[key], (label, told, typed)
        else:
            stated = None if typed[key] is None else Decimal(typed[key])
            assert (None if told is None else Decimal(str(told))) == stated, (label, told, typed)

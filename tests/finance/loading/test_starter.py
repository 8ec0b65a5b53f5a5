"""The starter workbook: an office's first data, all sheets or none."""

import io
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.utils import translation
from openpyxl import load_workbook

from finance.errors import LoadError
from finance.formats.starter import SHEETS
from finance.formats.templates import starter_template
from finance.loading.content.shown import shown_lines
from finance.loading.services import check_load, receive_load, release_load
from finance.models import FundCost, Load, Seal, VoucherLine
from projects.models import Fund, Organization, Project
from tests.factories import OrganizationFactory, SourceFactory, UserFactory

pytestmark = pytest.mark.django_db
ROWS = {
    "funds": [{"code": "WAT00", "name": "Water Fund", "start": date(2020, 1, 1)}],
    "organizations": [
        {"code": "undp", "name": "UNDP", "kind": "un"},
        {"code": "nor", "name": "Government of Norway", "kind": "government"},
    ],
    "projects": [
        {"number": "00012", "title": "Wells", "fund": "WAT00", "organizations": "UNDP: 77"}
    ],
    "participations": [
        {"project": "00012", "organization": "nor", "role": "contributing"},
        {"project": "00012", "organization": "undp", "award_number": "0088"},
    ],
    "contacts": [
        {"project": "00012", "role": "lead", "office": "UNDP Mali", "email": "mali@example.org"},
        {"fund": "WAT00", "office": "Fund office", "website": "https://example.org/water"},
    ],
    "subjects": [{"project": "00012", "sectors": "14030 60; 12220", "goals": "6"}],
    "opening-balances": [
        {"date": date(2020, 1, 1), "fund": "WAT00", "amount": 500, "currency": "USD"}
    ],
    "contributions": [
        {
            "what": "deposit", "date": date(2020, 2, 1), "fund": "WAT00",
            "contributor": "Government of Norway", "amount": 1000, "currency": "USD",
        }
    ],
    "vouchers": [
        {
            "voucher": "0001", "payment_date": date(2020, 3, 1), "fund": "WAT00", "payee": "UNDP",
            "project": "00012", "amount": 300, "currency": "USD",
        }
    ],
}  # fmt: skip


def workbook(rows=ROWS, **renamed) -> bytes:
    """The template with rows filled in, as a person would."""
    book = load_workbook(io.BytesIO(starter_template()))
    for name, lines in rows.items():
        kind = next(sheet.columns for sheet in SHEETS if sheet.name == name)
        places = {column.name: place for place, column in enumerate(kind.columns, start=1)}
        for line, values in enumerate(lines, start=2):
            for column, value in values.items():
                book[name].cell(line, places[column]).value = value
    for name, title in renamed.items():
        book[name].title = title
    return _saved(book)


def _saved(book) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def entered(content: bytes, by=None) -> Load:
    """The workbook, entered and checked."""
    load = receive_load(
        source=SourceFactory(), kind="starter", content=ContentFile(content), name="book.xlsx",
        by=by,
    )  # fmt: skip
    return check_load(load)


def remarks(load):
    return [(one.severity, one.line, one.column, one.message) for one in load.remarks.all()]


def test_every_sheet_of_the_template_has_headings_notes_and_a_place_in_the_order():
    book = load_workbook(io.BytesIO(starter_template()))
    shown = [sheet.title for sheet in book if sheet.sheet_state == "visible"]
    assert shown == ["help", *(sheet.name for sheet in SHEETS)]
    for sheet in SHEETS:
        for cell in book[sheet.name][1]:
            assert cell.comment is not None


def test_sheets_are_checked_together_and_nothing_of_them_stays():
    load = entered(workbook())
    assert (load.state, remarks(load)) == (Load.State.CHECKED, [])
    assert [sheet["sheet"] for sheet in load.report["sheets"]] == list(ROWS)
    assert (load.counts["new"], load.counts["changed"]) == (11, 1)
    assert not Fund.objects.exists()
    assert Load.objects.get() == load
    assert not Seal.objects.exists()


def test_a_second_person_releases_all_sheets_each_as_its_own_load():
    clerk, chief = UserFactory(is_staff=True), UserFactory(is_staff=True)
    load = entered(workbook(), by=clerk)
    with pytest.raises(LoadError, match="Another person"):
        release_load(load=load, by=clerk)
    assert not Fund.objects.exists()
    release_load(load=load, by=chief)
    assert Load.objects.released().count() == 1 + len(ROWS)
    assert Seal.objects.count() == 1 + len(ROWS)
    assert Fund.objects.get().started_on == date(2020, 1, 1)
    assert Organization.objects.count() == 2
    project = Project.objects.get()
    parts = project.participations.order_by("role").values_list("role", "award_number")
    assert list(parts) == [("contributing", ""), ("participating", "0088")]
    assert project.contacts.get().office_email == "mali@example.org"
    assert project.subjects.count() == 3
    assert Fund.objects.get().contacts.get().organization_name == "Fund office"
    assert FundCost.objects.get(kind="other-income").amount == Decimal(500)
    assert VoucherLine.objects.get(project=project).amount == Decimal(300)


def test_an_error_names_sheet_row_and_column():
    rows = ROWS | {"vouchers": [ROWS["vouchers"][0] | {"project": "00099"}]}
    load = entered(workbook(rows))
    assert load.state == Load.State.FAULTY
    [(severity, line, column, message)] = remarks(load)
    assert (severity, line, column) == ("error", 2, "vouchers: project")
    assert "00099" in message
    with pytest.raises(LoadError):
        release_load(load=load)
    assert Load.objects.get() == load


def test_what_builds_on_a_faulty_sheet_is_not_complained_of():
    rows = ROWS | {"funds": [{"code": "WAT00"}]}
    found = remarks(entered(workbook(rows)))
    assert [(line, column) for _severity, line, column, _message in found] == [
        (2, "funds: Name of the fund")
    ]


def test_a_sheet_of_another_name_is_not_left_out_in_silence():
    load = entered(workbook(vouchers="Payments"))
    [(_severity, _line, _column, message)] = remarks(load)
    assert "“Payments”" in message


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_filled_sheet_that_is_hidden_is_not_left_out_in_silence(state):
    book = load_workbook(io.BytesIO(workbook()))
    book["vouchers"].sheet_state = book["expenditures"].sheet_state = state
    [(severity, _line, _column, message)] = remarks(entered(_saved(book)))
    assert severity == "error"
    assert "“vouchers”" in message
    assert "expenditures" not in message


def test_a_sheet_without_its_headings_is_not_left_out_in_silence():
    book = load_workbook(io.BytesIO(workbook()))
    book["vouchers"].delete_rows(1)
    [(severity, _line, column, message)] = remarks(entered(_saved(book)))
    assert (severity, column) == ("error", "vouchers")
    assert "missing" in message


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_a_workbook_filled_in_in_another_language_is_read(language):
    with translation.override(language):
        content = workbook()
    load = entered(content)
    assert (load.state, remarks(load)) == (Load.State.CHECKED, [])


def test_the_same_workbook_again_adds_nothing():
    content = workbook()
    first = entered(content)
    release_load(load=first)
    again = check_load(
        receive_load(
            source=first.source, kind="starter", content=ContentFile(content), name="book.xlsx"
        )
    )
    assert again.counts["new"] == again.counts["changed"] == 0


def test_lines_of_all_sheets_are_kept_with_what_they_make_by_its_name():
    load = entered(workbook())
    shown = shown_lines(list(load.staged_lines.order_by("pk")))
    by_model = {line.model: line for line in shown}
    assert list(dict.fromkeys(line.model for line in shown)) == [
        "fund", "organization", "project", "participation", "contact", "subjects", "fundcost",
        "deposit", "voucherline",
    ]  # fmt: skip
    cells = {name: cell.after for name, cell in by_model["voucherline"].cells.items()}
    assert (cells["project"], cells["organization"], cells["voucher_fund"]) == (
        "00012", "UNDP", "WAT00")  # fmt: skip
    assert by_model["project"].cells["organizations"].after == "UNDP 77"
    assert by_model["project"].cells["fund"].after == "WAT00"
    assert by_model["participation"].what == "changed"
    about = {name: cell.after for name, cell in by_model["subjects"].cells.items()}
    assert about == {"project": "00012", "sectors": "12220; 14030 60", "goals": "6"}
    # Nothing of it leads to what the check has undone.
    assert not load.staged_lines.exclude(project_id=None, fund_id=None).exists()


def test_what_was_shown_of_a_workbook_is_what_is_released():
    load = entered(workbook())
    seen = load.report["content"]
    assert check_load(load).report["content"] == seen
    with pytest.raises(LoadError, match="not what you were shown"):
        release_load(load=load, seen="another")
    OrganizationFactory(code="undp", name="UNDP")
    with pytest.raises(LoadError, match="void"):
        release_load(load=load, seen=seen)
    load = check_load(load)
    assert load.report["content"] != seen
    release_load(load=load, seen=load.report["content"])
    assert not load.staged_lines.exists()

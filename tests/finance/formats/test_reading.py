"""From file to rows: formats, encodings, headings, and what is wrong told by row."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from django.utils import translation

from finance.errors import LoadError
from finance.formats.columns import folded
from finance.formats.kinds import KINDS
from finance.formats.rows import open_sheet
from portal.sample.entities import REGISTER
from portal.sample.ledger import BUDGETS, CONTRIBUTIONS, COSTS, RATE, VOUCHERS
from portal.sample.reports import HEADER
from tests.finance.formats.files import (
    VOUCHER,
    VOUCHER_HEADINGS,
    one,
    rows_of,
    write_csv,
    write_ods,
    write_xlsx,
)

TYPED = ["000123", date(2016, 9, 15), "PB000", "UNDP", "00102004", 1234.5, "USD"]


@pytest.mark.parametrize(
    ("kind", "headings"),
    [
        ("vouchers", VOUCHERS),
        ("budgets", BUDGETS),
        ("contributions", CONTRIBUTIONS),
        ("fund-costs", COSTS),
        ("rates", RATE),
        ("expenditures", HEADER),
        ("projects", REGISTER),
    ],
)
def test_headings_of_the_samples_files_all_have_a_column(tmp_path, kind, headings):
    path = write_csv(tmp_path / "a.csv", [headings, ["x"] * len(headings)])
    sheet = open_sheet(path, kind)
    assert sheet.unmapped == ()
    assert [sheet.columns[heading] for heading in headings] == list(headings)


def test_the_same_data_gives_the_same_rows_as_csv_xlsx_and_ods(tmp_path):
    second = ["7", "31/12/2016", "PB000", "UNICEF", "06-FAO-010-A", "(1,000.25)", "eur"]
    typed = ["7", date(2016, 12, 31), "PB000", "UNICEF", "06-FAO-010-A", -1000.25, "EUR"]
    by_text = write_csv(tmp_path / "a.csv", [VOUCHER_HEADINGS, VOUCHER, second])
    by_excel = write_xlsx(tmp_path / "a.xlsx", [VOUCHER_HEADINGS, TYPED, typed])
    by_ods = write_ods(tmp_path / "a.ods", [VOUCHER_HEADINGS, TYPED, typed])
    texts, excel, ods = map(rows_of, (by_text, by_excel, by_ods))
    assert [r.as_stated for r in texts] == [r.as_stated for r in excel]
    assert [r.as_stated for r in texts] == [r.as_stated for r in ods]
    assert [r.values for r in texts] == [r.values for r in excel] == [r.values for r in ods]
    assert not any(r.faults for r in texts)
    assert texts[1].values["amount"] == Decimal("-1000.25")
    assert texts[0].as_stated[:8] == (
        "000123", "2016-09-15", "PB000", "UNDP", "00102004", "", "1234.5", "USD",
    )  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
def test_text_files_of_every_usual_form_read_alike(tmp_path, encoding, delimiter, end):
    row = [*VOUCHER[:3], "Côte d’Ivoire, “Ministère”; 1|2", *VOUCHER[4:]]
    path = write_csv(
        tmp_path / "a.csv", [VOUCHER_HEADINGS, row], delimiter=delimiter, encoding=encoding, end=end
    )
    read = one(path)
    assert read.line == 2
    assert read.values["payee"] == row[3]
    assert read.faults == []


def test_line_breaks_in_quotes_stay_in_their_cell_and_rows_are_counted_as_seen(tmp_path):
    headings = [*VOUCHER_HEADINGS, "description"]
    path = write_csv(
        tmp_path / "a.csv",
        [headings, [*VOUCHER, "first\r\nsecond"], [""] * 8, [*VOUCHER, "third"]],
    )
    first, second = rows_of(path)
    assert (first.line, second.line) == (2, 4)
    assert first.values["description"] == "first second"


def test_excels_own_delimiter_line_is_understood(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("sep=;\n" + ";".join(VOUCHER_HEADINGS) + "\n" + ";".join(VOUCHER) + "\n")
    assert one(path).values["project"] == "00102004"


def test_headings_match_in_any_order_case_and_spelling_below_title_lines(tmp_path):
    rows = [
        ["Payments of the year"],
        [],
        ["CURRENCY Code", "Amount", "PROJECT_NUMBER", "paid-to", "Fund code", "Date of payment"],
        ["USD", "5.00", "00102004", "UNDP", "PB000", "2016-09-15"],
    ]
    for path in (write_csv(tmp_path / "a.csv", rows), write_xlsx(tmp_path / "a.xlsx", rows)):
        row = one(path)
        assert row.line == 4
        assert (row.values["amount"], row.values["project"], row.values["voucher"]) == (
            5, "00102004", None,
        )  # fmt: skip


def test_accents_in_headings_do_not_matter(tmp_path):
    path = write_csv(tmp_path / "a.csv", [["Códe", "Námé"], ["undp", "UNDP"]])
    assert one(path, "organizations").values["code"] == "undp"


def test_an_alias_gives_way_to_the_exact_name(tmp_path):
    path = write_csv(tmp_path / "a.csv", [[*VOUCHER_HEADINGS, "Value date"], [*VOUCHER, "rubbish"]])
    sheet = open_sheet(path, "vouchers")
    assert sheet.unmapped == ("Value date",)
    assert one(path).faults == []


@pytest.mark.parametrize(
    ("headings", "message"),
    [
        ([*VOUCHER_HEADINGS, "Amount"], "“amount” and “Amount” both mean"),
        (["Date", "Value date", *VOUCHER_HEADINGS[2:]], "“Date” and “Value date” both mean"),
        (VOUCHER_HEADINGS[:-1], "missing: “Currency”"),
        (["a", "b", "c"], "no row of headings was found"),
    ],
)
def test_headings_that_do_not_fit_are_refused(tmp_path, headings, message):
    path = write_csv(tmp_path / "a.csv", [headings, ["1"] * len(headings)])
    with pytest.raises(LoadError, match=message) as error:
        rows_of(path)
    assert str(error.value).startswith("a.csv: ")


def test_empty_and_unknown_headings_are_left_out_and_told(tmp_path):
    path = write_csv(tmp_path / "a.csv", [[*VOUCHER_HEADINGS, "", "IBAN"], [*VOUCHER, "x", "DE00"]])
    sheet = open_sheet(path, "vouchers")
    assert sheet.unmapped == ("IBAN",)
    (row,) = sheet
    assert "DE00" not in str(row.values)


@pytest.mark.parametrize(
    ("column", "cell", "message"),
    [
        ("payment_date", "04/07/2006", "which number is the day"),
        ("amount", "1,234", "groups thousands"),
        ("amount", "#REF!", "its formula failed"),
        ("amount", "", "it is empty"),
        ("amount", "EUR 5", "another currency than the row"),
        ("currency", "XXX", "no currency code"),
        ("payee", "#N/A", "its formula failed"),
        ("project", "0" * 201, "longer than 200"),
    ],
)
def test_a_fault_shows_row_column_cell_and_what_to_do(tmp_path, column, cell, message):
    whole = [*VOUCHER[:5], "1234", "USD"]
    bad = whole.copy()
    bad[VOUCHER_HEADINGS.index(column)] = cell
    good, row = rows_of(write_csv(tmp_path / "a.csv", [VOUCHER_HEADINGS, whole, bad]))
    assert good.faults == []
    (fault,) = row.faults
    assert fault.line == 3
    assert fault.column_label.casefold().replace(" ", "_") == column
    assert message in fault.message
    assert fault.value in cell or fault.value.endswith("…")
    assert fault.advice
    if column != "amount" or cell != "EUR 5":
        assert row.values[column] is None


def test_ambiguous_amounts_are_not_settled_by_the_rest_of_their_column(tmp_path):
    def amounts(*cells):
        rows = [[*VOUCHER[:5], cell, "USD"] for cell in cells]
        read = rows_of(write_csv(tmp_path / "a.csv", [VOUCHER_HEADINGS, *rows]))
        return [None if row.faults else row.values["amount"] for row in read]

    assert amounts("1,234", "1,234,567") == [None, 1234567]
    assert amounts("1,234", "7.50") == [None, Decimal("7.50")]
    assert amounts("1,234", "7,50") == [None, Decimal("7.50")]
    assert amounts("1.234", "1.000.000") == [None, 1000000]
    assert amounts("1,234", "12") == [None, 12]


def test_a_row_of_totals_is_one_fault(tmp_path):
    path = write_csv(
        tmp_path / "a.csv",
        [VOUCHER_HEADINGS, VOUCHER, ["Grand total:", "", "", "", "", "1234.50", ""]],
    )
    _row, total = rows_of(path)
    assert [fault.message for fault in total.faults] == ["this looks like a row of totals"]


def test_a_payee_called_total_is_no_row_of_totals(tmp_path):
    row = ["Total", *VOUCHER[1:]]
    assert one(write_csv(tmp_path / "a.csv", [VOUCHER_HEADINGS, row])).faults == []


def test_a_delimiter_in_an_unquoted_text_is_a_fault_not_a_shift(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(",".join(VOUCHER_HEADINGS) + "\n1,2016-09-15,PB000,Smith, John,001,5.00,USD\n")
    (row,) = rows_of(path)
    assert [fault.message for fault in row.faults] == [
        "the row has more cells than there are headings"
    ]


def test_a_project_may_be_named_by_the_agencys_award(tmp_path):
    headings = ["year", "state", "project", "organization", "amount", "currency", "award number"]
    path = write_csv(
        tmp_path / "a.csv",
        [
            headings,
            ["2016", "reported", "", "UNDP", "5", "USD", "000987"],
            ["2016", "Certified", "", "UNDP", "5", "USD", ""],
        ],
    )
    by_award, nameless = rows_of(path, "expenditures")
    assert by_award.faults == []
    assert by_award.values["award"] == "000987"
    assert nameless.values["state"] == "certified"
    assert [fault.column_label for fault in nameless.faults] == ["Project or Award number"]


def test_places_and_organizations_stand_in_one_cell(tmp_path):
    path = write_csv(
        tmp_path / "a.csv",
        [
            ["number", "title", "fund", "countries", "organizations", "narrative"],
            ["00102004", "Water", "PB000", "ML 60%; NE: 40; Chad", "UNDP: 0012; UNICEF",
             "One.\r\n\r\nTwo."],
        ],
    )  # fmt: skip
    row = one(path, "projects")
    assert row.faults == []
    assert row.values["countries"] == (("ML", 60), ("NE", 40), ("Chad", None))
    assert row.values["organizations"] == (("UNDP", "0012"), ("UNICEF", ""))
    assert row.values["narrative"] == "One.\n\nTwo."
    assert "One. Two." in row.as_stated


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the file is empty"),
        (b"\xef\xbb\xbf\r\n\r\n", "the file is empty"),
        (b"<!DOCTYPE html><html>Access denied</html>", "this is a web page"),
        (b"\r\n <TABLE><tr><td>1</td></tr></TABLE>", "this is a web page"),
        (b"%PDF-1.7 ...", "this is a PDF file"),
        (b"voucher,amount\n\x81\x8d,\x90\n", "unknown encoding"),
        ("voucher,größe,größe\n".encode() + b"gr\xf6\xdfe", "damaged"),
        ("voucher,amount".encode("utf-16-le"), "no text file"),
        (",".join(VOUCHER_HEADINGS).encode("utf-32"), "no text file"),
        ((",".join(VOUCHER_HEADINGS) + "\n1," + "x" * 200_000).encode(), "row 2 has a cell of"),
        (b"\xff\xfea", "damaged"),
        (",".join(VOUCHER_HEADINGS).encode(), "no rows below"),
        ((",".join(VOUCHER_HEADINGS) + '\n1,"2016').encode(), "a quotation mark is not closed"),
    ],
)
def test_files_that_are_something_else_are_refused_by_name(tmp_path, content, message):
    path = tmp_path / "extract.csv"
    path.write_bytes(content)
    with pytest.raises(LoadError, match=message) as error:
        rows_of(path)
    assert str(error.value).startswith("extract.csv: ")


def test_rows_can_be_read_as_often_as_wished(tmp_path):
    sheet = open_sheet(write_csv(tmp_path / "a.csv", [VOUCHER_HEADINGS, VOUCHER]), "vouchers")
    assert [row.values for row in sheet] == [row.values for row in sheet]


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_every_declaration_reads_its_own_examples(tmp_path, kind):
    headings = [column.name for column in kind.columns]
    path = write_csv(tmp_path / "a.csv", [headings, [column.example for column in kind.columns]])
    row = one(path, kind.code)
    assert row.faults == []
    assert [bool(text) for text in row.as_stated] == [bool(c.example) for c in kind.columns]


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_no_alias_speaks_for_two_columns(kind):
    aliases = [folded(str(alias)) for column in kind.columns for alias in column.aliases]
    assert len(aliases) == len(set(aliases))
    assert not {name: column for name, column in kind.exact_names().items()
                if kind.alias_names().get(name, column) != column}  # fmt: skip


@pytest.mark.parametrize("language", ["fr", "es", "ar"])
def test_headings_and_words_of_each_language_are_known_to_readers_of_another(tmp_path, language):
    kind = KINDS["vouchers"]
    names = [*VOUCHER_HEADINGS, "kind"]
    with translation.override(language):
        labels = [str(kind.column(name).label) for name in names]
        word = str(dict(kind.column("kind").choices)["refund"])
    row = one(write_csv(tmp_path / "a.csv", [labels, [*VOUCHER, word]], delimiter=";"))
    assert (row.faults, row.values["kind"]) == ([], "refund")


def test_times_of_day_do_not_change_the_day(tmp_path):
    typed = [TYPED[0], datetime(2016, 9, 15, 23, 59), *TYPED[2:]]
    path = write_xlsx(tmp_path / "a.xlsx", [VOUCHER_HEADINGS, typed])
    assert one(path).values["payment_date"] == date(2016, 9, 15)

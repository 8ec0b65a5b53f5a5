"""Mappings: foreign headings and habits, as data that is checked and remembered."""

import json
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from finance.errors import LoadError
from finance.formats.mappings import Mapping
from finance.formats.remembered import (
    EXAMPLES,
    example_mappings,
    remember_mapping,
    remembered_mapping,
)
from finance.formats.rows import open_sheet
from finance.models import SourceMapping
from tests.factories import SourceFactory
from tests.finance.formats.files import one, rows_of, write_csv, write_xlsx

BANK = {
    "kind": "vouchers",
    "date_order": "day-first",
    "decimal": ",",
    "columns": {
        "payment_date": "Buchungstag",
        "payee": "Empfänger",
        "project": "Projekt",
        "amount": "Betrag",
        "kind": "Art",
    },
    "constants": {"fund": "PB000", "currency": "EUR"},
    "values": {"kind": {"Zahlung": "transfer", "Rückzahlung": "refund", "–": ""}},
    "negated": ["amount"],
    "digits": {"project": 8},
}


def test_a_banks_own_extract_loads_without_editing(tmp_path):
    path = write_csv(
        tmp_path / "bank.csv",
        [
            ["Buchungstag", "Empfänger", "IBAN", "Projekt", "Betrag", "Art"],
            ["04.07.2006", "UNDP", "DE00", "00102004", "-1.234", "ZAHLUNG"],
            ["05.07.2006", "UNDP", "DE00", "00102004", "12,50", "Rückzahlung"],
            ["06.07.2006", "UNDP", "DE00", "00102004", "0", "–"],
        ],
        delimiter=";",
        encoding="cp1252",
    )
    mapping = Mapping.from_spec(BANK)
    assert open_sheet(path, "vouchers", mapping).unmapped == ("IBAN",)
    first, second, third = rows_of(path, "vouchers", mapping)
    assert not first.faults + second.faults + third.faults
    assert (first.values["payment_date"], first.values["amount"]) == (date(2006, 7, 4), 1234)
    assert (second.values["kind"], second.values["amount"]) == ("refund", Decimal("-12.5"))
    assert (third.values["kind"], third.values["amount"]) == (None, 0)
    assert (first.values["fund"], first.values["currency"]) == ("PB000", "EUR")


def test_identifiers_kept_as_numbers_get_the_digits_that_the_mapping_states(tmp_path):
    headings = ["Buchungstag", "Empfänger", "Projekt", "Betrag", "Art"]
    path = write_xlsx(
        tmp_path / "a.xlsx", [headings, [date(2006, 7, 4), "UNDP", 102004, -5.5, "Zahlung"]]
    )
    row = one(path, "vouchers", Mapping.from_spec(BANK))
    assert row.faults == []
    assert row.values["project"] == "00102004"


def test_a_heading_that_the_mapping_names_must_be_there(tmp_path):
    path = write_csv(tmp_path / "a.csv", [["Buchungstag", "Betrag"], ["1.1.2006", "5"]])
    with pytest.raises(LoadError, match="“Empfänger”, which the mapping names, is missing"):
        rows_of(path, "vouchers", Mapping.from_spec(BANK))


def test_a_mapping_without_headings_only_tells_of_habits(tmp_path):
    path = write_csv(
        tmp_path / "a.csv",
        [["Date", "Currency", "Rate"], ["04/07/2006", "EUR", "1,234"]],
    )
    assert len(one(path, "rates").faults) == 2
    mapping = Mapping(kind="rates", date_order="month-first", decimal=",")
    row = one(path, "rates", mapping)
    assert row.as_stated == ("2006-04-07", "EUR", "1.234")


def test_one_row_may_give_several_lines_which_bear_its_number(tmp_path):
    spec = {
        "kind": "contributions",
        "columns": {"contributor": "Who", "date": "On"},
        "constants": {"fund": "PB000", "currency": "USD"},
        "emits": [
            {"columns": {"amount": "Paid"}, "constants": {"what": "deposit"},
             "skip_if_zero": "Paid"},
            {"columns": {"amount": "Left"}, "constants": {"what": "commitment"},
             "skip_if_zero": "Left"},
        ],
    }  # fmt: skip
    path = write_csv(
        tmp_path / "a.csv",
        [
            ["Who", "On", "Paid", "Left"],
            ["Norway", "2016-01-31", "5.00", "7.00"],
            ["Sweden", "2016-01-31", "0.0", "8.00"],
            ["Malta", "2016-01-31", "none", ""],
        ],
    )
    rows = rows_of(path, "contributions", Mapping.from_spec(spec))
    assert [(r.line, r.values["what"], r.values["amount"]) for r in rows] == [
        (2, "deposit", 5), (2, "commitment", 7), (3, "commitment", 8), (4, "deposit", None),
    ]  # fmt: skip
    assert [bool(r.faults) for r in rows] == [False, False, False, True]


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ([], "A mapping is an object"),
        ({"kind": "recipes"}, "“kind” must be one of: vouchers"),
        ({"kind": "rates", "colums": {}}, "“colums” is no key of a mapping"),
        ({"kind": "rates", "columns": {"amount": "Betrag"}}, "names “amount”, but the columns are"),
        ({"kind": "rates", "columns": {"currency": 5}}, "must give a heading"),
        ({"kind": "rates", "constants": {"currency": "XXX"}}, "“XXX” for “currency”"),
        ({"kind": "rates", "date_order": "any"}, "“date_order” must be"),
        ({"kind": "rates", "decimal": ";"}, "“decimal” must be"),
        ({"kind": "vouchers", "negated": ["fund"]}, "no column of the type “amount”"),
        ({"kind": "vouchers", "negated": "amount"}, "must be a list"),
        ({"kind": "vouchers", "digits": {"project": "8"}}, "number from 0 to 40"),
        ({"kind": "vouchers", "values": {"kind": {"Z": "payment"}}}, "“payment” for “kind”"),
        ({"kind": "vouchers", "emits": [{"kind": "rates"}]}, "emits 1: “kind” is no key"),
        ({"kind": "vouchers", "emits": {}}, "list of objects"),
        ({"kind": "vouchers", "note": 5}, "“note” must be a text"),
    ],
)
def test_what_is_wrong_with_a_mapping_is_said_in_words(spec, message):
    with pytest.raises(ValidationError) as error:
        Mapping.from_spec(spec)
    assert message in " ".join(error.value.messages)


def test_text_that_is_no_json_is_refused_with_its_line():
    with pytest.raises(ValidationError, match="Line 2 is no JSON"):
        Mapping.from_json('{"kind":\nvouchers}')


def test_the_examples_that_come_with_the_portal_are_mappings():
    assert set(example_mappings()) == {
        "gla-payments", "cerf-projects", "cerf-allocations", "cerf-contributions",
    }  # fmt: skip
    assert all(mapping.note for mapping in example_mappings().values())


@pytest.mark.django_db
def test_a_mapping_is_remembered_for_its_source_and_kind():
    source, other = SourceFactory(), SourceFactory()
    spec = json.loads((EXAMPLES / "gla-payments.json").read_text())
    assert remembered_mapping(source=source, kind="vouchers") is None
    remember_mapping(source=source, spec=spec)
    remember_mapping(source=source, spec={**spec, "note": "corrected"})
    found = remembered_mapping(source=source, kind="vouchers")
    assert (found.note, found.emits[0].columns["amount"]) == ("corrected", "Amount")
    assert remembered_mapping(source=source, kind="budgets") is None
    assert remembered_mapping(source=other, kind="vouchers") is None
    with pytest.raises(IntegrityError, match="unique constraint"), transaction.atomic():
        SourceMapping.objects.create(source=source, kind="vouchers", spec={})


@pytest.mark.django_db
def test_a_mapping_with_faults_is_not_remembered():
    source = SourceFactory()
    with pytest.raises(ValidationError):
        remember_mapping(source=source, spec={"kind": "vouchers", "colums": {}})
    assert not SourceMapping.objects.exists()

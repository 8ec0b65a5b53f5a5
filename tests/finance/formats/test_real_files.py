"""Real files, read with the mappings that come with the portal, against independent counts."""

import csv
from collections import Counter
from decimal import Decimal

import pytest

from finance.errors import LoadError
from finance.formats.kinds import KINDS
from finance.formats.remembered import example_mappings
from finance.formats.rows import open_sheet


def _stated(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _read(path, name):
    mapping = example_mappings()[name]
    rows = list(open_sheet(path, mapping.kind, mapping))
    assert [str(fault) for row in rows for fault in row.faults] == []
    return rows


def test_every_payment_of_the_city_is_read(real_files):
    path = real_files.path("city-payments.csv")
    stated, rows = _stated(path), _read(path, "gla-payments")
    assert len(rows) == len(stated) == real_files.count("city-payments.csv")
    assert sum(r.values["amount"] for r in rows) == sum(Decimal(s["Amount"]) for s in stated)
    assert sum(r.values["amount"] < 0 for r in rows) == (1_209 if real_files.is_large else 2)
    assert len({r.values["payee"] for r in rows}) == len(
        {" ".join(s["Vendor"].split()) for s in stated}
    )
    assert [r.values["payment_date"].isoformat() for r in rows] == [s["Date"] for s in stated]
    assert {(r.values["fund"], r.values["currency"]) for r in rows} == {("GLA00", "GBP")}


def test_every_project_of_the_emergency_fund_is_read(real_files):
    path = real_files.path("emergency-projects.csv")
    stated, rows = _stated(path), _read(path, "cerf-projects")
    assert [r.values["number"] for r in rows] == [s["ChfProjectCode"] for s in stated]
    assert [r.values["start"].isoformat() for r in rows] == [
        s["ProjectStartDate"][:10] for s in stated
    ]
    assert {r.values["status"] for r in rows} == {"operationally-closed"}
    assert Counter(r.values["organizations"] for r in rows) == Counter(
        ((s["AgencyShortName"], ""),) for s in stated
    )


def test_every_allocation_of_the_emergency_fund_is_read(real_files):
    path = real_files.path("emergency-allocations.csv")
    stated, rows = _stated(path), _read(path, "cerf-allocations")
    expected, found = Counter(), Counter()
    for line in stated:
        expected[f"{line['AllocationYear']}-12-31"] += Decimal(line["ClusterBudget"])
    for row in rows:
        found[row.values["date"].isoformat()] += row.values["amount"]
    assert found == expected
    assert len(rows) == real_files.count("emergency-allocations.csv")


def test_contributions_give_deposits_and_the_commitments_behind_them(real_files):
    path = real_files.path("emergency-contributions.csv")
    stated, rows = _stated(path), _read(path, "cerf-contributions")
    paid = [line for line in stated if Decimal(line["PaidAmt"])]
    left = sum(Decimal(line["PledgeAmt"]) for line in stated)
    total = sum(Decimal(line["PaidAmt"]) for line in paid)
    by_what = {what: [r for r in rows if r.values["what"] == what] for what in
               ("deposit", "commitment", "pledge")}  # fmt: skip
    assert len(stated) == real_files.count("emergency-contributions.csv")
    assert len(by_what["deposit"]) == len(paid) == (908 if real_files.is_large else 5)
    assert sum(row.values["base_amount"] for row in by_what["deposit"]) == total
    assert sum(
        row.values["base_amount"] or row.values["amount"] for row in by_what["commitment"]
    ) == (total + left)
    assert Counter(row.values["currency"] for row in by_what["deposit"]) == Counter(
        line["PaidAmtLocalCurrency"] for line in paid
    )
    assert not by_what["pledge"]


def test_month_first_dates_need_the_word_of_a_mapping(real_files):
    path = real_files.path("emergency-projects.csv")
    spec = {
        "kind": "budgets",
        "columns": {"date": "ApprovedDate", "project": "ChfProjectCode", "amount": "Budget"},
        "constants": {"currency": "USD"},
    }
    mapping = example_mappings()["cerf-projects"].from_spec
    silent = list(open_sheet(path, "budgets", mapping(spec)))
    certain = [row for row in silent if not row.faults]
    assert 0 < len(certain) < len(silent) == real_files.count("emergency-projects.csv")
    assert all(row.values["date"] is None for row in silent if row.faults)
    told = list(open_sheet(path, "budgets", mapping({**spec, "date_order": "month-first"})))
    assert not any(row.faults for row in told)
    assert [row.values["date"].strftime("%m/%d/%Y") for row in told] == [
        line["ApprovedDate"] for line in _stated(path)
    ]


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_foreign_files_either_read_or_are_refused_by_name(real_files, kind):
    files = real_files.spreadsheets_as(kind, sorted(KINDS))
    refused = []
    for path in files:
        try:
            rows = list(open_sheet(path, kind))
        except LoadError as error:
            assert str(error).startswith(f"{path.name}: ")
            assert len(str(error)) > len(path.name) + 20
            refused.append(path)
        else:
            assert rows
    assert refused

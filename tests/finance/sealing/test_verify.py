"""`manage.py verify` finds what was tampered with by whoever owns the database."""

import hashlib
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connections

from finance.loading.receiving import received_file
from finance.loading.services import publish_load
from finance.models import ExpenditureLine, KeyFigure, Seal, VerifyResult, VoucherLine
from finance.sealing.verification import Scope, verify, verify_recent
from portal.kit.owner import as_owner
from tests.factories import (
    OrganizationFactory,
    ProjectFactory,
    SourceFactory,
    expenditure,
    released,
    transfer,
)

pytestmark = pytest.mark.django_db(databases=["default", "owner"])

# What only the owner of a database can do: no trigger and no foreign key stands in the way.
DISARM = """
SET CONSTRAINTS ALL IMMEDIATE;
DO $$ DECLARE found record; BEGIN
    FOR found IN SELECT conrelid::regclass AS name, conname FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace AND contype IN ('f', 'c') LOOP
        EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', found.name, found.conname);
    END LOOP;
    FOR found IN SELECT DISTINCT tgrelid::regclass AS name FROM pg_trigger
        WHERE NOT tgisinternal LOOP
        EXECUTE format('ALTER TABLE %s DISABLE TRIGGER USER', found.name);
    END LOOP;
END $$;
"""


@pytest.fixture(autouse=True)
def _as_owner():
    """All happens in one transaction of the owner, which is rolled back, its DDL too."""
    with as_owner():
        yield


def tamper(*sql: str) -> None:
    """Change the database as its owner, with triggers and constraints out of the way."""
    with connections["owner"].cursor() as cursor:
        for one in (DISARM, *sql):
            cursor.execute(one)


@pytest.fixture
def portfolio():
    """Two loads: the second withdraws what the first said of one project and adds more."""
    source, organization = SourceFactory(code="ledger"), OrganizationFactory(code="ORG")
    one = ProjectFactory(number="00000001", fund__code="FND01")
    two = ProjectFactory(number="00000002", fund=one.fund)
    part = {"organization_id": organization.pk}
    first = released(
        transfer(one, "10", **part, description="first words"),
        transfer(two, "30", **part),
        expenditure(two, "7", **part),
        source=source,
    )
    second = released(transfer(one, "20", date(2020, 6, 1), **part), source=source)
    return first, second


def difference(projects=None) -> str:
    result = verify(Scope(projects))
    assert result.ok == (result.difference == "")
    return result.difference


def test_what_nobody_touched_agrees(portfolio):
    assert difference() == ""
    result = VerifyResult.objects.get()
    assert (result.ok, result.seal_number, result.projects) == (True, 2, None)
    assert result.seal_hash == Seal.objects.newest().hash


COLUMNS = {
    "amount": "99",
    "currency": "'EUR'",
    "base_amount": "98",
    "rate": "2",
    "date": "'2021-01-01'",
    "value_date": "'2021-01-01'",
    "description": "'other words'",
    "iati": '\'{"type": "3"}\'',
    "line": "77",
    "fingerprint": "'0'",
    "salt": "gen_random_uuid()",
    "kind": "'correction'",
    "project_id": "(SELECT max(id) FROM projects_project)",
    "organization_id": "NULL",
    "source_id": "0",
    "load_id": "(SELECT max(id) FROM finance_load)",
    "restates_id": "id",
    "voucher_id": "(SELECT max(id) FROM finance_voucher)",
}


def test_every_column_is_tried():
    columns = {field.column for field in VoucherLine._meta.concrete_fields}
    assert columns == COLUMNS.keys() | {"id", "withdrawn_by_id"}


@pytest.mark.parametrize("column", sorted(COLUMNS))
def test_a_changed_column_is_found_and_its_row_named(portfolio, column):
    first = VoucherLine.objects.filter(project__number="00000001").earliest("pk")
    value = COLUMNS[column]
    tamper(f"UPDATE finance_voucherline SET {column} = {value} WHERE id = {first.pk}")
    found = difference()
    assert found.startswith("Seal 1, ")
    assert "row 1 " in found


TAMPERING = {
    "a record deleted": (
        "DELETE FROM finance_expenditureline",
        "it was sealed and is gone",
    ),
    "a record added": (
        "INSERT INTO finance_expenditureline (load_id, source_id, line, fingerprint, amount, "
        "currency, base_amount, date, description, project_id, organization_id, year, state) "
        "SELECT load_id, source_id, 5, 'x', 1, 'USD', 1, date, '', project_id, organization_id, "
        "year, state FROM finance_expenditureline",
        "it was not sealed",
    ),
    "a record copied": (
        "INSERT INTO finance_expenditureline (load_id, source_id, line, fingerprint, amount, "
        "currency, base_amount, date, description, salt, project_id, organization_id, year, state) "
        "SELECT load_id, source_id, line, fingerprint, amount, currency, base_amount, date, "
        "description, "
        "salt, project_id, organization_id, year, state FROM finance_expenditureline",
        "more often or less often",
    ),
    "a record withdrawn": (
        "UPDATE finance_expenditureline SET withdrawn_by_id = (SELECT max(id) FROM finance_load)",
        "whose seal does not say so",
    ),
    "a record brought back": (
        "UPDATE finance_voucherline SET withdrawn_by_id = NULL",
        "it was withdrawn by",
    ),
    "a record of a load without seal": (
        "INSERT INTO finance_load SELECT (jsonb_populate_record(l, jsonb_build_object('id', "
        "l.id + 1000, 'released_at', NULL))).* FROM finance_load AS l ORDER BY id DESC LIMIT 1;"
        "UPDATE finance_expenditureline SET load_id = (SELECT max(id) FROM finance_load)",
        "gone",
    ),
    "a release without seal": (
        "INSERT INTO finance_load SELECT (jsonb_populate_record(l, jsonb_build_object('id', "
        "l.id + 1000))).* FROM finance_load AS l ORDER BY id DESC LIMIT 1",
        "is released and not sealed",
    ),
    "another SHA-256 of a file": (
        f"UPDATE finance_load SET sha256 = '{'0' * 64}'",
        "sealed was",
    ),
    "another time of release": (
        "UPDATE finance_load SET released_at = released_at - interval '1 year'",
        "sealed was",
    ),
    "another file name": ("UPDATE finance_load SET file_name = 'other.csv'", "sealed was"),
    "another reason": ("UPDATE finance_load SET reason = 'other'", "sealed was"),
    "a load deleted": ("DELETE FROM finance_load", "its load is gone"),
    "a seal deleted": (
        "DELETE FROM finance_seal WHERE number = 1",
        "Seal 1 is missing",
    ),
    "the newest seal deleted": (
        "DELETE FROM finance_seal WHERE number = 2",
        "is released and not sealed",
    ),
    "a hash edited": (
        f"UPDATE finance_seal SET hash = '{'a' * 64}' WHERE number = 1",
        "Seal 1: its hash",
    ),
    "the content edited": (
        f"UPDATE finance_seal SET content = '{'a' * 64}' WHERE number = 2",
        "Seal 2: its content",
    ),
    "a count edited": ("UPDATE finance_seal SET added = 9 WHERE number = 2", "Seal 2"),
    "a part deleted": ("DELETE FROM finance_sealpart WHERE withdrawn", "Seal 2"),
    "leaves edited": (
        "UPDATE finance_sealpart SET leaves = set_byte(leaves, 10, 0), "
        "digest = encode(sha256(set_byte(leaves, 10, 0)), 'hex')",
        "Seal 1",
    ),
    "an identifier edited": (
        "UPDATE finance_sealedentity SET identifier = 'x' WHERE model = 'projects.project'",
        "not what was sealed",
    ),
    "a voucher edited": ("UPDATE finance_voucher SET number = 'other'", "not what was sealed"),
    "a voucher moved": (
        "UPDATE finance_voucher SET payment_date = '2001-01-01'",
        "not what was sealed",
    ),
    "a voucher deleted": ("DELETE FROM finance_voucher", "not what was sealed"),
    "a key figure edited": (
        "UPDATE finance_keyfigure SET base_amount = base_amount + 0.01"
        " WHERE measure = 'expenditure'",
        "the records add up to US$\xa07",
    ),
    "a key figure deleted": ("DELETE FROM finance_keyfigure", "the key figure says nothing"),
    "a sum of lists edited": (
        "UPDATE finance_projectsums SET approved = approved + 1",
        "lists say another sum",
    ),
    "a balance of lists edited": (
        "UPDATE finance_projectsums SET balance = balance + 1",
        "lists say another sum",
    ),
    "a sum of lists deleted": ("DELETE FROM finance_projectsums", "lists say another sum"),
    "a first day edited": (
        "UPDATE finance_projectpace SET first_transfer = '2001-01-01'",
        "first days are not those",
    ),
    "a fund's sum of today edited": (
        "UPDATE finance_fundfigure SET base_amount = base_amount + 0.01 WHERE at IS NULL",
        "the sum kept says",
    ),
    "a fund's sum of a release deleted": (
        "DELETE FROM finance_fundfigure WHERE at IS NOT NULL",
        "the sum kept says nothing",
    ),
    "an organization's sum added twice": (
        "INSERT INTO finance_organizationfigure (at, measure, state, year, date_year, "
        "organization_id, base_amount, records, unconverted) SELECT at, measure, state, year, "
        "date_year, organization_id, base_amount, records, unconverted "
        "FROM finance_organizationfigure WHERE at IS NOT NULL",
        "the sum kept says",
    ),
    "an organization's sum of lists edited": (
        "UPDATE finance_organizationsums SET delivery_rate = delivery_rate + 1",
        "lists say another sum than its figures",
    ),
    "an organization's sum of lists deleted": (
        "DELETE FROM finance_organizationsums",
        "lists say another sum than its figures",
    ),
    "an organization's sum of a past day edited": (
        "UPDATE finance_organizationsumsthen SET expenditure = expenditure + 1",
        "lists say another sum than its figures",
    ),
    "a fund's sum of lists deleted": (
        "DELETE FROM finance_fundsums",
        "lists say another sum than its figures",
    ),
    "a voucher's sum edited": ("UPDATE finance_vouchersums SET total = 0", "than its lines"),
    "the name of a payee that lists sort by edited": (
        "UPDATE finance_vouchersums SET payee_name = 'x'",
        "than its lines",
    ),
    "a year in which money moved taken away": (
        "UPDATE finance_projectsums SET years = '{}'",
        "another sum than its key figures",
    ),
    "a project's number swapped": (
        "UPDATE projects_project SET number = number || 'x'",
        "nobody recorded",
    ),
    "an erasure pretended": (
        "INSERT INTO finance_erasedtext (model, object_id, digest, erased_at, reason) SELECT "
        "'voucherline', id, encode(sha256(convert_to(salt::text || E'\\x1f' || description, "
        "'UTF8')), 'hex'), now(), '' FROM finance_voucherline; "
        "UPDATE finance_voucherline SET description = 'other', salt = NULL",
        "not what was sealed",
    ),
}


@pytest.mark.parametrize("what", sorted(TAMPERING))
def test_tampering_is_found_and_named(portfolio, what):
    sql, words = TAMPERING[what]
    tamper(sql)
    assert words in difference()
    assert not VerifyResult.objects.get().ok


def test_tampering_is_found_from_the_projects_concerned_alone(portfolio):
    line = ExpenditureLine.objects.get()
    tamper(f"UPDATE finance_expenditureline SET year = 2019 WHERE id = {line.pk}")
    assert "row 1" in difference([line.project_id])


def test_a_trigger_switched_off_is_found(portfolio):
    with connections["owner"].cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE finance_voucherline DISABLE TRIGGER USER")
    assert "finance_voucherline is switched off" in difference()


def test_a_constraint_dropped_or_not_validated_is_found(portfolio):
    with connections["owner"].cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            "ALTER TABLE finance_expenditureline DROP CONSTRAINT expenditure_year_plausible"
        )
        assert "Constraint expenditure_year_plausible of finance_expenditureline" in difference()
        cursor.execute(
            "ALTER TABLE finance_expenditureline ADD CONSTRAINT expenditure_year_plausible "
            "CHECK (year BETWEEN 1945 AND 2200) NOT VALID"
        )
    assert "is not validated" in difference()


def test_a_foreign_key_dropped_is_found(portfolio):
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE contype = 'f' "
            "AND conrelid = 'finance_deposit'::regclass ORDER BY conname LIMIT 1"
        )
        name = cursor.fetchone()[0]
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE finance_deposit DROP CONSTRAINT {name}")
    assert "finance_deposit has no foreign key" in difference()


def test_the_end_of_the_chain_cut_off_is_found_after_a_verification(portfolio):
    _first, second = portfolio
    assert difference() == ""
    tamper(
        "DELETE FROM finance_seal WHERE number = 2",
        "DELETE FROM finance_sealpart WHERE seal_id NOT IN (SELECT id FROM finance_seal)",
        f"DELETE FROM finance_voucherline WHERE load_id = {second.pk}",
        "UPDATE finance_voucherline SET withdrawn_by_id = NULL",
        f"DELETE FROM finance_load WHERE id = {second.pk}",
    )
    assert "Seal 2 was" in difference()


def test_a_kept_file_that_was_changed_or_lost_is_found(tmp_path):
    path = tmp_path / "vouchers.csv"
    path.write_text("a,b\n")
    with received_file(source=SourceFactory(), kind="vouchers", path=path) as load:
        publish_load(load=load, touched=(), counts={})
    assert difference() == ""
    kept = Path(load.file.path)
    kept.write_text("a,c\n")
    assert "vouchers.csv" in difference()
    found = hashlib.sha256(b"a,c\n").hexdigest()[:16]
    assert found in difference()
    kept.unlink()
    assert "the kept file is gone" in difference()


def test_the_command_says_what_differs_and_fails(portfolio, capsys):
    call_command("verify")
    assert "All agrees (everything). Newest seal: 2" in capsys.readouterr().out
    call_command("verify", "--quick", "00000001")
    assert "All agrees (1 projects)" in capsys.readouterr().out
    KeyFigure.objects.update(base_amount=1)
    with pytest.raises(CommandError, match="the key figure says 1"):
        call_command("verify")


def test_a_seal_read_on_an_export_must_be_in_the_chain(portfolio):
    call_command("verify", "--seal", Seal.objects.newest().hash[:16])
    with pytest.raises(CommandError, match="No seal in the chain begins with 0000000000000000"):
        call_command("verify", "--seal", "0" * 16)


def test_the_task_verifies_what_new_releases_concern_once(portfolio):
    verify_recent.func()
    verify_recent.func()
    result = VerifyResult.objects.get()
    assert (result.ok, result.projects, result.seal_number) == (True, 2, 2)
    assert KeyFigure.objects.exists()

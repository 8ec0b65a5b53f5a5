"""Records are only added and withdrawn: by privileges for the web, by triggers for the owner."""

import pytest
from django.contrib.admin.models import LogEntry
from django.db import DatabaseError, connection, connections, transaction
from django.utils import timezone

from finance.models import Load, VoucherLine
from tests.databases import REFUSED
from tests.factories import LoadFactory, ProjectFactory, UserFactory, released, transfer


@pytest.fixture
def line(db):
    return VoucherLine.objects.get(load=released(transfer(ProjectFactory(), "10")))


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE finance_voucherline SET amount = 1, base_amount = 1",
        "DELETE FROM finance_voucherline",
        "TRUNCATE finance_voucherline",
        "ALTER TABLE finance_voucherline DISABLE TRIGGER USER",
        "UPDATE finance_voucherline SET load_id = load_id",
        "SET LOCAL pgtrigger.ignore = 'finance.VoucherLine:no_delete'; "
        "DELETE FROM finance_voucherline",
        "DELETE FROM finance_load",
        "UPDATE django_admin_log SET change_message = ''",
        "DELETE FROM django_admin_log",
        "TRUNCATE django_admin_log",
        "UPDATE finance_load SET sha256 = sha256",
        "DROP TABLE finance_voucherline CASCADE",
    ],
)
def test_the_web_role_may_not(line, sql):
    with (
        pytest.raises(DatabaseError, match=REFUSED),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)


@pytest.mark.parametrize(
    "change",
    [
        "released_at = now()", "released_by_id = NULL", "acknowledged_by_id = NULL",
        "withdrawal_confirmed_by_id = NULL", "scope = '{}'", "counts = '{}'", "report = '{}'",
        "options = '{}'", "stated_totals = '{}'", "acknowledged = '[]'", "checked_at = now()",
        "progress = 1", "state = 'rejected', released_at = NULL",
    ],
)  # fmt: skip
@pytest.mark.parametrize("state", ["released", "rejected"])
def test_nothing_of_a_closed_load_changes(line, change, state):
    load = line.load if state == "released" else LoadFactory(state=state)
    # A setting that anybody may set opens nothing.
    for before in ("", "SET LOCAL finance.erasing = 'yes'; "):
        with (
            pytest.raises(DatabaseError, match="never changed"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"{before}UPDATE finance_load SET {change} WHERE id = %s", [load.pk])


@pytest.mark.parametrize("state", ["released", "rejected", "checked"])
def test_what_was_said_of_a_closed_load_stays(line, state):
    load = LoadFactory(state="checked")
    said = load.remarks.create(severity="warning", code="old-rate", message="old")
    moment = timezone.now() if state == "released" else None
    Load.objects.filter(pk=load.pk).update(state=state, released_at=moment)

    def changed():
        load.remarks.filter(pk=said.pk).update(message="none")

    acts = (changed, load.remarks.all().delete, lambda: load.remarks.create(message="more"))
    for act in acts:
        if state == "checked":
            act()
            continue
        for setting in ("no", "yes"):
            with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute("SELECT set_config('finance.erasing', %s, true)", [setting])
                act()
    assert load.remarks.filter(message="old").exists() == (state != "checked")


def test_the_log_of_the_administration_takes_new_lines_and_nothing_else(line):
    entry = LogEntry.objects.create(user=UserFactory(), action_flag=2, object_repr="x")
    for act in (lambda: entry.save(), lambda: entry.delete()):
        with pytest.raises(DatabaseError, match=REFUSED), transaction.atomic():
            act()


def test_a_record_is_withdrawn_once_and_not_brought_back(line):
    VoucherLine.objects.filter(pk=line.pk).update(withdrawn_by=LoadFactory())
    for again in (None, LoadFactory()):
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            VoucherLine.objects.filter(pk=line.pk).update(withdrawn_by=again)


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_not_even_the_owner_may_without_switching_triggers_off():
    released(transfer(ProjectFactory(), "10"))
    for sql in (
        "UPDATE finance_voucherline SET amount = 1, base_amount = 1",
        "DELETE FROM finance_voucherline",
        "TRUNCATE finance_voucherline",
        "UPDATE finance_load SET released_by_id = NULL, file_name = 'x'",
        "DELETE FROM finance_load",
    ):
        with (
            pytest.raises(DatabaseError, match=r"never|Cannot delete"),
            connections["owner"].cursor() as cursor,
        ):
            cursor.execute(sql)
        assert VoucherLine.objects.count() == 1, sql

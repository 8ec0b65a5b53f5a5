"""Records are only added and retired: by privileges for the web, by triggers for the owner."""

import pytest
from django.db import DatabaseError, connection, connections, transaction

from finance.models import VoucherLine
from tests.databases import REFUSED
from tests.factories import LoadFactory, ProjectFactory, released, transfer


@pytest.fixture
def line(db):
    return VoucherLine.objects.get(load=released(transfer(ProjectFactory(), "10")))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE finance_voucherline SET amount = 1, base_amount = 1",
        "DELETE FROM finance_voucherline",
        "TRUNCATE finance_voucherline",
        "ALTER TABLE finance_voucherline DISABLE TRIGGER USER",
        "UPDATE finance_voucherline SET load_id = load_id",
        "SET LOCAL pgtrigger.ignore = 'finance.VoucherLine:no_delete'; "
        "DELETE FROM finance_voucherline",
        "DELETE FROM finance_load",
        "UPDATE finance_load SET sha256 = sha256",
        "DROP TABLE finance_voucherline CASCADE",
    ],
)
def test_the_web_role_may_not(line, statement):
    with (
        pytest.raises(DatabaseError, match=REFUSED),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_a_record_is_retired_once_and_not_brought_back(line):
    VoucherLine.objects.filter(pk=line.pk).update(retired_by=LoadFactory())
    for again in (None, LoadFactory()):
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            VoucherLine.objects.filter(pk=line.pk).update(retired_by=again)


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE finance_voucherline SET amount = 1, base_amount = 1",
        "DELETE FROM finance_voucherline",
        "TRUNCATE finance_voucherline",
    ],
)
def test_not_even_the_owner_may_without_switching_triggers_off(statement):
    released(transfer(ProjectFactory(), "10"))
    with (
        pytest.raises(DatabaseError, match=r"never|Cannot delete"),
        connections["owner"].cursor() as cursor,
    ):
        cursor.execute(statement)
    assert VoucherLine.objects.count() == 1

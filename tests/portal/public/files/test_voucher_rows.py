"""Files list vouchers as plain values: each says what the voucher itself would."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from finance.figures.vouchers import with_projects, with_sums
from finance.models import Voucher
from portal.kit.dates import TODAY, Known
from portal.public.list_tables import VoucherTable
from tests.factories import OrganizationFactory, ProjectFactory, released, transfer

pytestmark = pytest.mark.django_db


@pytest.fixture
def _vouchers():
    one, other = ProjectFactory(number="00000002"), ProjectFactory(number="00000001")
    third = ProjectFactory()
    payee = OrganizationFactory(name="=Payee, with a sign")
    released(
        transfer(one, 100, voucher="V1", organization_id=payee.pk),
        transfer(other, 20, voucher="V1", drawn_on=one.fund_id),
        transfer(one, "7.25", voucher="V1"),
        transfer(one, 5, date(2021, 5, 1), voucher="", currency="XAF"),
        moment=timezone.now() - timedelta(days=30),
    )
    released(transfer(third, 9, date(2022, 5, 1)), moment=timezone.now())


def _table(known: Known, order: str = "") -> VoucherTable:
    vouchers = with_sums(with_projects(Voucher.objects.all(), known), known)
    return VoucherTable(vouchers, known=known, order_by=order)


@pytest.mark.usefixtures("_vouchers")
@pytest.mark.parametrize("order", ["", "payee", "-total"])
@pytest.mark.parametrize(
    ("known", "count"),
    [
        (TODAY, 3),
        (Known(as_of=timezone.now() - timedelta(days=1)), 2),
        (Known(until=date(2020, 12, 31)), 1),
    ],
)
def test_a_row_says_what_its_voucher_would(known, count, order):
    table = _table(known, order)
    fields = table.export_fields()

    def told(records):
        return [[field.value(record) for field in fields] for record in records]

    rows = told(table.records())
    assert rows == told(table.data.data)
    assert len(rows) == count


@pytest.mark.usefixtures("_vouchers")
def test_rows_take_one_statement_however_many_there_are():
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert len(list(_table(TODAY).records())) == 3
    assert len(asked) == 1

"""Lists of vouchers sort by names of payees and funds, which are moved on when these change."""

from datetime import date

import pytest

from finance.models import Voucher
from finance.sealing.sums_check import check_voucher_sums
from projects.models import Fund, Organization
from tests.factories import OrganizationFactory, ProjectFactory, released, transfer

pytestmark = pytest.mark.django_db


def _order(client, sort):
    page = client.get(f"/vouchers/?sort={sort}")
    return [voucher.payee.name if voucher.payee else "" for voucher in page.context["page_obj"]]


def test_a_payee_that_is_renamed_moves_in_the_list(client):
    first, last = OrganizationFactory(name="Aa"), OrganizationFactory(name="Zz")
    lines = [
        transfer(ProjectFactory(), 5, date(2020, 1, 1 + n), organization_id=payee)
        for n, payee in enumerate((first.pk, last.pk, None))
    ]
    released(*lines)
    assert _order(client, "payee") == ["Aa", "Zz", ""]
    assert _order(client, "-payee") == ["Zz", "Aa", ""]
    first.name = "Zzz"
    first.save()
    assert _order(client, "payee") == ["Zz", "Zzz", ""]
    assert not list(check_voucher_sums())


def test_a_fund_that_is_renamed_moves_in_the_list(client):
    for n, name in enumerate("AB"):
        released(transfer(ProjectFactory(fund__name=name), 5, date(2020, 1, 1 + n)))
    Fund.objects.filter(name="A").update(name="C")
    page = client.get("/vouchers/?sort=fund")
    assert [voucher.fund.name for voucher in page.context["page_obj"]] == ["B", "C"]
    assert not list(check_voucher_sums())


def test_several_columns_are_sorted_by_one_after_the_other(client):
    for n, (payee, fund) in enumerate((("B", "Y"), ("A", "Z"), ("A", "Y"))):
        organization = Organization.objects.filter(name=payee).first()
        organization = organization or OrganizationFactory(name=payee)
        project = ProjectFactory(fund__name=fund)
        released(transfer(project, 5, date(2020, 1, 1 + n), organization_id=organization.pk))
    page = client.get("/vouchers/?sort=payee,fund")
    found = [(v.payee.name, v.fund.name) for v in page.context["page_obj"]]
    assert found == [("A", "Y"), ("A", "Z"), ("B", "Y")]
    assert Voucher.objects.count() == 3

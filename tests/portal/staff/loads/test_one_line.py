"""One line is found, corrected in any of its fields, or withdrawn by itself."""

from decimal import Decimal

import pytest
from django.urls import reverse

from finance.loading.services import acknowledge_warnings, open_warnings, release_load
from finance.models import BudgetLine, Load, VoucherLine
from projects.models import Office
from tests.factories import FundFactory, OrganizationFactory, ParticipationFactory
from tests.portal.staff.conftest import row
from tests.portal.staff.loads.test_entry import seen

pytestmark = pytest.mark.django_db


@pytest.fixture
def record(enter, people):
    """A line of a voucher that stands, beside another."""
    OrganizationFactory(code="FAO", name="Food and Agriculture Organization")
    load = enter(row("V-17", "1234.50"), row("18", "7", payee="FAO", day="2016-10-01"))
    release_load(load=load, by=people["chief"])
    return VoucherLine.objects.get(voucher__number="V-17")


def address(record):
    return reverse("staff-record", args=[record._meta.model_name, record.pk])


def filled(client, record, **changes):
    """What the form sends with these fields changed."""
    form = client.get(address(record)).context["form"]
    said = {field.name: field.value() for field in form}
    return {name: "" if value is None else value for name, value in said.items()} | changes


@pytest.mark.parametrize(
    "query", [{"voucher": "v-17"}, {"payee": "undp"}, {"amount": "1234.5"}, {"project": "00102004"}]
)
def test_a_line_is_found_by_number_payee_amount_or_project(as_, record, query):
    answer = as_("clerk").get(reverse("staff-records"), query).content.decode()
    assert address(record) in answer


def test_every_field_of_a_line_can_be_corrected(as_, record, people):
    FundFactory(code="OTH00")
    clerk = as_("clerk")
    changes = {
        "organization": "FAO", "voucher_number": "V-71", "voucher_fund": "OTH00", "amount": "-5",
        "kind": "refund", "date": "2016-11-30", "description": "Wrong payee", "reason": "Typing",
    }  # fmt: skip
    answer = clerk.post(address(record), filled(clerk, record, **changes))
    assert answer.status_code == 302, answer.context["form"].errors
    load = Load.objects.latest("pk")
    assert (load.counts["changed"], load.counts["new"]) == (1, 0)
    assert "other-fund" in open_warnings(load)
    chief = as_("chief")
    url = reverse("staff-load-acknowledge", args=[load.pk])
    chief.post(url, {"code": open_warnings(load)})
    chief.post(reverse("staff-load-release", args=[load.pk]), seen(load))
    now = VoucherLine.objects.known_at().get(restates=record)
    assert (now.organization.code, now.kind, now.amount) == ("FAO", "refund", -5)
    voucher = now.voucher
    assert (voucher.number, voucher.fund.code, voucher.payee.code) == ("V-71", "OTH00", "FAO")
    assert str(voucher.payment_date) == "2016-11-30"
    record.refresh_from_db()
    assert record.withdrawn_by == load
    assert record.voucher.number == "V-17"


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("organization", "Nobody", "no organization"),
        ("voucher_fund", "XX", "no fund"),
        ("currency", "ABC", "no currency"),
        ("kind", "transfers", "valid choice"),
    ],
)
def test_what_is_not_known_here_is_refused(as_, record, field, value, message):
    clerk = as_("clerk")
    answer = clerk.post(address(record), filled(clerk, record, reason="x", **{field: value}))
    assert message in " ".join(answer.context["form"].errors[field])


def test_a_line_is_withdrawn_by_itself(as_, record, people):
    clerk = as_("clerk")
    wrong = clerk.post(address(record), {"withdraw": "1"})
    assert "reason" in wrong.context["reason_form"].errors
    clerk.post(address(record), {"withdraw": "1", "withdraw-reason": "Never paid"})
    load = Load.objects.latest("pk")
    assert (load.counts["withdrawn"], load.reason) == (1, "Never paid")
    as_("chief").post(reverse("staff-load-release", args=[load.pk]), seen(load))
    assert [line.voucher.number for line in VoucherLine.objects.known_at()] == ["18"]


def test_odd_lines_are_warned_of_with_what_to_do(enter, world, people):
    part = ParticipationFactory(project=world, organization__code="FAO")
    FundFactory(code="OTH00")
    budget = enter(
        "00102004,FAO,2016-01-01,100,USD,1",
        head="project,organization,date,amount,currency,category",
        kind="budgets",
    )
    release_load(load=budget, by=people["chief"])
    assert BudgetLine.objects.get().organization == part.organization
    load = enter(
        row("1", "80", payee="FAO"),
        row("1", "80", payee="FAO"),
        row("2", "5"),
        "3,2016-09-15,OTH00,FAO,00102004,9,USD",
        # A warning and an error come in the same round.
        row("4", "x"),
    )
    found = {remark.code: remark for remark in load.remarks.filter(severity="warning")}
    assert set(found) == {"twice", "no-part", "other-fund", "transfers-above-budget"}
    assert (found["twice"].line, found["no-part"].line, found["other-fund"].line) == (3, 4, 5)
    assert all(remark.advice for remark in found.values())
    assert load.state == "faulty"


def test_indirect_cost_above_its_rate_is_warned_of(enter, world):
    lines = ["00102004,UNDP,2016,reported,1,1000,USD", "00102004,UNDP,2016,reported,8,{},USD"]
    head = "project,organization,year,state,category,amount,currency"
    for amount, warned in (("70", False), ("80", True)):
        load = enter(*(line.format(amount) for line in lines), head=head, kind="expenditures")
        assert load.remarks.filter(code="indirect-cost").exists() is warned
        assert not load.remarks.filter(severity="error").exists()
    assert "more than 7.0 % of the direct cost" in _indirect(load)


def _indirect(load):
    return load.remarks.get(code="indirect-cost").message.replace("\xa0", " ")


def test_indirect_cost_is_measured_by_its_budget_and_else_by_the_offices_rate(enter, world, people):
    Office.objects.update_or_create(pk=1, defaults={"indirect_rate": Decimal("12.5")})
    spent = ["00102004,UNDP,2016,reported,1,1000,USD", "00102004,UNDP,2016,reported,8,{},USD"]
    head = "project,organization,year,state,category,amount,currency"

    def enter_spent(amount):
        return enter(*(line.format(amount) for line in spent), head=head, kind="expenditures")

    assert not enter_spent(120).remarks.filter(code="indirect-cost").exists()
    assert "more than 12.5 % of the direct cost" in _indirect(enter_spent(130))
    budget = enter(
        "00102004,UNDP,2016-01-01,1000,USD,1",
        "00102004,UNDP,2016-01-01,150,USD,8",
        head="project,organization,date,amount,currency,category",
        kind="budgets",
    )
    assert "12.5 %" in _indirect(budget)
    acknowledge_warnings(load=budget, codes={"indirect-cost"}, by=people["chief"])
    release_load(load=budget, by=people["chief"])
    assert not enter_spent(145).remarks.filter(code="indirect-cost").exists()
    assert "15.0 % of the direct cost of US$ 1,000 that its budget has" in _indirect(
        enter_spent(160)
    )


def test_indirect_cost_is_not_blamed_where_part_of_the_other_has_no_rate_of_exchange(
    enter, world, people
):
    head = "project,organization,date,amount,currency,category"
    budget = enter(
        "00102004,UNDP,2016-01-01,100,USD,1",
        "00102004,UNDP,2016-01-01,10000000,KRW,1",
        "00102004,UNDP,2016-01-01,50,USD,8",
        head=head,
        kind="budgets",
    )
    assert not budget.remarks.filter(code="indirect-cost").exists()
    acknowledge_warnings(load=budget, codes=set(open_warnings(budget)), by=people["chief"])
    release_load(load=budget, by=people["chief"])
    spent = enter(
        "00102004,UNDP,2016,reported,1,1000,USD",
        "00102004,UNDP,2016,reported,8,900,USD",
        head="project,organization,year,state,category,amount,currency",
        kind="expenditures",
    )
    # Of its budget's rate only a part is known, and the office's is not the one that holds.
    assert not spent.remarks.filter(code="indirect-cost").exists()


def test_a_budget_without_categories_leaves_the_offices_rate(enter, world, people):
    head = "project,organization,date,amount,currency"
    budget = enter("00102004,UNDP,2016-01-01,100,USD", head=head, kind="budgets")
    release_load(load=budget, by=people["chief"])
    spent = enter(
        "00102004,UNDP,2016,reported,1,1000,USD",
        "00102004,UNDP,2016,reported,8,80,USD",
        head="project,organization,year,state,category,amount,currency",
        kind="expenditures",
    )
    assert "more than 7.0 % of the direct cost" in _indirect(spent)

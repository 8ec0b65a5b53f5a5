"""A transfer of zero funds nothing: lists, projects and funds agree whether a balance is known."""

import pytest

from finance.figures.changes import compared
from finance.figures.fund_figures import fund_sums
from finance.figures.listed import with_own_figures
from finance.figures.sums import Totals, figures_of, total
from finance.figures.totals import listed_funds
from portal.kit.dates import TODAY
from portal.package.entity_tables import _funds
from projects.models import Project
from tests.factories import ProjectFactory, booked, deposit, expenditure, released, transfer
from tests.portal.kit import reading

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("transferred", "spent", "is_told"),
    [(None, 5, False), (0, 5, False), (0, 0, True), (None, None, True), (7, 5, True)],
)
def test_all_agree_whether_a_balance_is_known(transferred, spent, is_told):
    project = ProjectFactory()
    stated = [] if transferred is None else [transfer(project, transferred)]
    stated += [] if spent is None else [expenditure(project, spent, 2020)]
    if stated:
        released(*stated)
    assert total(figures_of([project.pk])).states_funding is is_told
    assert fund_sums(TODAY, project.fund_id).states_funding is is_told
    listed = with_own_figures(Project.objects.filter(pk=project.pk)).get()
    fund = listed_funds().get(pk=project.fund_id)
    assert (listed.balance is not None, fund.balance is not None) == (is_told, is_told)


def test_no_balance_is_told_of_a_fund_that_states_no_income(client):
    project = ProjectFactory(fund__code="SIL00")
    other = ProjectFactory(fund__code="INC00")
    released(transfer(project, 500), transfer(other, 50))
    booked(deposit(other.fund, 80))
    assert fund_sums(TODAY, project.fund_id).told("balance_aa") is None
    assert fund_sums(TODAY, other.fund_id).told("balance_aa") == 30
    listed = client.get("/api/v1/funds/?fields=code,figures.balance_aa").json()["results"]
    values = {row["code"]: row["figures"]["balance_aa"]["value"] for row in listed}
    assert values == {"SIL00": None, "INC00": "30.00"}
    packed = {row["code"]: row["balance_aa"] for row in _funds()}
    assert packed == {"SIL00": None, "INC00": 30}
    records = "/fund/{}/records/?figure=balance_aa&format=json"
    for code, told in (("SIL00", None), ("INC00", "30.00")):
        (row,) = reading.json_object(client.get(records.format(code)))["totals"]
        assert row["values"]["counted"] == told
    assert "-500" not in client.get("/fund/SIL00.md").content.decode()


def test_changes_tell_no_balance_of_who_states_no_transfer():
    project = ProjectFactory()
    released(expenditure(project, 5, 2020))
    spent = total(figures_of([project.pk]))
    balance = next(c for c in compared(Totals(), spent) if c.figure == "balance")
    assert (balance.before, balance.after, balance.difference) == (0, None, None)
    assert balance.differs


@pytest.mark.parametrize(
    ("transferred", "follows_rules", "is_overspent"),
    [
        (None, False, False),
        (0, False, False),
        (1, False, True),
        (None, True, True),
        (9, True, False),
    ],
)
def test_page_and_list_agree_who_spent_too_much(client, transferred, follows_rules, is_overspent):
    project = ProjectFactory(fund__follows_rules=follows_rules)
    stated = [] if transferred is None else [transfer(project, transferred)]
    released(*stated, expenditure(project, 5, 2020))
    rows = reading.json_object(client.get("/projects/overspent/?format=json"))["rows"]
    assert bool(rows) is is_overspent
    page = client.get(project.get_absolute_url()).content.decode()
    assert ("above the net funded amount" in page) is is_overspent

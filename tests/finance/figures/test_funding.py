"""A transfer of zero funds nothing: lists, projects and funds agree whether a balance is known."""

import pytest

from finance.figures.fund_figures import fund_sums
from finance.figures.listed import with_own_figures
from finance.figures.sums import figures_of, total
from finance.figures.totals import listed_funds
from portal.kit.dates import TODAY
from projects.models import Project
from tests.factories import ProjectFactory, expenditure, released, transfer

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

"""The short lists of a factsheet, whose statements are put together once for all projects."""

from operator import attrgetter

import pytest

from portal.kit.dates import TODAY
from portal.public.project_page import OF_TODAY, ProjectPage
from projects.models import Office, Project
from tests.factories import FundFactory, ProjectFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def projects() -> list[Project]:
    whole, *others = ProjectFactory.create_batch(3, fund=FundFactory(follows_rules=True))
    return [whole, *others, ProjectFactory(parent=whole), ProjectFactory(parent=others[0])]


@pytest.mark.parametrize("path", OF_TODAY)
def test_a_list_asks_what_it_asks_by_itself_of_whatever_project(
    path: str, projects: list[Project]
) -> None:
    for project in projects:
        page = ProjectPage(project, TODAY, Office(), {})
        kept = OF_TODAY[path].of(**page.values).part
        assert (kept.statement, kept.values) == attrgetter(path)(page).query.sql_with_params()

"""Of many projects, pages do not work out at a glance what takes long."""

from datetime import date

import pytest

from portal.reporting.kept_reports import keep_reports
from tests.factories import (
    FundFactory,
    OrganizationFactory,
    ParticipationFactory,
    ProjectFactory,
    released,
    transfer,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def paths():
    """Home, a fund and an organization with two projects of which reports are due."""
    fund, organization = FundFactory(code="F1"), OrganizationFactory(code="O1")
    projects = [ProjectFactory(fund=fund) for _ in range(2)]
    for project in projects:
        ParticipationFactory(project=project, organization=organization)
    released(
        *(transfer(p, 10, date(2020, 1, 1), organization_id=organization.pk) for p in projects)
    )
    return ("/", "/fund/F1/", "/organization/O1/")


def test_few_are_counted(client, paths):
    home, *pages = (client.get(path) for path in paths)
    assert home.context["overdue"]
    assert all(page.context["reports"]["facts"] for page in pages)


def test_of_many_only_their_list_is_linked(client, paths, monkeypatch):
    monkeypatch.setattr("portal.reporting.due_reports.AT_A_GLANCE", 1)
    home, *pages = (client.get(path) for path in paths)
    assert "overdue" not in home.context
    assert "Late or missing reports" in home.text
    for page in pages:
        assert "too many projects here" in page.text
        assert "All reports" in page.text


def test_of_many_that_are_kept_all_are_counted(client, paths, monkeypatch):
    monkeypatch.setattr("portal.reporting.due_reports.AT_A_GLANCE", 1)
    keep_reports()
    home, *pages = (client.get(path) for path in paths)
    assert home.context["overdue"]
    assert all(page.context["reports"]["facts"] for page in pages)

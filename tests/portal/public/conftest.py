"""A small portfolio with awkward values, and counts of SQL statements."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from finance.models import BudgetCategory
from portal.host.watched import unwatched
from projects.models import Project
from tests.factories import (
    ContactFactory,
    DocumentFactory,
    OrganizationFactory,
    ParticipationFactory,
    ProjectFactory,
    budget,
    expenditure,
    released,
    transfer,
)


@pytest.fixture
def statements(client: Client) -> Callable[[str], list[str]]:
    """The SQL statements that a page takes; it must answer 200.

    They read only what is watched for changes: else what is kept of the page would be old. What
    was worked out before says the same as working it out would.
    """
    worked_out = {f"portal_report{name}" for name in ("sanew", "sof", "kept", "tally")}
    unseen = [f'"{table}"' for table in unwatched()["tables"] if table not in worked_out]

    def taken(url: str) -> list[str]:
        with CaptureQueriesContext(connection) as captured:
            response: Any = client.get(url)
            if response.streaming:
                list(response.streaming_content)
        assert response.status_code == 200
        # What holds a place or bounds the others reads nothing.
        bounds = ("SELECT EXISTS (SELECT FROM generate_series", "SET LOCAL statement_timeout")
        taken = [query["sql"] for query in captured if not query["sql"].startswith(bounds)]
        assert [(t, sql) for sql in taken for t in unseen if t in sql] == []
        return taken

    return taken


@pytest.fixture
def funded() -> Callable[..., Project]:
    """Makes a project with so many vouchers, organizations, documents and contacts."""

    def make(
        vouchers: int = 1,
        organizations: int = 1,
        documents: int = 1,
        contacts: int = 1,
        **fields: Any,
    ) -> Project:
        project = ProjectFactory(**fields)
        parts = OrganizationFactory.create_batch(organizations)
        for organization in parts:
            ParticipationFactory(project=project, organization=organization)
        DocumentFactory.create_batch(documents, project=project)
        ContactFactory.create_batch(contacts, project=project)
        category = BudgetCategory.objects.all()[0]
        lines = [
            budget(project, 5000, organization_id=o.pk, category_id=category.pk) for o in parts
        ]
        lines += [expenditure(project, 70, organization_id=o.pk) for o in parts]
        lines += [
            transfer(
                project,
                1000 + number,
                date(2015, 1, 1) + timedelta(number * 9),
                organization_id=parts[number % organizations].pk,
            )
            for number in range(vouchers)
        ]
        released(*lines)
        return project

    return make

"""The staff's pages ask as few questions for many loads, rows and remarks as for few."""

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from finance.loading.services import release_load
from portal.withholding.services import withhold
from portal.work.exports import ask_for_export, make_export
from tests.factories import OrganizationFactory, ProjectFactory
from tests.portal.staff.conftest import row

PAGES = {
    "staff": 30,
    "staff-loads": 12,
    "staff-load-new": 15,
    "staff-load": 40,
    "staff-load-lines": 20,
    "staff-load-remarks": 12,
    "staff-load-mapping": 20,
    "staff-load-mend": 20,
    "staff-records": 16,
    "staff-exports": 20,
    "staff-formats": 8,
    "staff-withholding": 15,
}


@pytest.fixture
def client(client, people):
    """Signed in as somebody who may do everything."""
    both = people["both"]
    both.user_permissions.add(Permission.objects.get(codename="withhold"))
    client.force_login(both)
    return client


@pytest.fixture
def grow(enter, people, world):
    """Adds some of everything that these pages list; returns the newest load, as checked."""

    def more(times):
        by = people["both"]
        for _time in range(times):
            project = ProjectFactory(fund=world.fund)
            payee = OrganizationFactory()
            lines = [row("1", "100", project=project.number, payee=payee.code)]
            release_load(load=enter(*_all_lines(lines)), by=people["chief"])
            make_export(ask_for_export(owner=by, query=QueryDict(), format="csv"))
            withhold(kind="project-narrative", target_id=project.pk, reason="danger", by=by)
        faults = [row("2", f"{n}x") for n in range(times)]
        newest = [row("3", "5", "2001-01-01") for _ in range(times)]
        enter(*_all_lines([]), *faults)
        return enter(*_all_lines([]), *newest)

    stated = []

    def _all_lines(lines):
        stated.extend(lines)
        return stated

    return more


def test_pages_ask_as_few_questions_for_many(client, grow):
    few, many = (_questions(client, grow(times)) for times in (2, 9))
    assert {page: (few[page], many[page]) for page in PAGES if many[page] > few[page]} == {}
    assert {page: few[page] for page in PAGES if few[page] > PAGES[page]} == {}


def _questions(client, load):
    """How many each page asks when it is read again."""
    counts = {}
    for page in PAGES:
        with_load = page.startswith("staff-load-") and page != "staff-load-new"
        url = reverse(page, args=[load.pk] if with_load or page == "staff-load" else [])
        assert client.get(url).status_code == 200
        with CaptureQueriesContext(connection) as asked:
            client.get(url)
        counts[page] = len(asked)
    return counts

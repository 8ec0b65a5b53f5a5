"""Where something waits for a worker, and none runs, the page says so."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from documents.models import DocumentType, Upload
from portal.health import worker_seen
from portal.health.worker_seen import said_of_worker, say_so
from portal.models import Export, IatiComparison, IatiLook, WorkerSign
from tests.factories import LoadFactory, OrganizationFactory, ProjectFactory

pytestmark = pytest.mark.django_db
NOBODY = "No background worker has run"


def _last_seen(**ago):
    WorkerSign.objects.all().delete()
    WorkerSign.objects.create(name="one", seen_at=timezone.now() - timedelta(**ago))


@pytest.fixture
def pages(admin_user):
    """Pages on which something waits for a worker."""
    load = LoadFactory(state="received", released_at=None)
    export = Export.objects.create(owner=admin_user, format="csv", known=timezone.now())
    IatiLook.objects.create(by=admin_user)
    comparison = IatiComparison.objects.create(
        organization=OrganizationFactory(), address="https://example.org/a.xml"
    )
    upload = Upload.objects.create(
        project=ProjectFactory(),
        by=admin_user,
        file_name="a.pdf",
        declared_size=1,
        state="waiting",
        title="A",
        type=DocumentType.objects.first(),
    )
    return [
        reverse("gateway-upload", args=[upload.pk]),
        reverse("gateway"),
        reverse("staff-iati"),
        reverse("staff-iati-comparison", args=[comparison.pk]),
        reverse("staff-iati-comparisons"),
        reverse("staff-exports"),
        reverse("staff"),
        reverse("staff-load", args=[load.pk]),
        reverse("staff-load-progress", args=[load.pk]),
        reverse("staff-export", args=[export.pk]),
    ]


def test_each_page_that_waits_says_that_no_worker_runs(admin_client, pages):
    for page in pages:
        assert NOBODY in admin_client.get(page).content.decode(), page
    _last_seen(minutes=10)
    for page in pages:
        assert f"{NOBODY} since" in admin_client.get(page).content.decode(), page


def test_none_says_so_while_one_runs(admin_client, pages):
    say_so()
    for page in pages:
        assert NOBODY not in admin_client.get(page).content.decode(), page


def test_a_worker_is_missed_after_minutes_not_at_once():
    _last_seen(seconds=2 * worker_seen.SECONDS)
    assert said_of_worker() == ""
    _last_seen(minutes=4)
    assert said_of_worker().startswith(f"{NOBODY} since")


def test_a_worker_that_was_killed_is_soon_not_counted():
    _last_seen(seconds=2 * worker_seen.SECONDS)
    assert worker_seen.workers() == 1
    _last_seen(seconds=3 * worker_seen.SECONDS)
    assert worker_seen.workers() == 0


def test_signs_of_workers_that_ended_are_forgotten_but_the_newest():
    _last_seen(days=3)
    assert worker_seen.last_seen() < timezone.now() - timedelta(days=2)
    say_so()
    assert WorkerSign.objects.count() == worker_seen.workers() == 1

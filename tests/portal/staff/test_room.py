"""The room's home: what verification found, and the way in for those who may enter."""

from datetime import timedelta

import pytest
from django.utils import timezone

from finance.models import VerifyResult

pytestmark = pytest.mark.django_db
LOUD = "Verification found a difference"


def _result(*, ok, minutes_ago=0, projects=None):
    ended = timezone.now() - timedelta(minutes=minutes_ago)
    return VerifyResult.objects.create(
        began_at=ended - timedelta(seconds=3),
        ended_at=ended,
        projects=projects,
        seal_number=7,
        seal_hash="a" * 64,
        ok=ok,
        difference="" if ok else "Row 3 is not what was sealed.",
    )


def test_the_room_says_that_nothing_was_verified_yet(as_):
    assert "never yet" in as_("looker").get("/staff/").content.decode()


def test_the_room_tells_quietly_that_all_agrees(as_):
    _result(ok=True)
    page = as_("looker").get("/staff/").content.decode()
    assert "all agrees" in page
    assert LOUD not in page


def test_a_difference_is_told_loudly_with_its_words(as_):
    _result(ok=True, minutes_ago=9)
    _result(ok=False)
    page = as_("looker").get("/staff/").content.decode()
    assert page.index(LOUD) < page.index("What you can do")
    assert "Row 3 is not what was sealed." in page


def test_a_look_at_other_projects_does_not_clear_a_difference(as_):
    _result(ok=False, minutes_ago=5, projects=2)
    _result(ok=True, projects=1)
    assert LOUD in as_("looker").get("/staff/").content.decode()


def test_a_difference_is_cleared_once_everything_agrees(as_):
    _result(ok=False, minutes_ago=5, projects=2)
    _result(ok=True)
    assert LOUD not in as_("looker").get("/staff/").content.decode()


def test_the_public_learns_that_something_differs_and_not_what(client):
    _result(ok=True, minutes_ago=9)
    assert "all agreed" in client.get("/seals/").content.decode()
    _result(ok=False)
    page = client.get("/seals/").content.decode()
    assert "found a difference" in page
    assert "all agreed" not in page
    assert "Row 3" not in page


def test_the_public_learns_that_the_chain_was_never_verified(client):
    assert "has not been recomputed yet" in client.get("/seals/").content.decode()


@pytest.mark.parametrize(
    ("role", "is_there"), [("anonymous", False), ("gateway", False), ("looker", True)]
)
def test_the_way_to_the_room_is_in_the_header_for_staff_only(as_, role, is_there):
    page = as_(role).get("/projects/").content.decode()
    assert ('<a href="/staff/"' in page) is is_there

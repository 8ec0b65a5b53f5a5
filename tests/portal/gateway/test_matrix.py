"""Who may do what, written down: every address of the gateway × role × own or foreign project."""

from datetime import timedelta

import pytest
from django.db import InternalError, connection, transaction
from django.db.utils import ProgrammingError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from documents.access import grant_access, withdraw_access
from documents.models import GatewayAccess, Upload
from portal.gateway.urls import urlpatterns
from portal.staff.people.urls import urlpatterns as people_urlpatterns
from tests.databases import REFUSED
from tests.factories import UserFactory

ROLES = (
    "anonymous", "nobody", "expired", "project", "fund", "organization", "clerk", "releaser",
    "manager", "admin",
)  # fmt: skip
OF_NOTHING = frozenset(
    {
        "gateway",
        "gateway-reports",
        "gateway-begin",
        "gateway-together",
        "staff-reviews",
        "staff-people",
        "staff-invite",
    }
)
# 302 of the first is the way to the sign-in; 404: it is not told whether there is such a thing.
HOME = (302, 403, 403, 200, 200, 200, 200, 200, 200, 200)
OWN = (302, 403, 403, 200, 200, 200, 200, 200, 200, 200)
FOREIGN = (302, 403, 403, 404, 404, 404, 200, 200, 200, 200)
# A file on its way is its uploader's alone; the reviewer has an address of his own.
MINE = (302, 403, 403, 200, 404, 404, 404, 404, 404, 404)
STAFF = (302, 403, 403, 403, 403, 403, 200, 200, 200, 200)
OWN_FUND = (302, 403, 403, 404, 200, 404, 200, 200, 200, 200)
GETS = {
    "gateway": (HOME, HOME),
    "gateway-reports": (HOME, HOME),
    "gateway-project": (OWN, FOREIGN),
    "gateway-fund": (OWN_FUND, FOREIGN),
    "gateway-document": (OWN, FOREIGN),
    "gateway-version-file": (OWN, FOREIGN),
    # Where nothing waits to be completed, it leads home.
    "gateway-together": ((302, 403, 403, *[302] * 7), (302, 403, 403, *[302] * 7)),
    "gateway-upload": (MINE, (302, 403, 403, *[404] * 7)),
    "gateway-upload-file": (MINE, (302, 403, 403, *[404] * 7)),
    "staff-reviews": (STAFF, STAFF),
    "staff-review-file": (STAFF, STAFF),
    "staff-people": (STAFF, STAFF),
    "staff-invite": (STAFF, STAFF),
    "staff-person": (STAFF, STAFF),
}


def _acts(own):
    """Acting leads back by 302, where it is not refused."""
    return tuple(302 if status == 200 else status for status in own)


POSTS = {
    "gateway-begin": ((302, 403, 403, *[200] * 7), (302, 403, 403, 404, 404, 404, *[200] * 4)),
    "gateway-part": ((302, 403, 403, 400, *[404] * 6), (302, 403, 403, *[404] * 7)),
    "gateway-finish": ((302, 403, 403, 200, *[404] * 6), (302, 403, 403, *[404] * 7)),
    "gateway-drop": (_acts(MINE), (302, 403, 403, *[404] * 7)),
    "gateway-version": (OWN, FOREIGN),  # without a file: the page says so
    "gateway-publish": (_acts(OWN), _acts(FOREIGN)),
    "gateway-hold": (_acts(OWN), _acts(FOREIGN)),
    "gateway-withdraw": (_acts(OWN), _acts(FOREIGN)),
    "gateway-restore": (_acts(OWN), _acts(FOREIGN)),
    "staff-person-grant": (STAFF, STAFF),
    "staff-person-invite": (_acts(STAFF), _acts(STAFF)),
    "staff-person-sign-out": (_acts(STAFF), _acts(STAFF)),
    "staff-person-factors": (_acts(STAFF), _acts(STAFF)),
    "staff-person-active": (_acts(STAFF), _acts(STAFF)),
    "staff-right-withdraw": (_acts(STAFF), _acts(STAFF)),
}


def test_every_address_stands_in_the_table():
    names = {pattern.name for pattern in [*urlpatterns, *people_urlpatterns]}
    assert names == set(GETS) | set(POSTS)


@pytest.fixture
def address(own, foreign, people, draft, kept):
    """The address of a page by its name, of one's own project or of a foreign one."""
    made = {}

    def arguments(name, of):
        whose = "project" if of is own else "admin"
        if name == "staff-review-file":
            upload = draft(of, whose)
            Upload.objects.filter(pk=upload.pk).update(state="review")
            return [upload.pk]
        if name in {"gateway-upload", "gateway-upload-file", "gateway-finish", "gateway-drop"}:
            key = (of.pk, whose)
            if key not in made or not Upload.objects.filter(pk=made[key].pk).exists():
                made[key] = draft(of, whose)
            return [made[key].pk]
        if name == "gateway-part":
            return [*arguments("gateway-finish", of), 0]
        if name in OF_NOTHING:
            return []
        if name in {"gateway-project", "gateway-fund"}:
            return [of.number if name == "gateway-project" else of.fund.code]
        if name.startswith("staff-person"):
            return [people["nobody"].pk]
        if name == "staff-right-withdraw":
            return [people["project"].gateway_access.first().pk]
        if of.pk not in made:
            made[of.pk] = kept(of)
        return [made[of.pk].pk, *([1] if name == "gateway-version-file" else [])]

    return lambda name, of: reverse(name, args=arguments(name, of))


def _status(response):
    if response.streaming:
        assert b"".join(response.streaming_content)
    return response.status_code


def _uploader(role, which):
    return role == ("project" if which == 0 else "admin")


@pytest.mark.parametrize("which", [0, 1], ids=["own", "foreign"])
@pytest.mark.parametrize("name", GETS)
def test_who_may_look(name, which, as_, address, own, foreign):
    of = (own, foreign)[which]
    answers = [_status(as_(role).get(address(name, of))) for role in ROLES]
    wanted = list(GETS[name][which])
    if name in {"gateway-upload", "gateway-upload-file"} and which:
        wanted[-1] = 200  # the administrator uploaded that one
    assert answers == wanted


@pytest.mark.parametrize("which", [0, 1], ids=["own", "foreign"])
@pytest.mark.parametrize("name", POSTS)
def test_who_may_act(name, which, as_, address, own, foreign):
    of = (own, foreign)[which]
    data, options = {}, {}
    if name == "gateway-begin":
        data = {"kind": "project", "key": of.number, "name": "a.pdf", "size": 5}
        options = {"content_type": "application/json"}
    answers = [_status(as_(role).post(address(name, of), data, **options)) for role in ROLES]
    wanted = list(POSTS[name][which])
    if which and name in {"gateway-part", "gateway-finish", "gateway-drop"}:
        wanted[-1] = {"gateway-part": 400, "gateway-finish": 200, "gateway-drop": 302}[name]
    if name in {"gateway-withdraw", "gateway-restore"}:
        # Without a reason the page comes again.
        may = {"anonymous"} if name == "gateway-withdraw" else {"anonymous", *ROLES[1:6]}
        pairs = zip(ROLES, wanted, strict=True)
        wanted = [200 if one == 302 and role not in may else one for role, one in pairs]
    assert answers == wanted


@pytest.mark.parametrize("name", sorted(set(POSTS) - set(GETS)))
def test_a_link_does_nothing(name, as_, address, own):
    assert as_("project").get(address(name, own)).status_code == 405


def test_a_form_from_another_site_does_nothing(people, address, own):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(people["project"])
    for name in POSTS:
        assert strict.post(address(name, own)).status_code == 403, name


def test_a_right_that_is_withdrawn_ends_at_once(as_, people, address, own):
    client = as_("project")
    assert client.get(address("gateway-project", own)).status_code == 200
    right = people["project"].gateway_access.get()
    as_("manager").post(reverse("staff-right-withdraw", args=[right.pk]))
    right.refresh_from_db()
    assert right.withdrawn_by == people["manager"]
    assert as_("project").get(address("gateway-project", own)).status_code == 403


def test_staff_give_a_right_and_it_holds(as_, people, foreign):
    url = reverse("staff-person-grant", args=[people["nobody"].pk])
    values = {"project": foreign.number, "valid_from": "2020-01-01"}
    assert as_("manager").post(url, values).status_code == 302
    assert as_("nobody").get(reverse("gateway-project", args=[foreign.number])).status_code == 200
    assert people["nobody"].gateway_access.get().granted_by == people["manager"]
    two = {**values, "fund": foreign.fund.code}
    assert "Name one project" in as_("manager").post(url, two).content.decode()


def test_only_administrators_make_staff(as_, people):
    values = {"email": "x@x.org", "role": "portfolio manager"}
    url = reverse("staff-invite")
    assert as_("manager").post(url, values).status_code == 200
    assert as_("admin").post(url, values).status_code == 302
    # Nor does a manager sign an administrator out, or lock them out.
    for name in ("sign-out", "active", "factors", "grant"):
        action = reverse(f"staff-person-{name}", args=[people["admin"].pk])
        assert as_("manager").post(action).status_code == 403


def test_a_right_that_begins_tomorrow_opens_nothing_today(client, own):
    user = UserFactory(email="tomorrow@x.org")
    tomorrow = timezone.localdate() + timedelta(days=1)
    grant_access(user=user, by=None, of=own, valid_from=tomorrow)
    client.force_login(user)
    url = reverse("gateway-project", args=[own.number])
    assert client.get(url).status_code in {403, 404}
    GatewayAccess.objects.create(user=user, fund=own.fund, valid_from=timezone.localdate())
    assert client.get(url).status_code == 200


def test_the_log_of_rights_is_not_rewritten(people, own):
    right = GatewayAccess.objects.get(user=people["project"])
    withdraw_access(right=right, by=people["admin"])
    for change in ({"withdrawn_at": None}, {"valid_to": None}, {"user": people["nobody"]}):
        with pytest.raises((InternalError, ProgrammingError), match=REFUSED), transaction.atomic():
            GatewayAccess.objects.filter(pk=right.pk).update(**change)
    with (
        pytest.raises((InternalError, ProgrammingError), match=REFUSED),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("DELETE FROM documents_gatewayaccess")

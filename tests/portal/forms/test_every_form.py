"""Every form: sent twice it is done once, an ended session loses nothing, nobody's change is
overwritten unseen; also without a mail server and without a worker."""

import time
from contextlib import AbstractContextManager
from html import unescape
from types import SimpleNamespace
from typing import Any

import pytest
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY as METHODS
from allauth.core.context import request_context
from django.conf import settings as site_settings
from django.core.cache import cache
from django.db.models import Model
from django.test import Client, RequestFactory
from django_tasks_db.models import DBTaskResult

from portal.models import OutgoingMail
from portal.staff.exports import views as exports
from tests.portal.forms import (  # noqa: F401 – each declares its rows
    of_accounts,
    of_administration,
    of_gateway,
    of_loads,
    of_public,
    of_staff,
)
from tests.portal.forms.addresses import names_of_forms
from tests.portal.forms.exempt import EXEMPT
from tests.portal.forms.of_administration import edited_by_hand
from tests.portal.forms.people import World
from tests.portal.forms.sending import read, send, sheet
from tests.portal.forms.table import ROWS, Row

pytestmark = pytest.mark.django_db
AGAIN = "/accounts/again/"


@pytest.fixture(scope="module")
def kept(module_db: Any) -> World:
    """People and a project, made once for all rows."""
    return World()


@pytest.fixture
def world(db: None, kept: World, settings: Any, monkeypatch: Any) -> World:
    """The same, on a site whose mail goes nowhere and for which nobody works."""
    settings.EMAIL_BACKEND = site_settings.MAIL_QUEUE
    settings.MAIL_DELIVERY = "no.such.Backend"
    settings.CLAMD_ADDRESS = "127.0.0.1:1"
    monkeypatch.setattr(exports, "AT_ONCE", 0)
    cache.clear()
    return kept


@pytest.fixture
def walk(request: Any, world: World, django_capture_on_commit_callbacks: Any) -> SimpleNamespace:
    """A row, where its form is, and a browser for each who sends it."""
    row: Row = ROWS[request.param]
    place = row.given(world)
    return SimpleNamespace(
        row=row,
        page=place.page,
        action=place.action or place.page,
        sent={**row.sent, **place.sent},
        browser=lambda who: _signed_in(world.people[who], row),
        commits=lambda: django_capture_on_commit_callbacks(execute=True),
    )


def _signed_in(person: Any, row: Row) -> Client:
    client = Client()
    if person is not None:
        client.force_login(person)
    if row.fresh:
        session = client.session
        session[METHODS] = [{"method": "password", "at": time.time(), "email": person.email}]
        session.save()
    return client


def _stands(models: tuple[type[Model], ...]) -> list[Any]:
    """All that stands of what the form changes, its mails and its work included."""
    rows = [sorted(map(_plain, model._default_manager.values_list())) for model in models]
    return [*rows, OutgoingMail.objects.count(), DBTaskResult.objects.count()]


def _plain(values: tuple[Any, ...]) -> str:
    return repr([bytes(one) if isinstance(one, memoryview) else one for one in values])


def _post(walk: Any, client: Client, data: dict[str, Any]) -> Any:
    commits: AbstractContextManager[Any] = walk.commits()
    # Mails of one's account are made after the commit, still within the request.
    with request_context(RequestFactory().get("/")), commits:
        return send(client, walk.action, data)


def test_every_address_that_takes_a_form_has_a_row() -> None:
    rows = {row.name for row in ROWS.values() if not row.name.startswith("admin:")}
    names = names_of_forms()
    assert not names - rows - set(EXEMPT), sorted(names - rows - set(EXEMPT))
    assert not (rows | set(EXEMPT)) - names, sorted((rows | set(EXEMPT)) - names)


def test_every_model_that_is_edited_in_the_administration_has_a_row(world: World, rf: Any) -> None:
    request = rf.get("/")
    request.user = world.people["admin"]
    assert edited_by_hand(request) == set(of_administration.THINGS)


of_all = pytest.mark.parametrize("walk", sorted(ROWS), indirect=True)


@of_all
def test_it_outlives_its_session_and_sent_twice_is_done_once(walk: Any, world: World) -> None:
    client = walk.browser(walk.row.by)
    data = sheet(client, walk.page, walk.action, walk.sent)
    if walk.row.by:
        client.logout()
        _is_kept(walk, client, data, world.people[walk.row.by])
    if walk.row.fresh:
        client = walk.browser(walk.row.by)
    _is_done_once(walk, client, data)


def _is_kept(walk: Any, client: Client, data: dict[str, Any], person: Any) -> None:
    """Nothing was done; whoever signs in again finds what was typed, and may send it on."""
    before = _stands(walk.row.watched)
    door = _post(walk, client, data)
    assert (door.status_code, _stands(walk.row.watched)) == (302, before)
    way = door["Location"].partition("next=")[2]
    client.force_login(person)
    assert way.startswith(AGAIN), door["Location"]
    text = unescape(client.get(way).content.decode())
    assert f'action="{walk.action}"' in text
    if typed := walk.row.typed:
        assert f'name="{typed}" value="{walk.sent[typed]}"' in text


def _is_done_once(walk: Any, client: Client, data: dict[str, Any]) -> None:
    """Done, by the way back to the page as well, and said to be; the same again changes nothing."""
    row, before, mails = walk.row, _stands(walk.row.watched), OutgoingMail.objects.count()
    first = _post(walk, client, data)
    said = read(client, first)
    after = _stands(row.watched)
    assert after != before, said
    assert first.status_code == (200 if row.here else 302), said
    assert row.says in said, said
    assert OutgoingMail.objects.count() == mails + row.mails
    again = _post(walk, client, data)
    there = (first.status_code, first.get("Location"))
    assert (again.status_code, again.get("Location")) == there
    assert _stands(row.watched) == after


@of_all
def test_from_a_page_that_is_no_longer_true_nothing_is_done_unseen(walk: Any) -> None:
    row = walk.row
    client, other = walk.browser(row.by), walk.browser(row.also or row.by)
    data = sheet(client, walk.page, walk.action, walk.sent)
    changed = {row.typed: f"{walk.sent[row.typed]} too"} if row.typed else {}
    theirs = sheet(other, walk.page, walk.action, {**walk.sent, **changed})
    _post(walk, client, data)
    after = _stands(row.watched)
    said = read(other, _post(walk, other, theirs))
    assert (_stands(row.watched) == after) == bool(row.told), said
    assert row.told in said, said
    if row.typed and row.told:
        # The way back of the first: what is typed anew there is not lost either.
        said = read(client, _post(walk, client, data | changed))
        assert row.told in said, said
        assert _stands(row.watched) == after

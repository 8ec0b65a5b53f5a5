"""What a reversed load said of a project's status is not held against the project."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from lxml import html

from finance.loading.entities import stating
from finance.loading.files import load_file
from finance.loading.services import confirm_withdrawal, release_load, reverse_load
from finance.models import Load, Source
from portal.iati.load import IatiLoad
from projects.models import Office, Project, StatusChange, User
from tests.factories import FundFactory, ProjectFactory, SourceFactory, UserFactory
from tests.portal.iati.test_load import iati, money

pytestmark = pytest.mark.django_db
HEAD = "number,title,fund,status,status_on"


@pytest.fixture(autouse=True)
def _one_person(db: None) -> None:
    Office.objects.update_or_create(pk=1, defaults={"four_eyes": False})


@pytest.fixture
def source() -> Source:
    """The source of the lists."""
    made = SourceFactory()
    assert isinstance(made, Source)
    return made


@pytest.fixture
def listed(tmp_path: Path, source: Source) -> Callable[..., Load]:
    """Load a list of projects with this row."""

    def take(status: str, day: str = "") -> Load:
        path = tmp_path / "projects.csv"
        path.write_text(f"{HEAD}\nP1,Wells,F1,{status},{day}\n")
        return load_file(path, source=source, kind="projects")

    FundFactory(code="F1")
    return take


def undo(load: Load) -> Load:
    """Reverse it."""
    by = UserFactory(is_staff=True)
    assert isinstance(by, User)
    reversal = reverse_load(load=load, by=by, reason="Wrong file")
    confirm_withdrawal(load=reversal, by=by)
    return release_load(load=reversal, by=by)


def steps() -> list[tuple[str, str]]:
    """The log of the project's status."""
    rows = StatusChange.objects.order_by("set_on", "pk").values_list("status", "set_on")
    return [(status, str(day)) for status, day in rows]


def status() -> tuple[str, str]:
    """Its status, and since when."""
    found = Project.objects.get()
    return found.status, str(found.status_on or "")


def test_the_status_is_again_what_an_earlier_load_stated(listed: Any) -> None:
    listed("on-going")
    load = listed("operationally-closed", "2018-01-22")
    assert steps() == [("operationally-closed", "2018-01-22")]
    undo(load)
    assert (status(), steps()) == (("on-going", ""), [])


def test_a_step_that_two_loads_state_is_logged_once(listed: Any) -> None:
    listed("operationally-closed", "2018-01-22")
    undo(listed("financially-closed", "2020-05-01"))
    assert status() == ("operationally-closed", "2018-01-22")
    assert steps() == [("operationally-closed", "2018-01-22")]


def test_of_a_project_that_the_load_made_the_status_is_not_stated(
    listed: Any, client: Client
) -> None:
    load = listed("operationally-closed", "2018-01-22")
    undo(load)
    assert (status(), steps()) == (("not-stated", ""), [])
    assert "closed on" not in client.get("/project/P1/").content.decode()
    # The same file says it again.
    listed("operationally-closed", "2018-01-22")
    assert status() == ("operationally-closed", "2018-01-22")
    assert steps() == [("operationally-closed", "2018-01-22")]


def test_of_a_project_made_by_hand_the_status_is_that_of_before(listed: Any) -> None:
    project = ProjectFactory(number="P1", fund=FundFactory(), status="on-going")
    load = listed("operationally-closed", "2018-01-22")
    undo(load)
    assert (status(), steps()) == (("on-going", ""), [])
    # What staff say after the load is theirs.
    load = listed("operationally-closed", "2018-01-22")
    project.refresh_from_db()
    project.status = "suspended"
    project.save()
    StatusChange.objects.create(project=project, status="suspended", set_on=date(2019, 1, 1))
    undo(load)
    assert (status()[0], steps()) == ("suspended", [("suspended", "2019-01-01")])


def test_a_status_without_a_day_does_not_take_that_of_another_status(listed: Any) -> None:
    listed("operationally-closed", "2018-01-22")
    listed("financially-closed")
    assert status() == ("financially-closed", "")
    assert steps() == [("operationally-closed", "2018-01-22")]


def test_iati_is_taken_back_alike(tmp_path: Path, client: Client) -> None:
    path = tmp_path / "file.xml"
    over = '<activity-status code="3"/><activity-date type="4" iso-date="2019-05-01"/>'
    path.write_text(iati(money(3, 100), extra='<activity-status code="2"/>'))
    IatiLoad(path).run()
    before = steps()
    path.write_text(iati(money(3, 100), extra=over))
    load = IatiLoad(path).run().load
    assert ("operationally-closed", "2019-05-01") in steps()
    undo(load)
    assert (status()[0], steps()) == ("on-going", before)
    assert "closed" not in client.get("/project/XX-1/?as_of=2026-01-01").content.decode().lower()


def test_a_status_that_another_source_states_still_stands_and_is_its_step(
    tmp_path: Path, listed: Any
) -> None:
    over = "operationally-closed", "2018-01-22"
    listed("on-going")
    first = listed(*over)
    path = tmp_path / "others.csv"
    path.write_text(f"{HEAD}\nP1,Wells,F1,{','.join(over)}\n")
    other = load_file(path, source=SourceFactory(), kind="projects")
    undo(first)
    assert (status(), steps()) == (over, [over])
    assert StatusChange.objects.get().stated_by == other.pk
    undo(other)
    assert (status(), steps()) == (("on-going", ""), [])


def test_what_of_a_reversed_load_stands_is_said_by_its_kind(
    tmp_path: Path, listed: Any, admin_client: Client
) -> None:
    path = tmp_path / "file.xml"
    path.write_text(iati(money(3, 100)))
    loads = [IatiLoad(path).run().load, listed("on-going")]
    for load, kept in zip(loads, ("documents", "stays"), strict=True):
        undo(load)
        page = html.fromstring(admin_client.get(f"/staff/load/{load.pk}/").content)
        text = " ".join(page.get_element_by_id("reversed").text_content().split())
        assert "nothing of it stands" not in text and kept in text


def test_each_kind_of_entities_is_known_as_one() -> None:
    assert {kind for kind in Load.Kind.values if Load(kind=kind).states_entities} == set(
        stating.MODELS
    )

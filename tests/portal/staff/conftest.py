"""People of the staff, and loads in every state."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.files.base import ContentFile
from django.test import Client

from finance.loading.scopes import Scope
from finance.loading.services import check_load, receive_load
from finance.models import Load
from projects.models import Office, Project, User
from tests.factories import OrganizationFactory, ProjectFactory, SourceFactory, UserFactory

HEAD = "voucher,payment_date,fund,payee,project,amount,currency"


def _person(email: str, *codenames: str, is_staff: bool = True) -> User:
    user = UserFactory(email=email, is_staff=is_staff)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    return user


@pytest.fixture
def people(db: None) -> dict[str, Any]:
    """One person of each role; None is somebody who has not signed in."""
    return make_people()


def make_people() -> dict[str, Any]:
    """Those of `people`."""
    return {
        "anonymous": None,
        "gateway": _person("gateway@x.org", "add_load", "release_load", is_staff=False),
        "looker": _person("looker@x.org", "view_load"),
        "clerk": _person("clerk@x.org", "add_load"),
        "chief": _person("chief@x.org", "release_load"),
        "both": _person("both@x.org", "add_load", "release_load"),
    }


@pytest.fixture
def as_(client: Client, people: dict[str, Any]) -> Callable[[str], Client]:
    """The client signed in as this person."""

    def sign_in(role: str) -> Client:
        client.logout()
        if people[role]:
            client.force_login(people[role])
        return client

    return sign_in


@pytest.fixture
def world(db: None) -> Project:
    """A project, its fund, a payee, and a source."""
    return make_world()


def make_world() -> Project:
    """That of `world`."""
    OrganizationFactory(code="UNDP")
    SourceFactory(code="ledger", name="Ledger")
    return ProjectFactory(number="00102004", fund__code="UNA00")


def row(
    number: object,
    amount: object,
    day: str = "2016-09-15",
    project: str = "00102004",
    payee: str = "UNDP",
) -> str:
    """A line of a file of vouchers."""
    return f"{number},{day},UNA00,{payee},{project},{amount},USD"


@pytest.fixture
def enter(world: Project, people: dict[str, Any]) -> Callable[..., Load]:
    """A checked (or faulty) load that the clerk entered."""
    return entering(people)


def entering(people: dict[str, Any]) -> Callable[..., Load]:
    """What `enter` gives."""

    def take(
        *rows: str, head: str = HEAD, kind: str = "vouchers", by: str = "clerk", **options: Any
    ) -> Load:
        options.setdefault("scope", Scope(complete=True))
        source = SourceFactory._meta.model.objects.get(code="ledger")
        content = ContentFile("\n".join([head, *rows]).encode())
        load = receive_load(
            source=source, kind=kind, content=content, name="extract.csv", by=people[by], **options
        )
        return check_load(load)

    return take


@pytest.fixture
def alone(db: None) -> None:
    """An office in which one person is enough."""
    Office.objects.update_or_create(pk=1, defaults={"four_eyes": False})


@pytest.fixture
def together(db: None) -> None:
    """An office in which a second person confirms."""
    Office.objects.update_or_create(pk=1, defaults={"four_eyes": True})

"""People of every role, a project of one's own and one of somebody else."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from documents import intake, services
from documents.access import grant_access
from documents.models import Document, DocumentType, Upload
from projects.models import Fund, Project, User
from tests.documents.files import pdf
from tests.factories import (
    DocumentFactory,
    OrganizationFactory,
    ParticipationFactory,
    ProjectFactory,
    UserFactory,
)

LONG_AGO = date(2020, 1, 1)


@pytest.fixture
def own(db: None) -> Project:
    """A project whose documents the keepers keep."""
    return ProjectFactory(number="00102004", title="Own project")


@pytest.fixture
def foreign(db: None) -> Project:
    """A project of somebody else, of another fund and organization."""
    return ProjectFactory(number="00999999", title="Foreign project")


@pytest.fixture
def people(own: Project) -> dict[str, Any]:
    """One person of each role; None is somebody who has not signed in."""

    def made(name: str, group: str = "", **values: Any) -> User:
        user = UserFactory(email=f"{name}@x.org", is_staff=bool(group), **values)
        if group:
            user.groups.add(Group.objects.get(name=group))
        return user

    taking_part = OrganizationFactory(code="UNDP")
    ParticipationFactory(project=own, organization=taking_part)
    keepers: dict[str, tuple[Any, date | None]] = {
        "project": (own, None),
        "fund": (own.fund, None),
        "organization": (taking_part, None),
        "expired": (own, date.today() - timedelta(days=1)),
    }
    found: dict[str, Any] = {"anonymous": None, "nobody": made("nobody")}
    for name, (of, until) in keepers.items():
        found[name] = made(name)
        grant_access(user=found[name], by=None, of=of, valid_from=LONG_AGO, valid_to=until)
    found["clerk"] = made("clerk", "fund staff: enter")
    found["releaser"] = made("releaser", "fund staff: release")
    found["manager"] = made("manager", "portfolio manager")
    found["admin"] = made("admin", is_superuser=True)
    found["admin"].is_staff = True
    found["admin"].save()
    return found


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
def draft(people: dict[str, Any]) -> Callable[..., Upload]:
    """A file that the keeper of the project has uploaded."""

    def upload(
        of: Project | Fund | Document, by: str = "project", content: bytes | None = None
    ) -> Upload:
        content = content or pdf(f"For {of}")
        made = intake.begin_upload(
            by=people[by], of=of, file_name="Annual report 2024.pdf", size=len(content)
        )
        return intake.take_whole(upload=made, content=SimpleUploadedFile("r.pdf", content))

    return upload


@pytest.fixture
def kept(draft: Callable[..., Upload]) -> Callable[..., Document]:
    """A public document with a file."""

    def make(of: Project | Fund, **values: Any) -> Document:
        options = {
            "title": "Annual report", "languages": ["en"], "document_date": None,
            "type": DocumentType.objects.get(code="annual-narrative-report"), "publish": True,
        }  # fmt: skip
        version = services.submit(upload=draft(of), **{**options, **values}).version
        assert version is not None
        return version.document

    return make


@pytest.fixture
def link_document(own: Project) -> Document:
    """A document that a source stated."""
    return DocumentFactory(project=own, stated_by_source="iati")

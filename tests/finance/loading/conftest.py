"""A project, a clerk who enters files, and a chief who releases them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.base import ContentFile

from finance.loading.scopes import Scope
from finance.loading.services import check_load, receive_load
from finance.models import Load, Source
from projects.models import Project, User
from tests.factories import OrganizationFactory, ProjectFactory, SourceFactory, UserFactory
from tests.finance.loading.life import HEAD


@pytest.fixture
def world() -> Project:
    project = ProjectFactory(number="00102004", fund__code="UNA00")
    OrganizationFactory(code="UNDP")
    return project


@pytest.fixture
def enter(world: Project) -> Callable[..., Load]:
    source, clerk = SourceFactory(code="ledger"), UserFactory()

    def take(
        *rows: str,
        kind: str = "vouchers",
        head: str = HEAD,
        source: Source = source,
        by: User = clerk,
        **options: Any,
    ) -> Load:
        content = ContentFile("\n".join([head, *rows]).encode())
        options.setdefault("scope", Scope(complete=True))
        load = receive_load(
            source=source, kind=kind, content=content, name="extract.csv", by=by, **options
        )
        return check_load(load)

    return take


@pytest.fixture
def chief() -> User:
    return UserFactory()

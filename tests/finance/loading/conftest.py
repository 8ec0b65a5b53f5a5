"""A project, a clerk who enters files, and a chief who releases them."""

import pytest
from django.core.files.base import ContentFile

from finance.loading.scopes import Scope
from finance.loading.services import check_load, receive_load
from tests.factories import OrganizationFactory, ProjectFactory, SourceFactory, UserFactory
from tests.finance.loading.life import HEAD


@pytest.fixture
def world():
    project = ProjectFactory(number="00102004", fund__code="UNA00")
    OrganizationFactory(code="UNDP")
    return project


@pytest.fixture
def enter(world):
    source, clerk = SourceFactory(code="ledger"), UserFactory()

    def take(*rows, kind="vouchers", head=HEAD, source=source, by=clerk, **options):
        content = ContentFile("\n".join([head, *rows]).encode())
        options.setdefault("scope", Scope(complete=True))
        load = receive_load(
            source=source, kind=kind, content=content, name="extract.csv", by=by, **options
        )
        return check_load(load)

    return take


@pytest.fixture
def chief():
    return UserFactory()

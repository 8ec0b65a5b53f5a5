"""Erasing by law: values and kept originals go for good, and everything still verifies."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.db import connections

from documents.models import DocumentVersion
from documents.verification import check_versions
from finance.loading.services import check_load, receive_load, release_load
from finance.models import ErasedFile, Load
from finance.sealing.verification import Scope, verify
from portal.withholding.services import lift, withhold
from projects.models import Project, Withholding
from tests.factories import (
    DocumentFactory,
    OrganizationFactory,
    ProjectFactory,
    SourceFactory,
    UserFactory,
)

# The command works as the owner, on a connection of its own: it sees what is committed.
pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])

FILE = b"""voucher,payment_date,fund,payee,project,amount,currency,description
1,2016-09-15,UNA00,UNDP,00102004,100,USD,Guards in Zanzibar
"""


@pytest.fixture
def load():
    """A released spreadsheet that names what must go."""
    OrganizationFactory(code="UNDP")
    ProjectFactory(number="00102004", title="Zanzibar", fund__code="UNA00")
    load = receive_load(
        source=SourceFactory(code="ledger"),
        kind="vouchers",
        content=ContentFile(FILE),
        name="zanzibar.csv",
        by=UserFactory(),
    )
    return release_load(load=check_load(load), by=UserFactory())


def test_erasing_reaches_kept_files_and_nothing_can_be_lifted_after(load):
    project = Project.objects.get()
    paper = DocumentVersion.objects.create(
        document=DocumentFactory(project=project, url=""),
        file=ContentFile(b"x", "x.txt"),
        file_name="x.txt",
        media_type="text/plain",
        size=1,
        sha256="2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881",
    )
    withholding = withhold(kind="project", target_id=project.pk, reason="court", by=None)
    call_command("erase", withholding.pk, reason="Order 7")
    assert load.file.storage.exists(load.file.name)
    call_command("erase", withholding.pk, "--yes", reason="Order 7")
    assert not load.file.storage.exists(load.file.name)
    assert not paper.file.storage.exists(paper.file.name)
    assert ErasedFile.objects.get().load == load
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM projects_withheldvalue WHERE kept IS NOT NULL")
        assert cursor.fetchone() == (0,)
    result = verify(Scope(), more=(check_versions,))
    assert result.ok, result.difference
    with pytest.raises(ValidationError):
        lift(withholding=Withholding.objects.get(), reason="sorry", by=None)
    with pytest.raises(CommandError, match="ended already"):
        call_command("erase", withholding.pk, "--yes", reason="Order 7")
    assert Load.objects.get().released_at

"""Who sends forms, and what most of them are about."""

from datetime import date
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from documents import intake, services
from documents.access import grant_access
from documents.models import Document, DocumentType, Upload
from finance.loading.services import release_load
from finance.models import Load, VoucherLine
from projects.models import Country, Organization, ProjectCountry, User
from tests.documents.files import pdf
from tests.factories import CountryFactory, ParticipationFactory, UserFactory
from tests.portal.staff.conftest import entering, make_world, row

PASSWORD = "correct horse battery staple"
LONG_AGO = date(2020, 1, 1)


class World:
    """Two administrators, two keepers of one project, somebody else, and the project."""

    def __init__(self) -> None:
        self.people: dict[str, Any] = {"": None}
        for name in ("admin", "second", "clerk"):
            self.people[name] = UserFactory(email=f"{name}@x.org", is_staff=True, is_superuser=True)
        for name in ("keeper", "other", "nobody"):
            self.people[name] = User.objects.create_user(f"{name}@x.org", PASSWORD)
        self.project = make_world()
        undp = Organization.objects.get(code="UNDP")
        self.part = ParticipationFactory(project=self.project, organization=undp)
        for name in ("keeper", "other"):
            grant_access(user=self.people[name], by=None, of=self.project, valid_from=LONG_AGO)
        self.enter = entering(self.people)

    def released(self) -> Load:
        """A load that the public sees."""
        return release_load(load=self.enter(row("1", "100")), by=self.people["admin"])

    def line(self) -> VoucherLine:
        """A record that the public sees."""
        self.released()
        return VoucherLine.objects.get()

    def completed(self, upload: Upload, *, state: str) -> None:
        """Said to be an audit, and as far as that."""
        kind = DocumentType.objects.get(code="audit")
        Upload.objects.filter(pk=upload.pk).update(
            title="The audit", type=kind, publish=True, scanned_at=timezone.now(), state=state
        )

    def in_no_country(self) -> None:
        """The ledger knows no country of the project."""
        nowhere = CountryFactory(kind=Country.Kind.PLACEHOLDER)
        ProjectCountry.objects.create(project=self.project, country=nowhere)

    def upload(self, by: str = "keeper", of: Any = None) -> Upload:
        """A file that the keeper sent and has not completed."""
        content = pdf("The report.")
        made = intake.begin_upload(
            by=self.people[by], of=of or self.project, file_name="Report.pdf", size=len(content)
        )
        return intake.take_whole(upload=made, content=SimpleUploadedFile("r.pdf", content))

    def document(self, *, publish: bool = True) -> Document:
        """A document that the keeper sent and completed."""
        upload = self.upload()
        Upload.objects.filter(pk=upload.pk).update(scanned_at=timezone.now())
        version = services.submit(
            upload=upload, title="Annual report", languages=["en"], document_date=None,
            type=DocumentType.objects.get(code="audit"), publish=publish,
        ).version  # fmt: skip
        assert version is not None
        return version.document

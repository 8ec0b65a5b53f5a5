"""A real clamd with one signature made by hand, and a real server of the S3 kind."""

import shutil
import subprocess
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django import Settings

from documents import intake, services
from documents.models import Document, DocumentType, DocumentVersion, Upload
from portal.settings import S3_STORAGE
from projects.models import Fund, Project, User
from tests.documents import s3_server
from tests.documents.files import EICAR
from tests.factories import ProjectFactory, UserFactory
from tests.waiting import PATIENCE, listens, wait_until


@contextmanager
def clamd_running(folder: Path, *, limit: str = "2M", alert: str = "yes") -> Iterator[str]:
    """The address of a running clamd that knows nothing but the test virus."""
    program = shutil.which("clamd") or shutil.which("/usr/sbin/clamd")
    if not program:
        pytest.skip("clamav-daemon is not installed")
    address = folder / "clamd.socket"
    (folder / "hand-made.ndb").write_text(f"Test-Virus:0:*:{EICAR.hex()}\n")
    configuration = folder / "clamd.conf"
    configuration.write_text(
        f"LocalSocket {address}\nDatabaseDirectory {folder}\nForeground yes\n"
        f"StreamMaxLength {limit}\nMaxFileSize {limit}\nAlertExceedsMax {alert}\n"
    )
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([program, f"--config-file={configuration}"], stdout=log,
                                   stderr=log)  # fmt: skip
    try:
        wait_until(lambda: listens(str(address)), alive=process)
        yield str(address)
    finally:
        process.terminate()
        process.wait(PATIENCE)


@pytest.fixture(scope="session")
def clamd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A clamd set as docs/running.md tells, for files of 2 MB."""
    with clamd_running(tmp_path_factory.mktemp("clamd")) as address:
        yield address


@pytest.fixture(scope="session")
def silent_clamd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A clamd as it comes: it says “OK” of what it skipped."""
    with clamd_running(tmp_path_factory.mktemp("silent"), alert="no") as address:
        yield address


@pytest.fixture
def scanned(settings: Settings, clamd: str) -> None:
    """A portal whose documents are scanned."""
    settings.CLAMD_ADDRESS, settings.DOCUMENT_MAX_MB = clamd, 2


@pytest.fixture
def keeper(db: None) -> User:
    """Somebody who uploads."""
    return UserFactory(email="keeper@x.org")


@pytest.fixture
def project(db: None) -> Project:
    """A project with a fund."""
    return ProjectFactory(number="00102004")


@pytest.fixture
def take(keeper: User, project: Project) -> Callable[..., Upload]:
    """Upload a file at one go."""

    def upload(
        content: bytes,
        name: str = "report.pdf",
        of: Project | Fund | Document | None = None,
        by: User | None = None,
    ) -> Upload:
        made = intake.begin_upload(
            by=by or keeper, of=of or project, file_name=name, size=len(content)
        )
        return intake.take_whole(upload=made, content=SimpleUploadedFile(name, content))

    return upload


@pytest.fixture
def submit() -> Callable[..., DocumentVersion | Upload]:
    """Complete a draft."""

    def complete(upload: Upload, **values: Any) -> Any:
        options = {
            "title": "Annual report",
            "type": DocumentType.objects.get(code="annual-narrative-report"),
            "languages": ["en"],
            "document_date": None,
            "publish": True,
        }
        return services.submit(upload=upload, **{**options, **values})

    return complete


@pytest.fixture(scope="session")
def s3() -> Iterator[str]:
    """The address of a server of the S3 kind, which checks signatures and their age."""
    with s3_server.running() as address:
        yield address


@pytest.fixture
def bucket(s3: str, settings: Settings) -> str:
    """Files lie on that server, by the settings of production."""
    name = f"documents-{uuid.uuid4()}"
    client = boto3.client(
        "s3",
        endpoint_url=s3,
        region_name=s3_server.REGION,
        aws_access_key_id=s3_server.KEY,
        aws_secret_access_key=s3_server.SECRET,
    )
    client.create_bucket(Bucket=name)
    client.close()
    options = S3_STORAGE["OPTIONS"] | {
        "bucket_name": name,
        "endpoint_url": s3,
        "region_name": s3_server.REGION,
        "access_key": s3_server.KEY,
        "secret_key": s3_server.SECRET,
    }
    storage = S3_STORAGE | {"OPTIONS": options}
    settings.STORAGES = {**settings.STORAGES, "default": storage}
    return name


@pytest.fixture
def kept(take: Callable[..., Upload]) -> Callable[..., DocumentVersion]:
    """A public document with this file."""

    def make(
        content: bytes,
        name: str = "r.pdf",
        language: str = "en",
        of: Project | Fund | Document | None = None,
    ) -> DocumentVersion:
        version = services.submit(
            upload=take(content, name, of=of),
            title="A report",
            type=DocumentType.objects.get(code="other"),
            languages=[language],
            document_date=None,
            publish=True,
        ).version
        assert version is not None
        return version

    return make

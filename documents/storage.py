"""Files on a server of the S3 kind: little of a file in memory, and failures as of a disk."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from storages.backends.s3 import S3File, S3Storage

# Parts of 5 MB are the smallest that S3 takes; by one thread there is one of them in memory.
_ONE_PART_AT_ONCE = TransferConfig(
    multipart_threshold=8 << 20, multipart_chunksize=5 << 20, use_threads=False
)
_IN_MEMORY = 2 << 20  # what is larger is read from a temporary file
_PATIENCE = Config(connect_timeout=5, read_timeout=60, retries={"max_attempts": 3})


@contextmanager
def _as_of_a_disk() -> Iterator[None]:
    """A server that is away, full or refuses is to the callers what a broken disk is."""
    try:
        yield
    except (BotoCoreError, Boto3Error, ClientError) as error:
        raise OSError(f"S3: {error}") from error


class _File(S3File):
    """A file whose content is fetched when it is first asked for."""

    def _get_file(self) -> Any:
        with _as_of_a_disk():
            return super()._get_file()

    file = property(_get_file, S3File._set_file)


class S3Files(S3Storage):
    """The storage of django-storages, with what it raises turned into OSError."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        config: Config = vars(self)["client_config"]
        self.client_config = config.merge(_PATIENCE)

    def get_default_settings(self) -> dict[str, Any]:
        """As of django-storages, with bounds on memory."""
        given = super().get_default_settings()
        return given | {"transfer_config": _ONE_PART_AT_ONCE, "max_memory_size": _IN_MEMORY}

    def _open(self, name: str, mode: str = "rb") -> Any:
        with _as_of_a_disk():
            file = super()._open(name, mode)
        file.__class__ = _File
        return file

    def _save(self, name: str, content: Any) -> str:
        with _as_of_a_disk():
            kept: str = super()._save(name, content)
        return kept

    def delete(self, name: str) -> None:
        """Delete it; what is not there needs no deleting. Raises OSError."""
        with _as_of_a_disk():
            super().delete(name)

    def exists(self, name: str) -> bool:
        """Whether it is there. Raises OSError."""
        with _as_of_a_disk():
            return bool(super().exists(name))

"""The form of a set: one tar file, whose last part says the size and SHA-256 of all others.

    database/00000 …  what pg_dump wrote, in pieces
    files/…           kept files by their names
    keys/…            secrets and settings, in encrypted sets only
    manifest.json     what it is, and the sums

It is written and read from the beginning to the end, so that it can be encrypted on the way.
"""

import hashlib
import io
import json
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Any

from portal.backup.programs import BackupError

FORM = 1
MANIFEST = "manifest.json"
PIECE = 16 << 20


class _Hashed:
    """A file that is hashed as it is read."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file, self.digest, self.size = file, hashlib.sha256(), 0

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        data = self.file.read(size)
        self.digest.update(data)
        self.size += len(data)
        return data


class _Told:
    """A stream that knows how far it is, which tarfile asks for; nothing of it is sought."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.stream, self.written = stream, 0

    def tell(self) -> int:
        """How many bytes were written."""
        return self.written

    def write(self, data: bytes) -> int:
        """Write on."""
        self.written += len(data)
        return self.stream.write(data)


@dataclass
class SetWriter:
    """Writes parts to a stream, and at the end what they were."""

    stream: IO[bytes]
    parts: dict[str, list[Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        told: Any = _Told(self.stream)
        # The format knows names of any length.
        self.tar = tarfile.TarFile(fileobj=told, mode="w", format=tarfile.PAX_FORMAT)

    def add(self, name: str, file: IO[bytes], size: int) -> None:
        """Add a part of this size. Raises OSError where there is less of it."""
        hashed = _Hashed(file)
        self._add(name, hashed, size)
        self.parts[name] = [hashed.size, hashed.digest.hexdigest()]

    def add_bytes(self, name: str, content: bytes) -> None:
        """Add a part that is in memory."""
        self.add(name, io.BytesIO(content), len(content))

    def close(self, about: dict[str, Any]) -> None:
        """Write the manifest, and end."""
        text = json.dumps({"form": FORM, **about, "parts": self.parts}, indent=1).encode()
        self._add(MANIFEST, io.BytesIO(text), len(text))
        self.tar.close()

    def _add(self, name: str, file: Any, size: int) -> None:
        member = tarfile.TarInfo(name)
        member.size, member.mode = size, 0o600
        self.tar.addfile(member, file)


def read_parts(stream: IO[bytes]) -> Iterator[tuple[str, IO[bytes]]]:
    """Each part with its name, in their order; read one before asking for the next."""
    try:
        with tarfile.open(fileobj=stream, mode="r|") as tar:
            for member in tar:
                content = tar.extractfile(member)
                if content is None:
                    raise BackupError(f"{member.name} is no file: this is no set of ours.")
                yield member.name, content
    except (tarfile.TarError, EOFError) as error:
        raise BackupError(f"The set is cut off or no set at all: {error}") from error


def checked_manifest(stream: IO[bytes]) -> dict[str, Any]:
    """The manifest, once every part is found to be what it says. Raises BackupError."""
    found: dict[str, list[Any]] = {}
    manifest: dict[str, Any] | None = None
    try:
        for name, content in read_parts(stream):
            if name == MANIFEST:
                manifest = json.load(content)
                continue
            hashed = _Hashed(content)
            while hashed.read(1 << 20):
                pass
            found[name] = [hashed.size, hashed.digest.hexdigest()]
    except tarfile.TarError as error:
        # In the middle of a part.
        raise BackupError(f"The set is cut off: {error}") from error
    if manifest is None:
        raise BackupError("The set is cut off: its end, which says what belongs to it, is missing.")
    if manifest.get("form") != FORM:
        raise BackupError(f"The set has the form {manifest.get('form')}, which is not known here.")
    stated = manifest["parts"]
    wrong = [name for name in {*stated, *found} if stated.get(name) != found.get(name)]
    if wrong:
        raise BackupError(f"{min(wrong)} is not what was put into the set ({len(wrong)} parts).")
    return manifest

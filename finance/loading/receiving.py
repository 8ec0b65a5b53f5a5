"""The file of a load, kept as it came; nothing of it stays where the load does not."""

import hashlib
import re
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.files import File
from django.db import transaction
from django.utils import timezone

from finance.loading.lock import lock_releases
from finance.models import Load, Source
from projects.models import User


@contextmanager
def received_file(
    *,
    source: Source,
    kind: str,
    path: Path,
    by: User | None = None,
    reason: str = "",
    received_at: datetime | None = None,
) -> Iterator[Load]:
    """A load of the file at `path`, within one transaction and under the release lock.

    Nothing stays if that fails.
    """
    with kept_file(path.name) as keep, transaction.atomic():
        lock_releases()
        with path.open("rb") as file:
            yield keep(
                File(file),
                source=source,
                kind=kind,
                reason=reason,
                received_at=received_at or timezone.now(),
                received_by=by,
            )


@contextmanager
def kept_file(name: str) -> Iterator[Callable[..., Load]]:
    """Saves a load with its file; the file goes again if the block fails.

    A disk that fills up leaves half a file behind, so its place is known before it is written.
    """
    kept: list[tuple[Any, str]] = []

    def keep(content: Any, **values: Any) -> Load:
        load = Load(file_name=name[-255:], **values)
        digest = hashlib.sha256()
        for piece in content.chunks():
            digest.update(piece)
        load.sha256, load.size = digest.hexdigest(), content.size
        content.seek(0)
        storage = load.file.storage
        # Without its name: that may have to be erased, and the place is written down elsewhere.
        ending = Path(name).suffix if re.fullmatch(r".*\.[A-Za-z0-9]{1,4}", name) else ""
        place = load.file.field.generate_filename(load, uuid.uuid4().hex + ending)
        kept.append((storage, place))
        load.file = storage.save(place, content)
        load.full_clean(exclude=["file"])
        load.save()
        return load

    try:
        yield keep
    except BaseException:
        # It goes on, whatever it was; only no file stays of a load that is not there.
        for storage, place in kept:
            storage.delete(place)
        raise

"""Loads the sample’s source files, released one after the other in its past."""

import tempfile
from datetime import date
from pathlib import Path

from finance.loading.files import load_file
from finance.loading.scopes import Scope
from finance.models import Load, Source
from portal.sample.source_file import SOURCES, SourceFile
from projects.models import User


class Store:
    """Loads source files as staff would: entered by one person, released by another."""

    def __init__(self, *, received_by: User, released_by: User) -> None:
        self.received_by = received_by
        self.released_by = released_by
        self.files: list[str] = []
        self.sources = {
            code: Source.objects.get_or_create(code=code, defaults={"name": name})[0]
            for code, name in SOURCES.items()
        }

    def load(self, file: SourceFile) -> Load:
        """Keep the file, check and release it."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / file.name
            path.write_text(file.text(), encoding="utf-8")
            load = load_file(
                path,
                source=self.sources[file.source],
                kind=file.kind,
                by=self.released_by,
                entered_by=self.received_by,
                reason=file.reason,
                scope=_scope(file),
                received_at=file.received,
                moment=file.released,
            )
        self.files.append(str(load.file.name))
        return load


def _scope(file: SourceFile) -> Scope:
    """Files of the ledger are complete for their period; late reports are only their lines."""
    if file.first:
        return Scope(complete=True, first=file.first, last=file.last)
    if file.year and not file.pairs:
        return Scope(
            complete=True,
            states=(file.state,),
            first=date(file.year, 1, 1),
            last=date(file.year, 12, 31),
        )
    return Scope()

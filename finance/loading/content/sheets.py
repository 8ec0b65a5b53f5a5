"""Lines of a workbook's sheets, kept with the workbook when the loads of its sheets are undone.

What is made only within that transaction, a fund of another sheet say, has a name here and no id.
"""

import pickle
import tempfile
from collections.abc import Iterator
from contextlib import closing
from typing import IO, Any

from django.db.models import Max

from finance.loading.content.columns import ENTITIES
from finance.loading.content.shown import named_texts
from finance.models import Load, StagedLine
from projects.models import Fund, Project

_AT_ONCE = 500
_SPOOL_BYTES = 8_000_000
# In the place of the id of what another sheet of the same workbook makes.
_MADE_HERE = 0


class SheetLines:
    """What the sheets of a workbook would change, on its way past the end of a transaction."""

    def __init__(self, load: Load) -> None:
        self.load = load
        self.last = {
            model: model._default_manager.aggregate(last=Max("pk"))["last"] or 0
            for model in ENTITIES.values()
        }
        self.file: IO[bytes] = tempfile.SpooledTemporaryFile(  # noqa: SIM115
            max_size=_SPOOL_BYTES
        )

    def _is_new(self, model: Any, pk: int) -> bool:
        return pk > self.last.get(model, pk)

    def keep(self, part: Load) -> None:
        """Write down what the load of one sheet would change, before it is released."""
        lines: list[StagedLine] = []
        for line in part.staged_lines.order_by("line", "pk").iterator(chunk_size=_AT_ONCE):
            lines.append(line)
            if len(lines) == _AT_ONCE:
                self._write(lines)
                lines = []
        self._write(lines)

    def _write(self, lines: list[StagedLine]) -> None:
        for line, named in zip(lines, named_texts(lines, self._is_new), strict=True):
            self._name(line, named)
        pickle.dump([self._row(line) for line in lines], self.file)

    def _name(self, line: StagedLine, named: dict[str, str]) -> None:
        """Put names in the place of ids that end with the transaction."""
        if line.values is not None:
            kept = {key: value for key, value in line.values.items() if key not in named}
            line.values = kept | ({"named": named} if named else {})
        if named:
            # It is of the ids.
            line.fingerprint = ""
        for owner, model in (("project_id", Project), ("fund_id", Fund)):
            if (pk := getattr(line, owner)) and self._is_new(model, pk):
                setattr(line, owner, None)
        if line.record_id and self._is_new(ENTITIES.get(line.model), line.record_id):
            line.record_id = _MADE_HERE

    @staticmethod
    def _row(line: StagedLine) -> dict[str, Any]:
        names = [field.attname for field in StagedLine._meta.concrete_fields]
        return {name: getattr(line, name) for name in names if name not in ("id", "load_id")}

    def store(self) -> None:
        """Make them the lines of the workbook, in the place of those that it had."""
        self.load.staged_lines.all().delete()
        for rows in self._written():
            StagedLine.objects.bulk_create(StagedLine(load=self.load, **row) for row in rows)

    def _written(self) -> Iterator[list[dict[str, Any]]]:
        end = self.file.tell()
        self.file.seek(0)
        while self.file.tell() < end:
            yield pickle.load(self.file)  # noqa: S301

    def close(self) -> None:
        """Drop the file."""
        self.file.close()


def sheet_lines(load: Load) -> "closing[SheetLines]":
    """Lines whose file is closed at the end of a `with`."""
    return closing(SheetLines(load))

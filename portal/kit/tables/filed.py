"""What a table is in files: its columns, and its totals as typed values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.kit.tables.bulk import Values
from portal.kit.tables.cells import ExportField
from portal.kit.tables.columns import BLANK, NumberColumn
from portal.kit.tables.parts import NO_PARTS, STATE_HEADINGS, Parts, state_amount, words_by_column

TOTAL = _("Total")


@dataclass(frozen=True)
class TotalRow:
    """A line below the table; the label stands in the first column, `links` lead to records."""

    values: Mapping[str, Any]
    label: Any = TOTAL
    links: Mapping[str, str] = field(default_factory=dict)
    parts: Mapping[str, Parts] = field(default_factory=dict)


class Filed:
    """The part of a table that files are made of; it has bound `columns` and its `totals`."""

    columns: Any
    totals: Any

    @property
    def total_rows(self) -> list[TotalRow]:
        """The totals, however they were stated."""
        if not self.totals:
            return []
        return [TotalRow(self.totals)] if isinstance(self.totals, Mapping) else list(self.totals)

    def export_fields(self) -> list[ExportField]:
        """The columns of a file, in the order of the page."""
        fields = [
            export
            for bound in self.columns.iterall()
            if not bound.column.exclude_from_export
            for export in self._fields_of(bound)
        ]
        left_out = any(p.unconverted for total in self.total_rows for p in total.parts.values())
        return fields + ([self._unconverted_field()] if left_out or self._with_parts() else [])

    def _fields_of(self, bound: Any) -> list[ExportField]:
        """Of a column; also how much of it is of a state, where only its totals tell."""
        column, label = bound.column, str(bound.header)
        fields: list[ExportField] = column.export_fields(label)
        if isinstance(column, NumberColumn) and not column.tells_interim:
            held = [total.parts.get(bound.name, NO_PARTS).by_state for total in self.total_rows]
            told = [state for state in STATE_HEADINGS if any(states[state] for states in held)]
            fields += [column.state_field(label, state) for state in told]
        return fields

    def _with_parts(self) -> list[tuple[str, NumberColumn]]:
        """The headings and columns whose figures say what they hold and leave out."""
        return [
            (str(bound.header), bound.column)
            for bound in self.columns.iterall()
            if isinstance(bound.column, NumberColumn) and bound.column.parts
        ]

    def _unconverted_field(self) -> ExportField:
        """Which figures of a row leave amounts out, and how many."""
        columns = self._with_parts()

        def words(each: Sequence[Parts]) -> str | None:
            told = zip(columns, each, strict=True)
            some = [(label, column.words_of(parts)) for (label, column), parts in told if parts]
            return words_by_column(some) if some else None

        def values(records: Sequence[Any]) -> Values:
            parts = [column.all_parts(records) for _label, column in columns]
            if not any(parts):
                return [None] * len(records)
            none = [NO_PARTS] * len(records)
            return list(map(words, zip(*(each or none for each in parts), strict=True)))

        return ExportField(
            key="unconverted",
            label=gettext("Amounts not converted"),
            kind="text",
            values=values,
            definition=gettext(
                "Amounts without a known rate of exchange are in no sum; a rate or share of "
                "such amounts is not known."
            ),
            width=40,
        )

    def typed_totals(self) -> list[tuple[str, dict[str, Any]]]:
        """Label and typed values of each total, for files."""
        return [(str(total.label), self._typed(total)) for total in self.total_rows]

    def _typed(self, total: TotalRow) -> dict[str, Any]:
        """The typed values of a total, with what each holds and leaves out."""
        columns = {bound.name: bound for bound in self.columns.iterall()}
        typed: dict[str, Any] = {}
        for name, raw in total.values.items():
            if name not in columns or raw is BLANK:
                continue
            column, parts = columns[name].column, total.parts.get(name, NO_PARTS)
            hidden = isinstance(column, NumberColumn) and column.hides(raw, parts)
            typed[name] = None if hidden else column.clean(raw)
            for state in STATE_HEADINGS:
                # What is not there has no part.
                if parts.by_state[state] and typed[name] is not None:
                    typed[f"{name}_{state}"] = state_amount(parts, state)
        named = (
            (str(columns[n].header), columns[n].column.words_of(parts))
            for n, parts in total.parts.items()
            if n in columns
        )
        if words := words_by_column(named):
            typed["unconverted"] = words
        return typed

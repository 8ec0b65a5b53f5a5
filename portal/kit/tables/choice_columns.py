"""Columns of one of a few states or kinds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.html import conditional_escape

from portal.kit.tables.bulk import choices, in_bulk
from portal.kit.tables.cells import Column


class ChoiceColumn(Column):
    """One of a few states, as a badge: the field's choice, its label for people; `marks` say which
    form the badge has where it is not called as the state."""

    width = 22

    def __init__(
        self,
        verbose_name: Any = None,
        *,
        choices: Any = None,
        marks: Mapping[str, str] | None = None,
        **options: Any,
    ):
        self.labels, self.marks = dict(getattr(choices, "choices", choices) or ()), marks or {}
        super().__init__(verbose_name, **options)

    def bind(self, table: Any, name: str) -> None:
        """Take the choices of the model's field where none are given."""
        super().bind(table, name)
        if not self.labels and (field := table.model_field(str(self.accessor))):
            self.labels = dict(field.flatchoices)

    @in_bulk(choices)
    def clean(self, raw: Any) -> Any:
        return None if raw is None or raw == "" else str(self.labels.get(raw, raw))

    def html(self, raw: Any) -> str:
        label = self.clean(raw)
        return "" if label is None else self.badge(raw, label)

    def badge(self, raw: Any, label: str, /) -> str:
        """The state with its mark, escaped."""
        return badge(self.marks.get(raw, raw), label)


class KindColumn(ChoiceColumn):
    """One of a few kinds, in words alone: a mark would say that it comes before or after others."""

    def badge(self, _raw: Any, label: str, /) -> str:
        """The words, escaped."""
        return conditional_escape(label)


def badge(state: Any, label: str) -> str:
    """A state as a badge, escaped."""
    css = conditional_escape(str(state).replace("_", "-").replace(" ", "-"))
    return f'<span class="status status-{css}">{conditional_escape(label)}</span>'

"""Columns of figures: heading, term and definition are those of the catalogue."""

from typing import Any

from finance.figures.catalogue import FIGURES, Unit
from portal.kit.tables.cells import Column
from portal.kit.tables.columns import MoneyColumn, PercentColumn


def figure_column(key: str, **options: Any) -> Column:
    """The column of a figure, which bears its key as its name.

    It leads to what its row's `records_url(key)` says, unless `link` says otherwise, and is
    marked with what its row's `parts(key)` says, unless `parts` does.
    """
    figure = FIGURES[key]
    options.setdefault("link", lambda row: row.records_url(key))
    options.setdefault("orderable", False)
    options.setdefault("parts", lambda row: row.parts(key))
    options.setdefault("interim", figure.has_expenditure)
    kind = PercentColumn if figure.unit is Unit.PERCENT else MoneyColumn
    column: Column = kind(
        verbose_name=figure.label, term=figure.term, definition=figure.explanation, **options
    )
    column.of_figure = figure
    return column

"""One name for each figure: whatever shows it takes label, term and meaning from the catalogue."""

import ast
import importlib
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import render_to_string

from finance.figures.catalogue import FIGURES, OF_FUNDS, OF_PROJECTS, STATES, measure_label
from finance.figures.fund_figures import FundSums
from finance.models import ExpenditureLine, FundCost, FundMeasure
from finance.reports.sources_and_uses import SourcesAndUses
from portal.about.glossary import TERMS
from portal.kit.tables.base import Table
from portal.kit.tables.columns import MoneyColumn, PercentColumn

# Amounts and shares that are no figure: of a single record or voucher, or a figure's parts.
OF_RECORDS = {
    "base_amount", "counted", "total", "before", "after", "change", "difference", "share",
    "rate_percent",
}  # fmt: skip
# What is planned, and what participants passed on: added to no figure. Of key figures each row is
# another, which the row names.
APART = (
    "finance.reports.forward.", "finance.reports.below.",
    "portal.public.fact_table.KeyFigureTable.",
)  # fmt: skip
OF_THE_STATEMENT = {"prior", "year", "cumulative", "percent"}
# Kinds of record have words of their own; the catalogue takes them from there.
OF_KINDS = {str(label) for label in FundCost.Kind.labels}


def _tables(found: type[Table] = Table) -> set[type[Table]]:
    importlib.import_module("portal.urls")
    below = {one for table in found.__subclasses__() for one in _tables(table)}
    return {table for table in {found, *below} if not table.__module__.startswith("tests")}


def _columns():
    for table in sorted(_tables(), key=lambda t: (t.__module__, t.__name__)):
        for name, column in table.base_columns.items():
            if isinstance(column, MoneyColumn | PercentColumn):
                yield f"{table.__module__}.{table.__name__}.{name}", name, column


def _sources():
    for folder in ("finance", "portal", "projects", "documents"):
        for path in sorted((settings.BASE_DIR / folder).rglob("*.py")):
            if "migrations" not in path.parts and "catalogue" not in path.parts:
                yield path


def test_each_column_of_money_or_percent_is_a_figure_with_its_own_name():
    others = {
        where: name
        for where, name, column in _columns()
        if column.of_figure is None and name not in OF_RECORDS and not where.startswith(APART)
    }
    assert not others
    for where, name, column in _columns():
        if figure := column.of_figure:
            shown = (name, column.verbose_name, column.term)
            assert shown == (figure.key, figure.label, figure.term), where


def test_files_name_a_figure_as_the_page_does():
    for where, name, column in _columns():
        if column.of_figure is None:
            continue
        column.bind(Table([]), name)
        main = column.export_fields(str(column.verbose_name))[0]
        assert (main.key, main.label) == (column.of_figure.key, str(column.of_figure)), where
        assert main.definition.startswith(str(column.of_figure.definition)), where


def test_no_label_or_definition_of_a_figure_is_written_anywhere_else():
    words = {str(w) for f in FIGURES.values() for w in (f.label, f.definition)} - OF_KINDS
    words |= {str(w) for state in STATES.values() for w in (state.name, state.definition)}
    found = [
        f"{path.relative_to(settings.BASE_DIR)}:{node.lineno}: {node.value}"
        for path in _sources()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and node.value in words
    ]
    listed = "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
    literal = re.compile(rf"""(?:translate ["']|>)({listed})(?:["']|<)""")
    found += [
        f"{path.name}: {match.group(1)}"
        for path in sorted(Path(settings.BASE_DIR / "templates").rglob("*.html"))
        for match in literal.finditer(path.read_text())
    ]
    assert not found


def test_the_glossary_explains_each_figure_and_each_state_in_the_words_of_the_catalogue():
    terms = {term.anchor: term for term in TERMS}
    for figure in FIGURES.values():
        assert figure.term in terms, figure.key
        if figure.in_glossary:
            told = terms[figure.term]
            assert (told.name, told.definition) == (figure.label, figure.definition)
    for state in STATES.values():
        assert (terms[state.key].name, terms[state.key].definition) == (
            state.name,
            state.definition,
        )


def test_the_states_in_words_are_the_states_in_code():
    assert list(STATES) == ExpenditureLine.State.values


def test_pages_explain_the_mark_of_interim_figures_in_the_words_of_the_glossary():
    note = " ".join(render_to_string("kit/interim_note.html").split())
    assert str(STATES["interim"].definition) in note
    assert "certified" not in note


def test_names_are_unique_and_what_is_a_part_of_another_figure_says_of_which():
    labels = [str(figure) for figure in FIGURES.values()]
    assert len(labels) == len(set(labels))
    assert {figure.of for figure in FIGURES.values()} - {""} <= OF_FUNDS.keys()
    assert OF_PROJECTS.keys() <= OF_FUNDS.keys()


@pytest.mark.parametrize("measure", FundMeasure.values)
def test_a_record_of_each_measure_has_a_name(measure):
    assert measure in {"paid", "returned"} or measure_label(measure)


def test_each_line_of_a_statement_is_a_figure():
    for whole in (False, True):
        rows = SourcesAndUses(FundSums(), 2020, "/", whole=whole).rows()
        for row in (row for row in rows if row.css != "group"):
            assert row.label.startswith(str(FIGURES[row.key])), row.key

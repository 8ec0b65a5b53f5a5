"""Finding the table in a file: which sheet, which row of headings, which column is where."""

from collections.abc import Iterable
from collections.abc import Mapping as Dict
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from django.utils.translation import gettext as _

from finance.errors import LoadError
from finance.formats.columns import FileKind, folded
from finance.formats.containers.grids import Cells, Grid, has_rows, hidden_sheets, refuse
from finance.formats.faults import shown
from finance.formats.mappings import Mapping
from portal.kit.text import WORD, fold

# Words of headings below which money stands, and rates by which it is converted.
_OF_MONEY = frozenset(
    ("amount", "amounts", "montant", "montants", "importe", "importes", "monto", "montos", "مبلغ",
     "المبلغ", "dollar", "dollars", "dolares", "euro", "euros", "usd", "eur", "gbp", "chf", "rate",
     "rates", "taux")
)  # fmt: skip
SEARCHED = 50  # rows in which headings are looked for
COLUMNS = 1_000

# Number of matching names, row of headings, its cells, its sheet.
_Match = tuple[int, int, Cells, Grid]


@dataclass
class Table:
    """A table with its headings; `found` says where each column of the kind stands."""

    path: Path
    grid: Grid
    line: int
    headers: tuple[str, ...]
    found: dict[str, int]
    columns: dict[str, str] = field(default_factory=dict)  # heading → column
    used: set[str] = field(default_factory=set)
    passed_over: list[str] = field(default_factory=list)  # sheets with a table much like it

    @property
    def hides_trouble(self) -> bool:
        """Whether empty cells may be failed formulas or parts of merged cells."""
        return not self.grid.is_text and self.grid.has_trouble()  # type: ignore[attr-defined]

    def index(self, heading: str) -> int:
        """Where the heading stands; LoadError if it is missing or comes twice."""
        wanted = folded(heading)
        places = [i for i, header in enumerate(self.headers) if folded(header) == wanted]
        if len(places) == 1:
            return places[0]
        what = (
            _("the heading “%(heading)s”, which the mapping names, is missing.")
            if not places
            else _("the heading “%(heading)s”, which the mapping names, comes twice.")
        )
        raise refuse(self.path, what % {"heading": heading})

    def places(self, columns: Dict[str, str]) -> dict[str, int]:
        """Where the columns stand by the headings that a mapping names."""
        return {column: self.index(heading) for column, heading in columns.items()}


def find_table(path: Path, kind: FileKind, mapping: Mapping, grids: Iterable[Grid]) -> Table:
    """The one table of the file that has the kind's (or the mapping's) headings."""
    candidates = list(grids)
    if mapping.sheet:
        candidates = [grid for grid in candidates if grid.name == mapping.sheet]
        if not candidates:
            raise refuse(path, _("it has no sheet “%(sheet)s”.") % {"sheet": mapping.sheet})
    wanted = _wanted(kind, mapping)
    scored = []
    for grid in candidates:
        try:
            scored.append((*_best_row(grid, wanted), grid))
        except LoadError:
            # Another delimiter may suit; if none does, the last one says why.
            if grid is candidates[-1] and not scored:
                raise
    scored = [item for item in scored if item[0]]
    if not scored:
        hidden = candidates[0].unseen if candidates else ()
        raise refuse(path, _no_headings(kind, mapping) + hidden_sheets(hidden))
    best = max(score for score, _line, _cells, _grid in scored)
    matching = [item for item in scored if item[0] == best]
    if len(matching) > 1:
        matching = _with_rows(path, matching)
    _score, line, cells, grid = matching[0]
    table = _table(path, kind, mapping, grid, line, cells)
    table.passed_over = _passed_over(scored, matching[0])
    return table


def _passed_over(scored: list[_Match], taken: _Match) -> list[str]:
    """Other sheets with most of its headings, and rows below them."""
    most = taken[0] / 2
    return [
        found[3].name
        for found in scored
        if found[3] is not taken[3] and found[0] > most and _has_rows(found)
    ]


def _has_rows(found: _Match) -> bool:
    """Whether anything stands below the headings of a sheet."""
    _score, heading, _cells, grid = found
    return not grid.is_text and has_rows(grid, heading)


def _wanted(kind: FileKind, mapping: Mapping) -> dict[str, str]:
    if not mapping.names_headings:
        return kind.alias_names() | kind.exact_names()
    headings = {heading: name for emit in mapping.emits for name, heading in emit.columns.items()}
    return {folded(heading): heading for heading in headings}


def tells_of_money(heading: str) -> bool:
    """Whether amounts, or rates, seem to stand below the heading."""
    return any(sign in heading for sign in "$€£¥") or not _OF_MONEY.isdisjoint(
        WORD.findall(fold(heading))
    )


def has_headings(grid: Grid, kind: FileKind) -> bool:
    """Whether a row of the sheet names a required column of the kind, or the sheet is empty."""
    required = {column.name for column in kind.required}
    words = kind.alias_names() | kind.exact_names()
    wanted = {word: name for word, name in words.items() if name in required}
    score, _line, _cells = _best_row(grid, wanted)
    return bool(score) or not has_rows(grid, 0)


def _best_row(grid: Grid, wanted: dict[str, str]) -> tuple[int, int, Cells]:
    """Number of columns found, row number and cells of the row most like headings."""
    best: tuple[int, int, Cells] = (0, 0, [])
    for line, cells in islice(grid.rows(), SEARCHED):
        names = {wanted.get(folded(str(cell))) for cell in cells[:COLUMNS] if isinstance(cell, str)}
        score = len(names - {None})
        if score > best[0]:
            best = (score, line, cells)
    return best


def _with_rows(path: Path, matching: list[_Match]) -> list[_Match]:
    """Of sheets that look alike, the only one with rows below the headings."""
    if matching[0][3].is_text:
        return [max(matching, key=lambda item: len(item[2]))]
    filled = [item for item in matching if _has_rows(item)]
    if len(filled) > 1:
        raise refuse(
            path,
            _("the sheets %(sheets)s hold such tables; leave one, or name it in the mapping.")
            % {"sheets": ", ".join(f"“{grid.name}”" for _s, _l, _c, grid in filled)},
        )
    return filled or matching


def _table(
    path: Path, kind: FileKind, mapping: Mapping, grid: Grid, line: int, cells: Cells
) -> Table:
    headers = [" ".join(str(cell or "").split()) for cell in cells[:COLUMNS]]
    while headers and not headers[-1]:
        headers.pop()
    table = Table(path, grid, line, tuple(headers), {})
    if mapping.names_headings:
        for emit in mapping.emits:
            for name, index in table.places(emit.columns).items():
                table.columns.setdefault(headers[index], name)
                table.used.add(headers[index])
            if emit.skip_if_zero:
                table.used.add(headers[table.index(emit.skip_if_zero)])
    else:
        table.found = columns_found(path, kind, headers)
        table.columns = {headers[index]: name for name, index in table.found.items()}
        table.used = set(table.columns)
    _refuse_missing(path, kind, mapping, table)
    if not has_rows(grid, line):
        raise refuse(path, _("there are headings, but no rows below them."))
    return table


def columns_found(path: Path, kind: FileKind, headers: list[str]) -> dict[str, int]:
    """Where each column stands; LoadError where two headings mean one.

    Columns by exact name first; an alias only speaks for a column that has no such name.
    """
    found: dict[str, int] = {}
    for names in (kind.exact_names(), kind.alias_names()):
        new: dict[str, int] = {}
        for index, header in enumerate(headers):
            name = names.get(folded(header)) if header else None
            if name is None or name in found or index in found.values():
                continue
            if name in new:
                raise refuse(
                    path,
                    _("the headings “%(one)s” and “%(two)s” both mean “%(column)s”; keep one.")
                    % {
                        "one": headers[new[name]],
                        "two": header,
                        "column": kind.column(name).label,
                    },
                )
            new[name] = index
        found |= new
    return found


def _refuse_missing(path: Path, kind: FileKind, mapping: Mapping, table: Table) -> None:
    for emit in mapping.emits:
        present = emit.columns if mapping.names_headings else table.found
        missing = [
            str(column.label)
            for column in kind.required
            if column.name not in present and column.name not in emit.constants
        ]
        missing += [
            _(" or ").join(str(kind.column(name).label) for name in group)
            for group in kind.either
            if not any(name in present or name in emit.constants for name in group)
        ]
        if missing:
            raise refuse(
                path,
                _(
                    "row %(row)s has the headings %(found)s; missing: %(missing)s. Add them, or "
                    "make a mapping."
                )
                % {
                    "row": table.line,
                    "found": ", ".join(f"“{shown(h)}”" for h in table.headers[:40] if h),
                    "missing": ", ".join(f"“{label}”" for label in missing),
                },
            )


def _no_headings(kind: FileKind, mapping: Mapping) -> str:
    if mapping.names_headings:
        wanted = [heading for emit in mapping.emits for heading in emit.columns.values()]
    else:
        wanted = [str(column.label) for column in kind.required]
    return _("no row of headings was found; wanted: %(wanted)s.") % {
        "wanted": ", ".join(f"“{heading}”" for heading in dict.fromkeys(wanted))
    }

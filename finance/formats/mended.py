"""What was mended of a file: read in the place of its own cells, which stay as they came."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from finance.formats.cells import Convert, Converted
from finance.formats.columns import folded
from finance.formats.faults import shown


@dataclass(frozen=True, slots=True)
class Mended:
    """Cells by row and column, values by column wherever they stand, and rows to leave out.

    A file of IATI has no rows: there its activities are left out, by their position from 1.
    """

    cells: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    rules: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    left_out: frozenset[int] = frozenset()


def by_rules(convert: Convert, rules: Mapping[str, str], *, exactly: bool) -> Convert:
    """The conversion of a column in which some values mean others.

    Names are the same whatever their case and punctuation; of days and numbers, `exactly`, each
    sign counts.
    """
    alike = str if exactly else folded
    ours = {alike(old): new for old, new in rules.items()}

    def mended(cell: object) -> Converted:
        if (new := ours.get(alike(shown(cell)))) is not None:
            return convert(new)
        value, text, note = convert(cell)
        # A number may read otherwise than its cell: 1234.0 is “1234”.
        if text and (new := ours.get(alike(text))) is not None:
            return convert(new)
        return value, text, note

    return mended

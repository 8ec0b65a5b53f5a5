"""What was mended of a load, as the reader of its file takes it."""

from collections import defaultdict

from finance.formats.mended import Mended
from finance.models import Load, Mend


def mended(load: Load) -> Mended:
    """All that holds: of several mends of one place the newest."""
    cells: dict[int, dict[str, str]] = defaultdict(dict)
    rules: dict[str, dict[str, str]] = defaultdict(dict)
    left_out: set[int] = set()
    for mend in load.mends.all():
        if mend.what == Mend.What.RULE:
            rules[mend.column][mend.old] = mend.new
        elif mend.what == Mend.What.CELL and mend.line is not None:
            cells[mend.line][mend.column] = mend.new
        elif mend.what == Mend.What.LEFT_OUT and mend.line is not None:
            left_out.add(mend.line)
        elif mend.what == Mend.What.TAKEN_IN:
            left_out.discard(mend.line or 0)
    return Mended(dict(cells), dict(rules), frozenset(left_out))

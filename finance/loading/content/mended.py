"""What was mended of a load, as the reader of its file takes it."""

from collections import defaultdict
from collections.abc import Iterator

from finance.formats.mended import Mended
from finance.formats.starter import sheet_and_column
from finance.models import Load, Mend


def mended(load: Load) -> Mended:
    """All that holds: of several mends of one place the newest."""
    cells: dict[int, dict[str, str]] = defaultdict(dict)
    rules: dict[str, dict[str, str]] = defaultdict(dict)
    left_out: set[int] = set()
    for column, mend in _mends(load):
        if mend.what == Mend.What.RULE and not mend.new and load.kind == Load.Kind.IATI:
            # There is no empty code: the rule was taken back.
            rules[column].pop(mend.old, None)
        elif mend.what == Mend.What.RULE:
            rules[column][mend.old] = mend.new
        elif mend.what == Mend.What.CELL and mend.line is not None:
            cells[mend.line][column] = mend.new
        elif mend.what == Mend.What.LEFT_OUT and mend.line is not None:
            left_out.add(mend.line)
        elif mend.what == Mend.What.TAKEN_IN:
            left_out.discard(mend.line or 0)
    return Mended(dict(cells), dict(rules), frozenset(left_out))


def _mends(load: Load) -> Iterator[tuple[str, Mend]]:
    """Each with its column; those of a workbook's sheet are the workbook's."""
    if (workbook := load.options.get("starter")) is None:
        for mend in load.mends.all():
            yield mend.column, mend
        return
    for mend in Mend.objects.filter(load_id=workbook):
        sheet, column = sheet_and_column(mend.column)
        if sheet == load.options["mapping"]["sheet"]:
            yield column, mend

"""Tables as Markdown: plain text that people and language models read alike."""

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.utils.translation import gettext, ngettext

from portal.kit.files.about import About
from portal.kit.files.streams import plain
from portal.kit.kept_dates import dated
from portal.kit.safe import clean_text
from portal.kit.tables.base import Table
from portal.kit.tables.cells import ExportField, address_of, rows_of

MARKDOWN = "text/markdown; charset=utf-8"
MOST_ROWS = 500
# What stays as it is in an address; brackets would end the link.
_OF_ADDRESSES = "/:?=&%#~+,;@"
# What would be a link, a picture, code, emphasis, or the end of a cell.
_MARKUP = re.compile(r"[\\|\[\]`*]|(?<!\w)_|_(?!\w)")
# What makes a heading, a list, a quotation or a line of a text's first signs.
_BEGINS_BLOCK = re.compile(r"^(?P<number>\d+)?(?P<mark>(?(number)[.)](?= |$)|[#+>=~-]))")
_NUMBERS = frozenset({"money", "amount", "percent", "integer", "rate"})


def escaped(text: str) -> str:
    """A text that stays in its cell, and is no markup."""
    line = " ".join(clean_text(text).split())
    return _MARKUP.sub(r"\\\g<0>", line).replace("<", "&lt;")


def paragraphs(text: str) -> Iterator[str]:
    """A text of several lines, none of which is a heading or a list of ours."""
    for part in filter(None, (part.strip() for part in text.splitlines())):
        yield f"{_BEGINS_BLOCK.sub(_not_a_block, escaped(part))}\n"


def _not_a_block(found: re.Match[str]) -> str:
    return f"{found['number'] or ''}\\{found['mark']}"


def heading(about: About) -> Iterator[str]:
    """The title, and what the file says of itself: source, day, licence, seal."""
    yield f"# {escaped(about.title)}\n"
    if about.notice:
        yield f"> {escaped(about.notice)}\n"
    lines = [f"- {label}: {escaped(text)}" for label, text in about.lines()[1:]]
    if about.seal:
        lines.append(f"- {gettext('Hash of the seal')}: {about.seal.hash}")
    yield "\n".join(lines) + "\n"


def page_text(
    about: About,
    page: str,
    tables: Iterable[Table],
    words: Iterable[str] = (),
    first: Iterable[str] = (),
) -> str:
    """A page as text: what it says of itself, its address, its words, its tables.

    page: its whole address, with the dates in force.
    first: pieces that stand before the tables, such as the figures.
    """
    pieces = [f"{piece}\n" for piece in heading(about)]
    pieces.append(f"{gettext('Page')}: {page}\n\n")
    for text in filter(None, words):
        pieces += [f"{piece}\n" for piece in paragraphs(text)]
    pieces += first
    for table in tables:
        pieces += table_pieces(table, page, about.dates)
    return "".join(pieces)


def link(words: str, url: str) -> str:
    """Words that lead to an address of the site."""
    address = url if ":" in url.split("/", 1)[0] else settings.SITE_URL + url
    return f"[{escaped(words)}]({quote(address, safe=_OF_ADDRESSES)})"


def grid(headings: Iterable[str], rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    """Rows as a table; the headings end in a colon where numbers stand below."""
    names = list(headings)
    yield _row(name.removesuffix(":") for name in names)
    yield _line("---:" if name.endswith(":") else "---" for name in names)
    for row in rows:
        yield _row(row)


def table_pieces(table: Table, page: str, dates: str) -> Iterator[str]:
    """A table with its title and totals, and the address of each row's own page; nothing where it
    has no row. page: where its files are, for the rows beyond those that are shown; dates: those
    in force, as part of an address.
    """
    fields = table.export_fields()
    records = list(islice(table.records(), MOST_ROWS))
    if not records:
        return
    yield f"\n## {escaped(str(table.title))}\n\n"
    if table.note:
        yield f"{escaped(str(table.note))}\n\n"
    heads = [f"{field.label}:" if field.kind in _NUMBERS else field.label for field in fields]
    rows, addresses = rows_of(fields, records), [_address(record, dates) for record in records]
    if any(addresses):
        heads.append(gettext("Address"))
        rows = ((*row, address) for row, address in zip(rows, addresses, strict=True))
    yield from grid(heads, rows)
    for label, values in table.typed_totals():
        yield _row(_total(fields, label, values))
    if (count := table.row_count()) > MOST_ROWS:
        text = ngettext("%(count)s more row.", "%(count)s more rows.", count - MOST_ROWS)
        joint = "&" if "?" in page else "?"
        yield f"\n{text % {'count': count - MOST_ROWS}} {page}{joint}format=csv\n"


def _address(record: Any, dates: str) -> str:
    """Where a row has a page of its own; "" where it has none."""
    found = dated(address_of(record), dates) if hasattr(record, "get_absolute_url") else ""
    return settings.SITE_URL + found if found.startswith("/") else found


def _total(fields: list[ExportField], label: str, values: dict[str, Any]) -> list[Any]:
    cells = [values.get(field.key) for field in fields]
    free = next((place for place, cell in enumerate(cells) if cell in (None, "")), 0)
    cells[free] = label
    return cells


def _row(cells: Iterable[Any]) -> str:
    return _line("" if cell is None else escaped(plain(cell)) for cell in cells)


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |\n"

"""Tables as each way gives them, read back into the numbers of their columns."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

import openpyxl
from lxml import html

from tests.portal.kit import reading

Number = Decimal | None
_NUMBERS = frozenset({"money", "amount", "percent", "integer", "rate"})
_MARKS = str.maketrans({"\N{MINUS SIGN}": "-", ",": None, "\N{NO-BREAK SPACE}": None, "%": None})
_CURRENCY = re.compile(r"^[A-Z]{3} ?")
_SHOWN = re.compile(r"-?\d+(?:\.\d+)?")


@dataclass(frozen=True)
class Numbers:
    """A table: its title, and of each column of numbers its heading and what stands below."""

    title: str
    columns: dict[str, list[Number]]
    totals: dict[str, Number]

    @property
    def count(self) -> int:
        """How many numbers there are."""
        return sum(value is not None for below in self.columns.values() for value in below)


def of_json(content: bytes) -> list[Numbers]:
    """The tables of a JSON file, which says what each column is."""
    found = json.loads(content)
    title = found["meta"]["title"]
    return [_of_json({"title": title} | table) for table in found.get("tables", [found])]


def _of_json(table: dict[str, Any]) -> Numbers:
    kept = {c["key"]: c["label"] for c in table["columns"] if c["type"] in _NUMBERS}
    columns = {label: [number(row[key]) for row in table["rows"]] for key, label in kept.items()}
    [last] = table.get("totals") or [{"values": {}}]
    return Numbers(
        table["title"], columns,
        {label: number(last["values"].get(key)) for key, label in kept.items()},
    )  # fmt: skip


def of_csv(content: bytes, like: Sequence[Numbers]) -> list[Numbers]:
    """The tables of a CSV file, or of several in an archive, in the order of those given."""
    if not content.startswith(b"PK"):
        return [_of_lines(content, like[0])]
    filled = [table for table in like if table.columns]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = [name for name in archive.namelist() if name.endswith(".csv")]
        return [
            _of_lines(archive.read(name), one) for name, one in zip(names, filled, strict=False)
        ]


def _of_lines(content: bytes, like: Numbers) -> Numbers:
    heads, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    return Numbers(like.title, _by_heading(like, heads, rows), {})


def of_excel(content: bytes, like: Sequence[Numbers]) -> list[Numbers]:
    """The sheets of a workbook, in the order of the tables given."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    found = []
    for table, sheet in zip(like, book.worksheets, strict=False):
        heads = [str(cell.value) for cell in sheet[1]]
        found.append(Numbers(table.title, _by_heading(table, heads, reading.xlsx_rows(sheet)), {}))
    return found


def _by_heading(like: Numbers, heads: Sequence[str], rows: Sequence[Sequence[Any]]) -> Any:
    places = {label: heads.index(label) for label in like.columns if label in heads}
    return {label: [number(row[place]) for row in rows] for label, place in places.items()}


def of_markdown(text: str) -> dict[str, tuple[list[str], list[list[str]]]]:
    """Of each table of a text its headings and cells, by its title."""
    found = {}
    for part in text.split("\n## ")[1:]:
        title, _line, below = part.partition("\n")
        lines = [line[2:-2] for line in below.splitlines() if line.startswith("| ")]
        if lines:
            heads, _rule, *rows = (re.split(r"(?<!\\) \| ", line) for line in lines)
            found[unescaped(title)] = ([unescaped(head) for head in heads], rows)
    return found


def unescaped(text: str) -> str:
    """Words as they are, without what keeps them from being markup."""
    return re.sub(r"\\(.)", r"\1", text).replace("&lt;", "<")


@dataclass(frozen=True)
class Shown:
    """A table of a page: its title, its headings, the texts of its rows and of its totals."""

    title: str
    heads: list[str]
    rows: list[list[str]]
    totals: list[list[str]]


def tables_shown(content: bytes) -> Iterator[Shown]:
    """All tables of a page, as one reads them."""
    for table in page_of(content).xpath("//main//table[caption]"):
        title = " ".join((table.find("caption").text or "").split())
        heads = [_text(cell) for cell in table.xpath("./thead/tr[last()]/*")]
        yield Shown(title, heads, _rows(table, "tbody"), _rows(table, "tfoot"))


def _rows(table: Any, part: str) -> list[list[str]]:
    return [[_text(cell) for cell in row] for row in table.xpath(f"./{part}/tr")]


def _text(cell: Any) -> str:
    for mark in cell.xpath(".//a[@class='mark'] | .//small | .//span[@class='live']"):
        mark.drop_tree()
    return " ".join(cell.text_content().split())


def shown_number(text: str) -> Number:
    """The number that begins a text of a page, or follows the code of its currency; None where it
    says that there is none."""
    found = _SHOWN.match(_CURRENCY.sub("", text.translate(_MARKS).strip()))
    return Decimal(found[0]) if found else None


def all_numbers(text: str) -> Iterator[str]:
    """Each number of a text, as it is written there, without what parts thousands."""
    yield from _SHOWN.findall(text.translate(_MARKS))


def number(value: Any) -> Number:
    """The value of a file as a number; None for nothing."""
    if value in (None, ""):
        return None
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None


def page_of(content: bytes) -> Any:
    """A page, read as a browser reads it."""
    return html.fromstring(content.decode())

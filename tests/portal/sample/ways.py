"""The ways by which the numbers of one thing are given away, each compared with what its own JSON
and `/api/v1/` say: page, Excel, CSV, PDF, package, MCP, Markdown, IATI, static copy.

Each way yields what differs, and counts the numbers that it compared.
"""

import io
import json
import subprocess
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pikepdf
from django.test import Client
from django.utils import timezone
from lxml import etree

from finance.figures.catalogue import FIGURES
from finance.reports.fund import REPORTS as OF_ONE_FUND
from finance.reports.organization import REPORTS as OF_ONE_ORGANIZATION
from finance.reports.project_panels import REPORTS as OF_ONE_PROJECT
from portal.kit.files.streams import plain
from portal.kit.formatting import half_up, percentage
from portal.kit.web.visiting import visit
from portal.mirror.addresses import address_of
from portal.mirror.making import Making
from portal.mirror.moment import told_of
from portal.mirror.register import Register
from tests.portal.kit import reading
from tests.portal.sample import read_back
from tests.portal.sample.read_back import Number, Numbers
from tests.structure import attached

CLIENT = Client()
# The pages below each thing whose tables are files.
OF_A_PROJECT = ("", *(f"key-figures/?report_by={name}" for name in OF_ONE_PROJECT), "vouchers/")
OF_FUNDS = ("", "statement/", *(f"report/?report_by={name}" for name in OF_ONE_FUND))
OF_ORGANIZATIONS = ("", *(f"report/?report_by={name}" for name in OF_ONE_ORGANIZATION))
Differences = Iterator[tuple[Any, ...]]


@dataclass(frozen=True)
class Kind:
    """What there is of each thing of a kind: its list in the interface, its figures, and the pages
    below it whose tables are files."""

    name: str
    list_name: str
    keys: tuple[str, ...]
    pages: tuple[str, ...]


@dataclass
class Thing:
    """A thing that is walked, with its row in the package."""

    kind: Kind
    code: str
    row: Mapping[str, str]
    listed: Mapping[str, Any]
    compared: Counter[str] = field(default_factory=Counter)

    @property
    def page(self) -> str:
        """The address of its page."""
        return f"/{self.kind.name}/{self.code}/"

    def answer(self, path: str, *, drawn_now: bool = False) -> bytes:
        """What the portal answers."""
        address = urlsplit(path)
        response = visit(address.path, address.query, "en") if drawn_now else CLIENT.get(path)
        assert response.status_code == 200, (path, response.status_code)
        return reading.body(response)

    def differences(self) -> Differences:
        """All that is not the same, whatever way it is taken."""
        told = json.loads(self.answer(f"/api/v1/{self.kind.list_name}/{self.code}/"))
        figures = told["result"]["figures"]
        assert set(figures) == set(self.kind.keys)
        tables: dict[str, Numbers] = {}
        for below in self.kind.pages:
            yield from self._files(self.page + below, tables)
        yield from self._figures(figures)
        yield from self._text(figures, tables)
        yield from self._paper(tables)
        yield from self._copy()
        if self.kind.name == "project":
            yield from self._iati(figures)

    def _same(self, way: str, what: Any, theirs: Any, ours: Any) -> Differences:
        self.compared[way] += ours is not None
        if theirs != ours:
            yield (way, self.page, what, theirs, ours)

    # --- Tables

    def _files(self, url: str, tables: dict[str, Numbers]) -> Differences:
        """The tables of a page: as JSON, CSV and Excel, and as they are shown."""
        mark = "&" if "?" in url else "?"
        found = read_back.of_json(self.answer(f"{url}{mark}format=json"))
        for way, read in (("csv", read_back.of_csv), ("xlsx", read_back.of_excel)):
            response = CLIENT.get(f"{url}{mark}format={way}")
            if response.status_code == 200:
                others = read(reading.body(response), found)
                for ours, theirs in zip(found, others, strict=True):
                    yield from self._columns(way, ours, theirs.columns)
        yield from self._shown(url, found)
        tables |= {table.title: table for table in found}

    def _columns(self, way: str, ours: Numbers, theirs: dict[str, list[Number]]) -> Differences:
        for label, below in ours.columns.items():
            self.compared[way] += sum(value is not None for value in below)
            if theirs.get(label, []) != below and below:
                yield (way, self.page, ours.title, label, theirs.get(label), below)

    def _shown(self, url: str, found: list[Numbers]) -> Differences:
        by_title = {table.title: table for table in found}
        for shown in read_back.tables_shown(self.answer(url)):
            ours = by_title.get(shown.title)
            if ours is not None:
                yield from self._as_shown(shown, ours)

    def _as_shown(self, shown: read_back.Shown, ours: Numbers) -> Differences:
        """Each number of the page, to as many places as the page has."""
        for place, label in enumerate(shown.heads):
            if label not in ours.columns:
                continue
            for text, value in zip(
                (row[place] for row in shown.rows), ours.columns[label], strict=False
            ):
                yield from self._to_its_places("page", (shown.title, label), text, value)

    def _to_its_places(self, way: str, what: Any, text: str, value: Number) -> Differences:
        number = read_back.shown_number(text)
        places = -int(number.as_tuple().exponent) if number is not None else 0
        yield from self._same(way, (what, text), number, half_up(value, places))

    # --- Figures

    def _figures(self, figures: dict[str, Any]) -> Differences:
        """In the package, by MCP, on the page, and in the records that each is the sum of."""
        asked = {"kind": self.kind.name, "code": self.code}
        by_mcp = called("figures", asked)["figures"]
        links = self._links()
        for key, told in figures.items():
            yield from self._same("mcp", key, by_mcp[key], told)
            if key in self.row:
                yield from self._same("package", key, in_package(self.row, key), told["value"])
            records = urlsplit(told["records"] or "")
            address = f"{records.path}?{records.query}"
            if key in self.listed:
                yield from self._same("list", key, self.listed[key], told["value"])
            if told["records"]:
                yield from self._records(key, address, told)
            for text in links.get(address, ()):
                value = told["value"] and Decimal(told["value"])
                yield from self._to_its_places("page", key, text, value)

    def _links(self) -> dict[str, list[str]]:
        """The words that lead to each address from the key figures at the top of the page."""
        tree = read_back.page_of(self.answer(self.page))
        found: dict[str, list[str]] = {}
        for link in tree.xpath("//main//dl[contains(@class, 'key-facts')]//a[@href]"):
            found.setdefault(link.get("href"), []).append(link.text_content().strip())
        return found

    def _records(self, key: str, address: str, told: dict[str, Any]) -> Differences:
        """What the records behind a figure add up to, as the file of them says."""
        totals = json.loads(self.answer(f"{address}&format=json"))["totals"]
        # Of a rate the records are those of what it divides.
        if told["unit"] != "percent" and totals:
            values = totals[0]["values"]
            value = values.get("counted", values.get(key))
            yield from self._same("records", key, value, told["value"])

    # --- Other ways

    def _text(self, figures: dict[str, Any], tables: dict[str, Numbers]) -> Differences:
        text = self.answer(f"{self.page[:-1]}.md").decode()
        found = read_back.of_markdown(text)
        names, rows = found.pop("Figures")
        by_name = {read_back.unescaped(row[0]): dict(zip(names, row, strict=True)) for row in rows}
        for key, told in figures.items():
            row = by_name[str(FIGURES[key])]
            states = told["states"] or {}
            ours = [told["value"] or "not known", told["unit"], states.get("interim") or "",
                    states.get("certified") or "", told["records"] or ""]  # fmt: skip
            shown = ("Value", "Unit", "Interim", "Certified", "Records")
            theirs = [read_back.unescaped(row[name]) for name in shown]
            yield from self._same("markdown", key, theirs, ours)
        for title, (heads, cells) in found.items():
            if title in tables:
                yield from self._lines(tables[title], heads, cells)

    def _lines(self, ours: Numbers, heads: list[str], cells: list[list[str]]) -> Differences:
        for label, below in ours.columns.items():
            place = heads.index(label)
            theirs = [read_back.number(row[place]) for row in cells[: len(below)]]
            self.compared["markdown"] += len(theirs)
            if theirs != below[: len(theirs)]:
                yield ("markdown", self.page, ours.title, label, theirs, below)

    def _paper(self, tables: dict[str, Numbers]) -> Differences:
        """The PDF has each number of the print view, and inside it the same tables as files."""
        pdf = self.answer(f"{self.page}?format=pdf", drawn_now=True)
        command = ["pdftotext", "-enc", "UTF-8", "-", "-"]
        text = subprocess.run(command, input=pdf, capture_output=True, check=True).stdout.decode()
        there = Counter(read_back.all_numbers(text))
        shown = read_back.tables_shown(self.answer(f"{self.page}?format=print"))
        wanted = Counter(
            number
            for table in shown
            for row in (*table.rows, *table.totals)
            for cell in row
            for number in read_back.all_numbers(cell)
        )
        self.compared["pdf"] += wanted.total()
        if missing := wanted - there:
            yield ("pdf", self.page, dict(missing))
        with pikepdf.open(io.BytesIO(pdf)) as file:
            inside = attached(file)
        for name in (name for name in inside if name.endswith(".json")):
            for table in read_back.of_json(inside[name]):
                if table.title in tables:
                    yield from self._columns("pdf", tables[table.title], table.columns)

    def _copy(self) -> Differences:
        """The page of the static copy has the same numbers, and its file the same tables."""
        for wanted in (self.page, f"{self.page}?format=json"):
            kept, live = copied(wanted), self.answer(wanted)
            if wanted.endswith("json"):
                theirs, ours = json.loads(kept), json.loads(live)
                yield from self._same(
                    "copy", "json", theirs | {"meta": None}, ours | {"meta": None}
                )
            else:
                # What the site draws for whoever opens it stands whole in the copy.
                theirs = list(read_back.tables_shown(kept))
                for ours in read_back.tables_shown(live):
                    found = ours if ours in theirs else None
                    yield from self._same("copy", ours.title, found, ours)

    def _iati(self, figures: dict[str, Any]) -> Differences:
        """Transactions add up to the figures where all of them are in one currency."""
        tree: Any = etree.fromstring(self.answer(f"{self.page}?format=iati"))
        [activity] = tree.findall("iati-activity")
        unit = figures["approved"]["unit"]
        sums: dict[str, Decimal] = defaultdict(Decimal)
        for one in activity.findall("transaction"):
            value = one.find("value")
            if (value.get("currency") or activity.get("default-currency")) != unit:
                return
            kind, amount = one.find("transaction-type").get("code"), Decimal(value.text)
            sums["refund" if kind == "3" and amount < 0 else _OF_TYPES.get(kind, "")] += amount
        for key in ("approved", "transfer", "refund", "expenditure"):
            ours = figures[key]["value"]
            theirs = plain(half_up(abs(sums[key]) if key == "refund" else sums[key], 2))
            yield from self._same("iati", key, theirs, ours or "0.00")


_OF_TYPES = {"2": "approved", "3": "transfer", "4": "expenditure"}


def in_package(row: Mapping[str, str], key: str) -> str | None:
    """The figure of a row of the package, as the interface writes it."""
    if not row[key]:
        return None
    value = Decimal(row[key])
    return plain(percentage(value) if key == "delivery_rate" else half_up(value, 2))


def called(tool: str, arguments: dict[str, Any]) -> Any:
    """What a tool of the MCP server gives."""
    message = {
        "jsonrpc": "2.0", "id": 1, "method": "tools/call",
        "params": {"name": tool, "arguments": arguments},
    }  # fmt: skip
    with reading.going_on():
        response = CLIENT.post(
            "/api/mcp",
            json.dumps(message),
            content_type="application/json",
            headers={"Accept": "application/json, text/event-stream"},
        )
    assert response.status_code == 200, response.content
    return json.loads(response.content)["result"]["structuredContent"]


def copied(url: str) -> bytes:
    """The file of a static copy that this address would be; the rest of the copy is not made."""
    with (
        tempfile.TemporaryDirectory() as place,
        closing(Register(Path(place) / "register")) as all_,
    ):
        making = Making(Path(place), all_, "en", told_of(timezone.now()))
        name = making.file_of(address_of(url))
        assert name is not None, url
        making._write(next(one for one in all_.waiting() if one.name == name))
        return (Path(place) / name).read_bytes()

"""Reading all public addresses as a visitor could: every pattern, format and date."""

import html
import io
import re
import subprocess
import zipfile
from collections.abc import Iterable
from urllib.parse import parse_qsl, unquote, urlencode

import pikepdf
from django.test import Client
from openpyxl import load_workbook

from portal import urls
from portal.about import urls as about_urls
from portal.api import urls as api_urls
from portal.following import urls as following_urls
from tests.structure import attached

DATES: tuple[dict[str, str], ...] = ({}, {"as_of": "2025-05-02"}, {"until": "2020-12-31"})
LIST = ("", "json", "csv", "xlsx", "print", "pdf")
FACTSHEET = ("", "json", "xlsx", "print", "pdf", "iati")
PAGE = ("",)
# The page's first query comes in all formats and at all dates; the others, other rows by the same
# table, in these, and at other dates as JSON.
READ_AGAIN = frozenset({"", "json"})
# The print view is the page, and PDFs are drawn from it: few are drawn, and the print views of all
# are read. Tables as CSV and Excel have the rows of the JSON, which is read at all dates. IATI
# knows no dates.
UNDATED = frozenset({"csv", "xlsx", "print", "pdf", "iati"})
# What differs from one reading to the next although nothing changed.
_CHANGING = re.compile(
    r"\d{4}-\d\d-\d\dT[\d:.+Z]+|\d\d?:\d\d(?::\d\d)?|nonce\S+"
    r'|(?:csrfmiddlewaretoken|"once)\S* \S+'
    r"|Downloaded (once|\d+ times)"
)


def public_names() -> set[str]:
    """The names of all patterns that are not of the staff."""
    patterns = (
        *urls.urlpatterns, *about_urls.urlpatterns, *api_urls.urlpatterns,
        *following_urls.urlpatterns,
    )  # fmt: skip
    names = {getattr(pattern, "name", None) for pattern in patterns}
    return {name for name in names if name}


def addresses(
    path: str,
    formats: tuple[str, ...],
    queries: tuple[dict, ...],
    *,
    drawn: bool,
    whole: bool,
    last: bool,
) -> list[str]:
    """A path with these queries, formats and dates.

    The last path of a pattern is read at all dates in all formats that know any; the others as the
    page of one past date and as JSON of the other. One that is not whole is read as of today only,
    as page and JSON: of a kind of which others are whole.
    """
    return [
        f"{path}?{urlencode({**query, **dates, **({'format': form} if form else {})})}"
        for query in queries
        for form in formats
        for dates in _dates(form, last=last)
        if (form in READ_AGAIN or (whole and query is queries[0]))
        and (not dates or (whole and (query is queries[0] or form == "json")))
        and (form != "pdf" or drawn)
    ]


def _dates(form: str, *, last: bool) -> tuple[dict[str, str], ...]:
    today, past, until = DATES
    if form in UNDATED:
        return (today,)
    if last:
        return DATES
    return (today, until) if form == "json" else (today, past)


def read_thrice(known: dict[str, str]) -> list[str]:
    """Of addresses with the names of their patterns those that are read before and after, too.

    Of each path the page; of the last path of each pattern, and of all records, every query as
    JSON; of that last path the CSV. Other dates, and the formats made of the same rows, are no
    other when nothing is withheld.
    """
    last = {name: url.partition("?")[0] for url, name in known.items()}
    seen, chosen = set(), []
    for url, name in known.items():
        path, _mark, query = url.partition("?")
        asked = dict(parse_qsl(query))
        form = asked.get("format", "")
        if asked.keys() & {"as_of", "until"}:
            continue
        is_first = (path, form) not in seen
        seen.add((path, form))
        is_last = path == last[name]
        if (
            (form == "" and is_first)
            or (form == "json" and (is_last or name.endswith("records")))
            or (form == "csv" and is_last)
        ):
            chosen.append(url)
    return chosen


def read(client: Client, wanted: Iterable[str]) -> dict[str, tuple[int, str]]:
    """For each address the status and the text."""
    return {url: _open(client, url) for url in wanted}


def _open(client: Client, url: str) -> tuple[int, str]:
    response = client.get(url)
    kind = response.headers.get("Content-Type", "").partition(";")[0]
    headers = [response.headers.get(name, "") for name in ("Content-Disposition", "Location")]
    return response.status_code, "\n".join([*headers, _text(kind, response.getvalue())])


def saying(pages: dict[str, tuple[int, str]], *words: str) -> list[str]:
    """The addresses whose text has one of these words."""
    return sorted(
        url
        for url, (_status, text) in pages.items()
        if any(word in text.casefold() for word in words)
    )


def steady(pages: dict[str, tuple[int, str]]) -> dict[str, tuple[int, str]]:
    """What was read, without times."""
    return {url: (status, _CHANGING.sub("", text)) for url, (status, text) in pages.items()}


def _text(kind: str, content: bytes) -> str:
    if kind.endswith("spreadsheetml.sheet"):
        book = load_workbook(io.BytesIO(content), read_only=True)
        cells = [str(c) for s in book for row in s.iter_rows(values_only=True) for c in row if c]
        return "\n".join([*book.sheetnames, str(book.properties.title), *cells])
    if kind == "application/pdf":
        command = ["pdftotext", "-enc", "UTF-8", "-", "-"]
        done = subprocess.run(command, input=content, capture_output=True, check=True)
        with pikepdf.open(io.BytesIO(content)) as file:
            inside = [f"{name}\n{held.decode()}" for name, held in attached(file).items()]
            about = [str(file.docinfo), file.Root.Metadata.read_bytes().decode()]
        return "\n".join([" ".join(done.stdout.decode().split()), *about, *inside])
    if kind == "application/zip":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            texts = [archive.read(name).decode(errors="replace") for name in archive.namelist()]
            return "\n".join([*archive.namelist(), *texts])
    if kind.startswith("image/"):
        return ""
    return html.unescape(unquote(content.decode()))

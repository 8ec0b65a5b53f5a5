"""Reading the whole public site as a visitor could: every link, every format, every date."""

import html
import io
import re
import subprocess
from dataclasses import dataclass, field
from urllib.parse import unquote

from django.urls import resolve
from openpyxl import load_workbook

_LINK = re.compile(r'<(?:a|link|form)\b[^>]*?\b(?:href|action)="(/[^"#]*)', re.IGNORECASE)
# Not of the public, and files that belong to no page.
_OUTSIDE = re.compile(r"//|/(static|media|staff|admin|data/formats|feedback|glossary)\b")
# The same rows in another order or in part, and PDFs of the past: drawn from the print view,
# which is read at every date.
_AGAIN = re.compile(
    r"[?&](sort|page|after|before|q|organization|category|first|last|state)="
    r"|(as_of|until)=.*format=pdf|format=pdf.*(as_of|until)="
)
# What differs from one reading to the next although nothing changed.
_CHANGING = re.compile(
    r"\d{4}-\d\d-\d\dT[\d:.+Z]+|\d\d?:\d\d(?::\d\d)?|csrfmiddlewaretoken\S* \S+|nonce\S+"
)


@dataclass
class Site:
    """What a visitor has read: for each address the status and the text."""

    client: object
    read: dict[str, tuple[int, str]] = field(default_factory=dict)

    def walk(self, *starts: str) -> "Site":
        """Read these addresses and all that they lead to."""
        waiting = list(starts)
        while waiting:
            url = waiting.pop()
            if url in self.read:
                continue
            self.read[url], links = self._open(url)
            waiting += [
                link for link in links if not _OUTSIDE.match(link) and not _AGAIN.search(link)
            ]
        return self

    def _open(self, url: str) -> tuple[tuple[int, str], list[str]]:
        response = self.client.get(url)
        content = response.getvalue()
        kind = response.headers.get("Content-Type", "").partition(";")[0]
        text = f"{response.headers.get('Content-Disposition', '')}\n{_text(kind, content)}"
        links = []
        if kind == "text/html":
            links = [html.unescape(link) for link in _LINK.findall(content.decode())]
        return (response.status_code, text), links

    @property
    def names(self) -> set[str]:
        """The names of the addresses that answered."""
        paths = {url.partition("?")[0] for url, (status, _t) in self.read.items() if status == 200}
        return {resolve(unquote(path)).url_name for path in paths}

    def saying(self, *words: str) -> list[str]:
        """The addresses whose text has one of these words."""
        return sorted(
            url
            for url, (_status, text) in self.read.items()
            if any(word in text.casefold() for word in words)
        )

    def steady(self) -> dict[str, tuple[int, str]]:
        """What was read, without times."""
        return {url: (s, _CHANGING.sub("", text)) for url, (s, text) in self.read.items()}


def _text(kind: str, content: bytes) -> str:
    if kind.endswith("spreadsheetml.sheet"):
        book = load_workbook(io.BytesIO(content), read_only=True)
        cells = [str(c) for s in book for row in s.iter_rows(values_only=True) for c in row if c]
        return "\n".join([*book.sheetnames, str(book.properties.title), *cells])
    if kind == "application/pdf":
        command = ["pdftotext", "-", "-"]
        done = subprocess.run(command, input=content, capture_output=True, check=True)
        return " ".join(done.stdout.decode().split())
    if kind.startswith("image/"):
        return ""
    return html.unescape(unquote(content.decode()))

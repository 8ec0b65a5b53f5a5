"""Search inside documents, against the bare query that finds, ranks and marks the same.

`fill` makes the pages: words drawn as in natural texts (the n-th commonest 1/n as often), in
four languages, each with its common words first. `measure` asks the page of the search as an
anonymous visitor would when no cache holds it, in turn with the bare query.
"""

import io
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from statistics import median

from django.db import connection, connections
from django.test import Client

from documents.models import Document, DocumentType, DocumentVersion
from portal.host.bench.asking import rounds_of
from portal.public.views.documents import AT_ONCE
from projects.models import Fund, Project

PAGES_EACH, WORDS_EACH, VOCABULARY = 20, 300, 30_000
ROUNDS = rounds_of(9)
_PAGE = "/documents/search/"
# Bar: how many times the bare query.
BAR = 10
# Of each language the commonest words, stop words first; the rest is invented by syllables.
_COMMON = {
    "en": "the of and to in for a on by with was is that from report water children women point "
    "schools community repaired health committee",
    "fr": "de la le et les des en du une dans pour par que sur rapport eau enfants femmes points "
    "écoles communauté réparées santé comité",
    "es": "de la el y los en del las una para por que con se informe agua niños mujeres puntos "
    "escuelas comunidad reparadas salud comité",
    "ar": "في من على إلى عن مع هذا التي تقرير المياه الأطفال النساء نقاط المدارس المجتمع "
    "الصحة اللجنة",
}  # fmt: skip
_ENDINGS = {
    "en": ("", "s", "ing", "ed", "tion", "ly"),
    "fr": ("", "s", "tion", "ées", "ment"),
    "es": ("", "s", "ción", "ados", "mente"),
    "ar": ("ات", "ون", "ة"),
}
_SHARES = {"en": 11, "fr": 5, "es": 3, "ar": 1}
# What is planted: words, and on every how many-th page they stand.
_PLANTED = (("osprey", 5_000), ("heron", 500), ("kestrel", 300), ("water point committee", 700))
ASKED = {
    "a common word": "water",
    "a rare word": "osprey",
    "a rare pair": "heron kestrel",
    "common words": "repaired schools",
    "a phrase": '"water point committee"',
    "no hit": "zyzzyva",
}
_FLOOR = """
SELECT document.id, document.title, type.name, found.number,
    ts_headline('english', found.text, found.asked) AS passage
FROM (
    SELECT page.document_id, page.number, page.text, asked,
        ts_rank(page.search, asked) AS rank
    FROM documents_documentpage AS page
    JOIN documents_document AS document ON document.id = page.document_id,
        websearch_to_tsquery('english', %s) AS asked
    WHERE page.search @@ asked AND document.state = 'public'
    ORDER BY rank DESC, page.document_id, page.number LIMIT %s
) AS found
JOIN documents_document AS document ON document.id = found.document_id
JOIN documents_documenttype AS type ON type.id = document.type_id
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """Milliseconds of the bare query and of the page, the median of several rounds."""

    name: str
    hits: int
    bare: float
    page: float
    bar: float = BAR


def fill(pages: int) -> None:
    """So many pages of public documents, one document of ten held back, in an empty database."""
    draw = random.Random(20)  # noqa: S311 - the same texts each time
    fund = Fund.objects.create(code="BENCH", name="Fund to measure")
    projects = Project.objects.bulk_create(
        Project(number=f"{n:08}", title=f"Project {n}", fund=fund) for n in range(100)
    )
    kinds = list(DocumentType.objects.all())
    documents = Document.objects.bulk_create(
        Document(
            project=projects[n % len(projects)],
            type=kinds[n % len(kinds)],
            title=f"Report number {n} of the project",
            media_type="application/pdf",
            languages=[_language(n)],
            state=Document.State.HELD if n % 10 == 9 else Document.State.PUBLIC,
        )
        for n in range(-(-pages // PAGES_EACH))
    )
    versions = DocumentVersion.objects.bulk_create(
        DocumentVersion(
            document=document, file_name="report.pdf", file=f"documents/{document.pk}.pdf",
            media_type="application/pdf", size=1, sha256=f"{document.pk:064x}",
        )
        for document in documents
    )  # fmt: skip
    rows = _rows([(v.document_id, v.pk) for v in versions], pages, draw)
    with connections["owner"].cursor() as owner:
        # As after a load of this size: one index made at once, and all in order.
        owner.execute("DROP INDEX document_page_search")
    with connection.cursor() as cursor:
        cursor.copy_expert(
            "COPY documents_documentpage (document_id, version_id, number, language, text)"
            " FROM STDIN",
            _Stream(rows),
        )
    with connections["owner"].cursor() as owner:
        owner.execute(
            "CREATE INDEX document_page_search ON documents_documentpage USING gin (search)"
        )
        owner.execute("VACUUM ANALYZE")


def _language(n: int) -> str:
    part = n % sum(_SHARES.values())
    for code, share in _SHARES.items():
        if part < share:
            return code
        part -= share
    return "en"


def vocabulary(code: str, draw: random.Random) -> tuple[list[str], list[float]]:
    """The words of a language, commonest first, and their weights added up."""
    words = dict.fromkeys(_COMMON[code].split())
    syllables = (
        ["با", "دو", "كي", "لا", "مو", "ني", "را", "سو", "شي", "تا"]
        if code == "ar"
        else [a + b for a in "bcdfglmnprstv" for b in ("a", "e", "i", "o", "u", "en", "or")]
    )
    while len(words) < VOCABULARY:
        stem = "".join(draw.choices(syllables, k=draw.randint(2, 4)))
        words[stem + draw.choice(_ENDINGS[code])] = None
    weights = list(accumulate(1 / (rank + 2.7) for rank in range(len(words))))
    return list(words), weights


def _rows(versions: list[tuple[int, int]], pages: int, draw: random.Random) -> Iterator[str]:
    words = {code: vocabulary(code, draw) for code in _COMMON}
    for n in range(pages):
        document, version = versions[n // PAGES_EACH]
        code = _language(n // PAGES_EACH)
        known, weights = words[code]
        text = draw.choices(known, cum_weights=weights, k=draw.randint(1, 2 * WORDS_EACH))
        for planted, every in _PLANTED:
            if n % every == 0 and code == "en":
                text.insert(draw.randrange(len(text)), planted)
        yield f"{document}\t{version}\t{n % PAGES_EACH + 1}\t{code}\t{' '.join(text)}.\n"


class _Stream(io.TextIOBase):
    """Rows as the file that COPY reads, so that they are never all in memory."""

    def __init__(self, rows: Iterator[str]) -> None:
        self.rows, self.rest = rows, ""

    def read(self, size: int | None = -1) -> str:
        """At least so many characters, unless the rows end."""
        pieces, length = [self.rest], len(self.rest)
        while size is None or size < 0 or length < size:
            if (row := next(self.rows, None)) is None:
                break
            pieces.append(row)
            length += len(row)
        text = "".join(pieces)
        end = len(text) if size is None or size < 0 else size
        self.rest = text[end:]
        return text[:end]


def measure() -> list[Cost]:
    """Each search, bare and as a page, in turn."""
    return [_cost(name, words) for name, words in ASKED.items()]


def _cost(name: str, words: str) -> Cost:
    bare, page = [], []
    rows: list[tuple] = []
    for _round in range(ROUNDS):
        start = time.perf_counter()
        with connection.cursor() as cursor:
            cursor.execute(_FLOOR, [words, AT_ONCE])
            rows = cursor.fetchall()
        bare.append((time.perf_counter() - start) * 1000)
        start = time.perf_counter()
        response = Client().get(_PAGE, {"q": words}, headers={"host": "localhost"})
        page.append((time.perf_counter() - start) * 1000)
        shown = response.content.decode().count("#page=")
        if response.status_code != 200 or shown != len(rows):
            raise RuntimeError(f"{words}: {response.status_code}, {shown} of {len(rows)} shown")
    return Cost(name, len(rows), median(bare[1:]), median(page[1:]))

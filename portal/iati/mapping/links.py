"""Links to documents as an activity states them, and as they are written again."""

from collections import defaultdict
from collections.abc import Sequence

from documents.models import Document, DocumentType
from portal.iati.mapping.contacts import is_safe
from portal.iati.mapping.entities import Entities
from portal.iati.stated import StatedDocument, text_in
from portal.kit.text import any_case
from portal.kit.web.languages import without_language
from projects.models import Project
from projects.withheld import withheld_within

OTHER = "other"
MAX_TITLE, MAX_URL, MAX_FORMAT, MAX_CODE = 500, 2000, 200, 10
_UNKNOWN_FORMAT = "application/octet-stream"
_STATED = ("type", "iati_categories", "title", "languages", "document_date", "url", "media_type")
_Links = Sequence[tuple[Project, StatedDocument]]


class DocumentMapper:
    """Makes documents of the links that activities state."""

    def __init__(self, language: str, source: str) -> None:
        self.language = language
        self.source = source
        types = list(DocumentType.objects.all())
        self.types = {kind.iati_category: kind for kind in types if kind.is_read_from_iati}
        self.other = next((kind for kind in types if kind.code == OTHER), None)

    def restate(self, stated: _Links, before: Sequence[Project]) -> None:
        """Bring the documents of projects to what their activities state now.

        `before` are those that had been stated already. A link that is stated again keeps its
        row, and so its address and history. What staff took down stays down, stated or not,
        until they put it back: neither is it deleted, nor is its address made public anew.
        """
        left = self._standing(before)
        down = {key for key, rows in left.items() if not all(map(_is_public, rows))}
        made = [one for project, link in stated if (one := self.document(project, link))]
        hidden = self._withheld([one for one in made if one.project in before])
        new, changed = [], []
        for one in made:
            key = _key(one)
            if key in hidden:
                continue
            mine = [row for row in left.get(key, ()) if row.stated_by_source == self.source]
            if mine:
                left[key].remove(mine[0])
                if _take_words(mine[0], one):
                    changed.append(mine[0])
            elif key not in down:
                new.append(one)
        rest = (row for rows in left.values() for row in rows)
        gone = [row.pk for row in rest if row.stated_by_source == self.source and _is_public(row)]
        Document.objects.filter(pk__in=gone).delete()
        Document.objects.bulk_update(changed, _STATED)
        Document.objects.bulk_create(new)

    def _standing(self, before: Sequence[Project]) -> dict[tuple[int, str], list[Document]]:
        """What the source stated before, and what is down, by project and address.

        What is down comes first: of two links to one address that is the one stated again.
        """
        standing = defaultdict(list)
        rows = Document.objects.filter(project__in=before).exclude(url="").order_by("pk")
        for row in sorted(rows, key=_is_public):
            if row.stated_by_source == self.source or not _is_public(row):
                standing[_key(row)].append(row)
        return standing

    def _withheld(self, made: Sequence[Document]) -> set[tuple[int, str]]:
        """Those of which a row is there already, withheld: it says on its own that it is."""
        withheld = Document.objects.filter(
            project__in={one.project_id for one in made},
            url="",
            state=Document.State.WITHDRAWN,
            stated_by_source=self.source,
        )
        there = set(withheld.values_list("pk", flat=True))
        keys = {(one.project_id or 0, one.url) for one in made} if there else set()
        found = withheld_within(Document, "url", keys)
        return {(project, any_case(url)) for (project, url), pk in found.items() if pk in there}

    def document(self, project: Project, stated: StatedDocument) -> Document | None:
        """The document that a link states; None if its address is none of the web."""
        if not is_safe(stated.url):
            return None
        title = text_in(stated.titles, self.language) or stated.url
        return Document(
            project=project,
            type=self._type(stated.categories),
            iati_categories=[code[:MAX_CODE] for code in stated.categories],
            title=title[:MAX_TITLE],
            languages=[code[:MAX_CODE] for code in stated.languages],
            document_date=stated.document_date,
            url=stated.url[:MAX_URL],
            media_type=stated.format[:MAX_FORMAT],
            stated_by_source=self.source,
        )

    def _type(self, categories: tuple[str, ...]) -> DocumentType:
        """The type that stands for the first category that has one, else “other”."""
        found = next((self.types[code] for code in categories if code in self.types), self.other)
        if found is None:
            values = {"name": "Other", "iati_category": "A12"}
            found, _made = DocumentType.objects.get_or_create(code=OTHER, defaults=values)
            self.other = found
        return found


def _key(document: Document) -> tuple[int, str]:
    """By this a link of a project is known again."""
    return (document.project_id or 0, any_case(document.url))


def _is_public(document: Document) -> bool:
    return document.state == Document.State.PUBLIC


def _take_words(row: Document, stated: Document) -> bool:
    """Say of a document what is stated of it now; whether that is anything new."""
    new = [name for name in _STATED if getattr(row, name) != getattr(stated, name)]
    for name in new:
        setattr(row, name, getattr(stated, name))
    return bool(new)


def count_what_is_left(stated: StatedDocument, entities: Entities) -> None:
    """Count what a link states and we do not keep."""
    entities.note("document-link: its address is none of the web", not is_safe(stated.url))
    entities.note("document-link/title in a further language", max(0, len(stated.titles) - 1))
    entities.note("document-link/description", bool(stated.descriptions))
    entities.cut(text_in(stated.titles, entities.language), MAX_TITLE, "document-link/title")
    entities.cut(stated.url, MAX_URL, "document-link/@url")
    entities.cut(stated.format, MAX_FORMAT, "document-link/@format")
    for code in (*stated.categories, *stated.languages):
        entities.cut(code, MAX_CODE, "document-link: a code")


def link_to(document: Document, site: str = "") -> StatedDocument:
    """The document as a link: what its source stated, or what its type stands for.

    `site` is the address of this portal, where files lie that it keeps itself.
    """
    categories = tuple(document.iati_categories)
    if not document.stated_by_source:
        categories = (document.type.iati_category,)
    has_title = document.title != document.url[:MAX_TITLE]
    return StatedDocument(
        url=document.url or site + without_language(document.get_absolute_url()),
        format=document.media_type or ("" if document.stated_by_source else _UNKNOWN_FORMAT),
        titles={"": document.title} if has_title else {},
        categories=categories,
        languages=tuple(document.languages),
        document_date=document.document_date,
    )

"""Links to documents as an activity states them, and as they are written again."""

from documents.models import Document, DocumentType
from portal.iati.mapping.contacts import is_safe
from portal.iati.mapping.entities import Entities
from portal.iati.stated import StatedDocument, text_in
from portal.kit.web.languages import without_language
from projects.models import Project

OTHER = "other"
MAX_TITLE, MAX_URL, MAX_FORMAT, MAX_CODE = 500, 2000, 200, 10
_UNKNOWN_FORMAT = "application/octet-stream"


class DocumentMapper:
    """Makes documents of the links that activities state."""

    def __init__(self, language: str, source: str) -> None:
        self.language = language
        self.source = source
        types = list(DocumentType.objects.all())
        self.types = {kind.iati_category: kind for kind in types if kind.is_read_from_iati}
        self.other = next((kind for kind in types if kind.code == OTHER), None)

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

"""From the elements below an activity to what they state.

An element about which nothing is said (`<provider-org/>`) is none; one that lacks the code
or address that would give it a place is counted.
"""

from __future__ import annotations

from collections.abc import Iterator

from portal.iati.element import Element
from portal.iati.stated import (
    StatedCode,
    StatedContact,
    StatedCountry,
    StatedDescription,
    StatedDocument,
    StatedIdentifier,
    StatedOrganization,
    StatedRegion,
    StatedRelation,
    StatedSector,
)


def organization(element: Element, activity_id: str = "activity-id") -> StatedOrganization | None:
    """Read an organization in any part."""
    stated = StatedOrganization(
        ref=element.code("ref"),
        type=element.code("type"),
        role=element.code("role"),
        names=element.texts(),
        activity_id=element.code(activity_id),
        line=element.line,
    )
    element.close()
    return None if stated == StatedOrganization() else stated


def party(transaction: Element, tag: str) -> StatedOrganization | None:
    """Read a transaction's provider or receiver."""
    element = transaction.child(f"{tag}-org")
    return organization(element, f"{tag}-activity-id") if element else None


def description(element: Element) -> StatedDescription | None:
    """Read a description."""
    kind, texts = element.code("type"), element.texts(paragraphs=True)
    element.close()
    return StatedDescription(type=kind, texts=texts, line=element.line) if texts else None


def contact(element: Element) -> StatedContact | None:
    """Read one contact."""
    addresses = []
    for child in element.children("mailing-address"):
        addresses.append(child.texts(paragraphs=True))
        child.close()
    stated = StatedContact(
        type=element.code("type"),
        organization=element.texts_of("organisation"),
        department=element.texts_of("department"),
        person=element.texts_of("person-name"),
        job_title=element.texts_of("job-title"),
        telephones=element.plain("telephone"),
        emails=element.plain("email"),
        websites=element.plain("website"),
        addresses=tuple(texts for texts in addresses if texts),
        line=element.line,
    )
    element.close()
    return None if stated == StatedContact() else stated


def country(element: Element) -> StatedCountry | None:
    """Read a recipient country."""
    code = element.code("code").upper()
    if not code:
        element.unread()
        return None
    stated = StatedCountry(
        code=code,
        percentage=element.percentage(),
        names=element.texts(),
        line=element.line,
    )
    element.close()
    return stated


CODES = {
    "disbursement-channel": False,
    "flow-type": False,
    "finance-type": False,
    "aid-type": True,
    "tied-status": False,
}
"""What else a transaction has a code of, in the schema's order, and whether several."""


def codes(transaction: Element) -> Iterator[StatedCode]:
    """Read a transaction's codes of channel, flow, finance, aid and tying."""
    for tag, several in CODES.items():
        found = 0
        for child in transaction.children(tag):
            code = child.code("code")
            if not code or (found and not several):
                child.unread()
                continue
            found += 1
            yield StatedCode(tag, code, child.code("vocabulary") if several else "")
            child.close()


def region(element: Element) -> StatedRegion | None:
    """Read a recipient region."""
    code = element.code("code")
    if not code:
        element.unread()
        return None
    stated = StatedRegion(
        code=code,
        vocabulary=element.code("vocabulary"),
        vocabulary_uri=element.code("vocabulary-uri"),
        percentage=element.percentage(),
        names=element.texts(),
        line=element.line,
    )
    element.close()
    return stated


def sector(element: Element) -> StatedSector | None:
    """Read a sector."""
    code = element.code("code")
    if not code:
        element.unread()
        return None
    stated = StatedSector(
        code=code,
        vocabulary=element.code("vocabulary"),
        vocabulary_uri=element.code("vocabulary-uri"),
        percentage=element.percentage(),
        names=element.texts(),
        line=element.line,
    )
    element.close()
    return stated


def relation(element: Element) -> StatedRelation | None:
    """Read a related activity."""
    ref = element.code("ref")
    if not ref:
        element.unread()
        return None
    stated = StatedRelation(ref=ref, type=element.code("type"), line=element.line)
    element.close()
    return stated


def other_identifier(element: Element) -> StatedIdentifier | None:
    """Read another identifier and its owner."""
    ref = element.code("ref")
    if not ref:
        element.unread()
        return None
    owner = element.child("owner-org")
    stated = StatedIdentifier(
        ref=ref,
        type=element.code("type"),
        owner_ref=owner.code("ref") if owner else "",
        owner_names=owner.texts() if owner else {},
        line=element.line,
    )
    if owner:
        owner.close()
    element.close()
    return stated


def document(element: Element) -> StatedDocument | None:
    """Read a document link."""
    url = (element.raw("url") or "").strip()
    if not url:
        element.unread()
        return None
    stated = StatedDocument(
        url=url,
        format=element.code("format"),
        titles=element.texts_of("title"),
        descriptions=element.texts_of("description", paragraphs=True),
        categories=element.codes("category"),
        languages=tuple(code.lower() for code in element.codes("language")),
        document_date=element.iso_date("document-date"),
        line=element.line,
    )
    element.close()
    return stated

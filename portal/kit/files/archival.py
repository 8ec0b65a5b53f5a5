"""PDF/A-3a: what a file says of itself in XMP, and the data that lies inside it.

WeasyPrint lays out the pages; what it writes of metadata is less than archives and programs ask
for, so that all of it is made here. Level A of part 3 rather than part 4: it is what readers,
archives and validators know, and PDF/UA-2, which belongs to part 4, WeasyPrint only begins.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import resources
from typing import Any
from xml.sax.saxutils import escape

import pydyf
from django.conf import settings
from django.utils.translation import get_language

from portal.kit.files.about import About
from portal.kit.files.tagging import mend_tags
from portal.kit.safe import clean_text

# ISO 19005-3, level A: tagged, and any file may be attached. PDF/UA-1 is said in XMP beside it.
VARIANT = "pdf/a-3a"
# Said in words that WeasyPrint does not know, so that it leaves the colours to what follows.
OUTPUT_INTENT = "stated by the portal"
# The name under which a page tells the PDF how it is cited.
CITATION = "dcterms.bibliographicCitation"
_PACKET = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about=""
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:dcterms="http://purl.org/dc/terms/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:xmpRights="http://ns.adobe.com/xap/1.0/rights/"
 xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"
 xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"
 xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
%s
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"""
# ISO 19005-3, 6.6.2.3.3: what is not in its own list of schemas is described in the file.
_SCHEMA = """<rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>{schema}</pdfaSchema:schema>
<pdfaSchema:namespaceURI>{uri}</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>{prefix}</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>{name}</pdfaProperty:name>
<pdfaProperty:valueType>{kind}</pdfaProperty:valueType>
<pdfaProperty:category>{category}</pdfaProperty:category>
<pdfaProperty:description>{words}</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li>"""
_SCHEMAS = "<pdfaExtension:schemas><rdf:Bag>{}{}</rdf:Bag></pdfaExtension:schemas>".format(
    _SCHEMA.format(
        schema="PDF/UA identification",
        uri="http://www.aiim.org/pdfua/ns/id/",
        prefix="pdfuaid",
        name="part",
        kind="Integer",
        category="internal",
        words="Part of ISO 14289 to which the file conforms",
    ),
    _SCHEMA.format(
        schema="Dublin Core terms",
        uri="http://purl.org/dc/terms/",
        prefix="dcterms",
        name="bibliographicCitation",
        kind="Text",
        category="external",
        words="How the file is cited",
    ),
)


@dataclass(frozen=True)
class Attached:
    """A file inside a PDF: its name there, its type, and in words what it is."""

    name: str
    kind: str
    content: bytes
    words: str


def attachments(files: Iterable[Attached], made_at: datetime) -> list[Any]:
    """The files for WeasyPrint, which are the data that the pages show (ISO 19005-3, annex E)."""
    from weasyprint import Attachment

    return [
        Attachment(
            string=file.content,
            name=file.name,
            description=file.words,
            created=made_at,
            modified=made_at,
            relationship="Data",
        )
        # A name tree is sorted.
        for file in sorted(files, key=lambda file: file.name)
    ]


@dataclass(frozen=True)
class Archival:
    """Finishes a rendered PDF as the standards ask: tags, metadata, associated files."""

    about: About
    # What more is done to the tree of structure, once it is mended.
    then: Callable[[Any, pydyf.PDF], None] | None = None

    def __call__(self, document: Any, pdf: pydyf.PDF) -> None:
        """Called by WeasyPrint right before it writes the file."""
        mend_tags(document, pdf)
        if self.then:
            self.then(document, pdf)
        if "AF" in pdf.catalog:
            # It lists each of them twice.
            pdf.catalog["AF"] = pydyf.Array(dict.fromkeys(pdf.catalog["AF"]))
        _state_colours(pdf)
        title = document.metadata.title or self.about.title
        citation = document.metadata.custom.get(CITATION.lower(), "")
        producer = pdf.info["Producer"].string
        packet = _PACKET % "\n".join(_properties(self.about, title, citation, producer))
        # Not compressed, so that programs find it without reading the file.
        stream = pydyf.Stream([packet.encode()], {"Type": "/Metadata", "Subtype": "/XML"})
        pdf.add_object(stream)
        pdf.catalog["Metadata"] = stream.reference
        _inform(pdf, self.about)
        _write(pdf)


class Written(pydyf.Object):
    """An object as it stands in the file; a stream cannot be compressed with others."""

    compressible = True
    data = b""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.data = data


def _write(pdf: pydyf.PDF) -> None:
    """Work out each object once: pydyf does it anew for the identifier, which PDF/A asks for."""
    for number, thing in enumerate(pdf.objects):
        if thing.free != "f" and not isinstance(thing, Written):
            written = pdf.objects[number] = Written(thing.data)
            written.number, written.compressible = number, thing.compressible


def _state_colours(pdf: pydyf.PDF) -> None:
    """All colours are sRGB. Asked to say so itself, WeasyPrint leaves the profile's file open."""
    profile = pydyf.Stream([_profile()], {"N": 3}, compress=True)
    pdf.add_object(profile)
    intent = {
        "Type": "/OutputIntent",
        "S": "/GTS_PDFA1",
        "OutputConditionIdentifier": pydyf.String("sRGB"),
        "Info": pydyf.String("sRGB2014"),
        "DestOutputProfile": profile.reference,
    }
    pdf.catalog["OutputIntents"] = pydyf.Array([pydyf.Dictionary(intent)])


@cache
def _profile() -> bytes:
    return (resources.files("weasyprint.pdf") / "sRGB2014.icc").read_bytes()


def _inform(pdf: pydyf.PDF, about: About) -> None:
    """The older kind of metadata, which says the same."""
    day = pydyf.String(f"D:{about.made_at:%Y%m%d%H%M%S}Z")
    pdf.info.update({"CreationDate": day, "ModDate": day, "Subject": pydyf.String(_words(about))})
    if about.office:
        pdf.info.update(dict.fromkeys(("Author", "Creator"), pydyf.String(about.office)))


def _words(about: About) -> str:
    """What the file is, in one line: that it is a sample, its day, its filters."""
    told = [f"{label}: {text}" for label, text in about.lines()[1:]]
    return "; ".join(filter(None, (about.notice, *told)))


def _properties(about: About, title: str, citation: str, producer: str) -> Iterator[str]:
    """The properties of XMP, with the schemas that PDF/A does not know by itself."""
    made = about.made_at.isoformat().replace("+00:00", "Z")
    yield _text("pdfaid:part", "3")
    yield _text("pdfaid:conformance", "A")
    yield _text("pdfuaid:part", "1")
    yield _text("dc:format", "application/pdf")
    yield _spoken("dc:title", title)
    yield _spoken("dc:description", _words(about))
    yield _listed("dc:language", "Bag", get_language() or settings.LANGUAGE_CODE)
    yield _listed("dc:date", "Seq", about.as_of.isoformat())
    yield _text("dc:source", about.source)
    if about.office:
        yield _listed("dc:creator", "Seq", about.office)
        yield _listed("dc:publisher", "Bag", about.office)
        yield _text("xmp:CreatorTool", about.office)
    yield _text("pdf:Producer", producer)
    for name in ("xmp:CreateDate", "xmp:ModifyDate", "xmp:MetadataDate"):
        yield _text(name, made)
    if about.licence:
        yield _spoken("dc:rights", about.licence_text)
        yield _spoken("xmpRights:UsageTerms", about.licence_text)
    if about.licence_url:
        yield _text("xmpRights:WebStatement", about.licence_url)
    if citation:
        yield _text("dcterms:bibliographicCitation", citation)
    yield _SCHEMAS


def _text(name: str, text: str) -> str:
    return f"<{name}>{_inner(text)}</{name}>"


def _spoken(name: str, text: str) -> str:
    """A text in the language of the file, which is all that there is."""
    spoken = f'<rdf:li xml:lang="x-default">{_inner(text)}</rdf:li>'
    return f"<{name}><rdf:Alt>{spoken}</rdf:Alt></{name}>"


def _listed(name: str, kind: str, text: str) -> str:
    return f"<{name}><rdf:{kind}><rdf:li>{_inner(text)}</rdf:li></rdf:{kind}></{name}>"


def _inner(text: str) -> str:
    return escape(clean_text(text))

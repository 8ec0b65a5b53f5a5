"""What a file is, told from its first bytes; its name counts for nothing."""

from documents.files.refused import Refused

_OOXML = "application/vnd.openxmlformats-officedocument."
_ODF = "application/vnd.oasis.opendocument."

PDF = "application/pdf"
DOCX = f"{_OOXML}wordprocessingml.document"
XLSX = f"{_OOXML}spreadsheetml.sheet"
PPTX = f"{_OOXML}presentationml.presentation"
ODT, ODS, ODP = f"{_ODF}text", f"{_ODF}spreadsheet", f"{_ODF}presentation"
JPEG, PNG, WEBP = "image/jpeg", "image/png", "image/webp"
TEXT, CSV, ZIP = "text/plain", "text/csv", "application/zip"

EXTENSIONS = {
    PDF: (".pdf",),
    DOCX: (".docx",),
    XLSX: (".xlsx",),
    PPTX: (".pptx",),
    ODT: (".odt",),
    ODS: (".ods",),
    ODP: (".odp",),
    JPEG: (".jpg", ".jpeg"),
    PNG: (".png",),
    WEBP: (".webp",),
    TEXT: (".txt", ".text", ".md"),
    CSV: (".csv", ".tsv"),
    ZIP: (".zip",),
}
IMAGES = frozenset({JPEG, PNG, WEBP})
TEXTS = frozenset({TEXT, CSV})
PACKAGE = "package"  # a ZIP container; `packages` tells which

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STARTS = (
    (b"%PDF-", PDF),
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"PK\x03\x04", PACKAGE),
)


def sniff(head: bytes, name: str) -> str:
    """The media type by the first bytes, PACKAGE, or the kind of text. Raises Refused.

    The name decides only between plain text and csv, which no content can tell apart.
    """
    if not head.strip(b"\0 \t\r\n"):
        raise Refused("empty")
    for start, kind in _STARTS:
        if head.startswith(start):
            return kind
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return WEBP
    if head.startswith(_OLE):
        encrypted = "EncryptedPackage".encode("utf-16-le") in head
        raise Refused("encrypted" if encrypted else "old-office")
    if head.startswith((b"PK\x05\x06", b"PK\x07\x08")):
        raise Refused("empty")
    if b"%PDF-" in head[:1024]:
        raise Refused("polyglot")
    return CSV if name.lower().endswith(EXTENSIONS[CSV]) else TEXT

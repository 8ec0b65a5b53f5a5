"""Documents of projects and funds, how they come in, what happens to them, who keeps them."""

from documents.models.documents import (
    FORMAT_NAMES,
    Document,
    DocumentQuerySet,
    DocumentType,
    DocumentVersion,
    GatewayAccess,
    ReportPeriod,
)
from documents.models.events import DocumentEvent, Download
from documents.models.reading import DocumentPage, Reading
from documents.models.uploads import FundRule, Upload, UploadPart, UploadQuerySet

__all__ = [
    "FORMAT_NAMES",
    "Document",
    "DocumentEvent",
    "DocumentPage",
    "DocumentQuerySet",
    "DocumentType",
    "DocumentVersion",
    "Download",
    "FundRule",
    "GatewayAccess",
    "Reading",
    "ReportPeriod",
    "Upload",
    "UploadPart",
    "UploadQuerySet",
]

"""Forms of those who keep documents, and of those who look at them first."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse as at

from documents.models import Document, DocumentEvent, DocumentType, DocumentVersion, Upload
from documents.services import withdraw_document
from tests.documents.files import pdf
from tests.portal.forms.people import World
from tests.portal.forms.table import NO_WORKER, Place, form

_DOCUMENT = (Document, DocumentEvent, DocumentVersion, Upload)
_DECIDED = "This waits for no review any more. You wrote: "
_MOVED_ON = "The document is in another state by now. Look again."


def _file() -> SimpleUploadedFile:
    return SimpleUploadedFile("Audit.pdf", pdf("The audit."), "application/pdf")


def _of_a_document(world: World, name: str, **values: Any) -> Place:
    key = [world.document(**values).pk]
    return Place(at("gateway-document", args=key), at(name, args=key))


@form("gateway-project", Upload, by="keeper", also="other", sent={"file": _file},
      says=NO_WORKER)  # fmt: skip
def _files_for_a_project(world: World) -> Place:
    return Place(at("gateway-project", args=[world.project.number]))


@form("gateway-fund", Upload, sent={"file": _file}, says=NO_WORKER)
def _files_for_a_fund(world: World) -> Place:
    return Place(at("gateway-fund", args=[world.project.fund.code]))


@form("gateway-version", Upload, by="keeper", also="other", sent={"file": _file},
      says=NO_WORKER)  # fmt: skip
def _a_new_version(world: World) -> Place:
    return _of_a_document(world, "gateway-version")


@form("gateway-upload", *_DOCUMENT, by="keeper", typed="title",
      sent={"title": "The audit", "publish": "yes"},
      says="It goes on by itself once it is scanned",
      told="Somebody else saved this meanwhile")  # fmt: skip
def _completing_a_file(world: World) -> Place:
    kind = DocumentType.objects.get(code="audit")
    return Place(at("gateway-upload", args=[world.upload().pk]), sent={"type": str(kind.pk)})


@form("gateway-together", *_DOCUMENT, by="keeper", says="2 documents go on by themselves",
      told="2 of these files were completed or given up meanwhile")  # fmt: skip
def _completing_several_files(world: World) -> Place:
    kind = DocumentType.objects.get(code="audit")
    uploads = [world.upload(), world.upload()]
    sent = {f"{one.pk}-type": str(kind.pk) for one in uploads}
    return Place(at("gateway-together"), sent=sent)


@form("gateway-drop", Upload, by="keeper", says="Given up; nothing of the file was kept.",
      told="No file of yours is on its way here")  # fmt: skip
def _giving_a_file_up(world: World) -> Place:
    key = [world.upload().pk]
    return Place(at("gateway-upload", args=key), at("gateway-drop", args=key))


@form("gateway-document", *_DOCUMENT, by="keeper", also="other", sent={"title": "Other words"},
      typed="title", says="Saved.", told="Somebody else saved this meanwhile")  # fmt: skip
def _words_of_a_document(world: World) -> Place:
    return Place(at("gateway-document", args=[world.document().pk]))


@form("gateway-publish", *_DOCUMENT, by="keeper", also="other", says="It is public now.",
      told=_MOVED_ON)  # fmt: skip
def _publishing_a_document(world: World) -> Place:
    return _of_a_document(world, "gateway-publish", publish=False)


@form("gateway-hold", *_DOCUMENT, by="keeper", also="other", says="It is held back.",
      told=_MOVED_ON)  # fmt: skip
def _holding_a_document_back(world: World) -> Place:
    return _of_a_document(world, "gateway-hold")


@form("gateway-withdraw", *_DOCUMENT, by="keeper", also="other", sent={"reason": "A name"},
      typed="reason", says="It is taken down", told=_MOVED_ON + " You wrote: A name")  # fmt: skip
def _withdrawing_a_document(world: World) -> Place:
    return _of_a_document(world, "gateway-withdraw")


@form("gateway-restore", *_DOCUMENT, also="second", sent={"reason": "No name"}, typed="reason",
      says="It is back, and held", told=_MOVED_ON + " You wrote: No name")  # fmt: skip
def _putting_a_document_back(world: World) -> Place:
    document = world.document()
    withdraw_document(document=document, by=world.people["admin"], reason="A name")
    key = [document.pk]
    return Place(at("gateway-document", args=key), at("gateway-restore", args=key))


def _for_review(world: World) -> Place:
    upload = world.upload()
    world.completed(upload, state=Upload.State.REVIEW)
    return Place(at("staff-reviews"), sent={"upload": str(upload.pk)})


@form("staff-reviews", *_DOCUMENT, also="second", sent={"decision": "approve", "note": "Fine"},
      typed="note", says="Approved; it is public now.", told=_DECIDED)  # fmt: skip
def _approving_a_file(world: World) -> Place:
    return _for_review(world)


@form("staff-reviews", *_DOCUMENT, also="second", sent={"decision": "back", "note": "A name"},
      typed="note", says="Sent back", told=_DECIDED)  # fmt: skip
def _sending_a_file_back(world: World) -> Place:
    return _for_review(world)

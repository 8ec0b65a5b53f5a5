"""What may be done with documents: completed, reviewed, published, held, withdrawn, corrected.

Each is one transaction and leaves an entry in the document's history. Whether a person may do
it is asked beforehand (`documents/access.py`).
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from documents.access import looks_first
from documents.models import (
    Document,
    DocumentEvent,
    DocumentType,
    DocumentVersion,
    Upload,
)
from documents.text_reading import index_again
from projects.models import Organization, User

_State = Document.State
_Kind = DocumentEvent.Kind
CORRECTED = (
    "title", "type", "languages", "document_date", "year_reported", "period", "organization",
)  # fmt: skip


@transaction.atomic
def submit(
    *,
    upload: Upload,
    title: str,
    type: DocumentType,
    languages: Iterable[str],
    document_date: date | None,
    publish: bool,
    year_reported: int | None = None,
    period: str = "",
    organization: Organization | None = None,
) -> Upload:
    """The uploader has completed it; it goes on as soon as it may. Raises ValidationError.

    A report without an organization is one of all participating organizations together.
    """
    locked = Upload.objects.select_for_update().get(pk=upload.pk)
    if locked.state not in {Upload.State.DRAFT, Upload.State.WAITING}:
        raise ValidationError(_("This file is no draft any more."))
    if not title.strip():
        raise ValidationError({"title": _("Give a title.")})
    locked.title, locked.type = title.strip(), type
    locked.languages, locked.document_date = list(languages), document_date
    locked.year_reported, locked.period = year_reported, period
    locked.organization = organization
    locked.publish = publish
    if locked.document and not locked.has_file:
        said = {name: getattr(locked, name) for name in CORRECTED}
        locked.wanted = changed_words(locked.document, said)
    locked.state = Upload.State.WAITING
    locked.save()
    return advance(upload=locked)


@transaction.atomic
def advance(*, upload: Upload) -> Upload:
    """Let a completed upload go on once its file is scanned clean: to review, or to be admitted."""
    locked = Upload.objects.select_for_update(of=("self",)).get(pk=upload.pk)
    if locked.state != Upload.State.WAITING or locked.scanned_at is None:
        return locked
    if not locked.has_file or looks_first(locked, locked.by):
        locked.state = Upload.State.REVIEW
        locked.save()
        return locked
    return admit(locked)


def admit(upload: Upload, *, reviewer: User | None = None, reason: str = "") -> Upload:
    """Make the version, with its document where there is none yet; the upload is done.

    A public document whose new version is to be held back is held with it. Raises ValidationError.
    """
    _be_there(upload.stored_name)
    document, is_new = upload.document, upload.document_id is None
    if document is None:
        document = Document(project=upload.project, fund=upload.fund, state=_State.HELD)
    else:
        document = Document.objects.select_for_update(of=("self",)).get(pk=document.pk)
        if document.state == _State.WITHDRAWN:
            raise ValidationError(_("This document was withdrawn; it takes no new version."))
    # The title of something that was withheld meanwhile is not written back.
    document.title, document.languages = upload.title, upload.languages
    if upload.type is not None:
        document.type = upload.type
    document.document_date, document.media_type = upload.document_date, upload.media_type
    document.year_reported, document.period = upload.year_reported, upload.period
    document.organization = upload.organization
    document.url = ""
    was = document.state
    document.state = _State.PUBLIC if upload.publish else _State.HELD
    document.full_clean(exclude=["extension"])
    document.save()
    newest = document.versions.first()
    version = DocumentVersion(
        document=document,
        number=newest.number + 1 if newest else 1,
        file=upload.stored_name,
        file_name=upload.file_name,
        media_type=upload.media_type,
        size=upload.size or 0,
        sha256=upload.sha256,
        uploaded_at=upload.begun_at,
        uploaded_by=upload.by,
    )
    version.save(force_insert=True)
    # Its texts are the document's from here on, and are withheld with it.
    upload.version, upload.state = version, Upload.State.DONE
    upload.file_name = upload.title = ""
    asked, upload.note = upload.note, ""
    upload.reviewed = reviewer is not None
    upload.save()
    number = version.number
    if asked:
        note(document, _Kind.SENT_BACK, None, reason=asked)
    note(document, _Kind.UPLOADED if is_new else _Kind.REPLACED, upload.by, version=number)
    if reviewer and not upload.publish:
        note(document, _Kind.REVIEWED, reviewer, version=number, reason=reason)
    elif reviewer or (upload.publish and (is_new or was != _State.PUBLIC)):
        note(document, _Kind.PUBLISHED, reviewer or upload.by, version=number, reason=reason)
    if not is_new and was == _State.PUBLIC and not upload.publish:
        note(document, _Kind.HELD, upload.by, version=number)
    return upload


def note(
    document: Document, kind: str, by: User | None, *, reason: str = "", version: int | None = None
) -> None:
    """An entry in the document's history."""
    DocumentEvent(document=document, kind=kind, by=by, reason=reason, version=version).save()


@transaction.atomic
def publish(*, document: Document, by: User, reason: str = "") -> None:
    """Let the public read what was held back. Raises ValidationError."""
    locked = locked_as(document, _State.HELD)
    newest = locked.versions.first()
    if newest is not None:
        _be_there(str(newest.file.name))
    locked.state = _State.PUBLIC
    locked.save(update_fields=["state"])
    note(locked, _Kind.PUBLISHED, by, reason=reason)


@transaction.atomic
def hold(*, document: Document, by: User) -> None:
    """Take it out of public view until further notice. Raises ValidationError."""
    locked = locked_as(document, _State.PUBLIC)
    locked.state = _State.HELD
    locked.save(update_fields=["state"])
    note(locked, _Kind.HELD, by)


@transaction.atomic
def withdraw_document(*, document: Document, by: User, reason: str) -> None:
    """Take it down at once, with all versions; its address says since when and nothing else."""
    if not reason.strip():
        raise ValidationError(_("Give the reason; the public will not read it."))
    locked = locked_as(document, _State.PUBLIC, _State.HELD)
    locked.state = _State.WITHDRAWN
    locked.save(update_fields=["state"])
    note(locked, _Kind.WITHDRAWN, by, reason=reason.strip())


@transaction.atomic
def restore_document(*, document: Document, by: User, reason: str) -> None:
    """Put back what was withdrawn; it is held until somebody publishes it."""
    if not reason.strip():
        raise ValidationError(_("Give the reason; the public will not read it."))
    locked = locked_as(document, _State.WITHDRAWN)
    locked.state = _State.HELD
    locked.save(update_fields=["state"])
    note(locked, _Kind.RESTORED, by, reason=reason.strip())


def changed_words(document: Document, values: dict[str, Any]) -> list[str]:
    """Which of CORRECTED are other than the document has them; languages in any order."""
    return [
        name
        for name in CORRECTED
        if name in values and _plain(getattr(document, name)) != _plain(values[name])
    ]


def _plain(value: Any) -> Any:
    return frozenset(value) if isinstance(value, list) else value


@transaction.atomic
def correct(*, document: Document, by: User, **values: Any) -> None:
    """Correct what is said of it, by the names of CORRECTED. Raises ValidationError.

    Of a link that a source states, its next load takes the source's words again.
    """
    locked = locked_as(document, _State.PUBLIC, _State.HELD)
    changed = changed_words(locked, values)
    if not changed:
        return
    for name in changed:
        setattr(locked, name, values[name])
    locked.full_clean(exclude=["extension", "url"])
    locked.save(update_fields=changed)
    if "languages" in changed:
        index_again(locked)
    note(locked, _Kind.CORRECTED, by)


_OF_STATE = {
    _State.PUBLIC: _Kind.PUBLISHED,
    _State.HELD: _Kind.HELD,
    _State.WITHDRAWN: _Kind.WITHDRAWN,
}


@transaction.atomic
def added_by_hand(*, document: Document, by: User) -> None:
    """A link that staff added in the administration: its history begins."""
    note(document, _Kind.UPLOADED, by)
    if document.state != _State.HELD:
        note(document, _OF_STATE[_State(document.state)], by)


@transaction.atomic
def changed_by_hand(
    *, document: Document, by: User, fields: Iterable[str], before: str, reason: str = ""
) -> None:
    """What staff changed in the administration, where `before` was its state, is noted, too."""
    changed = set(fields)
    if "languages" in changed:
        index_again(document)
    if changed - {"state"}:
        note(document, _Kind.CORRECTED, by)
    if document.state != before:
        back = before == _State.WITHDRAWN and document.state == _State.HELD
        kind = _Kind.RESTORED if back else _OF_STATE[_State(document.state)]
        note(document, kind, by, reason=reason)


def _be_there(name: str) -> None:
    """Raises ValidationError where the kept file is gone, so that no address leads to nothing."""
    if not name or not default_storage.exists(name):
        raise ValidationError(_("The file is not where it was kept; upload it again."))


def locked_as(document: Document, *states: str) -> Document:
    """The document, locked, in one of these states. Raises ValidationError."""
    locked = Document.objects.select_for_update(of=("self",)).get(pk=document.pk)
    if locked.state not in states:
        raise ValidationError(_("The document is in another state by now. Look again."))
    return locked

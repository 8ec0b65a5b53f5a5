"""Funds whose office looks at documents first: what waits for its look, and how it ends.

What a gateway user uploads there, and what she changes of a document's words, is a row of
`Upload` in review; one without a file changes words only, or publishes what was held.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from documents import services
from documents.access import looks_first
from documents.models import Document, DocumentEvent, Upload
from projects.models import User

_State = Upload.State


@transaction.atomic
def approve(*, upload: Upload, by: User, note: str = "") -> Document:
    """Staff have looked at it: it goes on, and the note into its history.

    Gives the document. Raises ValidationError.
    """
    if not upload.has_file:
        # In the order in which a wish is written: the document is locked first.
        Document.objects.select_for_update(of=("self",)).filter(pk=upload.document_id or 0).first()
    waiting = _in_review(upload)
    if not waiting.has_file:
        return _carry_out(waiting, by, note.strip())
    version = services.admit(waiting, reviewer=by, reason=note.strip()).version
    return Document.objects.get(versions=version)


@transaction.atomic
def send_back(*, upload: Upload, note: str) -> Upload:
    """Staff ask for a change; it is a draft again. Raises ValidationError."""
    if not note.strip():
        raise ValidationError(_("Say what should be changed: the uploader will read it."))
    locked = _in_review(upload)
    locked.state, locked.note = _State.DRAFT, note.strip()
    locked.save()
    return locked


def _in_review(upload: Upload) -> Upload:
    locked = Upload.objects.select_for_update(of=("self",)).get(pk=upload.pk)
    if locked.state != _State.REVIEW:
        raise ValidationError(_("This waits for no review any more."))
    return locked


@transaction.atomic
def correct(*, document: Document, by: User, **values: Any) -> Upload | None:
    """Correct what is said of it; where the office looks first, what waits for its look.

    Nothing waits where nothing was changed. Raises ValidationError.
    """
    if not looks_first(document, by):
        services.correct(document=document, by=by, **values)
        return None
    if not services.changed_words(document, values):
        return None
    return _ask(document, by, publish=False, **values)


@transaction.atomic
def publish(*, document: Document, by: User) -> Upload | None:
    """Let the public read it; where the office has not seen it, what waits for its look.

    Raises ValidationError.
    """
    if not looks_first(document, by) or _was_seen(document):
        services.publish(document=document, by=by)
        return None
    return _ask(document, by, publish=True)


def _was_seen(document: Document) -> bool:
    """Whether staff approved or uploaded its newest file, and did not hold it back since; a link
    has no file to look at."""
    kinds = (DocumentEvent.Kind.HELD, DocumentEvent.Kind.PUBLISHED)
    last = document.events.filter(kind__in=kinds).select_related("by").first()
    if last and last.kind == DocumentEvent.Kind.HELD and last.by and last.by.is_staff:
        return False
    version = document.versions.first()
    if version is None or version.uploaded_by is None or version.uploaded_by.is_staff:
        return True
    return Upload.objects.filter(version=version, reviewed=True).exists()


def _ask(document: Document, by: User, *, publish: bool, **values: Any) -> Upload:
    """One wish for a document and person: asked again, it is for what was asked before, too."""
    locked = services.locked_as(document, Document.State.PUBLIC, Document.State.HELD)
    of = {"project": locked.project, "fund": locked.fund}
    mine = Upload.objects.filter(by=by, document=locked, file_name="", stored_name="").open()
    wish = mine.select_for_update(of=("self",)).first()
    wish = wish or Upload(by=by, document=locked, declared_size=0, publish=False, **of)
    for name in services.CORRECTED:
        stands = getattr(wish if name in wish.wanted else locked, name)
        setattr(wish, name, values.get(name, stands))
    said = {name: getattr(wish, name) for name in services.CORRECTED}
    wish.wanted = services.changed_words(locked, said)
    wish.publish = wish.publish or publish
    wish.state, wish.scanned_at = _State.REVIEW, timezone.now()
    wish.save()
    return wish


def _carry_out(wish: Upload, by: User, reason: str) -> Document:
    """Write the words as the person who wanted them would have, and publish where asked."""
    document = Document.objects.get(pk=wish.document_id or 0)
    if not wish.title:
        raise ValidationError(_("What it said was withheld meanwhile; nothing is left to approve."))
    words = {name: getattr(wish, name) for name in wish.wanted}
    services.correct(document=document, by=wish.by, **words)
    document.refresh_from_db()
    if wish.note:
        services.note(document, DocumentEvent.Kind.SENT_BACK, None, reason=wish.note)
    if wish.publish and document.state == Document.State.HELD:
        services.publish(document=document, by=by, reason=reason)
        Upload.objects.filter(version=document.versions.first()).update(reviewed=True)
    else:
        services.note(document, DocumentEvent.Kind.REVIEWED, by, reason=reason)
    wish.state, wish.title, wish.note, wish.reviewed = _State.DONE, "", "", True
    wish.save()
    document.refresh_from_db()
    return document

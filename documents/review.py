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
from documents.models import Document, DocumentEvent, DocumentVersion, Upload
from projects.models import User

_State = Upload.State


@transaction.atomic
def approve(*, upload: Upload, by: User, note: str = "") -> Upload:
    """Staff have looked at it: it goes on, and the note into its history.

    Raises ValidationError.
    """
    waiting = _in_review(upload)
    if waiting.stored_name:
        return services.admit(waiting, reviewer=by, reason=note.strip())
    return _carry_out(waiting, by, note.strip())


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
    return _ask(document, by, publish=document.state == Document.State.PUBLIC, **values)


@transaction.atomic
def publish(*, document: Document, by: User) -> Upload | None:
    """Let the public read it; where the office has not seen it, what waits for its look.

    Raises ValidationError.
    """
    if not looks_first(document, by) or _was_seen(document.versions.first()):
        services.publish(document=document, by=by)
        return None
    return _ask(document, by, publish=True)


def _was_seen(version: DocumentVersion | None) -> bool:
    """Whether staff approved or uploaded it; a link has no file to look at."""
    if version is None or version.uploaded_by is None or version.uploaded_by.is_staff:
        return True
    return Upload.objects.filter(version=version, reviewed=True).exists()


def _ask(document: Document, by: User, *, publish: bool, **values: Any) -> Upload:
    """One wish for a document and person: asked again, it is the same with newer words."""
    locked = services.locked_as(document, Document.State.PUBLIC, Document.State.HELD)
    of = {"project": locked.project, "fund": locked.fund}
    mine = Upload.objects.filter(by=by, document=locked, file_name="", stored_name="")
    wish = mine.open().first() or Upload(by=by, document=locked, declared_size=0, **of)
    for name in services.CORRECTED:
        setattr(wish, name, values.get(name, getattr(locked, name)))
    wish.publish, wish.state, wish.scanned_at = publish, _State.REVIEW, timezone.now()
    wish.save()
    return wish


def _carry_out(wish: Upload, by: User, reason: str) -> Upload:
    """Write the words as the person who wanted them would have, and publish where asked."""
    words = {name: getattr(wish, name) for name in services.CORRECTED}
    document = Document.objects.get(pk=wish.document_id or 0)
    if not wish.title:
        raise ValidationError(_("What it said was withheld meanwhile; nothing is left to approve."))
    services.correct(document=document, by=wish.by, **words)
    document.refresh_from_db()
    if wish.publish and document.state == Document.State.HELD:
        services.publish(document=document, by=by, reason=reason)
    elif reason:
        services.note(document, DocumentEvent.Kind.REVIEWED, by, reason=reason)
    newest = document.versions.first()
    if wish.publish and newest is not None:
        Upload.objects.filter(version=newest).update(reviewed=True)
    if wish.note:
        services.note(document, DocumentEvent.Kind.SENT_BACK, None, reason=wish.note)
    wish.state, wish.title, wish.note, wish.reviewed = _State.DONE, "", "", True
    wish.save()
    return wish

"""What others did with what a person uploaded or entered; mailed of soon after, and once."""

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from documents.access import documents_kept_by
from documents.models import DocumentEvent, Upload
from finance.models import Load
from portal.inbox.items import Kind
from projects.models import User

# So long a mail of it still tells something.
_LATELY = timedelta(days=3)
_Kind = DocumentEvent.Kind


def _since() -> datetime:
    return timezone.now() - _LATELY


def _sent_back(user: User) -> QuerySet[Upload]:
    return Upload.objects.filter(by=user, state=Upload.State.DRAFT).exclude(note="")


def _documents(user: User) -> QuerySet[DocumentEvent]:
    """What somebody else did with a document of which the person uploaded a version."""
    told = (
        _Kind.REPLACED, _Kind.PUBLISHED, _Kind.REVIEWED, _Kind.CORRECTED, _Kind.HELD,
        _Kind.WITHDRAWN, _Kind.RESTORED,
    )  # fmt: skip
    mine = Q(document__versions__uploaded_by=user)
    kept = documents_kept_by(user)
    found = DocumentEvent.objects.filter(mine, document__in=kept, kind__in=told, at__gte=_since())
    return found.exclude(by=user).exclude(by=None).select_related("document__type").distinct()


def _loads(user: User) -> QuerySet[Load]:
    """Loads that the person entered and somebody else released, rejected or reversed."""
    mine, since = Load.objects.filter(received_by=user), _since()
    other = str(user.pk)
    released = Q(state=Load.State.RELEASED, released_at__gte=since) & ~Q(released_by=user)
    rejected = Q(state=Load.State.REJECTED, report__rejected_at__gte=since.isoformat()) & ~Q(
        report__rejected_by=other
    )
    return mine.filter(released | rejected)


def _reversals(user: User) -> QuerySet[Load]:
    """Released reversals, by others, of loads that the person entered."""
    found = Load.objects.filter(reverses__received_by=user, released_at__gte=_since())
    return found.exclude(received_by=user).select_related("reverses")


def _event_told(event: DocumentEvent) -> tuple[str, str]:
    """What was taken down is not named: perhaps its title was why."""
    document = event.document
    is_down = document.state != document.State.PUBLIC
    title = f"{document.type}, {document.owner_code}" if is_down else document.title
    return (
        f"{event.get_kind_display()}: {title}",
        reverse("gateway-document", args=[document.pk]),
    )


def _title(load: Load) -> str:
    return f"{load.get_kind_display()}, {load.file_name}"


def _load_told(load: Load) -> tuple[str, str]:
    is_public = load.state == Load.State.RELEASED
    text = _t("Released: %(title)s") if is_public else _t("Rejected: %(title)s")
    return text % {"title": _title(load)}, reverse("staff-load", args=[load.pk])


def _reversal_told(load: Load) -> tuple[str, str]:
    title = _title(load.reverses or load)
    return _t("Taken back: %(title)s") % {"title": title}, reverse("staff-load", args=[load.pk])


HAPPENED = (
    Kind(
        "sent-back", _("Documents of yours that were sent back"), lambda _user: True,
        lambda user: _sent_back(user).count(), lambda _user: reverse("gateway"),
        waiting=_sent_back,
        told=lambda upload: (str(upload), reverse("gateway-upload", args=[upload.pk])),
    ),
    Kind(
        "happened-documents", _("What others did with documents of yours"), lambda _user: True,
        lambda user: _documents(user).count(), lambda _user: reverse("gateway"),
        waiting=_documents,
        told=_event_told,
    ),
    Kind(
        "happened-loads", _("What others did with loads of yours"), lambda user: user.is_staff,
        lambda user: _loads(user).count(), lambda _user: reverse("staff-loads"),
        waiting=_loads, told=_load_told,
    ),
    Kind(
        "happened-reversals", _("Loads of yours that were taken back"), lambda user: user.is_staff,
        lambda user: _reversals(user).count(), lambda _user: reverse("staff-loads"),
        waiting=_reversals, told=_reversal_told,
    ),
)  # fmt: skip

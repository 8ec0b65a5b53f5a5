"""What staff changed in somebody's account, beside the changes of the administration."""

from typing import Any

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext_lazy as _

from projects.models import User

# Kept in English, shown in the reader's language.
WORDS = {
    "signed out everywhere": _("signed out everywhere"),
    "second factor removed": _("second factor removed"),
    "let in no more": _("let in no more"),
    "let in again": _("let in again"),
}


def log_change(*, user: User, by: User, what: str) -> None:
    """Note in the log of the administration what was done to an account, and by whom."""
    LogEntry(
        user_id=by.pk,
        content_type=ContentType.objects.get_for_model(User),
        object_id=str(user.pk),
        object_repr=user.email[:200],
        action_flag=CHANGE,
        change_message=what,
    ).save(force_insert=True)


def changes_of(user: User, newest: int = 20) -> list[Any]:
    """The newest entries first, each with `words` to read."""
    kind = ContentType.objects.get_for_model(User)
    entries = LogEntry.objects.filter(content_type=kind, object_id=str(user.pk))
    found: list[Any] = list(entries.select_related("user").order_by("-action_time", "-pk")[:newest])
    for entry in found:
        entry.words = WORDS.get(entry.change_message) or entry.get_change_message()
    return found

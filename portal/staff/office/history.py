"""How the office's settings changed: when, by whom, which."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from django.db import models

from portal.kit.text import Words
from projects.models import Office, User

LISTED = 20
# Not settings of the office, but what came of them.
_ASIDE = ("id", "set_up_at")


def changes(newest: int = LISTED) -> list[dict[str, Any]]:
    """The newest changes first; each with the fields that changed, before and after."""
    events = list(
        Office.objects.get(pk=1)
        .events.select_related("pgh_context")  # type: ignore[attr-defined]
        .order_by("-pgh_id")[: newest + 1]
    )
    people = User.objects.in_bulk({key for event in events if (key := _person(event))})
    return [
        {
            "at": after.pgh_created_at,
            "by": people.get(_person(after) or 0),
            "fields": fields,
        }
        for after, before in pairwise(events)
        if (fields := list(_differences(before, after)))
    ]


def _person(event: Any) -> int | None:
    context = event.pgh_context
    return context.metadata.get("user") if context else None


def _differences(before: models.Model, after: models.Model) -> Iterator[dict[str, Words]]:
    for field in Office._meta.concrete_fields:
        old, new = (getattr(event, field.attname) for event in (before, after))
        if old != new and field.attname not in _ASIDE:
            yield {"label": field.verbose_name, "old": _shown(old), "new": _shown(new)}


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(value) or "–"
    return str(value) if value not in ("", None) else "–"

"""How a thing with a history changed: when, by whom, which of its fields."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from portal.kit.text import Words
from projects.models import User

LISTED = 20


def changes(thing: Any, newest: int = LISTED, aside: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    """The newest changes first; each with the fields that changed, before and after.

    `aside` are fields that nobody set: what came of others.
    """
    events = list(
        thing.events.select_related("pgh_context").order_by("-pgh_id")[: newest + 1],
    )
    people = User.objects.in_bulk({key for event in events if (key := _person(event))})
    return [
        {
            "at": after.pgh_created_at,
            "by": people.get(_person(after) or 0),
            "fields": fields,
        }
        for after, before in pairwise(events)
        if (fields := list(_differences(type(thing), before, after, aside)))
    ]


def _person(event: Any) -> int | None:
    context = event.pgh_context
    return context.metadata.get("user") if context else None


def _differences(
    model: type[models.Model], before: models.Model, after: models.Model, aside: tuple[str, ...]
) -> Iterator[dict[str, Words]]:
    for field in model._meta.concrete_fields:
        if field.name in ("id", *aside) or not hasattr(after, field.attname):
            continue
        old, new = (getattr(event, field.attname) for event in (before, after))
        if old != new:
            yield {
                "label": field.verbose_name,
                "old": _shown(field, old),
                "new": _shown(field, new),
            }


def _shown(field: Any, value: Any) -> str:
    if value in ("", None, []):
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(value)
    if field.is_relation:
        return str(field.related_model._default_manager.filter(pk=value).first() or value)
    return str(dict(field.flatchoices).get(value, value))

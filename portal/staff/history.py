"""How a thing with a history changed: when, by whom, which of its fields."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from portal.kit.text import Words
from projects.models import User

LISTED = 20


def changes(
    thing: Any,
    newest: int = LISTED,
    aside: tuple[str, ...] = (),
    lines: Sequence[type[models.Model]] = (),
) -> list[dict[str, Any]]:
    """The newest changes first; each with the fields that changed, before and after.

    `aside` are fields that nobody set: what came of others. `lines` are models of which the thing
    has one at most, with a history that tells of their end, too.
    """
    own = thing.events.select_related("pgh_context").order_by("-pgh_id")[: newest + 1]
    found = list(pairwise(own))
    for model in lines:
        found += _of_line(thing, model, newest)
    found.sort(key=lambda pair: pair[0].pgh_created_at, reverse=True)
    people = User.objects.in_bulk({key for after, _old in found if (key := _person(after))})
    told = [
        {
            "at": after.pgh_created_at,
            "by": people.get(_person(after) or 0),
            "fields": fields,
        }
        for after, before in found
        if (fields := list(_differences(before, after, aside)))
    ]
    return told[:newest]


def _of_line(thing: Any, model: Any, newest: int) -> list[tuple[Any, Any]]:
    """The events of the line, each with that before it; None before the first."""
    events = model.pgh_event_model.objects.filter(**{thing._meta.model_name: thing.pk})
    kept = events.select_related("pgh_context").order_by("-pgh_id")[: newest + 1]
    return list(pairwise([*kept, None]))[:newest]


def _person(event: Any) -> int | None:
    context = event.pgh_context
    return context.metadata.get("user") if context else None


def _differences(before: Any, after: Any, aside: tuple[str, ...]) -> Iterator[dict[str, Words]]:
    for field in after.pgh_tracked_model._meta.concrete_fields:
        # What a line belongs to is no news of it.
        is_aside = field.name in ("id", *aside) or field.one_to_one
        if is_aside or not hasattr(after, field.attname):
            continue
        old, new = (_value(event, field) for event in (before, after))
        if old != new:
            yield {
                "label": field.verbose_name,
                "old": _shown(field, old),
                "new": _shown(field, new),
            }


def _value(event: Any, field: models.Field) -> Any:
    """What the field was by then; None where there was no such line, or no more."""
    is_there = event is not None and event.pgh_label != "delete"
    return getattr(event, field.attname) if is_there else None


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

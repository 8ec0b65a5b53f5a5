"""A change made by form: done at once or, with four eyes, once a second person has confirmed it."""

from typing import Any

import pghistory
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.kit.web import once
from portal.models import ReferenceChange
from portal.staff.access import RELEASE
from portal.staff.reference.forms import ThingForm
from portal.staff.reference.kinds import KINDS, Kind
from projects.models import Office, User

# What of a form is not of what it changes.
_ASIDE = ("csrfmiddlewaretoken", once.FIELD)


@transaction.atomic
def make(form: ThingForm, *, data: QueryDict, by: User) -> ReferenceChange:
    """Keep a change and, unless a second person has to confirm it, do it."""
    change = ReferenceChange.objects.create(
        kind=form.kind.code,
        object_id=form.main.instance.pk,
        data={name: values for name, values in data.lists() if name not in _ASIDE},
        fields=[str(difference.label) for difference in form.differences()],
        made_by=by,
    )
    if not Office.current().four_eyes:
        _take_effect(change, form, by=by)
    return change


@transaction.atomic
def confirm(change: ReferenceChange, *, by: User) -> models.Model:
    """Do what somebody else sent. Raises ValidationError where that cannot be done any more."""
    locked = _waiting(change)
    form = form_of(locked)
    if not may_confirm(locked, form, by):
        raise ValidationError(_("A second person confirms it, not the one who made it."))
    if form is None or not form.is_valid():
        raise ValidationError(
            _("It cannot be done any more: what it changes was changed meanwhile. Refuse it, and "
              "have it made anew.")
        )  # fmt: skip
    return _take_effect(locked, form, by=by)


@transaction.atomic
def refuse(change: ReferenceChange, *, by: User) -> None:
    """Put a change aside; whoever made it may take it back so, too."""
    _decide(_waiting(change), by=by, took_effect=False)


def may_confirm(change: ReferenceChange, form: ThingForm | None, user: User) -> bool:
    """Whether this person may confirm it: somebody else than who made it, with the right to.

    `form` is that of the change: some lines ask for a right of their own.
    """
    permission = KINDS[change.kind].permission
    has_right = user.has_perm(RELEASE) or user.has_perm(permission)
    if form is not None:
        has_right = has_right and all(lines.may(user) for lines in form.changed_lines())
    is_own = change.made_by_id == user.pk
    return user.is_staff and has_right and not (is_own and Office.current().four_eyes)


def form_of(change: ReferenceChange) -> ThingForm | None:
    """The form as it was sent, held against what stands now; None where the thing is gone."""
    kind = KINDS[change.kind]
    thing = None
    if change.object_id is not None:
        thing = kind.model._default_manager.filter(pk=change.object_id).first()
        if thing is None:
            return None
    data = QueryDict(mutable=True)
    for name, values in change.data.items():
        data.setlist(name, values)
    return ThingForm(kind, thing, data, by=change.made_by)


def changes_of(kind: Kind, pk: int, newest: int = 20) -> list[ReferenceChange]:
    """The newest changes first that were made by form, and decided on."""
    found = ReferenceChange.objects.filter(kind=kind.code, object_id=pk, took_effect=True)
    return list(found.select_related("made_by", "decided_by")[:newest])


def _waiting(change: ReferenceChange) -> ReferenceChange:
    found = ReferenceChange.objects.select_for_update().waiting().filter(pk=change.pk).first()
    if found is None:
        raise ValidationError(_("This was decided on already."))
    return found


def _take_effect(change: ReferenceChange, form: ThingForm, *, by: User) -> models.Model:
    who: dict[str, Any] = {"user": change.made_by_id, "change": change.pk}
    with pghistory.context(**who):
        thing = form.save()
    change.object_id = thing.pk
    _decide(change, by=by, took_effect=True)
    return thing


def _decide(change: ReferenceChange, *, by: User, took_effect: bool) -> None:
    change.data, change.decided_by, change.decided_at = {}, by, timezone.now()
    change.took_effect = took_effect
    change.save()

"""Withholding something, and lifting it again; both are entered before anything moves."""

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from finance.loading.lock import lock_releases
from portal.models import AskedErasure, ReferenceChange
from portal.withholding.generated_files import drop_generated_files
from portal.withholding.kinds import model_of
from projects.models import User, Withholding, WithholdingOutcome

# What staff keep by form, as changes of it are kept.
_KEPT = {"project": "projects", "fund": "funds", "organization": "organizations"}


@transaction.atomic
def withhold(*, kind: str, target_id: int, reason: str, by: User) -> Withholding:
    """Take it out of public view, for every date. Raises ValidationError."""
    target = model_of(kind)._default_manager.filter(pk=target_id).first()
    if target is None:
        raise ValidationError(_("There is nothing like that."))
    # A release that runs at this moment would state what we do not see yet.
    lock_releases()
    if Withholding.objects.standing().filter(kind=kind, target_id=target_id).exists():
        raise ValidationError(_("This is withheld already."))
    withholding = Withholding(kind=kind, target_id=target_id, reason=reason.strip(), by=by)
    withholding.full_clean()
    withholding.save()
    _put_changes_aside(target)
    _call("withheld_apply", withholding)
    _call("withheld_hide_answers", withholding)
    drop_generated_files()
    return withholding


@transaction.atomic
def lift(*, withholding: Withholding, reason: str, by: User) -> WithholdingOutcome:
    """Show it again, but for what another withholding covers. Raises ValidationError."""
    lock_releases()
    if WithholdingOutcome.objects.filter(withholding=withholding).exists():
        raise ValidationError(_("This has been lifted or erased already."))
    outcome = WithholdingOutcome(withholding=withholding, reason=reason.strip(), by=by)
    outcome.full_clean()
    outcome.save()
    AskedErasure.objects.filter(withholding=withholding).delete()
    _call("withheld_lift", withholding)
    return outcome


def quotes_what_is_withheld(*texts: str) -> bool:
    """Whether any of these texts quotes something that is withheld now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT withheld_quotes(%s)", ["\n".join(texts)])
        return bool(cursor.fetchone()[0])


def _put_changes_aside(target: Model) -> None:
    """What waits to be changed of it, or of what it belongs to, holds its texts as they were sent:
    it is refused, and they go."""
    for name, kind in _KEPT.items():
        is_it = target._meta.model_name == name
        pk = target.pk if is_it else getattr(target, f"{name}_id", None)
        waiting = ReferenceChange.objects.waiting().filter(kind=kind, object_id=pk)
        if pk is not None:
            waiting.update(data={}, fields=[], decided_at=timezone.now())


def _call(function: str, withholding: Withholding) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [withholding.pk])

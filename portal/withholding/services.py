"""Withholding something, and lifting it again; both are entered before anything moves."""

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext as _

from finance.loading.services import lock_releases
from portal.withholding.generated_files import drop_generated_files
from portal.withholding.kinds import model_of
from projects.models import User, Withholding, WithholdingOutcome


@transaction.atomic
def withhold(*, kind: str, target_id: int, reason: str, by: User) -> Withholding:
    """Take it out of public view, for every date. Raises ValidationError."""
    if not model_of(kind)._default_manager.filter(pk=target_id).exists():
        raise ValidationError(_("There is nothing like that."))
    # A release that runs at this moment would state what we do not see yet.
    lock_releases()
    if Withholding.objects.standing().filter(kind=kind, target_id=target_id).exists():
        raise ValidationError(_("This is withheld already."))
    withholding = Withholding(kind=kind, target_id=target_id, reason=reason.strip(), by=by)
    withholding.full_clean()
    withholding.save()
    _call("withheld_apply", withholding)
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
    _call("withheld_lift", withholding)
    return outcome


def _call(function: str, withholding: Withholding) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [withholding.pk])

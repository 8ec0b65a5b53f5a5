"""That nothing was lost or changed: verification and backups."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from documents.models import Document
from finance.models import Load, Seal, VerifyResult
from portal.health.trouble import Check, Trouble
from portal.kit import formatting
from portal.models import Backup, TimeStamp
from projects.models import Fund, Office

_VERIFIED_WITHIN = timedelta(days=8)
# An authority may be away for an hour.
_STAMPED_WITHIN = timedelta(hours=2)


def nothing_differs() -> Iterator[Trouble]:
    """What was verified last agreed, and not long ago."""
    if found := VerifyResult.objects.unresolved().first():
        yield Trouble(
            "verify",
            _("Verification found a difference: %(difference)s")
            % {"difference": found.difference},
            _("Release nothing until it is explained; then verify again: this goes once "
              "everything agrees."),
            tell=True,
        )  # fmt: skip
    last = VerifyResult.objects.of_everything().first()
    if _has_records() and (last is None or timezone.now() - last.ended_at > _VERIFIED_WITHIN):
        yield Trouble(
            "verify-old",
            _("Everything was verified last on %(day)s.") % {"day": formatting.day(last.ended_at)}
            if last
            else _("Everything has never been verified."),
            _("Let a timer run manage.py verify each night, or start it on the page of health."),
            grave=False,
        )


def is_backed_up() -> Iterator[Trouble]:
    """There is a whole backup, not older than it may be."""
    if not _is_to_be_backed_up():
        return
    last = Backup.objects.first()
    if last and last.ended_at and not last.ok:
        yield Trouble(
            "backup-failed",
            _("The backup of %(moment)s failed: %(remark)s")
            % {"moment": _told(last.began_at), "remark": last.remark},
            _("Mend the cause and run manage.py backup."),
            tell=True,
        )
    whole = Backup.objects.whole().first()
    if whole is None:
        yield Trouble(
            "backup-missing", _("There is no backup."),
            _("Run manage.py backup, and let a timer do so each night."), tell=True,
        )  # fmt: skip
    elif timezone.now() - whole.began_at > timedelta(hours=settings.BACKUP_HOURS):
        yield Trouble(
            "backup-old",
            _("The newest whole backup is of %(moment)s.") % {"moment": _told(whole.began_at)},
            _("See why its timer did not run (systemctl list-timers), and run manage.py backup."),
            tell=True,
        )


def _is_to_be_backed_up() -> bool:
    return bool(settings.BACKUP_HOURS) and not Office.current().sample and _has_anything()


def _told(moment: datetime) -> str:
    return formatting.moment(moment)


def _has_anything() -> bool:
    """Whether anything could be lost that somebody entered: a load, a document, a form."""
    return any(model.objects.exists() for model in (Load, Document, Fund))


def _has_records() -> bool:
    return Load.objects.released().exists()


def seals_are_stamped() -> Iterator[Trouble]:
    """The newest seal has the time stamp that was asked for, or was published a short while ago."""
    newest = Seal.objects.newest()
    if not settings.TIME_STAMP_URL or newest is None:
        return
    stamp = TimeStamp.objects.filter(seal=newest).first()
    is_given = stamp is not None and stamp.answer is not None
    if not is_given and timezone.now() - newest.sealed_at > _STAMPED_WITHIN:
        yield Trouble(
            "time-stamp",
            _("Seal %(number)s has no time stamp: %(fault)s")
            % {
                "number": newest.number,
                "fault": (stamp.fault if stamp else "") or _("nobody was asked yet."),
            },
            _("See whether the authority answers, or correct TIME_STAMP_URL and "
              "TIME_STAMP_CA_FILE. The stamp of the next release covers this seal, too."),
            grave=False,
        )  # fmt: skip


VERIFY = Check("verify", gettext_lazy("Verification"), nothing_differs)
BACKUP = Check("backup", gettext_lazy("Backup"), is_backed_up, is_used=_is_to_be_backed_up)
STAMPS = Check(
    "time-stamps", gettext_lazy("Time stamps"), seals_are_stamped,
    is_used=lambda: bool(settings.TIME_STAMP_URL),
)  # fmt: skip

"""Reminders by e-mail to the persons who keep a project's documents: never twice the same.

Once a day, while the office wants it, the worker mails each person one list of what is due soon
or late and was not named to that person before with that date. What is sent is claimed first
(`ReminderSent` is unique), so a worker that dies may leave a mail out but never doubles one.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.core import mail, signing
from django.db import transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_tasks import task

from documents.models import GatewayAccess
from portal.kit.formatting import day as in_words
from portal.kit.web.languages import language_for, speaking
from portal.kit.web.priorities import UNAWAITED
from portal.models import (
    ReminderBatch,
    ReminderSent,
    ReminderStop,
    ReportDue,
    ReportState,
)
from portal.reporting.due_reports import reports_due, shown
from projects.letters import letter
from projects.models import Office, User

SALT = "reminders"
LISTED = 60  # reports named in one mail; the rest is counted
Occasion = ReminderSent.Occasion
log = logging.getLogger(__name__)


# --- Whom, and of what


def pending(today: date) -> dict[User, list[ReportDue]]:
    """Reports that each person has still to be told of, in the order of their dates."""
    soon = today + timedelta(days=Office.current().reminder_days)
    is_due = Q(state__in=(ReportState.DUE, ReportState.EXTENDED), due_on__lte=soon)
    reports = shown(reports_due()).filter(is_due | Q(state=ReportState.LATE))
    told = set(ReminderSent.objects.values_list("user", "report", "due_on", "occasion"))
    responsible = _Responsible(today)
    found: dict[User, list[ReportDue]] = defaultdict(list)
    for report in reports.order_by("due_on", "pk"):
        for user in responsible.persons(report):
            if (user.pk, report.key, report.due_on, occasion_of(report)) not in told:
                found[user].append(report)
    return dict(found)


def occasion_of(report: ReportDue) -> str:
    """Why somebody is told of it."""
    return Occasion.LATE if report.state == ReportState.LATE else Occasion.SOON


class _Responsible:
    """Persons with the right to upload today, who did not stop reminders."""

    def __init__(self, today: date) -> None:
        access = GatewayAccess.objects.standing(today)
        access = access.filter(user__reminder_stop__isnull=True).select_related("user")
        self.rights: dict[tuple[str, int], dict[int, User]] = defaultdict(dict)
        for right in access.order_by("pk"):
            for what in ("organization", "project", "fund"):
                if (pk := getattr(right, f"{what}_id")) is not None:
                    self.rights[what, pk][right.user_id] = right.user

    def persons(self, report: ReportDue) -> Iterable[User]:
        """Those of the organization, and those of project or fund unless of another one."""
        found = dict(self.rights.get(("organization", report.organization_id), {}))
        for what, pk in (("project", report.project_id), ("fund", report.fund_id)):
            for user in self.rights.get((what, pk), {}).values():
                if user.organization_id in (None, report.organization_id):
                    found[user.pk] = user
        return found.values()


# --- Sending


def begin_batch(today: date | None = None) -> bool:
    """Have today's reminders sent, unless they were begun already or the office wants none."""
    if not Office.current().reminders_on:
        return False
    batch, is_new = ReminderBatch.objects.get_or_create(day=today or timezone.localdate())
    if is_new:
        send_reminders.enqueue(batch.pk)
    return is_new


@task(priority=UNAWAITED)
def send_reminders(batch_id: int) -> str:
    """Mail every person what is pending; may be repeated, for nothing is claimed twice."""
    batch = ReminderBatch.objects.get(pk=batch_id)
    mails = 0
    with mail.get_connection() as connection:
        for user, reports in pending(timezone.localdate()).items():
            # The switch works in the middle of a batch, too.
            if not Office.current().reminders_on:
                break
            mails += _remind(batch, user, reports, connection)
    return f"{mails} mails"


def _remind(batch: ReminderBatch, user: User, reports: list[ReportDue], connection: Any) -> int:
    claimed = _claim(user, reports)
    if not claimed:
        return 0
    keys = {(claim.report, claim.due_on, claim.occasion) for claim in claimed}
    named = [r for r in reports if (r.key, r.due_on, occasion_of(r)) in keys]
    try:
        message_to(user, named, connection).send()
    except OSError:
        # Refused or unreachable: claimed for nothing, so that another day tries again.
        log.exception("A reminder could not be sent")
        ReminderSent.objects.filter(pk__in=[claim.pk for claim in claimed]).delete()
        ReminderBatch.objects.filter(pk=batch.pk).update(failed=F("failed") + 1)
        return 0
    ReminderBatch.objects.filter(pk=batch.pk).update(
        mails=F("mails") + 1, reports=F("reports") + len(named)
    )
    return 1


def _claim(user: User, reports: list[ReportDue]) -> list[ReminderSent]:
    """What nobody else has told this person meanwhile, noted as told."""
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        if ReminderStop.objects.filter(user=user).exists():
            return []
        told = set(
            ReminderSent.objects.filter(user=user).values_list("report", "due_on", "occasion")
        )
        return ReminderSent.objects.bulk_create(
            ReminderSent(user=user, report=r.key, due_on=r.due_on, occasion=occasion_of(r))
            for r in reports
            if (r.key, r.due_on, occasion_of(r)) not in told
        )


def message_to(user: User, reports: list[ReportDue], connection: Any = None) -> mail.EmailMessage:
    """The mail: numbers and days only, for mail is read by others on its way."""
    with speaking(language_for(user, Office.current())):
        message = _written(user, reports)
    message.connection = connection
    return message


def _written(user: User, reports: list[ReportDue]) -> mail.EmailMessage:
    stop = settings.SITE_URL + reverse("reminders-stop", args=[token_of(user)])
    lines = [
        _("%(due)s: %(report)s %(year)s, project %(number)s, %(organization)s%(late)s")
        % {
            "due": in_words(report.due_on),
            "report": report.get_kind_display(),
            "year": report.year,
            "number": report.project.number,
            "organization": report.organization.short_label,
            "late": _(" – late") if report.state == ReportState.LATE else "",
        }
        for report in reports[:LISTED]
    ]
    if (more := len(reports) - LISTED) > 0:
        lines.append(_("… and %(count)s more.") % {"count": more})
    paragraphs = [
        _("These reports are due soon or late:"),
        "\n".join(lines),
        _("All of them: %(url)s") % {"url": settings.SITE_URL + reverse("report-list")},
        _("Each is named to you once before its day and once after it. No more reminders: %(url)s")
        % {"url": stop},
    ]
    subject = ngettext("One report is due", "%(count)s reports are due", len(reports))
    return letter(user.email, subject % {"count": len(reports)}, paragraphs, stop=stop)


# --- Stopping


def token_of(user: User) -> str:
    """What the link in a mail names its reader by; only this site can make it."""
    return signing.Signer(salt=SALT).sign_object(user.pk)


def reader_of(token: str) -> User | None:
    """The person whom the link was sent to; None where it was made up."""
    try:
        return User.objects.filter(pk=signing.Signer(salt=SALT).unsign_object(token)).first()
    except signing.BadSignature:
        return None


def stop(*, user: User, by: User | None = None) -> None:
    """No more reminders to this person; `by` is a member of the staff, or nobody."""
    ReminderStop.objects.get_or_create(user=user, defaults={"by": by})


def resume(*, user: User) -> None:
    """Reminders again, of what is not yet told."""
    ReminderStop.objects.filter(user=user).delete()

"""Closing a project, one organization at a time; the project follows the least advanced."""

from datetime import date

from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.closure.checklist import closure_today
from projects.models import Participation, Project, Status


class ClosureError(Exception):
    """Why a part cannot be closed, in words for staff."""


def close_operationally(*, part: Participation, on: date) -> None:
    """The organization declared on that day that all activities are done."""
    with transaction.atomic():
        _lock(part)
        _not_to_come(on)
        if part.financially_closed_on and on > part.financially_closed_on:
            raise ClosureError(_("Operational closure comes before financial closure."))
        part.operationally_closed_on = on
        part.save(update_fields=["operationally_closed_on"])
        _follow(part.project)


def close_financially(*, part: Participation, on: date) -> None:
    """All that the checklist asks for is there. Raises ClosureError naming what is not."""
    with transaction.atomic():
        project = _lock(part)
        _not_to_come(on)
        parts = closure_today(project)
        mine = next((found for found in parts if found.part.pk == part.pk), None)
        if mine is None:
            raise ClosureError(_("This organization is not a participating one."))
        if mine.open:
            raise ClosureError(
                _("It cannot be closed financially yet: %(why)s.") % {"why": "; ".join(mine.open)}
            )
        if part.operationally_closed_on and on < part.operationally_closed_on:
            raise ClosureError(_("Operational closure comes before financial closure."))
        part.financially_closed_on = on
        part.save(update_fields=["financially_closed_on"])
        _follow(part.project)


def open_again(*, part: Participation) -> None:
    """Take the closures of a part back, such as when they were entered by mistake."""
    with transaction.atomic():
        _lock(part)
        part.operationally_closed_on = part.financially_closed_on = None
        part.save(update_fields=["operationally_closed_on", "financially_closed_on"])
        _follow(part.project)


def _lock(part: Participation) -> Project:
    """The project, for a change; what only its own status said is said of each part first."""
    today = timezone.localdate()
    projects = Project.objects.select_for_update(of=("self",)).with_end(today)
    project = projects.get(pk=part.project_id)
    if project.status in Status.done():
        day = project.status_on or project.end or today
        own = project.participations.participating()
        own.filter(operationally_closed_on=None).update(operationally_closed_on=day)
        if project.status == Status.FINANCIALLY_CLOSED:
            own.filter(financially_closed_on=None).update(
                financially_closed_on=Greatest("operationally_closed_on", Value(day))
            )
    part.refresh_from_db()
    part.project = project
    return project


def _not_to_come(on: date) -> None:
    if on > timezone.localdate():
        raise ClosureError(_("The day lies in the future."))


def _follow(project: Project) -> None:
    """Set the project's status to that of its least advanced organization, and log it."""
    if project.status not in Status.following():
        return
    before = project.status
    own = list(project.participations.participating())
    operational = [part.operationally_closed_on for part in own]
    financial = [part.financially_closed_on for part in own]
    if own and all(financial):
        status, days = Status.FINANCIALLY_CLOSED, financial
    elif own and all(operational):
        status, days = Status.OPERATIONALLY_CLOSED, operational
    else:
        status, days = Status.ON_GOING, [timezone.localdate()]
    if status == before:
        return
    project.status = status
    project.status_on = max(day for day in days if day)
    project.held_fields = sorted({*project.held_fields, "status", "status_on"})
    project.save(update_fields=["status", "status_on", "held_fields"])
    project.status_changes.create(
        status=status, set_on=project.status_on, note=_("Set from the closures of organizations.")
    )

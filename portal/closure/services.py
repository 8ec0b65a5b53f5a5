"""Closing a project, one organization at a time; the project follows the least advanced.

A step is entered with its day and, where there is one, the paper that says so. It takes effect at
once or, where the office wants four eyes, when somebody else confirms it.
"""

from datetime import date

from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext as _

from documents.models import Document
from portal.closure.checklist import closure_today
from portal.models import ClosureStep
from projects.models import Office, Participation, Project, Status, User


class ClosureError(Exception):
    """Why a part cannot be closed, in words for staff."""


def enter_step(
    *,
    part: Participation,
    step: str,
    on: date,
    by: User,
    document: Document | None = None,
    reason: str = "",
) -> ClosureStep:
    """Enter a step; it takes effect at once unless a second person has to confirm it.

    The reason is that of opening again. Raises ClosureError where it cannot be, as if it were to
    take effect now.
    """
    with transaction.atomic():
        _lock(part)
        if ClosureStep.objects.waiting().filter(part=part).exists():
            raise ClosureError(_("A step of this organization waits to be confirmed already."))
        _paper(part, document)
        _ALLOWED[step](part, on)
        if step == ClosureStep.Step.OPEN and not reason.strip():
            raise ClosureError(_("Say why it is opened again."))
        made = ClosureStep.objects.create(
            part=part, step=step, on=on, document=document, entered_by=by, reason=reason.strip()
        )
        if not Office.current().four_eyes:
            _take(made, by)
    return made


def confirm_step(*, step: ClosureStep, by: User) -> None:
    """Let a step that waits take effect. Raises ClosureError, for whoever entered it too."""
    with transaction.atomic():
        _lock(step.part)
        found = _waiting(step)
        if Office.current().four_eyes and found.entered_by_id == by.pk:
            raise ClosureError(_("Whoever entered it does not confirm it."))
        _take(found, by)


def refuse_step(*, step: ClosureStep) -> None:
    """Put a step that waits aside. Raises ClosureError where it waits no more."""
    with transaction.atomic():
        _lock(step.part)
        found = _waiting(step)
        found.ended_at = timezone.now()
        found.save(update_fields=["ended_at"])


def _waiting(step: ClosureStep) -> ClosureStep:
    found = ClosureStep.objects.waiting().select_related("part").filter(pk=step.pk).first()
    if found is None:
        raise ClosureError(_("This step does not wait any more."))
    return found


def _take(step: ClosureStep, by: User) -> None:
    if step.step == ClosureStep.Step.OPEN:
        open_again(part=step.part)
        step.confirmed_by, step.confirmed_at = by, timezone.now()
        step.ended_at = step.confirmed_at
        step.save(update_fields=["confirmed_by", "confirmed_at", "ended_at"])
        return
    act = close_financially if step.step == ClosureStep.Step.FINANCIAL else close_operationally
    act(part=step.part, on=step.on)
    step.confirmed_by, step.confirmed_at = by, timezone.now()
    step.save(update_fields=["confirmed_by", "confirmed_at"])


def _paper(part: Participation, document: Document | None) -> None:
    if document is not None and document.project_id != part.project_id:
        raise ClosureError(_("The document is not one of this project."))


def close_operationally(*, part: Participation, on: date) -> None:
    """The organization declared on that day that all activities are done."""
    with transaction.atomic():
        _lock(part)
        _may_close_operationally(part, on)
        part.operationally_closed_on = on
        part.save(update_fields=["operationally_closed_on"])
        _follow(part.project)


def close_financially(*, part: Participation, on: date) -> None:
    """All that the checklist asks for is there. Raises ClosureError naming what is not."""
    with transaction.atomic():
        _lock(part)
        _may_close_financially(part, on)
        part.financially_closed_on = on
        part.save(update_fields=["financially_closed_on"])
        _follow(part.project)


def _may_close_operationally(part: Participation, on: date) -> None:
    _not_to_come(on)
    if part.financially_closed_on and on > part.financially_closed_on:
        raise ClosureError(_("Operational closure comes before financial closure."))


def _may_close_financially(part: Participation, on: date) -> None:
    _not_to_come(on)
    parts = closure_today(part.project)
    mine = next((found for found in parts if found.part.pk == part.pk), None)
    if mine is None:
        raise ClosureError(_("This organization is not a participating one."))
    if mine.open:
        raise ClosureError(
            _("It cannot be closed financially yet: %(why)s.") % {"why": "; ".join(mine.open)}
        )
    if part.operationally_closed_on and on < part.operationally_closed_on:
        raise ClosureError(_("Operational closure comes before financial closure."))


def _may_open(part: Participation, on: date) -> None:
    _not_to_come(on)
    if part.operationally_closed_on is None:
        raise ClosureError(_("This organization has closed nothing."))


_ALLOWED = {
    ClosureStep.Step.OPEN.value: _may_open,
    ClosureStep.Step.OPERATIONAL.value: _may_close_operationally,
    ClosureStep.Step.FINANCIAL.value: _may_close_financially,
}


def open_again(*, part: Participation) -> None:
    """Take the closures of a part back, such as when they were entered by mistake."""
    with transaction.atomic():
        _lock(part)
        part.closure_steps.filter(ended_at=None).update(ended_at=timezone.now())
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

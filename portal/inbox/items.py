"""The kinds of work that wait for somebody: who may do it, how much there is, where it is done."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from documents.access import MANAGE, keeps_everything, uploads_of
from documents.models import GatewayAccess, Upload
from finance.models import Load
from portal.health.work import failed_tasks
from portal.kit.formatting import day
from portal.models import OVERDUE, ClosureStep, Feedback, OutgoingMail, ReferenceChange
from portal.reporting.due_reports import reports_due
from portal.reporting.still_to_send import open_reports
from projects.models import Office, User

ENTER, RELEASE = "finance.add_load", "finance.release_load"
REVIEW, GRANT, ANSWER = (
    "documents.review_upload", "documents.add_gatewayaccess", "portal.change_feedback",
)  # fmt: skip
# A right that ends within so many days is told of.
ENDS_SOON = timedelta(days=30)


@dataclass(frozen=True)
class Kind:
    """One kind of work: `count` of what waits for this person; `where` it is done."""

    code: str
    label: Any
    may: Callable[[User], bool]
    count: Callable[[User], int]
    where: Callable[[User], str]
    # What blocks somebody else comes first, and is mailed of at once: what waits for this
    # person, and of one such thing its title and where it is done.
    blocks: bool = False
    waiting: Callable[[User], QuerySet[Any]] | None = None
    told: Callable[[Any], tuple[str, str]] | None = None


@dataclass(frozen=True)
class Item:
    """What waits for a person of one kind."""

    code: str
    label: Any
    count: int
    url: str
    blocks: bool


def _staff(*permissions: str) -> Callable[[User], bool]:
    def may(user: User) -> bool:
        return bool(user.is_active and user.is_staff and any(map(user.has_perm, permissions)))

    return may


def _only_keeper(user: User) -> bool:
    """Somebody who keeps documents by a right, not by being of the staff."""
    return user.is_active and not keeps_everything(user)


def _at(name: str, query: str = "") -> Callable[[User], str]:
    return lambda _user: f"{reverse(name)}{query}"


# --- Loads


def to_release(user: User) -> QuerySet[Load]:
    """Checked loads that this person may release."""
    checked = Load.objects.filter(state=Load.State.CHECKED)
    if not Office.current().four_eyes:
        return checked
    return checked.filter(~Q(received_by=user) | Q(received_by=None)).exclude(mends__made_by=user)


def to_confirm(user: User) -> QuerySet[ClosureStep]:
    """Steps of closure that this person may confirm."""
    waiting = ClosureStep.objects.waiting().filter(part__project__withheld_on=None)
    if not Office.current().four_eyes:
        return waiting
    return waiting.filter(~Q(entered_by=user) | Q(entered_by=None))


def changes_to_confirm(user: User) -> QuerySet[ReferenceChange]:
    """Changes made by form that this person may confirm."""
    waiting = ReferenceChange.objects.waiting()
    if not Office.current().four_eyes:
        return waiting
    return waiting.filter(~Q(made_by=user) | Q(made_by=None))


def _entered(user: User) -> QuerySet[Load]:
    return Load.objects.filter(received_by=user)


# --- Documents, reports, rights


def to_review() -> QuerySet[Upload]:
    """Uploads that wait for a review."""
    return Upload.objects.filter(state=Upload.State.REVIEW)


def _late(user: User) -> int:
    if _staff(ENTER, MANAGE)(user):
        return reports_due().filter(project__withheld_on__isnull=True, state__in=OVERDUE).count()
    return open_reports(user).filter(state__in=OVERDUE).count()


def ending_rights(user: User) -> QuerySet[GatewayAccess]:
    """Rights that end soon: everybody's for whoever gives them, else the person's own."""
    today = timezone.localdate()
    rights = GatewayAccess.objects.standing(today).filter(valid_to__lte=today + ENDS_SOON)
    return rights if _staff(GRANT)(user) else rights.filter(user=user)


def _change_told(change: ReferenceChange) -> tuple[str, str]:
    """The title of what is changed; of other kinds, which may be of persons, the day only."""
    values = change.data if change.kind in {"projects", "funds", "organizations"} else {}
    # As it was sent: each field with all its values.
    said = next((one for name in ("title", "name") for one in values.get(name) or () if one), "")
    return said or day(change.made_at), reverse("staff-reference-decide", args=[change.pk])


def _failed(_user: User) -> int:
    return failed_tasks().count()


KINDS = (
    Kind(
        "release", _("Loads to be released by you"), _staff(RELEASE),
        lambda user: to_release(user).count(), _at("staff-loads", "?state=checked"), blocks=True,
        waiting=to_release,
        told=lambda load: (
            f"{load.get_kind_display()}, {load.file_name}", reverse("staff-load", args=[load.pk])
        ),
    ),
    Kind(
        "confirm", _("Closures to be confirmed by you"), _staff(RELEASE),
        lambda user: to_confirm(user).count(), _at("staff-closures"), blocks=True,
        waiting=lambda user: to_confirm(user).select_related("part__project"),
        told=lambda step: (
            f"{step.get_step_display()}, {step.part.project.number}",
            reverse("staff-closure", args=[step.part.project.number]),
        ),
    ),
    Kind(
        "confirm-changes", _("Changes to be confirmed by you"), _staff(RELEASE),
        lambda user: changes_to_confirm(user).count(), _at("staff-reference-all"), blocks=True,
        waiting=changes_to_confirm,
        told=_change_told,
    ),
    Kind(
        "review", _("Documents to be reviewed"), _staff(REVIEW),
        lambda _user: to_review().count(), _at("staff-reviews"), blocks=True,
        waiting=lambda _user: to_review(),
        told=lambda upload: (str(upload), f"{reverse('staff-reviews')}#upload-{upload.pk}"),
    ),
    Kind(
        "mend", _("Loads with errors, to be mended"), _staff(ENTER),
        lambda _user: Load.objects.filter(state=Load.State.FAULTY).count(),
        _at("staff-loads", "?state=faulty"),
    ),
    Kind(
        "checking", _("Loads waiting for their check, or being checked"), _staff(ENTER),
        lambda _user: Load.objects.filter(
            state__in=(Load.State.RECEIVED, Load.State.CHECKING)
        ).count(),
        _at("staff-loads", "?state=received"),
    ),
    Kind(
        "released-by-others", _("Loads of yours, to be released by somebody else"), _staff(ENTER),
        lambda user: _entered(user).filter(state=Load.State.CHECKED).count(),
        _at("staff-loads", "?state=checked&entered=me"),
    ),
    Kind(
        "questions", _("Questions and feedback without an answer"), _staff(ANSWER),
        lambda _user: Feedback.objects.waiting().count(), _at("staff-questions"),
    ),
    Kind(
        "complete", _("Documents to be completed"), lambda _user: True,
        lambda user: uploads_of(user).filter(state=Upload.State.DRAFT).count(), _at("gateway"),
    ),
    Kind(
        "under-review", _("Documents of yours, waiting for review"), _only_keeper,
        lambda user: uploads_of(user).filter(state=Upload.State.REVIEW).count(), _at("gateway"),
    ),
    Kind(
        "late", _("Reports that are late"),
        lambda user: _only_keeper(user) or _staff(ENTER, MANAGE)(user), _late,
        lambda user: reverse("staff-reports") + "?state=overdue"
        if user.is_staff else reverse("gateway-reports"),
    ),
    Kind(
        "rights", _("Rights that end within 30 days"), lambda _user: True,
        lambda user: ending_rights(user).count(),
        lambda user: reverse("staff-people") if _staff(GRANT)(user) else reverse("gateway"),
    ),
    Kind(
        "failed", _("Background jobs that failed"), _staff(ENTER, RELEASE), _failed,
        _at("staff", "#failed"),
    ),
    Kind(
        "mail", _("Mails that could not be sent"), _staff(ENTER, RELEASE),
        lambda _user: OutgoingMail.objects.exclude(given_up_at=None).count(),
        _at("staff", "#mail"),
    ),
)  # fmt: skip


def inbox(user: User, *, without: frozenset[str] = frozenset()) -> list[Item]:
    """What waits for this person, what blocks somebody else first; kinds with nothing too."""
    return [
        Item(kind.code, kind.label, kind.count(user), kind.where(user), kind.blocks)
        for kind in KINDS
        if kind.code not in without and kind.may(user)
    ]

"""Whose documents a person keeps, and on which days."""

from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from documents.models import Document, FundRule, GatewayAccess, Upload, UploadQuerySet
from projects.models import Fund, Organization, Participation, Project, User

MANAGE = "documents.change_document"


def standing_rights(user: User, on: date | None = None) -> QuerySet[GatewayAccess]:
    """The person's rights on that day; by default today."""
    return GatewayAccess.objects.standing(on).filter(user=user.pk)


def own_organizations(user: User) -> list[int]:
    """Ids of the organizations for which the person keeps documents today."""
    of_rights = standing_rights(user).exclude(organization=None)
    found = {*of_rights.values_list("organization_id", flat=True), user.organization_id}
    return [pk for pk in found if pk is not None]


def keeps_everything(user: User) -> bool:
    """Staff with the right to change documents keep those of all projects and funds."""
    return bool(user.is_active and user.is_staff and user.has_perm(MANAGE))


def projects_kept_by(user: User) -> QuerySet[Project]:
    """Projects whose documents the person keeps today; those withheld whole are in nobody's."""
    projects = Project.objects.filter(withheld_on__isnull=True)
    if keeps_everything(user):
        return projects
    if not user.is_active:
        return projects.none()
    rights = standing_rights(user)
    taking_part = Participation.objects.filter(
        organization__in=rights.exclude(organization=None).values("organization"),
        role=Participation.Role.PARTICIPATING,
    )
    return projects.filter(
        Q(pk__in=rights.exclude(project=None).values("project"))
        | Q(fund__in=rights.exclude(fund=None).values("fund"))
        | Q(pk__in=taking_part.values("project"))
    )


def funds_kept_by(user: User) -> QuerySet[Fund]:
    """Funds whose own documents the person keeps today."""
    if keeps_everything(user):
        return Fund.objects.all()
    if not user.is_active:
        return Fund.objects.none()
    return Fund.objects.filter(pk__in=standing_rights(user).exclude(fund=None).values("fund"))


def documents_kept_by(user: User) -> QuerySet[Document]:
    """Documents that the person may replace, correct and withdraw.

    What a source states, its next load states again: that is corrected there, or withheld.
    """
    return Document.objects.filter(stated_by_source="").filter(
        Q(project__in=projects_kept_by(user)) | Q(fund__in=funds_kept_by(user))
    )


def uploads_of(user: User) -> UploadQuerySet:
    """The person's own files on their way, as long as the rights last."""
    return Upload.objects.filter(by=user.pk).filter(
        Q(project__in=projects_kept_by(user)) | Q(fund__in=funds_kept_by(user))
    )


def looks_first(of: Document | Upload, by: User) -> bool:
    """Whether the fund's office looks at what this person does there; staff saw it themselves."""
    fund = of.fund_id or (of.project.fund_id if of.project else None)
    return not by.is_staff and FundRule.objects.filter(fund=fund, review=True).exists()


def is_keeper(user: User | AnonymousUser) -> bool:
    """Whether the person has anything to do in the gateway."""
    if not isinstance(user, User) or not user.is_active:
        return False
    return keeps_everything(user) or standing_rights(user).exists()


@transaction.atomic
def grant_access(
    *,
    user: User,
    by: User | None,
    of: Project | Fund | Organization,
    valid_from: date,
    valid_to: date | None = None,
) -> GatewayAccess:
    """Give a person the right to keep documents of a project, a fund, or an organization's
    projects. Raises ValidationError."""
    name = {Project: "project", Fund: "fund", Organization: "organization"}[type(of)]
    right = GatewayAccess(
        user=user, granted_by=by, valid_from=valid_from, valid_to=valid_to, **{name: of}
    )
    right.full_clean()
    _refuse_twice(right)
    right.save()
    return right


def _refuse_twice(right: GatewayAccess) -> None:
    """A right given twice would outlive its withdrawal."""
    same = _same_as(right).exclude(valid_to__lt=right.valid_from)
    if right.valid_to:
        same = same.exclude(valid_from__gt=right.valid_to)
    if same.exists():
        raise ValidationError(_("This person has this right already for some of these days."))


def _same_as(right: GatewayAccess) -> QuerySet[GatewayAccess]:
    """Rights of the person to the same thing that were not withdrawn."""
    return GatewayAccess.objects.filter(
        user=right.user_id,
        project=right.project_id,
        fund=right.fund_id,
        organization=right.organization_id,
        withdrawn_at=None,
    )


def withdraw_access(*, right: GatewayAccess, by: User) -> None:
    """End a right at once; it stays on record. Raises ValidationError."""
    rows = GatewayAccess.objects.filter(pk=right.pk, withdrawn_at=None)
    if not rows.update(withdrawn_by=by, withdrawn_at=timezone.now()):
        raise ValidationError(_("This right was withdrawn already."))

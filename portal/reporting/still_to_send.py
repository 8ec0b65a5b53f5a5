"""Reports that somebody still has to send, for the projects that this person keeps."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from documents.access import keeps_everything, own_organizations, projects_kept_by
from portal.models import OPEN, ReportDue
from portal.reporting.due_reports import reports_due
from projects.models import Participation, User


def open_reports(user: User, projects: Iterable[int] | None = None) -> QuerySet[ReportDue]:
    """What the person's own organizations still have to send, the newest due first.

    Of a project in which none of them takes part, all; of these projects, by default of all that
    the person keeps.
    """
    if projects is None and not keeps_everything(user):
        projects = list(projects_kept_by(user).values_list("pk", flat=True))
    reports = reports_due(projects=projects).filter(
        state__in=OPEN, project__withheld_on__isnull=True
    )
    own = [] if keeps_everything(user) else own_organizations(user)
    if own:
        theirs = Participation.objects.participating().filter(organization__in=own)
        reports = reports.filter(Q(organization__in=own) | ~Q(project__in=theirs.values("project")))
    return reports.order_by("-due_on", "-pk")

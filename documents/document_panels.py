"""Panels of a factsheet about documents and who keeps them."""

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from documents.models import Document, GatewayAccess
from portal.kit.dates import Known
from projects.models import Project

RECENT = 5


def recent_documents(project: Project, moment: datetime | None = None) -> list[Document]:
    """The newest public documents of a project, or of the project that it is part of."""
    return list(documents_of(project, moment)[: RECENT + 1])


def documents_of(project: Project, moment: datetime | None = None) -> QuerySet[Document]:
    """All public documents of a project and of the project that it is part of."""
    owners = [pk for pk in (project.pk, project.parent_id) if pk]
    return Document.objects.public().known_at(moment).filter(project__in=owners).for_listing()


def documents_panel(project: Project, known: Known) -> dict[str, Any]:
    """Recent documents."""
    documents = recent_documents(project, known.as_of)
    return {
        "documents": documents[:RECENT],
        "more": len(documents) > RECENT,
        "url": reverse("project-documents", args=[project.number]),
    }


def gateway_users(project: Project) -> list[dict[str, Any]]:
    """Persons with the right to keep the project's documents; names only by consent."""
    rights = (
        GatewayAccess.objects.standing()
        .filter(
            Q(project=project)
            | Q(fund=project.fund_id)
            | Q(organization__participations__project=project)
        )
        .select_related("user__organization")
        .order_by("user_id")
    )
    users = {right.user_id: right.user for right in rights}
    return [
        {
            "organization": user.organization.name if user.organization else "",
            "name": user.public_name,
            "email": user.public_email,
        }
        for user in users.values()
    ]

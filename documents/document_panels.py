"""Panels of a factsheet about documents and who keeps them."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from documents.models import Document, GatewayAccess
from projects.models import Project

RECENT = 5


def recent_documents(project: Project, moment: datetime | None = None) -> QuerySet[Document]:
    """The newest public documents of a project, or of the project that it is part of, and one
    more where there are more."""
    return documents_of(project, moment)[: RECENT + 1]


def documents_of(project: Project, moment: datetime | None = None) -> QuerySet[Document]:
    """All public documents of a project and of the project that it is part of."""
    owners = [pk for pk in (project.pk, project.parent_id) if pk]
    return Document.objects.public().known_at(moment).filter(project__in=owners).for_listing()


def documents_panel(project: Project, documents: Sequence[Document]) -> dict[str, Any]:
    """Recent documents."""
    return {
        "documents": documents[:RECENT],
        "more": len(documents) > RECENT,
        "url": reverse("project-documents", args=[project.number]),
    }


def rights_on(project: Project, on: date) -> QuerySet[GatewayAccess]:
    """Who has on that day the right to keep the project's documents: a row for each reason."""
    return (
        GatewayAccess.objects.standing(on)
        .filter(
            Q(project=project)
            | Q(fund=project.fund_id)
            | Q(organization__participations__project=project)
        )
        .select_related("user__organization")
        .order_by("user_id")
    )


def gateway_users(rights: Iterable[GatewayAccess]) -> list[dict[str, Any]]:
    """Persons with these rights, each once; names only by consent."""
    users = {right.user_id: right.user for right in rights}
    return [
        {
            "organization": user.organization.name if user.organization else "",
            "name": user.public_name,
            "email": user.public_email,
        }
        for user in users.values()
    ]

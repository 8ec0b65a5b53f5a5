"""Which organizations report on a project, and which of them a report is most likely of."""

import re

from django.db.models import Q, QuerySet

from documents.access import standing_rights
from portal.kit.text import fold
from projects.models import Organization, Participation, Project, User


def reporters(project: Project | None) -> QuerySet[Organization]:
    """Participating organizations of a project, of what it is part of, and of its parts.

    A fund's own documents are of the fund office: none reports.
    """
    if project is None:
        return Organization.objects.none()
    related = Q(project=project) | Q(project__parent=project)
    if project.parent_id:
        related |= Q(project=project.parent_id)
    parts = Participation.objects.participating().filter(related)
    return Organization.objects.filter(pk__in=parts.values("organization"))


def likely_reporter(project: Project | None, user: User, words: str) -> Organization | None:
    """The only one; or the only one that the words name; or the one that the person is of."""
    candidates = list(reporters(project))
    if len(candidates) == 1:
        return candidates[0]
    text = f" {_words(words)} "
    named = [one for one in candidates if _is_named(one, text)]
    if len(named) == 1:
        return named[0]
    rights = standing_rights(user).exclude(organization=None)
    own = {user.organization_id, *rights.values_list("organization", flat=True)}
    mine = [one for one in candidates if one.pk in own]
    return mine[0] if len(mine) == 1 else None


def _is_named(organization: Organization, text: str) -> bool:
    names = (organization.short_name, organization.code, organization.name)
    return any(len(name) > 1 and f" {name} " in text for name in map(_words, names))


def _words(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", fold(text)))

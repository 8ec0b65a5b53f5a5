"""Roles beyond the gateway user's: groups of Django, made by `prepare`, given by staff."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.utils.translation import gettext_lazy as _

from portal.kit.text import Words
from projects.models import User

GRANT = "documents.add_gatewayaccess"
_KEEP = ("documents.change_document", "documents.review_upload", "documents.upload_zip",
         "projects.withhold", "portal.add_publicanswer", "portal.change_publicanswer",
         "portal.change_feedback")  # fmt: skip


@dataclass(frozen=True)
class Role:
    """A name, and what whoever has it may do besides looking."""

    code: str
    name: Any
    permissions: tuple[str, ...]


ROLES = (
    Role("fund staff: enter", _("Fund staff, who enter"), ("finance.add_load", *_KEEP, GRANT)),
    Role(
        "fund staff: release",
        _("Fund staff, who release"),
        ("finance.release_load", *_KEEP, GRANT),
    ),
    Role(
        "portfolio manager",
        _("Portfolio manager"),
        (
            GRANT,
            *_KEEP,
            "projects.change_project",
            "projects.change_fund",
            "documents.change_fundrule",
        ),
    ),
)


def make_groups() -> None:
    """Add the groups that are missing; what an office changed in one stays."""
    for role in ROLES:
        group, is_new = Group.objects.get_or_create(name=role.code)
        if is_new:
            names = [name.split(".")[1] for name in role.permissions]
            looking = Permission.objects.filter(
                codename__startswith="view_",
                content_type__app_label__in=["projects", "finance", "documents", "portal"],
            )
            group.permissions.set(looking | Permission.objects.filter(codename__in=names))


def role_of(user: User) -> Words:
    """The person's role in words."""
    if user.is_superuser:
        return _("Administrator")
    names = set(user.groups.values_list("name", flat=True)) if user.is_staff else set()
    roles = [str(role.name) for role in ROLES if role.code in names]
    return ", ".join(roles) or (_("Staff") if user.is_staff else _("Gateway user"))

"""Organizations that a check did not know, as a file of organizations to be checked itself.

Loads of money never make organizations: a misspelt name would become one.
"""

import csv
import io
import re

from django.core.files.base import ContentFile
from django.utils.translation import gettext as _

from finance.errors import LoadError
from finance.loading.services import receive_load
from finance.models import Load, LoadRemark
from portal.kit.text import any_case, fold
from projects.models import Organization, User

# Columns of the kinds of files in which organizations stand.
COLUMNS = ("organization", "payee", "contributor", "organizations")
_LONGEST = 500


def unknown_organizations(load: Load) -> list[str]:
    """The names that the last check did not know, each once."""
    remarks = load.remarks.filter(
        severity=LoadRemark.Severity.ERROR, code="unknown", column__in=COLUMNS
    )
    names = remarks.order_by("value").values_list("value", flat=True).distinct()
    return [name for name in names if name and len(name) <= _LONGEST]


def enter_unknown(load: Load, by: User) -> Load:
    """A load of these organizations, received and not yet checked."""
    names = unknown_organizations(load)
    if not names:
        raise LoadError(_("The check found no unknown organization."))
    return receive_load(
        source=load.source,
        kind=Load.Kind.ORGANIZATIONS,
        content=ContentFile(as_file(names)),
        name=f"organizations-of-load-{load.pk}.csv",
        by=by,
        reason=_("Organizations of %(file)s") % {"file": load.file_name},
    )


def as_file(names: list[str]) -> bytes:
    """The names in the format of organizations; the ledger's own name finds them again.

    A name that the ledger cut is then found too, though it is not the full one.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["code", "name", "ledger"])
    taken = {any_case(code) for code in Organization.objects.values_list("code", flat=True)}
    for name in {any_case(name): name for name in reversed(names)}.values():
        code = _free(_code(name), taken)
        taken.add(code)
        writer.writerow([code, name, name])
    return out.getvalue().encode()


def _code(name: str) -> str:
    return re.sub("[^a-z0-9]+", "-", fold(name)).strip("-")[:60].strip("-") or "organization"


def _free(code: str, taken: set[str]) -> str:
    number, free = 2, code
    while free in taken:
        free = f"{code}-{number}"
        number += 1
    return free

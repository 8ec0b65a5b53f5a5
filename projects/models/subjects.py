"""What projects are about, by codes of public lists: to filter by, never a figure."""

from collections.abc import Iterable
from decimal import Decimal

from django.db import models
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from portal.kit.language.code_lists import code_list

_WHOLE = Decimal(100)
_FLAG = "1"  # the only code of a list that says yes


class ProjectSubject(models.Model):
    """A code that a project's source gives it, with its stated share of the money.

    Codes of public lists only, such as the OECD's sectors: no text of anybody.
    """

    class Scheme(models.TextChoices):
        SECTOR = "sector", _("Sector (OECD)")
        CATEGORY = "category", _("Field of work (OECD)")
        GOAL = "goal", _("Sustainable development goal")
        GENDER = "gender", _("Gender equality")
        HUMANITARIAN = "humanitarian", _("Humanitarian")

    project = models.ForeignKey("projects.Project", models.CASCADE, related_name="subjects")
    scheme = models.CharField(_("list"), max_length=12, choices=Scheme)
    code = models.CharField(_("code"), max_length=10)
    share = models.DecimalField(
        _("share (percent)"), max_digits=9, decimal_places=4, null=True, blank=True
    )

    class Meta:
        verbose_name = _("subject of a project")
        verbose_name_plural = _("subjects of projects")
        ordering = ["project_id", "scheme", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "scheme", "code"], name="subject_once_per_project"
            ),
        ]
        indexes = [models.Index(fields=["scheme", "code", "project"], name="subject_code")]

    def __str__(self) -> str:
        return f"{self.scheme} {self.code}"


_Scheme = ProjectSubject.Scheme
# The public list that has the codes of each; a flag has none.
LISTS = {
    _Scheme.SECTOR: "Sector",
    _Scheme.CATEGORY: "SectorCategory",
    _Scheme.GOAL: "UNSDG-Goals",
    _Scheme.GENDER: "PolicySignificance",
}
# Lists whose codes staff give to projects of their own; fields of work follow from sectors.
GIVEN = (_Scheme.SECTOR, _Scheme.GENDER, _Scheme.HUMANITARIAN, _Scheme.GOAL)
WITH_SHARES = frozenset({_Scheme.SECTOR})


def is_listed(scheme: str, code: str) -> bool:
    """Whether its list has this code; a flag has none."""
    listed = LISTS.get(_Scheme(scheme))
    return listed is None or code in code_list(listed)


def subject_faults(scheme: str, code: str, share: Decimal | None) -> dict[str, str]:
    """What is wrong with a code as staff give it, by the field: code or share."""
    faults = {}
    if scheme == _Scheme.HUMANITARIAN and code != _FLAG:
        faults["code"] = _now("Write 1: it is humanitarian, wholly or in part.")
    elif not is_listed(scheme, code):
        faults["code"] = _now("The list has no code “%(code)s”.") % {"code": code}
    if share is not None and scheme not in WITH_SHARES:
        faults["share"] = _now("Only sectors have shares here.")
    elif share is not None and not 0 < share <= _WHOLE:
        faults["share"] = _now("Write a number above 0 and up to 100.")
    return faults


def shares_fault(shares: Iterable[Decimal | None]) -> str:
    """What is wrong with the shares of all sectors of a project; "" where nothing is."""
    if sum((share or Decimal(0) for share in shares), Decimal(0)) > _WHOLE:
        return _now("The shares of sectors are more than 100 percent.")
    return ""

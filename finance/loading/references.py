"""From what a file calls a project, fund, organization or category to what it is here."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from finance.models import BudgetCategory
from portal.kit.safe import visibly
from portal.kit.text import Alike, fold, look_alike
from projects.models import (
    Country,
    Fund,
    Organization,
    OrganizationIdentifier,
    Participation,
    Project,
)
from projects.withheld import withheld_organization, withheld_project

# A name cut by the ledger never tells two organizations apart (docs/domain.md#names-and-numbers).
CUT = 30


class Unknown(ValueError):
    """A name or code that is not known here, or not one thing; its text says which."""


class References:
    """All entities by all their names, read once per check; what it finds are ids."""

    def __init__(self) -> None:
        projects = list(Project.objects.values_list("pk", "number", "fund_id"))
        self.numbers = {pk: number for pk, number, _fund in projects}
        self._fund_of = {pk: fund for pk, _number, fund in projects}
        self._projects = Alike((number, (pk, fund)) for pk, number, fund in projects)
        self._awards = _names(
            (award, project)
            for award, project in Participation.objects.exclude(award_number="").values_list(
                "award_number", "project_id"
            )
        )
        self._funds: Alike[int] = Alike(Fund.objects.values_list("code", "pk"))
        self.fund_codes = dict(Fund.objects.values_list("pk", "code"))
        self._organizations = _organization_names()
        self.organization_codes = dict(Organization.objects.values_list("pk", "code"))
        self._categories = _category_names()
        # What the database answered of names that stand nowhere; of each it is asked once.
        self._withheld: dict[str, Project | None] = {}
        self._withheld_names: dict[str, int | None] = {}

    def project(self, number: str) -> tuple[int, int]:
        """Ids of the project with this number or award number, and of its fund."""
        if found := self._projects.get(number):
            return found
        if (awarded := _named(self._awards, number)) is not None:
            if len(awarded) > 1:
                raise Unknown(_("several projects have the award number “%(name)s”") % {
                    "name": number})  # fmt: skip
            pk = next(iter(awarded))
            return pk, self._fund_of[pk]
        if number not in self._withheld:
            self._withheld[number] = withheld_project(number)
        if (withheld := self._withheld[number]) is not None:
            return withheld.pk, withheld.fund_id
        raise Unknown(_("there is no project “%(name)s”") % {"name": visibly(number)})

    def fund(self, code: str) -> int:
        """Id of the fund with this code."""
        if (found := self._funds.get(code)) is None:
            raise Unknown(_("there is no fund “%(name)s”") % {"name": visibly(code)})
        return found

    def organization(self, name: str) -> int:
        """Id of the organization with this code, identifier, short or full name."""
        for names in self._organizations:
            found = _named(names, name)
            if found and len(found) == 1:
                return next(iter(found))
            if found:
                raise Unknown(_("several organizations are called “%(name)s”") % {"name": name})
        if name not in self._withheld_names:
            self._withheld_names[name] = withheld_organization(name)
        if (withheld := self._withheld_names[name]) is not None:
            return withheld
        raise Unknown(_("there is no organization “%(name)s”") % {"name": visibly(name)})

    def category(self, name: str) -> int:
        """Id of the budget category with this code, number or name."""
        found = _named(self._categories, name)
        if not found or len(found) > 1:
            raise Unknown(_("there is no budget category “%(name)s”") % {"name": visibly(name)})
        return next(iter(found))


def _named(names: Mapping[str, set[int]], name: str) -> set[int] | None:
    return names.get(fold(name)) or names.get(fold(look_alike(name)))


def _names(pairs: Iterable[tuple[str, int]]) -> dict[str, set[int]]:
    names: dict[str, set[int]] = defaultdict(set)
    for name, pk in pairs:
        if name:
            names[fold(name)].add(pk)
            names[fold(look_alike(name))].add(pk)
    return dict(names)


def _organization_names() -> tuple[dict[str, set[int]], ...]:
    """Codes first, then identifiers, then names: the surer kind decides."""
    rows: QuerySet = Organization.objects.values_list("code", "name", "short_name", "pk")
    codes, full, short = [], [], []
    # A name of just that length may be a longer one that was cut, or be whole.
    cut = {fold(name[:CUT]) for _code, name, _short, _pk in rows if len(name) > CUT}
    for code, name, short_name, pk in rows:
        codes.append((code, pk))
        short.append((short_name, pk))
        if len(name) != CUT or fold(name) not in cut:
            full.append((name, pk))
    identifiers = OrganizationIdentifier.objects.values_list("value", "organization_id")
    return _names(codes), _names(identifiers), _names(short), _names(full)


def _category_names() -> dict[str, set[int]]:
    """By code, and by name those of the set in force: the older set repeats some names."""
    pairs = []
    for pk, code, name, valid_to in BudgetCategory.objects.values_list(
        "pk", "code", "name", "valid_to"
    ):
        pairs.append((code, pk))
        if valid_to is None:
            pairs.append((name, pk))
    return _names(pairs)


def country_names() -> dict[str, int]:
    """The ids of countries by folded name and by code."""
    names: dict[str, int] = {}
    for pk, code, name in Country.objects.values_list("pk", "code", "name"):
        names[fold(name)] = pk
        names[fold(code)] = pk
    return names

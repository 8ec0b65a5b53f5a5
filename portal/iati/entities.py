"""Finding or making the nouns that an IATI file names: funds, organizations, places."""

import re
from collections.abc import Iterable
from decimal import Decimal

from django.db.models import QuerySet, Value
from django.db.models.functions import Lower
from django.utils.text import slugify

from portal.iati.stated import StatedCountry, StatedOrganization, StatedRegion, text_in
from portal.kit.text import any_case, fold
from projects.models import Country, Fund, Organization, OrganizationIdentifier
from projects.withheld import withheld_organization

SCHEME = "IATI"
NAME_SCHEME = "name in IATI"
# The ledger cuts names here: such a name never merges two organizations by itself.
CUT = 30

_KINDS = {
    "10": Organization.Kind.GOVERNMENT,
    "11": Organization.Kind.GOVERNMENT,
    "15": Organization.Kind.GOVERNMENT,
    "21": Organization.Kind.INTERNATIONAL_NGO,
    "22": Organization.Kind.NATIONAL_NGO,
    "23": Organization.Kind.NATIONAL_NGO,
    "24": Organization.Kind.NATIONAL_NGO,
    "40": Organization.Kind.MULTILATERAL,
    "60": Organization.Kind.FOUNDATION,
    "70": Organization.Kind.PRIVATE,
    "71": Organization.Kind.PRIVATE,
    "72": Organization.Kind.PRIVATE,
    "73": Organization.Kind.PRIVATE,
    "80": Organization.Kind.ACADEMIC,
}


def code_from(text: str) -> str:
    """A text as it may stand in an address: letters, digits, dots, dashes."""
    return re.sub(r"[^\w.-]+", "-", text).strip("-.")[:100]


def _identified(scheme: str, value: str) -> QuerySet[OrganizationIdentifier]:
    """As the unique index has it, whatever its case."""
    rows = OrganizationIdentifier.objects.alias(any_case=Lower("value"))
    return rows.filter(scheme=scheme, any_case=Lower(Value(value))).order_by("pk")


def _called(name: str) -> Organization | None:
    """The organization of this name; one as long as a ledger's cut may be any that begins so."""
    named = Organization.objects.filter(sort_name=fold(name)).order_by("pk")
    if len(name) == CUT:
        longer = Organization.objects.filter(sort_name__startswith=fold(name))
        named = named if longer.count() == 1 else named.none()
    return named.first()


class Nouns:
    """The nouns of one load; what was found once is remembered, what is missing is made."""

    def __init__(self, language: str = "en") -> None:
        self.language = language
        self._organizations: dict[tuple[str, str], int] = {}
        self._countries: dict[str, int] = {}
        self._funds: dict[str, Fund] = {}

    def fund(self, reporting: StatedOrganization) -> Fund:
        """The fund of a reporting organization."""
        name = text_in(reporting.names, self.language) or reporting.ref
        code = code_from(reporting.ref) or slugify(name)[:100] or "unknown"
        if code not in self._funds:
            # Nobody has agreed to this office's rules by publishing.
            new = {"name": name[:500], "follows_rules": False}
            fund, _made = Fund.objects.get_or_create(code=code, defaults=new)
            self._funds[code] = fund
        return self._funds[code]

    def organization(self, stated: StatedOrganization | None) -> int | None:
        """The id of an organization, by its identifier, else by its full name."""
        if stated is None:
            return None
        name = text_in(stated.names, self.language).strip()
        if stated.ref:
            scheme, value = SCHEME, stated.ref[:200]
        elif name:
            scheme, value = NAME_SCHEME, fold(name)[:200]
        else:
            return None
        key = (scheme, any_case(value))
        if key not in self._organizations:
            self._organizations[key] = self._find_or_make(scheme, value, name, stated.type)
        return self._organizations[key]

    def _find_or_make(self, scheme: str, value: str, name: str, kind: str) -> int:
        found = _identified(scheme, value).first()
        if found is not None:
            self._name_by_full_name(found.organization, name)
            return found.organization_id
        withheld = withheld_organization(value) or (
            withheld_organization(name) if scheme == NAME_SCHEME else None
        )
        if withheld is not None:
            return withheld
        organization = None
        if scheme == NAME_SCHEME:
            organization = _called(name)
        if organization is None:
            organization = Organization.objects.create(
                code=self._free_code(value if scheme == SCHEME else name),
                name=(name or value)[:500],
                kind=_KINDS.get(kind, Organization.Kind.OTHER),
            )
        OrganizationIdentifier.objects.create(organization=organization, scheme=scheme, value=value)
        return organization.pk

    @staticmethod
    def _name_by_full_name(organization: Organization, name: str) -> None:
        """An organization first met by its bare identifier gets its name when it is stated."""
        bare = organization.identifiers.filter(value__iexact=organization.name).exists()
        if name and bare and name != organization.name:
            organization.name = name[:500]
            organization.save()

    @staticmethod
    def _free_code(text: str) -> str:
        code = code_from(text) or "organization"
        taken = set(
            Organization.objects.filter(code__startswith=code).values_list("code", flat=True)
        )
        if code not in taken:
            return code
        return next(f"{code}-{n}" for n in range(2, len(taken) + 3) if f"{code}-{n}" not in taken)

    def places(
        self, countries: Iterable[StatedCountry], regions: Iterable[StatedRegion]
    ) -> dict[int, Decimal | None]:
        """Ids of countries and regions with their stated shares; repeats are added up."""
        shares: dict[int, Decimal | None] = {}
        for country in countries:
            self._add(shares, self._place(country, Country.Kind.COUNTRY), country.percentage)
        for region in regions:
            if region.vocabulary in {"", "1"}:
                self._add(shares, self._place(region, Country.Kind.REGION), region.percentage)
        return shares

    @staticmethod
    def _add(shares: dict[int, Decimal | None], country: int, percentage: Decimal | None) -> None:
        before = shares.get(country)
        if before is None or percentage is None:
            shares[country] = before or percentage
        else:
            shares[country] = before + percentage

    def _place(self, stated: StatedCountry | StatedRegion, kind: str) -> int:
        code = stated.code[:20]
        if code not in self._countries:
            name = text_in(stated.names, self.language) or code
            country, _made = Country.objects.get_or_create(
                code=code, defaults={"name": name[:120], "kind": kind}
            )
            self._countries[code] = country.pk
        return self._countries[code]

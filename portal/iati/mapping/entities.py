"""Finding or making the entities that an IATI file names: funds, organizations, places."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal

from django.db.models import QuerySet, Value
from django.db.models.functions import Lower
from django.utils.text import slugify

from portal.iati.kept import DAC_REGIONS
from portal.iati.stated import StatedCountry, StatedOrganization, StatedRegion, text_in
from portal.kit.text import Alike, any_case, fold, look_alike
from projects.models import Country, Fund, Organization, OrganizationIdentifier
from projects.withheld import withheld_organization

LANGUAGE = "en"  # the one in which texts are taken where there are several
SCHEME = "IATI"
NAME_SCHEME = "name in IATI"
# The ledger cuts names here: such a name never merges two organizations by itself.
CUT = 30
SHARE_DECIMALS = 4

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


def name_key(name: str) -> str:
    """A name as one person writes it and another: without case, accents, kinds of quotes."""
    return look_alike(fold(name)).replace("ς", "σ")


class Entities:
    """The entities of one load; what was found once is remembered, what is missing is made."""

    def __init__(self, language: str = LANGUAGE, meant: Mapping[str, str] | None = None) -> None:
        self.language = language
        # What staff say that the file means: its word for an organization → the code here.
        self._meant = {name_key(word): code for word, code in (meant or {}).items()}
        # The file's word and the name of each organization that was made.
        self.made: list[list[str]] = []
        self.unplaced: Counter[str] = Counter()
        self._alike: dict[str, list[int]] | None = None
        self._organizations: dict[tuple[str, str], int] = {}
        self._countries: dict[str, int] = {}
        self._funds: dict[str, Fund] = {}

    def fund(self, reporting: StatedOrganization) -> Fund:
        """The fund of a reporting organization."""
        name = text_in(reporting.names, self.language) or reporting.ref
        code = code_from(reporting.ref) or slugify(name)[:100] or "unknown"
        if code not in self._funds:
            name = self.cut(name, 500, "reporting-org/narrative")
            # Nobody has agreed to this office's rules by publishing.
            alike = Alike((fund.code, fund) for fund in Fund.objects.order_by("pk"))
            self._funds[code] = alike.get(code) or Fund.objects.create(
                code=code, name=name, follows_rules=False
            )
        return self._funds[code]

    def organization(self, stated: StatedOrganization | None) -> int | None:
        """The id of an organization, by its identifier, else by its full name."""
        if stated is None:
            return None
        name = text_in(stated.names, self.language).strip()
        if stated.ref:
            scheme, value = SCHEME, self.cut(stated.ref, 200, "organization/@ref")
        elif name:
            scheme, value = NAME_SCHEME, name_key(name)[:200]
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
            self._count_another_type(found.organization, kind)
            another = bool(name) and name_key(name) != name_key(found.organization.name)
            self.note("organization: another name than it has here", another)
            return found.organization_id
        withheld = withheld_organization(value) or (
            withheld_organization(name) if scheme == NAME_SCHEME else None
        )
        if withheld is not None:
            return withheld
        word = value if scheme == SCHEME else name
        organization = self._said_to_be(word)
        if organization is None and scheme == NAME_SCHEME:
            organization = self._called(name)
        if organization is not None:
            self._count_another_type(organization, kind)
        else:
            organization = Organization.objects.create(
                code=self._free_code(word),
                name=self.cut(name or value, 500, "organization/narrative"),
                kind=_KINDS.get(kind, Organization.Kind.OTHER),
            )
            self.made.append([word, organization.name])
            self.note("organization/@type: not known here", bool(kind) and kind not in _KINDS)
            if self._alike is not None:
                self._alike.setdefault(name_key(organization.name), []).append(organization.pk)
        OrganizationIdentifier.objects.create(organization=organization, scheme=scheme, value=value)
        return organization.pk

    def _said_to_be(self, word: str) -> Organization | None:
        """The organization that staff say the file means by this word."""
        code = self._meant.get(name_key(word))
        return Organization.objects.filter(code__iexact=code).first() if code else None

    def _count_another_type(self, organization: Organization, kind: str) -> None:
        """Count that a file gives one that is there already another type: it keeps its own."""
        stated = _KINDS.get(kind, Organization.Kind.OTHER)
        another = bool(kind) and stated != organization.kind
        self.note("organization/@type: another than it has here", another)

    def note(self, what: str, count: int = 1) -> None:
        """Count what finds no place here."""
        if count:
            self.unplaced[what] += count

    def cut(self, text: str, limit: int, what: str) -> str:
        """The text as far as there is room for it; that it was cut is counted."""
        self.note(f"{what}: cut at {limit} letters", len(text) > limit)
        return text[:limit]

    def _called(self, name: str) -> Organization | None:
        """The organization of this name; one as long as a ledger's cut may be any that begins so.

        All names are read once, when the first one is asked for.
        """
        if self._alike is None:
            self._alike = {}
            for pk, known in Organization.objects.order_by("pk").values_list("pk", "name"):
                self._alike.setdefault(name_key(known), []).append(pk)
        key = name_key(name)
        found = self._alike.get(key, [])
        if len(name) == CUT:
            longer = [
                pk for known, pks in self._alike.items() if known.startswith(key) for pk in pks
            ]
            found = found if len(longer) == 1 else []
        return Organization.objects.filter(pk=found[0]).first() if found else None

    @staticmethod
    def _name_by_full_name(organization: Organization, name: str) -> None:
        """An organization first met by its bare identifier gets its name when it is stated."""
        bare = organization.identifiers.filter(value__iexact=organization.name).exists()
        if name and bare and name != organization.name:
            organization.name = name[:500]  # whoever made it counted the cut
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
            if region.vocabulary in DAC_REGIONS:
                self._add(shares, self._place(region, Country.Kind.REGION), region.percentage)
        return shares

    def _add(
        self, shares: dict[int, Decimal | None], country: int, percentage: Decimal | None
    ) -> None:
        if country in shares:
            self.note("place stated again: its shares are added up")
        if percentage is not None and percentage != round(percentage, SHARE_DECIMALS):
            self.note(f"percentage: rounded to {SHARE_DECIMALS} decimals")
        before = shares.get(country)
        if before is None or percentage is None:
            shares[country] = before if percentage is None else percentage
        else:
            shares[country] = before + percentage

    def _place(self, stated: StatedCountry | StatedRegion, kind: str) -> int:
        code = self.cut(stated.code, 20, "place/@code")
        if code not in self._countries:
            name = text_in(stated.names, self.language) or code
            country, is_new = Country.objects.get_or_create(
                code=code, defaults={"name": self.cut(name, 120, "place/narrative"), "kind": kind}
            )
            self._countries[code] = country.pk
            if is_new and kind == Country.Kind.COUNTRY:
                self.note(f"recipient-country “{code}” is not known: kept under its code")
        return self._countries[code]

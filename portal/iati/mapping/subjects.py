"""What a project is about, by the codes of its activity: sectors, goals, markers."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from portal.iati.described import Tree, named, said, trees_from
from portal.iati.kept import Kept, sectors_kept
from portal.iati.stated import StatedSector
from portal.kit.language.code_lists import code_list
from projects.models import ProjectSubject
from projects.models.subjects import LISTS

Scheme = ProjectSubject.Scheme
PURPOSES, FIELDS = frozenset({"", "1"}), frozenset({"2"})  # vocabularies of the OECD
GOALS, TARGETS = "7", "8"  # those of sectors
TAG_GOALS, TAG_TARGETS = "2", "3"  # those of tags
GENDER = "1"  # the marker, in the OECD's vocabulary
NO_SECTOR = StatedSector(code="99810", vocabulary="1")
_WHOLE = Decimal(100)
_PLACES = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Subject:
    """A code of a public list, with its share of the money where that is stated."""

    scheme: str
    code: str
    share: Decimal | None = None

    @property
    def name(self) -> str:
        """What the code means, in English; "" where its list has no such code."""
        listed = LISTS.get(Scheme(self.scheme))
        return code_list(listed).get(self.code, [""])[0] if listed else ""


def given_subjects(subjects: Iterable[ProjectSubject]) -> list[Subject]:
    """The subjects that staff gave, with the fields of work that follow from sectors."""
    found = [Subject(each.scheme, each.code, each.share) for each in subjects]
    sectors = [each for each in found if each.scheme == Scheme.SECTOR]
    if len(sectors) == 1 and sectors[0].share is None:
        sectors = [Subject(Scheme.SECTOR, sectors[0].code, _WHOLE)]
    others = [each for each in found if each.scheme not in (Scheme.SECTOR, Scheme.CATEGORY)]
    return [*sectors, *_fields(sectors), *others]


def stated_sectors(subjects: Iterable[ProjectSubject]) -> tuple[StatedSector, ...]:
    """The sectors that staff gave, so that their shares are the whole: what none names is in no
    sector, and a share of nothing is none. None where there are several and one has no share."""
    given = [each for each in subjects if each.scheme == Scheme.SECTOR]
    if len(given) == 1 and given[0].share in (None, _WHOLE):
        return (StatedSector(code=given[0].code, vocabulary="1"),)
    shares = {each.code: each.share for each in given}
    known = [share for share in shares.values() if share is not None]
    left = _WHOLE - sum(known, Decimal(0))
    if not given or len(known) < len(shares) or left < 0:
        return ()
    if left:
        shares[NO_SECTOR.code] = left + (shares.get(NO_SECTOR.code) or 0)
    return tuple(
        StatedSector(code=code, vocabulary="1", percentage=_rounded(share))
        for code, share in shares.items()
        if share
    )


def stated_trees(subjects: Iterable[ProjectSubject]) -> tuple[Tree, ...]:
    """Goals as tags and the marker of gender equality, as the standard writes them."""
    found: list[Tree] = []
    for each in subjects:
        if each.scheme == Scheme.GOAL:
            said_of = (("vocabulary", TAG_GOALS), ("code", each.code))
            found.append(("tag", said_of, "", ()))
        elif each.scheme == Scheme.GENDER:
            said_of_marker = (("vocabulary", "1"), ("code", GENDER), ("significance", each.code))
            found.append(("policy-marker", said_of_marker, "", ()))
    return tuple(found)


def subjects_of(kept: Kept) -> list[Subject]:
    """The subjects of an activity by what was kept of it."""
    sectors = sectors_kept(kept)
    purposes = [sector for sector in sectors if sector.vocabulary in PURPOSES]
    fields = [sector for sector in sectors if sector.vocabulary in FIELDS]
    found = [*_shares(Scheme.SECTOR, purposes)]
    found += _fields(found) or _shares(Scheme.CATEGORY, fields)
    found += _goals(kept, sectors)
    trees = trees_from(kept.get("described", ()))
    for marker in named(trees, "policy-marker"):
        is_oecd = said(marker, "vocabulary") in PURPOSES
        if is_oecd and said(marker, "code") == GENDER and said(marker, "significance"):
            found.append(Subject(Scheme.GENDER, said(marker, "significance")))
            break
    if kept.get("humanitarian") or any(named(trees, "humanitarian-scope")):
        found.append(Subject(Scheme.HUMANITARIAN, "1"))
    return [each for each in found if each.scheme == Scheme.HUMANITARIAN or each.name]


def _shares(scheme: str, sectors: list[StatedSector]) -> list[Subject]:
    """One code alone is the whole where nothing is said of its share."""
    is_unsaid = all(sector.percentage is None for sector in sectors)
    if is_unsaid and len({sector.code for sector in sectors}) == 1:
        return [Subject(scheme, sectors[0].code, _WHOLE)]
    shares: dict[str, Decimal | None] = {}
    for sector in sectors:
        before, share = shares.get(sector.code), sector.percentage
        shares[sector.code] = share if before is None else before + (share or 0)
    return [Subject(scheme, code, _rounded(share)) for code, share in shares.items()]


def _fields(sectors: list[Subject]) -> list[Subject]:
    """The fields of work that sectors belong to, with the sum of their shares."""
    shares: dict[str, list[Decimal | None]] = defaultdict(list)
    for sector in sectors:
        known = code_list("Sector").get(sector.code)
        if known and len(known) > 1:
            shares[known[1]].append(sector.share)
    return [Subject(Scheme.CATEGORY, code, _sum(parts)) for code, parts in shares.items()]


def _sum(parts: list[Decimal | None]) -> Decimal | None:
    known = [part for part in parts if part is not None]
    return _rounded(sum(known, Decimal(0))) if len(known) == len(parts) else None


def _goals(kept: Kept, sectors: tuple[StatedSector, ...]) -> list[Subject]:
    """Goals, or those that targets belong to; a share only where sectors state it."""
    shares: dict[str, list[Decimal | None]] = defaultdict(list)
    for sector in sectors:
        if sector.vocabulary in (GOALS, TARGETS):
            shares[sector.code.partition(".")[0]].append(sector.percentage)
    for tag in named(trees_from(kept.get("described", ())), "tag"):
        if said(tag, "vocabulary") in (TAG_GOALS, TAG_TARGETS):
            shares.setdefault(said(tag, "code").partition(".")[0], [None])
    return [Subject(Scheme.GOAL, code, _sum(parts)) for code, parts in shares.items()]


def _rounded(share: Decimal | None) -> Decimal | None:
    return share.quantize(_PLACES).normalize() if share is not None else None

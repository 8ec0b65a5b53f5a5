"""Organizations that a check did not know: what they may be, and how they are created.

Loads of money never make organizations by themselves: a misspelt name would become one.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from django.db import transaction

from portal.kit.text import any_case, fold
from projects.models import Organization, OrganizationIdentifier

SUGGESTED = 3
_WORD = re.compile(r"[^\W_]{2,}")
_INITIALS = re.compile(r"\b(?:[^\W\d_]\.){2,}[^\W\d_]?")
# Words that many names have tell little.
_COMMON = 200


def suggested(names: Iterable[str]) -> dict[str, list[Organization]]:
    """For each name the organizations whose names share the rarest words with it."""
    by_word: dict[str, set[int]] = defaultdict(set)
    known = {one.pk: one for one in Organization.objects.only("pk", "code", "name", "short_name")}
    for pk, one in known.items():
        for word in _words(f"{one.name} {one.short_name} {one.code}"):
            by_word[word].add(pk)
    found = {}
    for name in names:
        score: Counter[int] = Counter()
        for word in _words(name):
            those = by_word.get(word, ())
            if len(those) <= _COMMON:
                for pk in those:
                    score[pk] += 1_000_000 // len(those)
        best = sorted(score, key=lambda pk: (-score[pk], known[pk].name, pk))
        found[name] = [known[pk] for pk in best[:SUGGESTED]]
    return found


def _words(text: str) -> set[str]:
    """Its words; initials with points between them, such as U.N.D.P., are one."""
    return set(_WORD.findall(_INITIALS.sub(lambda found: found[0].replace(".", ""), fold(text))))


def create_organizations(kinds: Mapping[str, str]) -> dict[str, Organization]:
    """An organization for each name, of the kind given; names that differ in case are one.

    The name is also kept as the ledger's own: files find it by that, even where it was cut.
    """
    taken = {any_case(code) for code in Organization.objects.values_list("code", flat=True)}
    made: dict[str, Organization] = {}
    with transaction.atomic():
        for name, kind in kinds.items():
            if any_case(name) in made:
                continue
            code = _free(_code(name), taken)
            taken.add(code)
            one = Organization(code=code, name=name, kind=kind)
            one.full_clean()
            one.save()
            OrganizationIdentifier.objects.get_or_create(
                scheme="ledger", value=name[:200], defaults={"organization": one}
            )
            made[any_case(name)] = one
    return {name: made[any_case(name)] for name in kinds}


def _code(name: str) -> str:
    return re.sub("[^a-z0-9]+", "-", fold(name)).strip("-")[:60].strip("-") or "organization"


def _free(code: str, taken: set[str]) -> str:
    number, free = 2, code
    while free in taken:
        free = f"{code}-{number}"
        number += 1
    return free

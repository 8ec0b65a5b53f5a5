"""Organizations that a check did not know: what they may be, and how they are created.

Loads of money never make organizations by themselves: a misspelt name would become one.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from django.db import connection, transaction
from django.db.models.functions import Lower

from portal.kit.text import any_case, fold
from projects.models import Organization, OrganizationIdentifier

SUGGESTED = 3
LEDGER = "ledger"
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

    The name is also kept as the ledger's own: files find it by that, even where it was cut. What
    somebody else created by that name meanwhile is taken. Raises ValidationError.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            # One after the other: two people may find the same names in two files.
            cursor.execute("LOCK TABLE projects_organization IN SHARE ROW EXCLUSIVE MODE")
        found = _known_by_ledger(kinds)
        made = _new({name: kind for name, kind in kinds.items() if any_case(name) not in found})
        Organization.objects.bulk_create(made.values(), batch_size=500)
        OrganizationIdentifier.objects.bulk_create(
            [
                OrganizationIdentifier(scheme=LEDGER, value=one.name[:200], organization=one)
                for one in made.values()
            ],
            batch_size=500,
            ignore_conflicts=True,
        )
    return {name: found.get(any_case(name)) or made[any_case(name)] for name in kinds}


def _known_by_ledger(names: Iterable[str]) -> dict[str, Organization]:
    known = OrganizationIdentifier.objects.filter(scheme=LEDGER).annotate(any_case=Lower("value"))
    those = known.filter(any_case__in=[any_case(name) for name in names])
    return {one.any_case: one.organization for one in those.select_related("organization")}


def _new(kinds: Mapping[str, str]) -> dict[str, Organization]:
    taken = {any_case(code) for code in Organization.objects.values_list("code", flat=True)}
    made: dict[str, Organization] = {}
    for name, kind in kinds.items():
        if any_case(name) not in made:
            code = _free(_code(name), taken)
            taken.add(code)
            one = made[any_case(name)] = Organization(code=code, name=name, kind=kind)
            one.clean_fields()
    return made


def _code(name: str) -> str:
    return re.sub("[^a-z0-9]+", "-", fold(name)).strip("-")[:60].strip("-") or "organization"


def _free(code: str, taken: set[str]) -> str:
    number, free = 2, code
    while free in taken:
        free = f"{code}-{number}"
        number += 1
    return free

"""Programmes and their parts: what activities say of each other, joined when all are known."""

from collections import Counter
from collections.abc import Callable

from portal.iati.stated import StatedActivity
from portal.kit.text import Alike
from projects.models import Project
from projects.withheld import withheld_alike

BATCH = 200  # pairs joined at once
PARENT, CHILD = "1", "2"
Pair = tuple[int, str]


class Family:
    """Remembers who names whom as parent or child; what other relations say is counted."""

    def __init__(self) -> None:
        self.unplaced: Counter[str] = Counter()
        self._parents: list[Pair] = []
        self._children: list[Pair] = []

    def remember(self, activity: StatedActivity, pk: int) -> None:
        """Keep what an activity, here the project `pk`, says of others."""
        has_parent = False
        for relation in activity.related_activities:
            if relation.type == PARENT and not has_parent:
                has_parent = True
                self._parents.append((pk, relation.ref))
            elif relation.type == PARENT:
                self.unplaced["related-activity: a further parent"] += 1
            elif relation.type == CHILD:
                self._children.append((pk, relation.ref))
            else:
                self.unplaced[f"related-activity of type {relation.type or '–'}"] += 1

    def join(self) -> None:
        """Set the parents that are known by now; what a child says of its parent goes first."""
        told: set[int] = set()
        for pairs in _batched(self._parents):
            known = _known(pairs)
            found = [(pk, parent) for pk, ref in pairs if (parent := known(ref))]
            self.unplaced["related-activity: parent unknown here"] += len(pairs) - len(found)
            told |= {child for child, _parent in found}
            _set_parents(found)
        for pairs in _batched(self._children):
            known = _known(pairs)
            found = [(child, pk) for pk, ref in pairs if (child := known(ref))]
            self.unplaced["related-activity: child unknown here"] += len(pairs) - len(found)
            _set_parents([(child, parent) for child, parent in found if child not in told])


def _batched(pairs: list[Pair]) -> list[list[Pair]]:
    return [pairs[start : start + BATCH] for start in range(0, len(pairs), BATCH)]


def _known(pairs: list[Pair]) -> Callable[[str], int | None]:
    """The ids of the projects that are named, by number."""
    rows = Project.objects.numbered_any(ref for _pk, ref in pairs).order_by()
    known: Alike[int] = Alike(rows.values_list("number", "pk"))
    withheld = withheld_alike(Project, [ref for _pk, ref in pairs if known.get(ref) is None])
    return lambda ref: known.get(ref) or withheld.get(ref)


def _set_parents(pairs: list[tuple[int, int]]) -> None:
    children = Project.objects.only("parent_id", "held_fields").in_bulk([pk for pk, _p in pairs])
    moved = {}
    for pk, parent in pairs:
        child = children[pk]
        if parent not in {pk, child.parent_id} and "parent" not in child.held_fields:
            child.parent_id = parent
            moved[pk] = child
    Project.objects.bulk_update(moved.values(), ["parent"])

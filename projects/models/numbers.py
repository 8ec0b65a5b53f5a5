"""Projects by their numbers, however these are written."""

from collections.abc import Iterable
from typing import Any

from portal.kit.text import look_alike, looking_alike


def ids_numbered(projects: Any, numbers: Iterable[str]) -> Any:
    """The ids of those with one of these numbers, or one that looks like it, whatever its case.

    projects: a queryset without an order.
    """
    asked = list(numbers)
    alike = [look_alike(number) for number in asked]
    # An array is one parameter; the database's own idea of case is that of the unique index.
    plain = projects.extra(
        where=["lower(projects_project.number) IN (SELECT lower(n) FROM unnest(%s::text[]) n)"],
        params=[[*asked, *alike]],
    )
    # Each number is read, but only as far as whether all its letters are plain ones.
    typographic = (
        projects.extra(
            where=["octet_length(projects_project.number) <> length(projects_project.number)"]
        )
        .alias(alike=looking_alike("number"))
        .filter(alike__in=alike)
    )
    return plain.values("pk").union(typographic.values("pk"), all=True)

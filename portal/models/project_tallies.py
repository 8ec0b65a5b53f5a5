"""How many projects there are of each status, fund, organization, country, subject and year.

Triggers keep the numbers (portal/sql/project_tallies.sql): each change adds rows of what it adds
and takes away, so that nobody waits for anybody, and the worker folds them. So they are right in
whatever transaction they are read.
"""

from collections import defaultdict

from django.db import connection, models, transaction
from django.utils.translation import gettext_lazy as _

# Few projects are withheld: what they count for is taken off.
SHOWN_TALLIES = """
SELECT facet, value, sum(count) AS n FROM (
    SELECT facet, value, count FROM portal_projecttally
    UNION ALL
    SELECT facet, value, -1 FROM portal_projectfacet
    WHERE project_id IN (SELECT id FROM projects_project WHERE withheld_on IS NOT NULL)
) AS told GROUP BY 1, 2 HAVING sum(count) > 0
"""
_COUNTED = "SELECT facet, value, count(*) FROM portal_projectfacet GROUP BY 1, 2"
_FOLD = """
WITH taken AS (DELETE FROM portal_projecttally RETURNING facet, value, count)
INSERT INTO portal_projecttally (facet, value, count)
SELECT facet, value, sum(count) FROM taken GROUP BY 1, 2 HAVING sum(count) <> 0
"""
_UNFOLDED = "SELECT count(*) - count(DISTINCT (facet, value)) FROM portal_projecttally"
_KEPT = """
SELECT facet, value, sum(count) FROM portal_projecttally GROUP BY 1, 2 HAVING sum(count) <> 0
"""
_DIFFER = f"""
WITH kept AS ({_KEPT}), fresh AS ({_COUNTED})
SELECT facet, value FROM (
    (SELECT * FROM kept EXCEPT SELECT * FROM fresh) UNION (SELECT * FROM fresh EXCEPT SELECT * FROM kept)
) AS differ ORDER BY 1, 2 LIMIT 1
"""  # noqa: S608, E501 – only names of our own columns and tables

# Of each facet and value the number of projects shown.
Tallies = dict[str, dict[str, int]]


class ProjectFacet(models.Model):
    """What a project counts for: each value that it has of each facet, once; a view."""

    project_id = models.BigIntegerField(_("project"), primary_key=True)
    facet = models.CharField(_("facet"), max_length=12)
    value = models.CharField(_("value"), max_length=20)

    class Meta:
        managed = False
        verbose_name = _("facet of a project")
        verbose_name_plural = _("facets of projects")

    def __str__(self) -> str:
        return f"{self.facet} {self.value}"


class ProjectTally(models.Model):
    """What was added to a number of projects; all rows of a facet and a value add up to it, with
    the projects that are withheld."""

    facet = models.CharField(_("facet"), max_length=12)
    value = models.CharField(_("value"), max_length=20)
    count = models.IntegerField(_("projects"))

    class Meta:
        verbose_name = _("number of projects")
        verbose_name_plural = _("numbers of projects")

    def __str__(self) -> str:
        return f"{self.facet} {self.value}: {self.count}"


def projects_shown() -> Tallies:
    """How many projects that are not withheld have each value, 0 left out."""
    found: Tallies = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(SHOWN_TALLIES)
        for facet, value, number in cursor.fetchall():
            found[facet][value] = int(number)
    return dict(found)


def fold_tallies() -> bool:
    """Make one row of all that add up to a number; returns whether there were any such."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_UNFOLDED)
        if not cursor.fetchone()[0]:
            return False
        cursor.execute(_FOLD)
    return True


def tally_projects_anew() -> None:
    """Count all projects."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE portal_projecttally IN EXCLUSIVE MODE")
        cursor.execute("DELETE FROM portal_projecttally")
        cursor.execute(f"INSERT INTO portal_projecttally (facet, value, count) {_COUNTED}")


def first_wrong_tally() -> tuple[str, str] | None:
    """Facet and value of the first number that is not the number of projects."""
    with connection.cursor() as cursor:
        cursor.execute(_DIFFER)
        return cursor.fetchone()

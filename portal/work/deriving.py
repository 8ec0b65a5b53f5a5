"""What is worked out from records, made anew: on request, and where a version does it otherwise."""

from collections.abc import Callable, Sequence

from django.db import transaction

from finance.figures.making import rebuild
from finance.figures.roll_ups import rebuild_roll_ups
from finance.figures.sums import rebuild_key_figures
from finance.loading.lock import lock_releases
from portal.models import Prepared
from portal.models.project_tallies import tally_projects_anew
from portal.reporting.tallies import tally_anew
from projects.models import Project

# The way in which entries and sums come from records. Whoever changes what a record adds, or keeps
# a new sum, raises it: then `prepare` works all of them out anew, once.
DERIVATION = 1
_BATCH = 500


def derive_anew(
    project_ids: Sequence[int], progress: Callable[[str, int, int], None] = lambda *_: None
) -> None:
    """Make entries, key figures, roll-ups and tallies anew from the records.

    In one transaction, under the lock of releases: nobody reads them half made.
    """
    with transaction.atomic():
        lock_releases()
        for start in range(0, len(project_ids), _BATCH):
            progress("entries", start, len(project_ids))
            batch = project_ids[start : start + _BATCH]
            rebuild(batch)
            rebuild_key_figures(batch)
        rebuild(None)
        rebuild_roll_ups()
        tally_anew()
        tally_projects_anew()


def derive_anew_for_this_version() -> bool:
    """Make all of it anew where the version prepared last did it otherwise; whether it did."""
    last = Prepared.objects.first()
    if last is None or last.derivation == DERIVATION:
        return False
    derive_anew(list(Project.objects.order_by("pk").values_list("pk", flat=True)))
    return True

"""What an answer says of the figures in it, as pages say it beside theirs."""

from collections.abc import Iterable
from decimal import Decimal

from django.utils.translation import gettext as _

from finance.figures.catalogue import STATES
from finance.models import ExpenditureLine
from portal.api.figures import Told

INTERIM = ExpenditureLine.State.INTERIM.value


def notes_on(told: Iterable[Told]) -> list[str]:
    """That some of these figures are not final, or leave amounts out, where it is so."""
    figures = [figure for one in told for figure in one.values()]
    notes = []
    if any(Decimal((figure["states"] or {}).get(INTERIM) or 0) for figure in figures):
        words = _(
            "Some figures include interim expenditure; how much stands beside them. "
            "Interim: %(meaning)s"
        )
        notes.append(words % {"meaning": STATES[INTERIM].definition})
    if any(figure["unconverted"] for figure in figures):
        words = _(
            "Amounts without a known rate of exchange are in no sum; a rate or share of such "
            "amounts is not known."
        )
        notes.append(words)
    return notes

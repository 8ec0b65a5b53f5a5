"""Finding decisions by their reference and the words of their texts."""

from django.db.models import Q
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from portal.decisions.reading import day_url, known_decisions
from portal.kit.dates import TODAY
from portal.kit.formatting import day
from portal.kit.together import first_with_rows
from portal.search.hits import COUNTED, SHOWN, Group, Hit, Match
from portal.search.words import Asked, marked

_TEXTS = ("reference", "body", "description", "conditions")


def found_decisions(asked: Asked) -> Group:
    """Decisions with this reference, or with all the words in their texts; the newest first."""
    group = Group("decisions", _("Decisions"))
    rows = known_decisions(TODAY)
    wanted = Q()
    for word in asked.words:
        one = Q()
        for name in _TEXTS:
            one |= Q(**{f"{name}__icontains": word})
        wanted &= one
    exact = rows.filter(reference__iexact=asked.text.strip())
    ways = ((exact, Match.EXACT), (rows.filter(wanted), Match.TEXT))
    first = first_with_rows(*(found for found, _match in ways))
    if first is None:
        return group
    found, group.match = ways[first]
    group.count = found.order_by()[: COUNTED + 1].count()
    group.hits = [
        Hit(
            marked(_title(decision), asked.words),
            day_url(decision.fund.code, decision.date),
            decision.reference,
            (day(decision.date), decision.body, str(decision.fund)),
        )
        for decision in found[:SHOWN]
    ]
    if group.count > SHOWN:
        group.url = f"{reverse('decision-list')}?{urlencode({'q': asked.text})}"
    return group


def _title(decision: object) -> str:
    what = getattr(decision, "description", "") or getattr(decision, "conditions", "")
    kind = str(decision.get_kind_display())  # type: ignore[attr-defined]
    return f"{kind}: {Truncator(what).words(16)}" if what else kind

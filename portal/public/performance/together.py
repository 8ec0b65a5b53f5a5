"""What the figures of a page of performance mean together, in plain words."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.kit.formatting import money
from portal.public.performance.distributions import Distribution

# Of which measures the value in the middle is told, and how.
_TOLD = (
    (
        "first-transfer",
        gettext_lazy(
            "At least half of the %(count)s projects of which both days are known had their first "
            "transfer no later than %(days)s after approval."
        ),
    ),
    (
        "financial-closure",
        gettext_lazy(
            "At least half of the %(count)s financially closed projects of which both days are "
            "known were closed no later than %(days)s after their end."
        ),
    ),
)


def together(found: Mapping[str, Distribution], reports: Mapping[str, Any]) -> str:
    """A sentence of each measure that tells one; "" where none does."""
    sentences = [_half(found[key], sentence) for key, sentence in _TOLD]
    if reports.get("share"):
        text = _("%(share)s of the %(called)s reports asked for so far arrived in time.")
        sentences.append(text % {"share": reports["share"], "called": reports["called"]})
    return " ".join(filter(None, sentences))


def _half(found: Distribution, sentence: Any) -> str:
    """Nothing of one project alone, nor of a middle before what it is counted from."""
    if found.known < 2 or found.median is None or found.median < 0:
        return ""
    days = found.measure.words(found.median)
    return str(sentence % {"count": money(found.known), "days": days})

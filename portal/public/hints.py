"""What a line says of a panel of the factsheet that is folded."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.kit.formatting import day


def documents_hint(panel: dict[str, Any]) -> str:
    """The newest document."""
    newest = [document.title for document in panel["documents"][:1]]
    return _("The newest: %(title)s") % {"title": newest[0]} if newest else _("None yet")


def reports_hint(panel: dict[str, Any]) -> str:
    """How many reports are in, and how many are late."""
    if not panel["count"]:
        return _("None is due")
    text = ngettext(
        "%(received)s of %(count)s report is in",
        "%(received)s of %(count)s reports are in",
        panel["count"],
    ) % {"received": panel["received"], "count": panel["count"]}
    if overdue := panel["overdue"]:
        late = ngettext("%(count)s is late or missing", "%(count)s are late or missing", overdue)
        text = f"{text}; {late % {'count': overdue}}"
    return text


def vouchers_hint(panel: dict[str, Any]) -> str:
    """How many lines of vouchers there are."""
    return ngettext("%(count)s voucher line", "%(count)s voucher lines", panel["count"]) % {
        "count": panel["count"]
    }


def revisions_hint(panel: dict[str, Any]) -> str:
    """Whether any moved much."""
    if not panel["large"]:
        return ""
    return ngettext(
        "One moved more than 15 %% of a budget line",
        "%(count)s moved more than 15 %% of a budget line",
        panel["large"],
    ) % {"count": panel["large"]}


def decisions_hint(panel: dict[str, Any]) -> str:
    """Who decided first, and when; or that no decision is known."""
    if "table" not in panel:
        return _("None recorded")
    first = panel["first"]
    if first is None:
        return ""
    return f"{first.body}, {day(first.date)}" if first.body else day(first.date)

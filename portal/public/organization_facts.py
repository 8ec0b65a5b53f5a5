"""The facts of an organization's page: its names and identifiers, and what it gave."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from finance.contributors.contributor import contributors
from finance.figures.sums import Totals
from finance.models import Entry
from finance.models.figures import Measure
from portal.kit.currency import told_in_base
from portal.kit.dates import Known
from portal.kit.formatting import money
from portal.public.sections import received_fact
from projects.models import Organization


def organization_facts(organization: Organization, known: Known) -> list[dict[str, Any]]:
    """Its kind, names and identifiers; where it also contributes, how much and to which page."""
    facts: list[dict[str, Any]] = [
        {"label": _("Kind"), "value": organization.get_kind_display()},
        {"label": _("Short name"), "value": organization.short_name or organization.code},
    ]
    if names := organization.other_names.splitlines():
        facts.append({"label": _("Also known as"), "parts": [{"text": name} for name in names]})
    if identifiers := organization.told_identifiers():
        parts = [{"text": one.value, "note": one.scheme} for one in identifiers]
        facts.append({"label": _("Identifiers"), "parts": parts})
    if contributors().filter(pk=organization.pk).exists():
        facts.append({"label": _("As a contributor"), "parts": [_given(organization, known)]})
    if received := received_fact(organization, known):
        facts.append(received)
    return facts


def _given(organization: Organization, known: Known) -> dict[str, Any]:
    deposits = Entry.objects.known(known).filter(organization=organization, measure=Measure.DEPOSIT)
    totals = Totals()
    for row in deposits.summed("measure", "state"):
        totals.count(
            row["measure"],
            row["state"],
            row["base_amount__sum"],
            row["records__sum"],
            row["unconverted__sum"],
        )
    parts = totals.parts("deposit")
    gave = told_in_base(_("gave %(currency)s %(amount)s"), amount=money(totals.deposit))
    return {
        # Of what is not converted it is not known how much it was.
        "text": ", ".join(filter(None, ("" if parts.hide(totals.deposit) else gave, parts.words))),
        "url": reverse("contributor", args=[organization.code]),
    }

"""Panels of a project's factsheet about the project itself."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from portal.kit.formatting import apart, day, percent
from projects.facts import ProjectFacts
from projects.models import Contact, Country, Participation, Project
from projects.models.projects import project_url

# With so many letters of a narrative a page begins; the rest is folded.
_OPENING = 600


def about_panel(project: Project) -> dict[str, Any]:
    """The narrative: the paragraphs with which the page begins, and the others."""
    paragraphs = [p for p in project.narrative.split("\n\n") if p.strip()]
    shown = 1
    while shown < len(paragraphs) and len("".join(paragraphs[: shown + 1])) <= _OPENING:
        shown += 1
    return {"paragraphs": paragraphs[:shown], "rest": paragraphs[shown:]}


def family_panel(project: Project) -> dict[str, Any] | None:
    """The project that this one is part of, and its parts."""
    parts = getattr(project, "parts", [])
    parent = project.parent if project.parent and not project.parent.withheld_on else None
    if not parts and not parent:
        return None
    children = [{**part, "url": project_url(part["number"])} for part in parts]
    return {"parent": parent, "children": children}


def place_parts(facts: ProjectFacts) -> list[dict[str, Any]]:
    """Each place with its stated share."""
    return [
        {
            "text": place.country.local_name,
            "url": place.country.get_absolute_url(),
            "note": _place_note(place),
        }
        for place in facts.places
    ]


def _place_note(place: Any) -> str:
    if place.country.kind == Country.Kind.PLACEHOLDER:
        return _("No country recorded")
    if place.in_place_of:
        words = _("The ledger says “%(stated)s”. Entered by the fund office on %(day)s: %(basis)s")
        return words % {
            "stated": place.in_place_of.local_name,
            "day": day(place.given_on),
            "basis": apart(place.basis),
        }
    return percent(place.share) if place.share is not None else ""


def organization_parts(facts: ProjectFacts) -> list[dict[str, Any]]:
    """Each participating organization by its full name, with its entry in the ledger."""
    return [
        {
            "text": p.organization.name,
            "url": p.organization.get_absolute_url(),
            "note": "; ".join(_notes_of_participant(p)),
        }
        for p in facts.participating
    ]


def _notes_of_participant(part: Any) -> list[str]:
    notes = []
    if part.award_number:
        notes.append(_("its award number: %(number)s") % {"number": part.award_number})
    if part.ledger_entry:
        notes.append(_("in the ledger “%(entry)s”") % {"entry": apart(part.ledger_entry)})
    return notes


def other_parts(facts: ProjectFacts) -> list[dict[str, Any]]:
    """Implementing partners and others that take part."""
    return [
        {
            "text": p.organization.name,
            "url": p.organization.get_absolute_url(),
            "note": p.get_role_display(),
        }
        for p in facts.participations
        if p.role != Participation.Role.PARTICIPATING
    ][:12]


def contacts_of(project: Project) -> QuerySet[Contact]:
    """Offices to turn to about a project."""
    return Contact.objects.filter(Q(project=project) | Q(fund=project.fund_id)).order_by("pk")


def cards_of(contacts: Iterable[Contact], page: str) -> list[dict[str, Any]]:
    """Offices to turn to about a page; persons by name only where they agreed."""
    form = f"{reverse('feedback')}?{urlencode({'page': page})}"
    cards: list[dict[str, Any]] = []
    for contact in contacts:
        card = {
            "title": contact.get_role_display(),
            "organization": contact.organization_name,
            "name": contact.public_name,
            "email": contact.public_email,
            "phone": contact.office_phone,
            "website": contact.website,
            "form": form,
        }
        # Fund and project often name the same office.
        if card not in cards:
            cards.append(card)
    return cards


def extension_notes(facts: ProjectFacts) -> list[str]:
    """The log of extensions in words."""
    return [
        _("extended from %(old)s to %(new)s, approved %(on)s")
        % {"old": day(e.old_end), "new": day(e.new_end), "on": day(e.approved_on)}
        for e in facts.extensions
    ]

"""Contacts as an activity states them: what may name a person is kept, but not shown."""

from collections.abc import Iterable, Sequence

from portal.iati.mapping.entities import Entities
from portal.iati.stated import StatedContact, text_in
from projects.models import Contact, Project, Withholding
from projects.withheld import WithheldContacts

# Addresses of offices; any other address may be a person's and is not shown.
_OFFICE_BOXES = frozenset(
    {
        *("aid", "contact", "contacts", "data", "enquiries", "help", "hello", "iati", "info"),
        *("information", "inquiries", "mail", "office", "open", "opendata", "press", "public"),
        *("publicinfo", "secretariat", "support", "transparency", "web"),
    }
)
_LIMITS = {"organisation": 500, "person-name": 200, "email": 254, "telephone": 100, "website": 500}


def is_safe(url: str) -> bool:
    """Whether the address is one of the web that a page may link to."""
    return url.lower().startswith(("http://", "https://"))


def restate(
    stated: Iterable[tuple[Project, StatedContact]], before: Sequence[Project], language: str
) -> None:
    """Set the contacts of projects; `before` are those that had some.

    What is withheld of them stays as it is, and a contact that says the same is left out.
    """
    withheld = WithheldContacts()
    made = [contact_of(project, contact, language) for project, contact in stated]
    held = [contact for contact in made if withheld.holds_like(contact)]
    if before:
        targets = Withholding.objects.standing().filter(kind="contact").values("target_id")
        gone = Contact.objects.filter(project__in=before).exclude(pk__in=targets)
        gone.exclude(pk__in=withheld.rows_of(held)).delete()
    Contact.objects.bulk_create(contact for contact in made if contact not in held)


def contact_of(project: Project, stated: StatedContact, language: str) -> Contact:
    """A contact; what may name a person is kept, but not shown without consent."""
    texts = _texts(stated, language)
    is_office = (
        not texts["person-name"] and texts["email"].partition("@")[0].lower() in _OFFICE_BOXES
    )
    kept = {name: text[: _LIMITS[name]] for name, text in texts.items()}
    return Contact(
        project=project,
        organization_name=kept["organisation"],
        office_email=kept["email"] if is_office else "",
        office_phone="" if kept["person-name"] else kept["telephone"],
        website=kept["website"],
        person_name=kept["person-name"],
        person_email="" if is_office else kept["email"],
    )


def _texts(stated: StatedContact, language: str) -> dict[str, str]:
    parts = (text_in(stated.organization, language), text_in(stated.department, language))
    return {
        "organisation": ", ".join(part for part in parts if part),
        "person-name": text_in(stated.person, language),
        "email": next(iter(stated.emails), ""),
        "telephone": next(iter(stated.telephones), ""),
        "website": next((url for url in stated.websites if is_safe(url)), ""),
    }


def count_what_is_left(stated: StatedContact, entities: Entities) -> None:
    """Count what a contact states and we do not keep."""
    texts = _texts(stated, entities.language)
    for name, text in texts.items():
        entities.cut(text, _LIMITS[name], f"contact-info/{name}")
    names = (stated.organization, stated.department, stated.person)
    left = {
        "@type": bool(stated.type),
        "job-title": bool(stated.job_title),
        "mailing-address": len(stated.addresses),
        "telephone, a further one": max(0, len(stated.telephones) - 1),
        "telephone of a person": bool(texts["person-name"] and stated.telephones),
        "email, a further one": max(0, len(stated.emails) - 1),
        "website, a further one or none of the web": len(stated.websites) - bool(texts["website"]),
        "name in a further language": sum(max(0, len(texts) - 1) for texts in names),
    }
    for what, count in left.items():
        entities.note(f"contact-info/{what}", int(count))

"""Who publishes: the office, by the identifier that the standard knows it by."""

from dataclasses import dataclass

from django.conf import settings

from portal.iati.stated import StatedContact, StatedOrganization
from projects.models import Contact, Fund, Office, Project


@dataclass(frozen=True)
class Publisher:
    """The office as the reporting organization of its own funds and projects.

    Without an identifier of its own, a fund reports for itself and numbers stay as they are.
    """

    office: Office

    @classmethod
    def current(cls) -> "Publisher":
        """The office of this portal."""
        return cls(Office.current())

    @property
    def ref(self) -> str:
        """The identifier of the organization, "" while nobody has given it."""
        return self.office.iati_org_id

    @property
    def site(self) -> str:
        """The address of the portal, where its documents lie."""
        return str(settings.SITE_URL)

    def identifier(self, of: Project | Fund, *, is_foreign: bool = False) -> str:
        """The identifier of its activity: our prefix, and number or code.

        One that another publisher's file describes has the number alone, as stated there.
        """
        number = of.number if isinstance(of, Project) else of.code
        if is_foreign:
            return number
        return f"{self.ref}-{number}" if self.ref else number

    def number_in(self, identifier: str) -> str:
        """The number or code behind our prefix; the whole, where it is not ours."""
        return identifier.removeprefix(f"{self.ref}-") if self.ref else identifier

    def reporting(self, fund: Fund) -> StatedOrganization:
        """Who reports on projects of a fund."""
        kind = self.office.iati_org_type
        if self.ref:
            return StatedOrganization(ref=self.ref, type=kind, names={"": self.office.name})
        return StatedOrganization(ref=fund.code, type=kind, names={"": fund.name})

    def itself(self, role: str = "", activity_id: str = "") -> StatedOrganization:
        """The office in some part."""
        return StatedOrganization(
            ref=self.ref,
            type=self.office.iati_org_type,
            role=role,
            names={"": self.office.name},
            activity_id=activity_id,
        )

    def contact(self) -> StatedContact | None:
        """The office's own addresses; never a person's."""
        office = self.office
        stated = StatedContact(
            type="1",
            organization={"": office.name},
            telephones=(office.phone,) if office.phone else (),
            emails=(office.email,) if office.email else (),
            addresses=({"": office.postal_address},) if office.postal_address else (),
        )
        return stated if stated.telephones or stated.emails or stated.addresses else None


def office_contact(contact: Contact) -> StatedContact | None:
    """What a contact tells of an office; persons are in none of our files."""
    stated = StatedContact(
        organization={"": contact.organization_name} if contact.organization_name else {},
        telephones=(contact.office_phone,) if contact.office_phone else (),
        emails=(contact.office_email,) if contact.office_email else (),
        websites=(contact.website,) if contact.website else (),
        addresses=({"": contact.postal_address},) if contact.postal_address else (),
    )
    return None if stated == StatedContact() else stated

"""The entities that money and documents are about."""

from projects.models.funds import Fund, Theme
from projects.models.office import Office
from projects.models.organizations import Organization, OrganizationIdentifier
from projects.models.people import Contact, User
from projects.models.places import Country, CountryShare
from projects.models.projects import (
    Extension,
    Participation,
    Project,
    ProjectCountry,
    StatusChange,
)
from projects.models.reporting import ReportKind, ReportRule
from projects.models.statuses import Status
from projects.models.subjects import ProjectSubject
from projects.models.withholding import WithheldValue, Withholding, WithholdingOutcome
from projects.models.wording import OfficeLetter, OfficeTerm, OfficeText

__all__ = [
    "Contact",
    "Country",
    "CountryShare",
    "Extension",
    "Fund",
    "Office",
    "OfficeLetter",
    "OfficeTerm",
    "OfficeText",
    "Organization",
    "OrganizationIdentifier",
    "Participation",
    "Project",
    "ProjectCountry",
    "ProjectSubject",
    "ReportKind",
    "ReportRule",
    "Status",
    "StatusChange",
    "Theme",
    "User",
    "WithheldValue",
    "Withholding",
    "WithholdingOutcome",
]

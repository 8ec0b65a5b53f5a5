"""A project that came from IATI, as the activity that it was there."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from finance.models import BudgetLine
from portal.iati.described import Tree, trees_from
from portal.iati.kept import descriptions_kept, regions_kept, sectors_kept
from portal.iati.mapping.entities import LANGUAGE, code_from
from portal.iati.mapping.links import link_to
from portal.iati.mapping.projects import MAX_TITLE
from portal.iati.publishing.material import Material
from portal.iati.publishing.money import budget_of, named, transaction_of
from portal.iati.publishing.publisher import Publisher, office_contact
from portal.iati.stated import (
    ACTUAL_END,
    ACTUAL_START,
    PLANNED_END,
    PLANNED_START,
    StatedActivity,
    StatedBudget,
    StatedContact,
    StatedCountry,
    StatedDescription,
    StatedDocument,
    StatedOrganization,
    StatedRegion,
    StatedRelation,
    StatedSector,
    StatedTransaction,
    Texts,
    narrative_in,
    text_in,
)
from portal.iati.values import in_time, moment
from portal.kit.currency import NO_CURRENCY
from projects.models import Country, Participation, Project, Status

ROLES = {
    Participation.Role.CONTRIBUTING: "1",
    Participation.Role.ACCOUNTABLE: "2",
    Participation.Role.EXTENDING: "3",
    Participation.Role.PARTICIPATING: "4",
    Participation.Role.IMPLEMENTING: "4",
}


class ProjectActivity:
    """One project as an activity, with what a file said of it beside its fields.

    Nothing is invented: an organization has the identifier that IATI knows it by, or none.
    """

    def __init__(self, project: Project, material: Material, publisher: Publisher) -> None:
        self.project = project
        self.material = material
        self.publisher = publisher
        self.kept = material.kept.get(project.pk, {})
        self.records = material.records[project.pk]
        self.parts = material.parts[project.pk]
        self.places = material.places[project.pk]
        self.refs = material.refs

    def activity(self) -> StatedActivity:
        """All that is known of the project."""
        language = self.language()
        countries, regions = self.recipients()
        money = list(self.money())
        return StatedActivity(
            identifier=self.identifier(),
            language=language,
            default_currency=self.currency(),
            hierarchy=self.hierarchy(),
            humanitarian=self.humanitarian(),
            last_updated=self.updated(),
            reporting_org=self.reporting(),
            titles=self.titles(language),
            descriptions=self.descriptions(language),
            participating_orgs=self.participating(),
            status=Status(self.project.status).stage.iati or self.kept.get("status", ""),
            dates={code: day for code, day in self.dates().items() if day},
            contacts=self.contacts(),
            countries=countries,
            regions=regions,
            sectors=self.sectors(),
            budgets=tuple(each for each in money if isinstance(each, StatedBudget)),
            transactions=tuple(each for each in money if isinstance(each, StatedTransaction)),
            documents=self.documents(),
            related_activities=self.related(),
            described=self.described(),
        )

    # --- What is said of the activity

    def identifier(self) -> str:
        """As its publisher stated it."""
        return self.project.number

    def language(self) -> str:
        """The one in which it is told; "" if it was not said."""
        return str(self.kept.get("language", ""))

    def hierarchy(self) -> int:
        """Its level: 1 stands above 2."""
        return int(self.kept.get("hierarchy", 1))

    def humanitarian(self) -> bool | None:
        """Whether it is humanitarian, where that was said."""
        said: bool | None = self.kept.get("humanitarian")
        return said

    def currency(self) -> str | None:
        """The default currency: none where a value has none, which would get it."""
        if any(record.currency == NO_CURRENCY for record in self.records):
            return None
        return self.kept.get("currency")

    def updated(self) -> datetime | None:
        """When the source spoke last: what it calls interim depends on it."""
        said = [self.kept.get("updated", "")]
        said += [record.iati.get("told", "") for record in self.records if record.iati]
        found = [spoken for text in said if (spoken := moment(text))]
        return max(found, key=in_time, default=None)

    def reporting(self) -> StatedOrganization:
        """Who publishes it."""
        fund, ref = self.project.fund, self.kept.get("reporting_ref", "")
        if code_from(ref) not in {"", fund.code}:
            ref = fund.code
        return StatedOrganization(
            ref=ref, type=self.kept.get("reporting_type", ""), names={"": fund.name}
        )

    def titles(self, language: str) -> Texts:
        """As stated, unless it was changed here since."""
        title, stated = self.project.title, self.kept.get("titles", {})
        if text_in(stated, LANGUAGE, language)[:MAX_TITLE] == title and title:
            return dict(stated)
        return {} if title == self.project.number else {self.project.language: title}

    def descriptions(self, language: str) -> tuple[StatedDescription, ...]:
        """As stated, unless the narrative was changed here since."""
        narrative, stated = self.project.narrative, descriptions_kept(self.kept)
        if narrative_in(stated, LANGUAGE, language) == narrative:
            return stated
        return (StatedDescription(type="1", texts={self.project.language: narrative}),)

    def participating(self) -> tuple[StatedOrganization, ...]:
        """Who takes part."""
        return tuple(
            named(part.organization, self.refs, role=ROLES[Participation.Role(part.role)])
            for part in self.parts
        )

    def dates(self) -> dict[str, date | None]:
        """As stated, by the codes of the standard."""
        return {
            PLANNED_START: self.project.planned_start,
            ACTUAL_START: self.project.stated_start,
            PLANNED_END: self.project.original_end,
            ACTUAL_END: self.project.stated_end,
        }

    def contacts(self) -> tuple[StatedContact, ...]:
        """Offices to turn to."""
        found = (office_contact(contact) for contact in self.material.contacts[self.project.pk])
        return tuple(filter(None, found))

    def recipients(self) -> tuple[tuple[StatedCountry, ...], tuple[StatedRegion, ...]]:
        """Countries and regions with their shares."""
        of = Country.Kind
        countries = (place for place in self.places if place.country.kind == of.COUNTRY)
        regions = (place for place in self.places if place.country.kind == of.REGION)
        return (
            tuple(country_of(place) for place in countries),
            tuple(region_of(place) for place in regions) + regions_kept(self.kept),
        )

    def sectors(self) -> tuple[StatedSector, ...]:
        """As stated."""
        return sectors_kept(self.kept)

    def described(self) -> tuple[Tree, ...]:
        """Locations, results, markers and the like, as stated."""
        trees = trees_from(self.kept.get("described", ()))
        if self.project.pk in self.material.hidden_places:
            return tuple(tree for tree in trees if tree[0] != "location")
        return trees

    def documents(self) -> tuple[StatedDocument, ...]:
        """Links, as stated."""
        documents = self.material.documents[self.project.pk]
        return tuple(link_to(document) for document in documents if document.url)

    def related(self) -> tuple[StatedRelation, ...]:
        """The programme that it is part of."""
        parent = self.project.parent
        if parent is None or parent.withheld_on:
            return ()
        is_foreign = self.material.is_foreign(parent)
        ref = self.publisher.identifier(parent, is_foreign=is_foreign)
        return (StatedRelation(ref=ref, type="1"),)

    # --- What is said of its money

    def money(self) -> Iterator[StatedBudget | StatedTransaction]:
        """Budgets and transactions."""
        with_places = self.project.pk not in self.material.hidden_places
        for record in self.records:
            if isinstance(record, BudgetLine) and record.period_start and record.period_end:
                yield budget_of(record, record.period_start, record.period_end)
            else:
                yield transaction_of(record, self.refs, with_places=with_places)


def country_of(place: Any) -> StatedCountry:
    """A place that is a country."""
    return StatedCountry(code=place.country.code, percentage=share_of(place.share))


def region_of(place: Any) -> StatedRegion:
    """A place that is a region of the DAC's list."""
    return StatedRegion(code=place.country.code, vocabulary="1", percentage=share_of(place.share))


def share_of(share: Decimal | None) -> Decimal | None:
    """A share without zeros at its end."""
    return share.normalize() if share is not None else None

"""A fund as an activity: what contributors promised and paid to it, above its projects."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from django.db.models import Min

from documents.models import Document
from finance.models import Commitment, Deposit, VoucherLine
from portal.iati.mapping.links import link_to
from portal.iati.mapping.subjects import NO_SECTOR
from portal.iati.publishing.material import identifiers, told_by_publishers
from portal.iati.publishing.money import transaction_of
from portal.iati.publishing.own_activity import NO_COUNTRY
from portal.iati.publishing.publisher import Publisher, office_contact
from portal.iati.stated import (
    ACTUAL_END,
    ACTUAL_START,
    PLANNED_END,
    PLANNED_START,
    StatedActivity,
    StatedContact,
    StatedDescription,
    StatedDocument,
    StatedOrganization,
    StatedRelation,
    StatedTransaction,
)
from portal.kit.currency import base_currency
from portal.kit.dates import Known
from projects.models import Contact, Fund, Project

LANGUAGE = "en"  # of what the office writes about its funds


class FundActivity:
    """One fund, level 1; its projects stand below it."""

    def __init__(self, fund: Fund, known: Known, publisher: Publisher) -> None:
        self.fund = fund
        self.known = known
        self.publisher = publisher

    def activity(self) -> StatedActivity:
        """All that is known of it."""
        from_contributors = list(self._contributions())
        return StatedActivity(
            identifier=self.publisher.identifier(self.fund),
            language=LANGUAGE,
            default_currency=base_currency(),
            hierarchy=1,
            reporting_org=self.publisher.reporting(self.fund),
            titles={LANGUAGE: self.fund.name},
            descriptions=(
                StatedDescription(
                    type="1", texts={LANGUAGE: self.fund.description or self.fund.name}
                ),
            ),
            participating_orgs=(
                *self._contributors(from_contributors),
                self.publisher.itself(role="2"),
                self.publisher.itself(role="3"),
            ),
            status="4" if self._is_over() else "2",
            dates={code: day for code, day in self._dates().items() if day},
            contacts=tuple(filter(None, (self.publisher.contact(), *self._contacts()))),
            regions=(NO_COUNTRY,),
            sectors=(NO_SECTOR,),
            transactions=tuple(from_contributors),
            documents=tuple(self._documents()),
            related_activities=tuple(self._projects()),
        )

    def _is_over(self) -> bool:
        return bool(self.fund.ends_on and self.fund.ends_on < self.known.day)

    def _dates(self) -> dict[str, date | None]:
        fund, day = self.fund, self.known.day
        start = fund.started_on or self._first_money()
        return {
            PLANNED_START: start,
            ACTUAL_START: start if start and start <= day else None,
            PLANNED_END: fund.ends_on,
            ACTUAL_END: fund.ends_on if self._is_over() else None,
        }

    def _first_money(self) -> date | None:
        """The day of its first payment, in or out, where nobody says when it began."""
        paid = VoucherLine.objects.known_at(self.known.as_of).filter(project__fund=self.fund)
        came = Deposit.objects.known_at(self.known.as_of).filter(fund=self.fund)
        days = (rows.aggregate(first=Min("date"))["first"] for rows in (paid, came))
        return min(filter(None, days), default=None)

    def _contributions(self) -> Iterator[StatedTransaction]:
        """Commitments and deposits of the fund as a whole; those of a project stand there."""
        itself = self.publisher.itself(activity_id=self.publisher.identifier(self.fund))
        for model in (Commitment, Deposit):
            rows = model.objects.known_at(self.known.as_of).up_to(self.known.until)
            rows = rows.filter(fund=self.fund, project=None).select_related("contributor", "load")
            found = list(rows.order_by("date", "pk"))
            refs = identifiers({row.contributor_id for row in found if row.contributor_id})
            for record in found:
                stated = transaction_of(record, refs)
                yield replace(stated, receiver=itself)

    def _contributors(self, given: list[StatedTransaction]) -> Iterator[StatedOrganization]:
        seen = set()
        for each in given:
            if each.provider and (key := str(each.provider)) not in seen:
                seen.add(key)
                yield StatedOrganization(ref=each.provider.ref, role="1", names=each.provider.names)

    def _contacts(self) -> Iterator[StatedContact | None]:
        return (office_contact(each) for each in Contact.objects.filter(fund=self.fund))

    def _documents(self) -> Iterator[StatedDocument]:
        public = Document.objects.public().known_at(self.known.as_of).filter(fund=self.fund)
        for document in public.select_related("type").order_by("pk"):
            yield link_to(document, site=self.publisher.site)

    def _projects(self) -> Iterator[StatedRelation]:
        projects = Project.objects.shown().filter(fund=self.fund, parent=None).order_by("number")
        found = list(projects.only("number", "fund_id"))
        foreign = told_by_publishers(project.pk for project in found)
        for project in found:
            ref = self.publisher.identifier(project, is_foreign=project.pk in foreign)
            yield StatedRelation(ref=ref, type="2")

"""A project as of a past moment: who took part, where, and what had been deposited by then."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from documents.models import Document
from finance.figures.reading import KnownFigures
from finance.figures.spans import Span
from finance.figures.totals import country_rows
from finance.reports.fund import FundMoney
from portal.iati.publishing.activities import stated_activities
from portal.kit.dates import Known
from portal.reporting.due_reports import reports_due
from projects.history import participations_of, places_of, show_as_of
from projects.models import Participation, Project, ProjectCountry
from tests.factories import (
    CountryFactory,
    DocumentFactory,
    OrganizationFactory,
    ParticipationFactory,
    ProjectFactory,
    released,
    transfer,
)

# Each step in a transaction of its own: the history bears the time of the transaction.
pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "owner"]),
    pytest.mark.usefixtures("rows_stay"),
]


@pytest.fixture
def moments():
    """A project in three states, and the moments between them."""
    project = ProjectFactory(title="First")
    old, new = OrganizationFactory(name="Old hand"), OrganizationFactory(name="New hand")
    mali, chad = CountryFactory(name="Mali"), CountryFactory(name="Chad")
    part = ParticipationFactory(project=project, organization=old, award_number="A-1")
    ProjectCountry.objects.create(project=project, country=mali, share=60)
    DocumentFactory(project=project, title="Early paper")
    first = timezone.now()
    Participation.objects.filter(pk=part.pk).update(award_number="A-2")
    with transaction.atomic():
        # As a load does: all places anew.
        project.project_countries.all().delete()
        ProjectCountry.objects.create(project=project, country=mali, share=40)
        ProjectCountry.objects.create(project=project, country=chad, share=60)
    ParticipationFactory(project=project, organization=new)
    DocumentFactory(project=project, title="Late paper")
    second = timezone.now()
    part.delete()
    Project.objects.filter(pk=project.pk).update(title="Third")
    return first, second, timezone.now()


def at(moment):
    project = Project.objects.latest("pk")
    show_as_of(project, Known(moment))
    return (
        project.title,
        [(p.organization.name, p.award_number) for p in participations_of(project)],
        [(p.country.name, p.share) for p in places_of(project)],
    )


def test_participants_and_places_are_those_of_the_moment(moments):
    first, second, third = moments
    assert at(first) == ("First", [("Old hand", "A-1")], [("Mali", 60)])
    places = [("Mali", 40), ("Chad", 60)]
    assert at(second) == ("First", [("New hand", ""), ("Old hand", "A-2")], places)
    assert at(third) == ("Third", [("New hand", "")], places)


def test_before_the_history_begins_they_are_todays_and_the_page_says_so(moments):
    project = Project.objects.latest("pk")
    remark = show_as_of(project, Known(timezone.now() - timedelta(days=9)))
    assert "participants and places are today’s" in remark
    assert [p.organization.name for p in participations_of(project)] == ["New hand"]


def test_the_page_of_a_past_day_shows_them_and_no_later_document(client, moments):
    yesterday = timezone.now() - timedelta(days=1)
    Document.objects.filter(title="Early paper").update(added_at=yesterday)
    day = f"{timezone.localdate() - timedelta(days=1):%Y-%m-%d}"
    url = Project.objects.latest("pk").get_absolute_url()
    for page in (url, f"{url}documents/", f"{url}?format=iati", "/"):
        text = client.get(page, {"as_of": day}).content.decode()
        assert "Early paper" in text
        assert "Late paper" not in text
        assert "Late paper" in client.get(page).content.decode()


def test_sums_of_a_past_moment_count_countries_by_the_shares_known_then(moments):
    first, second, third = moments
    project = Project.objects.latest("pk")
    released(transfer(project, 100), moment=timezone.now() - timedelta(days=10))
    earlier = timezone.now() - timedelta(days=9)
    then, later = {"Mali": 60, "Several countries": 40}, {"Chad": 60, "Mali": 40}
    # Before the history of the project begins, today's.
    for moment, sums in ((first, then), (second, later), (third, later), (earlier, later)):
        found = country_rows(KnownFigures(Known(moment)))
        assert {row.name: row.net_funded for row in found if row.net_funded} == sums
        money = FundMoney(project.fund, Known(moment)).places(Span(2026, 2026)).by_country
        assert sorted(one.base_amount for one in money) == sorted(sums.values())


PARTS = (["Old hand"], ["Old hand", "New hand"], ["New hand"])


def test_iati_of_a_past_moment_names_who_took_part_then(moments):
    for moment, names in zip(moments, PARTS, strict=True):
        project = Project.objects.latest("pk")
        show_as_of(project, Known(moment))
        (activity,) = stated_activities([project], Known(moment))
        told = [part.names[""] for part in activity.participating_orgs]
        assert told == [project.fund.name, *names]


def test_reports_of_a_past_day_are_not_asked_of_who_joined_later(moments):
    first, second, _third = moments
    project = Project.objects.latest("pk")
    released(transfer(project, 100), moment=first - timedelta(seconds=1))

    def asked_of(moment):
        reports = reports_due(Known(moment), [project.pk]).select_related("organization")
        return {report.organization.name for report in reports}

    assert "New hand" not in asked_of(first)
    assert "New hand" in asked_of(second)

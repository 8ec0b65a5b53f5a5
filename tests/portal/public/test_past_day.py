"""Pages of a project on a past day claim nothing that no record knows of that day."""

from datetime import date, datetime

import pytest
from django.utils import timezone

from portal.kit.dates import TODAY, Known, end_of
from projects.facts import ProjectFacts
from projects.history import show_as_of, with_end_then, with_status_then
from projects.models import Country, Extension, Project, ProjectCountry, StatusChange
from tests.factories import (
    FundFactory,
    OrganizationFactory,
    ParticipationFactory,
    ProjectFactory,
    expenditure,
    released,
    transfer,
)
from tests.portal.kit import reading

pytestmark = pytest.mark.django_db
CLOSED = date(2018, 1, 22)
BEFORE, AFTER = "2017-06-30", "2018-06-30"
NOT_KNOWN = "today’s; what it was then is not known"


@pytest.fixture
def project():
    """Closed financially in January 2018, with 211,094 that came back only then."""
    project = ProjectFactory(
        number="P", status="financially-closed", status_on=CLOSED, original_end=date(2016, 12, 31)
    )
    one = ParticipationFactory(project=project, organization=OrganizationFactory(name="ALPHA"))
    of = {"organization_id": one.organization_id}
    told = [
        transfer(project, "300000", date(2016, 3, 1), **of),
        expenditure(project, "88906", 2016, **of),
    ]
    moments = [timezone.make_aware(datetime(year, 3, 1, 12)) for year in (2017, 2018)]
    load = released(*told, moment=moments[0])
    back = transfer(project, "-211094", date(2018, 1, 15), **of)
    released(*told, back, source=load.source, moment=moments[1])
    return project


def page(client, query="", part=""):
    text = client.get(f"/project/P/{part}?{query}").content.decode()
    return " ".join(text.split())


def log(project, *steps):
    for status, on in steps:
        StatusChange.objects.create(project=project, status=status, set_on=on)


def test_what_came_later_is_not_said_of_the_day(client, project):
    text = page(client, f"as_of={BEFORE}")
    assert "211,094" in text
    assert "22 Jan 2018" not in text
    assert "is to be refunded" not in text.split('id="closure"')[0]
    assert "though the project is over" not in text
    assert NOT_KNOWN in text
    assert "what it was then is not known." in text.split("</header>")[1]


def test_a_status_that_holds_since_before_the_day_is_that_of_the_day(client, project):
    text = page(client, f"as_of={AFTER}")
    assert "closed on 22 Jan 2018" in text
    assert NOT_KNOWN not in text
    # Final reports are due by the same day of closure.
    assert "not asked for" not in text.split('id="closure"')[1].split("</section>")[0]


def test_the_log_knows_the_status_of_the_day(client, project):
    log(project, ("on-going", date(2016, 3, 1)), ("financially-closed", CLOSED))
    text = page(client, f"as_of={BEFORE}")
    assert "On Going" in text.split("</header>")[1]
    assert "set on 1 Mar 2016" in text
    assert "and it has not been closed yet" in text
    assert NOT_KNOWN not in text
    assert "Financially Closed" not in text.split('id="facts"')[1].split("</section>")[0]


def test_a_log_that_lacks_the_last_step_does_not_deny_it(client, project):
    log(project, ("on-going", date(2016, 3, 1)), ("operationally-closed", date(2017, 2, 1)))
    text = page(client, f"as_of={AFTER}")
    assert "Financially Closed" in text.split('id="facts"')[1].split("</section>")[0]
    rows = reading.json_object(client.get(f"/projects/?format=json&as_of={AFTER}"))["rows"]
    assert [row["status"] for row in rows] == ["Financially Closed"]
    assert "Operationally Closed" in page(client, f"as_of={BEFORE}").split("</header>")[1]


def test_money_of_a_past_day_is_held_against_the_status_of_that_day(client, project):
    text = page(client, f"until={BEFORE}")
    assert "US$ 211,094 is with the organizations, not yet reported as spent." in text
    assert "is to be refunded" not in text.split('id="closure"')[0]
    assert "Financially Closed" in text.split("</header>")[1]


def test_an_extension_that_came_later_tells_the_end_before_it(client, project):
    Project.objects.update(original_end=date(2017, 3, 31), stated_end=date(2018, 12, 31))
    dates = {"old_end": date(2017, 9, 30), "new_end": date(2018, 12, 31)}
    Extension.objects.create(project=project, approved_on=date(2017, 8, 1), **dates)
    facts = page(client, f"as_of={BEFORE}").split('id="facts"')[1].split("</section>")[0]
    assert "30 Sep 2017" in facts
    assert "31 Dec 2018" not in facts
    assert "approved 1 Aug 2017" in page(client, f"as_of={AFTER}")


def test_an_end_that_no_record_knows_is_shown_as_todays_and_nothing_follows(client, project):
    Project.objects.update(stated_end=date(2017, 3, 31))
    log(project, ("on-going", date(2016, 3, 1)))
    text = page(client, f"as_of={BEFORE}")
    assert f"31 Mar 2017 <small>{NOT_KNOWN}" in text
    assert "has not been closed yet" not in text
    assert "Time elapsed" not in text
    assert "Time elapsed" in page(client)


def test_who_took_part_is_not_guessed_from_today(client, project):
    ParticipationFactory(project=project, organization=OrganizationFactory(name="LATER"))
    lead = page(client, f"as_of={BEFORE}").split('class="lead">')[1].split("</p>")[0]
    assert "to ALPHA." in lead  # the records name who was paid
    today = page(client).split('class="lead">')[1].split("</p>")[0]
    assert "to ALPHA." in today


def test_lists_show_and_filter_by_the_status_of_the_day(client, project):
    ProjectFactory(number="Q", status="on-going", fund=project.fund)
    log(project, ("on-going", date(2016, 3, 1)), ("financially-closed", CLOSED))

    def listed(query):
        rows = reading.json_object(client.get(f"/projects/?format=json&{query}"))["rows"]
        return {row["number"]: row["status"] for row in rows}

    assert listed("") == {"P": "Financially Closed", "Q": "On Going"}
    assert listed(f"as_of={BEFORE}") == {"P": "On Going", "Q": None}
    assert listed(f"as_of={BEFORE}&status=on-going") == {"P": "On Going"}
    assert listed("status=on-going") == {"Q": "On Going"}


def test_lists_and_pages_know_the_same(project):
    ended = date(2019, 1, 31)
    ProjectFactory(number="A", status="cancelled", original_end=ended)
    ProjectFactory(number="B", status="on-going", status_on=CLOSED, stated_end=ended)
    moved = ProjectFactory(number="C", original_end=CLOSED, stated_end=ended)
    extended = ProjectFactory(number="D", original_end=CLOSED, stated_end=date(2021, 1, 1))
    for new, old, on in ((ended, CLOSED, 2017), (date(2021, 1, 1), ended, 2019)):
        Extension.objects.create(
            project=extended, old_end=old, new_end=new, approved_on=date(on, 5, 1)
        )
    log(moved, ("pipeline", date(2016, 1, 1)), ("on-going", date(2018, 1, 1)))
    log(extended, ("suspended", date(2018, 1, 1)), ("on-going", date(2018, 1, 1)))
    days = [date(2015, 1, 1), date(2017, 12, 31), CLOSED, date(2020, 1, 1), timezone.localdate()]
    for known in (TODAY, *(Known(end_of(day)) for day in days)):
        for row in with_end_then(with_status_then(Project.objects.all(), known), known):
            shown = Project.objects.get(pk=row.pk)
            show_as_of(shown, known)
            facts = ProjectFacts(shown, known)
            assert (facts.status, facts.end) == (row.status_then, row.end), (row.number, known)


@pytest.fixture
def moved(project, monkeypatch):
    """The same project, which went from a fund and a country to others after a day."""
    Project.objects.filter(pk=project.pk).update(fund=FundFactory(code="NOW", name="Fund of today"))
    kenya, mali = (Country.objects.get(code=code) for code in ("KE", "ML"))
    ProjectCountry.objects.create(project=project, country=kenya)
    was = FundFactory(code="WAS", name="Fund of then")
    with monkeypatch.context() as then:
        then.setattr("django.utils.timezone.now", lambda: end_of(date(2017, 1, 1)))
        for model, changed in ((Project, {"fund": was}), (ProjectCountry, {"country": mali})):
            version = model.pgh_event_model.objects.latest("pgh_id")
            for name, value in {"pgh_id": None, **changed}.items():
                setattr(version, name, value)
            version.save(force_insert=True)
    return project


def test_a_project_that_was_moved_was_in_its_fund_and_country_of_then(client, moved):
    def listed(query, address="/projects/"):
        rows = reading.json_object(client.get(f"{address}?format=json&{query}"))["rows"]
        return [(row["fund"], row["countries"]) for row in rows]

    def told(query):
        (row,) = client.get(f"/api/v1/projects/?{query}").json()["results"]
        return row["fund"]["code"], [place["code"] for place in row["countries"]]

    assert (told(f"as_of={BEFORE}"), told("")) == (("WAS", ["ML"]), ("NOW", ["KE"]))
    assert listed(f"as_of={BEFORE}") == [("Fund of then", "Mali")]
    assert listed("") == [("Fund of today", "Kenya")]
    assert listed(f"as_of={BEFORE}&fund=WAS&country=ML") == [("Fund of then", "Mali")]
    assert listed(f"as_of={BEFORE}&fund=NOW") == listed(f"as_of={BEFORE}&country=KE") == []
    assert listed("fund=NOW&country=KE") == [("Fund of today", "Kenya")]
    assert "Fund of then" in page(client, f"as_of={BEFORE}")
    assert "Fund of then" not in page(client)


def test_a_list_of_a_past_day_is_sorted_by_the_funds_that_it_shows(client, moved):
    ProjectFactory(number="M", fund=FundFactory(code="MID", name="Fund of three"))

    def listed(query):
        rows = reading.json_object(client.get(f"/projects/?format=json&{query}"))["rows"]
        return [row["fund"] for row in rows]

    assert listed(f"as_of={BEFORE}&sort=fund") == ["Fund of then", "Fund of three"]
    assert listed(f"as_of={BEFORE}&sort=-fund") == ["Fund of three", "Fund of then"]
    assert listed("sort=-fund") == ["Fund of today", "Fund of three"]


def test_the_page_of_a_fund_lists_the_projects_that_it_had_then(client, moved):
    def listed(code, query=""):
        rows = reading.json_object(client.get(f"/fund/{code}/?format=json&{query}"))["rows"]
        return [row["number"] for row in rows]

    assert (listed("WAS", f"as_of={BEFORE}"), listed("NOW", f"as_of={BEFORE}")) == (["P"], [])
    assert (listed("WAS"), listed("NOW")) == ([], ["P"])
    assert 'href="/project/P/' in client.get(f"/fund/WAS/?as_of={BEFORE}").content.decode()


def test_how_well_a_fund_worked_is_measured_of_the_projects_that_it_had_then(client, moved):
    def listed(path, query=""):
        answer = client.get(f"{path}first-transfer/?format=json&{query}")
        return [(row["number"], row.get("fund")) for row in reading.json_object(answer)["rows"]]

    then = f"as_of={BEFORE}"
    assert (
        listed("/fund/WAS/performance/", then) == listed("/fund/NOW/performance/") == [("P", None)]
    )
    assert listed("/fund/NOW/performance/", then) == listed("/fund/WAS/performance/") == []
    assert listed("/funds/performance/", then) == [("P", "Fund of then")]
    assert listed("/funds/performance/") == [("P", "Fund of today")]

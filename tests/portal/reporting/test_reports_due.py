"""Which reports are due, and what became of each."""

from datetime import date

import pytest

from documents.models import DocumentType
from finance.loading.scopes import Scope
from finance.loading.services import release_load, reverse_load
from finance.models import Load
from projects.models import Office, Participation, ReportRule, StatusChange
from tests.factories import (
    OrganizationFactory,
    ParticipationFactory,
    ProjectFactory,
    UserFactory,
    released,
    transfer,
)

pytestmark = pytest.mark.django_db

SPENT = "year,state,project,organization,amount,currency"


def test_annual_reports_are_due_from_the_first_transfer_on(project, due):
    assert due(project) == {
        ("narrative", 2021): ("missing", 427, None),
        ("financial", 2021): ("missing", 397, None),
        ("narrative", 2022): ("late", 62, None),
        ("financial", 2022): ("late", 32, None),
        ("narrative", 2023): ("due", 0, None),
        ("financial", 2023): ("due", 0, None),
    }


def test_nothing_is_due_without_a_transfer(due, today):
    project = ProjectFactory(status="on-going")
    ParticipationFactory(project=project)
    assert due(project) == {}


def test_a_register_says_when_a_report_arrived_whenever_it_is_loaded(project, due, stated):
    stated("P1,UNDP,narrative,2022,2023-03-30,,,", moment=date(2023, 5, 2))
    stated("P1,UNDP,narrative,2021,2022-04-10,,,", moment=date(2023, 5, 3))
    found = due(project)
    assert found["narrative", 2022] == ("received", 0, date(2023, 3, 30))
    assert found["narrative", 2021] == ("received", 10, date(2022, 4, 10))


def test_an_expenditure_file_counts_on_the_day_it_came_not_of_its_release(project, due, stated):
    stated(
        "2022,reported,P1,UNDP,10,USD", head=SPENT, kind="expenditures",
        received=date(2023, 4, 30), moment=date(2023, 5, 20),
    )  # fmt: skip
    assert due(project)["financial", 2022] == ("received", 0, date(2023, 4, 30))


def test_interim_figures_are_no_report(project, due, stated):
    stated("2022,interim,P1,UNDP,10,USD", head=SPENT, kind="expenditures")
    assert due(project)["financial", 2022][0] == "late"


def test_a_corrected_file_does_not_make_a_punctual_report_late(project, due, stated):
    scope = Scope(complete=True, first=date(2022, 1, 1), last=date(2022, 12, 31))
    for amount, day in ((10, date(2023, 4, 29)), (12, date(2023, 5, 26))):
        stated(
            f"2022,reported,P1,UNDP,{amount},USD", head=SPENT, kind="expenditures",
            received=day, scope=scope,
        )  # fmt: skip
    assert due(project)["financial", 2022] == ("received", 0, date(2023, 4, 29))


def test_a_file_that_is_taken_back_never_came(project, due, stated):
    load = stated("2022,reported,P1,UNDP,10,USD", head=SPENT, kind="expenditures",
                  received=date(2023, 4, 29))  # fmt: skip
    assert due(project)["financial", 2022][0] == "received"
    reversal = reverse_load(load=load, by=None, reason="wrong file")
    Load.objects.filter(pk=reversal.pk).update(withdrawal_confirmed_by=UserFactory())
    release_load(load=reversal)
    assert due(project)["financial", 2022] == ("late", 32, None)


def test_a_certified_statement_tells_of_the_years_before_it(project, due, stated):
    StatusChange.objects.create(
        project=project, status="operationally-closed", set_on=date(2022, 11, 1)
    )
    stated("2022,certified,P1,UNDP,10,USD", head=SPENT, kind="expenditures",
           received=date(2023, 5, 5))  # fmt: skip
    found = due(project)
    assert found["certified", 2022] == ("received", 0, date(2023, 5, 5))
    assert found["financial", 2021] == ("received", 370, date(2023, 5, 5))
    assert found["financial", 2022] == ("received", 5, date(2023, 5, 5))


def test_final_reports_follow_operational_closure_and_end_the_annual_ones(project, due):
    Participation.objects.update(operationally_closed_on=date(2022, 11, 30))
    assert due(project) == {
        ("narrative", 2021): ("missing", 427, None),
        ("financial", 2021): ("missing", 397, None),
        ("financial", 2022): ("late", 32, None),
        ("final-narrative", 2022): ("late", 93, None),
        ("certified", 2022): ("due", 0, None),
    }


def test_a_project_opened_again_owes_annual_reports_again(project, due):
    for status, day in (("operationally-closed", date(2022, 2, 1)), ("on-going", date(2022, 3, 1))):
        StatusChange.objects.create(project=project, status=status, set_on=day)
    assert ("narrative", 2023) in due(project)
    assert ("final-narrative", 2022) not in due(project)


def test_a_cancelled_project_owes_no_final_reports(project, due):
    StatusChange.objects.create(project=project, status="cancelled", set_on=date(2022, 2, 1))
    assert sorted(due(project)) == [
        ("financial", 2021), ("financial", 2022), ("narrative", 2021), ("narrative", 2022),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("type", "year", "key"),
    [
        ("annual-narrative-report", 2022, ("narrative", 2022)),
        ("annual-financial-report", 2022, ("financial", 2022)),
        ("final-narrative-report", None, ("final-narrative", 2022)),
        ("certified-financial-statement", None, ("certified", 2022)),
    ],
)
def test_a_document_of_type_and_year_is_the_report(project, due, paper, type, year, key):
    StatusChange.objects.create(
        project=project, status="operationally-closed", set_on=date(2022, 12, 31)
    )
    if key == ("narrative", 2022):
        StatusChange.objects.all().delete()
    made = paper(project, type, date(2023, 4, 2), year_reported=year)
    assert due(project)[key][::2] == ("received", date(2023, 4, 2))
    made.received_on = date(2023, 3, 3)
    made.save()
    assert due(project)[key] == ("received", 0, date(2023, 3, 3))
    made.state = "withdrawn"
    made.save()
    assert due(project)[key][0] != "received"


def test_which_report_a_document_is_does_not_hang_on_the_code_of_its_type(project, due, paper):
    paper(project, "annual-narrative-report", date(2023, 3, 2), year_reported=2022)
    types = DocumentType.objects.filter(code="annual-narrative-report")
    types.update(code="progress")
    assert due(project)["narrative", 2022][0] == "received"
    DocumentType.objects.filter(code="progress").update(report_kind="")
    assert due(project)["narrative", 2022][0] == "late"


def test_a_transfer_of_zero_makes_nothing_due(today, due):
    project = ProjectFactory(status="on-going")
    part = ParticipationFactory(project=project)
    paid = {"organization_id": part.organization_id}
    nothing = transfer(project, 0, date(2019, 9, 1), **paid)
    load = released(nothing)
    assert due(project) == {}
    released(nothing, transfer(project, 5, date(2022, 9, 1), **paid), source=load.source)
    assert min(year for _kind, year in due(project)) == 2022


def test_a_document_of_another_year_or_organization_is_not_the_report(project, due, paper):
    paper(project, "annual-narrative-report", date(2023, 3, 2), year_reported=2020)
    paper(project, "annual-narrative-report", date(2023, 3, 2))
    other = OrganizationFactory()
    paper(project, "annual-narrative-report", date(2023, 3, 2), year_reported=2022,
          organization=other)  # fmt: skip
    assert due(project)["narrative", 2022][0] == "late"


def test_exemptions_and_extensions_count_with_their_reason(project, due, stated):
    stated(
        "P1,UNDP,narrative,2022,,2023-06-01,,Floods", "P1,UNDP,financial,2022,,,yes,Nothing spent"
    )
    found = due(project)
    assert found["narrative", 2022] == ("extended", 0, None)
    assert found["financial", 2022] == ("exempt", 0, None)


def test_an_extension_that_has_passed_makes_late_from_its_day(project, due, stated):
    stated("P1,UNDP,narrative,2022,,2023-05-22,,Floods")
    assert due(project)["narrative", 2022] == ("late", 10, None)


def test_a_fund_has_rules_of_its_own(project, due):
    ReportRule.objects.create(fund=project.fund, kind="narrative", month=2, day=31)
    ReportRule.objects.create(fund=project.fund, kind="financial", is_asked=False)
    found = due(project)
    assert found["narrative", 2022] == ("late", 93, None)  # of 28 February
    assert ("financial", 2022) not in found


def test_the_office_says_from_which_year_reports_are_followed(project, due):
    Office.objects.update(reports_from=2023)
    assert {year for _kind, year in due(project)} == {2023}


def test_each_organization_answers_for_itself(project, due, stated):
    late = ParticipationFactory(project=project, organization__code="IOM").organization
    stated("P1,UNDP,narrative,2022,2023-03-30,,,")
    assert due(project)["narrative", 2022][0] == "received"
    stated(f"P1,{late.code},narrative,2022,2023-03-30,,,")  # nothing was paid to it
    assert len([key for key in due(project) if key == ("narrative", 2022)]) == 1


def test_a_past_day_knows_only_what_was_known_and_done_by_then(project, due, stated, paper):
    stated("P1,UNDP,narrative,2022,2023-03-30,,,", moment=date(2023, 5, 2))
    paper(project, "annual-financial-report", date(2023, 5, 10), year_reported=2022)
    StatusChange.objects.create(
        project=project, status="operationally-closed", set_on=date(2023, 5, 20)
    )
    assert due(project)["final-narrative", 2023][0] == "due"
    then = due(project, "2023-05-01")
    assert then == {}  # the transfer itself was released later than that


def test_nothing_is_asked_where_nobody_agreed_to_the_offices_rules(project, due, client):
    fund = project.fund
    fund.follows_rules = False
    fund.save()
    assert due(project) == {}
    main = client.get("/fund/F1/").content.decode().split("<main")[1]
    assert 'id="reports"' not in main
    # What a fund asks for by its own rule was agreed.
    ReportRule.objects.create(fund=fund, kind="narrative", is_asked=True)
    assert {kind for kind, _year in due(project)} == {"narrative"}


def test_a_factsheet_names_the_day_by_the_funds_own_rule(project, client):
    def notice():
        return " ".join(client.get("/project/P1/").content.decode().split())

    assert "submit final year-end expenditures by 30 April" in notice()
    rule = ReportRule.objects.create(fund=project.fund, kind="financial", month=2, day=31)
    assert "submit final year-end expenditures by 29 February" in notice()
    rule.is_asked = False
    rule.save()
    assert "submit final year-end expenditures" not in notice()

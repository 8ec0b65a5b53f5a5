"""The year-end board: who owes what, files in together, released together."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from finance.loading.scopes import Scope
from finance.loading.services import check_load, receive_load
from finance.models import ExpenditureLine, Load, Source, VoucherLine
from portal.reporting.due_reports import reports_due
from portal.staff.year_end.board_rows import board_rows
from projects.models import Status
from tests.factories import (
    OrganizationFactory,
    ParticipationFactory,
    ProjectFactory,
    SourceFactory,
    expenditure,
    released,
    transfer,
)

pytestmark = pytest.mark.django_db
ADDRESS = "/staff/year-end/2024/"
HEAD = "year,state,project,organization,category,amount,currency"


@pytest.fixture
def parts():
    """Two organizations with a project each that ran in 2024; one that had ended."""
    made = {}
    for code, last in (("FAO", date(2024, 3, 1)), ("WFP", None), ("ILO", date(2023, 12, 31))):
        project = ProjectFactory(
            number=f"P-{code}", planned_start=date(2020, 1, 1), original_end=last, status="on-going"
        )
        organization = OrganizationFactory(code=code, name=f"Agency {code}")
        made[code] = ParticipationFactory(
            project=project,
            organization=organization,
            award_number=f"AW-{code}",
            operationally_closed_on=last if code == "ILO" else None,
        )
    # Money of an earlier year, so that expenditure is not above it.
    released(*(transfer(part.project, "1000", date(2020, 5, 1)) for part in made.values()))
    return made


def file_of(code, *amounts, head=HEAD, project=None, name=""):
    rows = [f"2024,reported,{project or f'P-{code}'},{code},5,{a},USD" for a in amounts]
    if head != HEAD:
        rows = [f"2024,reported,{project},5,{amount},USD" for amount in amounts]
    return SimpleUploadedFile(name or f"{code}.csv", "\n".join([head, *rows]).encode())


@pytest.fixture
def receive(as_):
    """Files sent by the clerk, then checked as the worker would."""

    def send(*files, **values):
        page = as_("clerk").post(f"{ADDRESS}receive/", {"reports": files, **values}, follow=True)
        for load in Load.objects.filter(state=Load.State.RECEIVED):
            check_load(load)
        return page.content.decode()

    return send


def states():
    return {row.organization.code: str(row.state) for row in board_rows(2024)}


def test_awaited_are_those_of_whom_the_register_asks_it(parts):
    assert states() == {"FAO": "awaited", "WFP": "awaited"}
    project = parts["WFP"].project
    project.status_changes.create(status=Status.CANCELLED, set_on=date(2023, 5, 1))
    project.status = Status.CANCELLED
    project.save()
    assert states() == {"FAO": "awaited"}
    asked = reports_due().filter(kind="financial", year=2024).values_list("project", flat=True)
    assert list(asked) == [parts["FAO"].project_id]


def test_what_is_missing_is_what_the_register_says_is_not_in(parts):
    rows = {row.organization.code: row for row in board_rows(2024)}
    assert [(rows[code].expected, rows[code].missing) for code in ("FAO", "WFP")] == [(1, 1)] * 2
    released(
        expenditure(
            parts["FAO"].project, "3.50", 2024, organization_id=parts["FAO"].organization_id
        )
    )
    rows = {row.organization.code: row for row in board_rows(2024)}
    assert [(rows[code].expected, rows[code].missing) for code in ("FAO", "WFP")] == [
        (1, 0),
        (1, 1),
    ]


def test_who_was_paid_before_is_awaited_though_no_start_is_stated(parts):
    project = parts["WFP"].project
    project.planned_start = None
    project.save()
    assert states()["WFP"] == "awaited"
    assert {row.expected for row in board_rows(2019)} <= {0, 1}
    assert "WFP" not in {row.organization.code for row in board_rows(2019)}


def test_nobody_is_awaited_of_whom_the_office_asks_nothing(parts):
    fund = parts["WFP"].project.fund
    fund.follows_rules = False
    fund.save()
    assert states() == {"FAO": "awaited"}


def test_who_reported_of_some_projects_is_released_in_part(parts):
    fao = parts["FAO"]
    other = ProjectFactory(planned_start=date(2020, 1, 1), status="on-going")
    ParticipationFactory(project=other, organization=fao.organization)
    paid = VoucherLine.objects.first().source
    released(transfer(other, "10", date(2020, 6, 1)), source=paid)
    released(expenditure(fao.project, "3.50", 2024, organization_id=fao.organization_id))
    assert states() == {"FAO": "partly", "WFP": "awaited"}


def test_an_organization_whose_lines_stand_is_not_awaited(parts):
    fao = parts["FAO"]
    released(
        expenditure(fao.project, "3.50", 2024, organization_id=fao.organization_id),
        expenditure(fao.project, "9", 2023, organization_id=fao.organization_id),
        expenditure(parts["WFP"].project, "9", 2024, "interim",
                    organization_id=parts["WFP"].organization_id),
    )  # fmt: skip
    assert states() == {"FAO": "released", "WFP": "awaited"}
    row = board_rows(2024)[0]
    assert (row.expected, row.reported, row.lines, row.base_amount) == (1, 1, 1, Decimal("3.50"))


def shown(load):
    """What the box of a load on the board says: which, and what was shown of it."""
    return f"{load.pk}-{load.report['content']}"


def test_files_come_in_together_and_are_released_together_by_another(parts, receive, as_, people):
    said = receive(file_of("FAO", "100", "20.50"), file_of("WFP", "7"))
    assert "FAO.csv: received for FAO" in said and "WFP.csv: received for WFP" in said
    assert states() == {"FAO": "checked", "WFP": "checked"}
    loads = Load.objects.filter(kind="expenditures").order_by("pk")
    assert loads[0].scope == {
        "complete": True, "organizations": ["FAO"], "states": ["reported"],
        "first": "2024-01-01", "last": "2024-12-31",
    }  # fmt: skip
    assert loads[0].source != loads[1].source
    page = as_("chief").get(ADDRESS).content.decode()
    assert all(
        f'value="{shown(load)}"' in page and f"/staff/load/{load.pk}/" in page for load in loads
    )
    page = as_("chief").post(f"{ADDRESS}release/", {"load": [*map(shown, loads)]},
                             follow=True).content.decode()  # fmt: skip
    assert "FAO.csv: released" in page and "WFP.csv: released" in page
    assert states() == {"FAO": "released", "WFP": "released"}
    assert {load.released_by for load in loads.all()} == {people["chief"]}


def test_one_that_cannot_be_released_stays_with_its_reason_and_leaves_the_others(
    parts, receive, as_
):
    receive(file_of("FAO", "100"), file_of("WFP", "7"))
    faulty = Load.objects.get(file_name="FAO.csv")
    faulty.remarks.create(severity="warning", code="unusual-amount", message="much")
    chosen = [*map(shown, Load.objects.filter(kind="expenditures"))]
    page = as_("chief").post(f"{ADDRESS}release/", {"load": chosen}, follow=True)
    assert "FAO.csv: There are warnings that nobody has acknowledged" in page.content.decode()
    assert states() == {"FAO": "checked", "WFP": "released"}


def test_whoever_entered_the_files_does_not_release_them(parts, receive, as_, people):
    receive(file_of("FAO", "100"))
    load = Load.objects.get(kind="expenditures")
    assert as_("clerk").post(f"{ADDRESS}release/", {"load": load.pk}).status_code == 403
    client = as_("both")
    client.post(f"{ADDRESS}receive/", {"reports": [file_of("WFP", "1")]})
    own = check_load(Load.objects.get(file_name="WFP.csv"))
    page = client.post(f"{ADDRESS}release/", {"load": [shown(own), shown(load)]}, follow=True)
    assert "WFP.csv: Another person" in page.content.decode()
    assert states() == {"FAO": "released", "WFP": "checked"}


def test_an_award_number_of_the_agency_finds_its_project(parts, receive, as_):
    receive(file_of("FAO", "12.34", project="aw-fao"))
    load = Load.objects.get(kind="expenditures")
    as_("chief").post(f"{ADDRESS}release/", {"load": shown(load)})
    line = ExpenditureLine.objects.known_at().get()
    assert (line.project, line.base_amount) == (parts["FAO"].project, Decimal("12.34"))
    assert states()["FAO"] == "released"


def test_a_file_that_names_nobody_needs_the_organization_chosen_by_hand(parts, receive):
    head = "year,state,project,category,amount,currency"
    bare = {"head": head, "project": "P-WFP", "name": "bare.csv"}
    assert "choose the organization" in receive(file_of("WFP", "8", **bare))
    assert not Load.objects.filter(kind="expenditures").exists()
    receive(file_of("WFP", "8", **bare), organization=parts["WFP"].organization_id)
    assert states() == {"FAO": "awaited", "WFP": "checked"}


def test_rows_of_another_organization_than_the_chosen_one_are_not_taken_in(parts, receive):
    said = receive(file_of("FAO", "8"), organization=parts["WFP"].organization_id)
    assert "Its rows are of “Agency FAO”, not of “Agency WFP”" in said
    assert not Load.objects.filter(kind="expenditures").exists()


def test_errors_show_on_the_board_and_a_year_outside_is_one(parts, receive, as_):
    receive(file_of("FAO", "8", "x", project="nowhere"))
    assert states()["FAO"] == "faulty"
    page = as_("looker").get(ADDRESS).content.decode()
    assert "2 errors" in page
    assert 'type="file"' not in page


def test_a_report_goes_to_the_source_that_states_the_organizations_expenditure(parts, receive):
    ledger, fao = SourceFactory(), parts["FAO"]
    released(
        expenditure(fao.project, "9", 2023, organization_id=fao.organization_id), source=ledger
    )
    receive(file_of("FAO", "8"))
    load = Load.objects.get(kind="expenditures")
    assert (load.source, load.state) == (ledger, Load.State.CHECKED)
    chosen = SourceFactory()
    receive(file_of("WFP", "8"), source=chosen.pk)
    assert Load.objects.get(file_name="WFP.csv").source == chosen
    assert not Source.objects.filter(code__startswith="po-").exists()


def test_a_certified_statement_is_not_added_to_the_years_it_covers(parts, as_):
    fao = parts["FAO"]
    by = {"organization_id": fao.organization_id}
    released(
        expenditure(fao.project, 60, 2023, **by),
        expenditure(fao.project, 30, 2024, **by),
        expenditure(fao.project, 100, 2024, "certified", **by),
        expenditure(ProjectFactory(), 7, 2024, currency="KRW", **by),
    )
    row = next(row for row in board_rows(2024) if row.organization.code == "FAO")
    assert (row.lines, row.base_amount) == (3, 40)
    assert row.unconverted == 1
    assert "plus 1 amount not converted" in as_("chief").get(ADDRESS).content.decode()


def test_the_board_is_filtered_and_added_up(parts, as_):
    page = as_("looker").get(f"{ADDRESS}?q=agency+f&state=awaited")
    assert [row.organization.code for row in page.context["rows"]] == ["FAO"]
    assert page.context["sums"]["expected"] == 1
    nothing = as_("looker").get(f"{ADDRESS}?state=faulty").content.decode()
    assert "Nothing matches" in nothing
    assert "No participating organization" in as_("looker").get(
        "/staff/year-end/1990/").content.decode()  # fmt: skip


def test_wrong_input_gives_no_error_page(parts, as_):
    client = as_("both")
    assert client.get(f"{ADDRESS}?q=%00&state=x").status_code == 200
    assert client.post(f"{ADDRESS}receive/", {}).status_code == 400
    empty = {"reports": [SimpleUploadedFile("a.csv", b"")], "organization": "x", "source": "y"}
    assert client.post(f"{ADDRESS}receive/", empty).status_code == 400
    said = client.post(f"{ADDRESS}release/", {"load": ["x", "9" * 30, "-1"]}, follow=True)
    assert "No file was chosen" in said.content.decode()
    assert client.get("/staff/year-end/9999/").status_code == 404


def test_the_board_asks_as_few_questions_for_many_organizations(
    parts, as_, receive, django_assert_max_num_queries
):
    receive(file_of("FAO", "8"))
    client = as_("both")
    client.get(ADDRESS)
    with django_assert_max_num_queries(30) as few:
        client.get(ADDRESS)
    asked = len(few)
    for number in range(12):
        part = ParticipationFactory(organization__code=f"N{number}", project=parts["FAO"].project)
        receive(file_of(part.organization.code, "8", project="P-FAO"))
    client = as_("both")
    client.get(ADDRESS)
    with django_assert_max_num_queries(asked):
        client.get(ADDRESS)


def _entered(code, first, last, states=()):
    scope = Scope(
        complete=True, organizations=(code,), states=states,
        first=date.fromisoformat(first), last=date.fromisoformat(last),
    )  # fmt: skip
    return receive_load(
        source=SourceFactory(), kind="expenditures", content=file_of(code, "5"),
        name=f"{first}.csv", scope=scope,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("first", "last", "is_there"),
    [
        ("2024-01-01", "2024-12-31", True),
        ("2024-07-01", "2024-12-31", True),
        ("2022-01-01", "2024-12-31", True),
        ("2023-01-01", "2023-12-31", False),
        ("2025-01-01", "2025-06-30", False),
    ],
)
def test_a_file_is_shown_whatever_else_its_scope_holds(parts, as_, first, last, is_there):
    check_load(_entered("FAO", first, last))
    assert states()["FAO"] == ("checked" if is_there else "awaited")
    assert (f"{first}.csv" in as_("clerk").get(ADDRESS).content.decode()) is is_there


def test_a_file_of_interim_figures_is_shown_and_ends_no_waiting(parts, as_):
    _entered("FAO", "2024-01-01", "2024-12-31", states=("interim",))
    assert states()["FAO"] == "awaited"
    assert "2024-01-01.csv" in as_("clerk").get(ADDRESS).content.decode()


def test_the_board_looks_again_while_files_are_being_checked(parts, as_):
    clerk = as_("clerk")
    assert "data-progress" not in clerk.get(ADDRESS).content.decode()
    loads = [_entered(code, "2024-01-01", "2024-12-31") for code in ("FAO", "WFP")]
    Load.objects.filter(pk=loads[0].pk).update(state="checking", progress=50)
    text = clerk.get(ADDRESS).content.decode()
    assert f'data-progress="{ADDRESS}progress/"' in text
    assert re.search(r'<noscript>\s*<meta http-equiv="refresh"', text)
    told = clerk.get(f"{ADDRESS}progress/").json()
    assert told.pop("worker")  # none has run
    assert told == {"waiting": True, "progress": 25, "words": "2 files are being checked"}
    for load in loads:
        check_load(load)
    assert clerk.get(f"{ADDRESS}progress/").json()["waiting"] is False
    assert "data-progress" not in clerk.get(ADDRESS).content.decode()


def test_the_board_names_who_has_not_reported_as_reports_due_have_it(as_, parts):
    page = as_("looker").get(ADDRESS).text.split('id="not-reported"')[1].split("</section>")[0]
    due = reports_due().filter(kind="financial", year=2024, state__in=["late", "missing", "due"])
    names = set(due.values_list("organization__name", flat=True))
    assert names and all(name in page for name in names)
    assert f"{len(names)} organizations have reports due for 2024" in page
    report = due.get(organization__code="FAO")
    released(expenditure(report.project, "5", 2024, organization_id=report.organization_id))
    still = set(due.all().values_list("organization__name", flat=True))
    page = as_("looker").get(ADDRESS).text.split('id="not-reported"')[1].split("</section>")[0]
    assert "Agency FAO" not in still and "Agency FAO" not in page

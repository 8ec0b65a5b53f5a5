"""Files that say what projects are about: what they add, replace, refuse and give back."""

from decimal import Decimal

import pytest
from django.core.files.base import ContentFile

from finance.loading.content.shown import shown_lines
from finance.loading.services import check_load, receive_load, release_load, reverse_load
from finance.models import Load, Source
from projects.models import Project, ProjectSubject
from tests.factories import ProjectFactory, SourceFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def source() -> Source:
    return SourceFactory()


@pytest.fixture
def project() -> Project:
    return ProjectFactory(number="00012")


def entered(source: Source, *rows: str) -> Load:
    """Such a file, entered and checked."""
    lines = ["project,sectors,goals,gender,humanitarian", *rows]
    content = ContentFile("\n".join(lines).encode())
    return check_load(
        receive_load(source=source, kind="subjects", content=content, name="about.csv")
    )


def reversal_of(load: Load) -> Load:
    return release_load(load=reverse_load(load=load, by=UserFactory(is_staff=True), reason="Wrong"))


def told(project: Project) -> set[tuple[str, str, Decimal | None]]:
    """What stands of the project."""
    return set(project.subjects.values_list("scheme", "code", "share"))


def test_codes_are_added_and_the_same_file_again_adds_nothing(
    source: Source, project: Project
) -> None:
    load = entered(source, "00012,15170 60; 15160 40,5; 16,2,yes")
    assert (load.state, load.counts["new"]) == (Load.State.CHECKED, 1)
    release_load(load=load)
    assert told(project) == {
        ("sector", "15170", Decimal(60)),
        ("sector", "15160", Decimal(40)),
        ("goal", "5", None),
        ("goal", "16", None),
        ("gender", "2", None),
        ("humanitarian", "1", None),
    }
    again = entered(source, "00012,15170 60; 15160 40,5; 16,2,yes")
    assert (again.counts["new"], again.counts["changed"], again.counts["unchanged"]) == (0, 0, 1)


def test_a_list_that_is_stated_is_replaced_and_others_stay(
    source: Source, project: Project
) -> None:
    release_load(load=entered(source, "00012,15170 60; 15160 40,5,1,yes"))
    load = entered(source, "00012,12220,,2,no")
    [line] = shown_lines(load.staged_lines.all())
    cell = line.cells["sectors"]
    assert (cell.before, cell.after, cell.differs) == ("15160 40; 15170 60", "12220", True)
    assert (line.cells["goals"].after, line.cells["goals"].differs) == ("5", False)
    release_load(load=load)
    assert told(project) == {("sector", "12220", None), ("goal", "5", None), ("gender", "2", None)}


def test_a_reversal_gives_back_what_stood_before(source: Source, project: Project) -> None:
    ProjectSubject.objects.create(project=project, scheme="sector", code="15110", share=None)
    first = release_load(load=entered(source, "00012,15170 60,,,"))
    second = release_load(load=entered(source, "00012,12220,6,,"))
    reversal_of(second)
    assert told(project) == {("sector", "15170", Decimal(60))}
    reversal_of(first)
    assert told(project) == {("sector", "15110", None)}


def test_reversals_in_another_order_come_to_the_same(source: Source, project: Project) -> None:
    ProjectSubject.objects.create(project=project, scheme="sector", code="15110", share=None)
    first = release_load(load=entered(source, "00012,15170 60,,,"))
    second = release_load(load=entered(SourceFactory(), "00012,12220,6,,"))
    reversal_of(first)
    assert told(project) == {("sector", "12220", None), ("goal", "6", None)}
    reversal_of(second)
    assert told(project) == {("sector", "15110", None)}


def test_a_reversal_leaves_what_staff_changed_since(source: Source, project: Project) -> None:
    load = release_load(load=entered(source, "00012,15170,6,,"))
    project.subjects.filter(scheme="goal").update(code="7")
    reversal_of(load)
    assert told(project) == {("goal", "7", None)}


def test_a_reversal_gives_back_what_staff_set_since_an_earlier_one(
    source: Source, project: Project
) -> None:
    ProjectSubject.objects.create(project=project, scheme="sector", code="15110", share=None)
    reversal_of(release_load(load=entered(source, "00012,15170,,,")))
    assert told(project) == {("sector", "15110", None)}
    project.subjects.update(code="15160")
    second = release_load(load=entered(SourceFactory(), "00012,12220,,,"))
    reversal_of(second)
    assert told(project) == {("sector", "15160", None)}


def test_what_staff_set_between_two_loads_comes_back_when_both_are_reversed(
    source: Source, project: Project
) -> None:
    ProjectSubject.objects.create(project=project, scheme="sector", code="15110", share=None)
    first = release_load(load=entered(source, "00012,15170,,,"))
    project.subjects.update(code="15160")
    second = release_load(load=entered(SourceFactory(), "00012,12220,,,"))
    reversal_of(first)
    assert told(project) == {("sector", "12220", None)}
    reversal_of(second)
    assert told(project) == {("sector", "15160", None)}


def test_what_staff_set_as_a_load_taken_back_had_it_is_theirs(
    source: Source, project: Project
) -> None:
    reversal_of(release_load(load=entered(source, "00012,15170,,,")))
    ProjectSubject.objects.create(project=project, scheme="sector", code="15170", share=None)
    reversal_of(release_load(load=entered(SourceFactory(), "00012,12220,,,")))
    assert told(project) == {("sector", "15170", None)}


def test_what_a_later_load_states_alike_stays(source: Source, project: Project) -> None:
    first = release_load(load=entered(source, "00012,15170,,,"))
    second = release_load(load=entered(SourceFactory(), "00012,15170,,,"))
    reversal_of(first)
    assert told(project) == {("sector", "15170", None)}
    reversal_of(second)
    assert told(project) == set()


def test_three_loads_reversed_from_the_oldest_leave_what_stood_before_all(
    project: Project,
) -> None:
    ProjectSubject.objects.create(project=project, scheme="sector", code="15110", share=None)
    loads = [
        release_load(load=entered(SourceFactory(), f"00012,{code},,,"))
        for code in ("15170", "12220", "15160")
    ]
    for load in loads:
        reversal_of(load)
    assert told(project) == {("sector", "15110", None)}


def test_the_file_sent_again_restores_what_another_source_replaced(
    source: Source, project: Project
) -> None:
    release_load(load=entered(source, "00012,15170,5,,"))
    release_load(load=entered(SourceFactory(), "00012,12220,,,"))
    again = entered(source, "00012,15170,5,,")
    assert (again.counts["changed"], again.counts["unchanged"]) == (1, 0)
    release_load(load=again)
    assert told(project) == {("sector", "15170", None), ("goal", "5", None)}


def test_the_file_sent_again_leaves_what_staff_changed(source: Source, project: Project) -> None:
    release_load(load=entered(source, "00012,15170,5,,"))
    project.subjects.filter(scheme="goal").update(code="7")
    again = entered(source, "00012,15170,5,,")
    assert (again.counts["changed"], again.counts["unchanged"]) == (0, 1)


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        ("00099,15170,,,", "project", "no project “00099”"),
        ("00012,99999,,,", "sectors", "no code “99999”"),
        ("00012,15170 60; 15160 50,,,", "sectors", "more than 100"),
        ("00012,15170; 15170,,,", "sectors", "named twice"),
        ("00012,,18,,", "goals", "no code “18”"),
        ("00012,,5 50,,", "goals", "Only sectors have shares"),
        ("00012,,,7,", "gender", "no code “7”"),
        ("00012,,,,maybe", "Humanitarian", "neither yes nor no"),
        ("00012,,,,", "", "it is empty"),
        (",15170,,,", "Project", "it is empty"),
    ],
)
def test_what_no_list_has_is_refused_by_row_and_column(
    source: Source, project: Project, row: str, column: str, words: str
) -> None:
    load = entered(source, row)
    assert load.state == Load.State.FAULTY
    [remark] = load.remarks.all()
    assert remark.line == 2
    assert column in remark.column
    assert words in f"{remark.message} {remark.advice}"


def test_a_project_stands_in_one_row(source: Source, project: Project) -> None:
    load = entered(source, "00012,15170,,,", "00012,,5,,")
    [remark] = load.remarks.all()
    assert (remark.line, remark.column) == (3, "project")
    assert "row 2" in remark.message


def test_an_empty_cell_and_no_are_two_things(source: Source, project: Project) -> None:
    release_load(load=entered(source, "00012,,,,no"))
    assert told(project) == set()

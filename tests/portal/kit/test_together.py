"""Several querysets read in one statement give what each gives by itself."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import Count, F, Max, QuerySet, Window

from finance.models import BudgetLine, VoucherLine
from portal.kit.together import (
    Shaped,
    Together,
    count_together,
    first_with_rows,
    read_together,
    those_with_rows,
)
from projects.models import Extension, Fund, Participation, Project, ProjectCountry, StatusChange
from tests.factories import (
    CountryFactory,
    FundFactory,
    ParticipationFactory,
    ProjectFactory,
    budget,
    released,
    transfer,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    project = ProjectFactory(title="100 % “wells”", original_end=None)
    ParticipationFactory.create_batch(3, project=project)
    ProjectCountry.objects.create(project=project, country=CountryFactory(), share=Decimal("33.3"))
    Extension.objects.create(
        project=project,
        old_end=date(2020, 1, 1),
        new_end=date(2021, 1, 1),
        approved_on=date(2020, 1, 1),
    )
    released(*(transfer(project, 10 + n, date(2019, 1, 1 + n)) for n in range(5)))
    return project


def _lists(project: Project) -> list[QuerySet]:
    lines = VoucherLine.objects.filter(project=project)
    return [
        project.extensions.all(),
        project.participations.select_related("organization").order_by("-organization__name"),
        lines.annotate(total=Window(Count("pk"))).order_by("-date")[:2],
        lines.order_by("date").values_list("date", "base_amount"),
        lines.values("date").annotate(newest=Max("load__released_at")).order_by("date"),
        Participation.objects.filter(project=project).order_by("pk").values_list("pk", flat=True),
        # Two columns of one name, one of nothing but NULL, one that only orders.
        Project.objects.filter(pk=project.pk).select_related("fund", "parent"),
        Project.objects.filter(pk=project.pk).values_list("original_end", flat=True),
        Project.objects.values_list("number", flat=True).order_by("sort_name").distinct(),
        ProjectCountry.objects.filter(project=project).select_related("country", "in_place_of"),
        Project.objects.filter(title__contains="100 %").annotate(also=F("title")),
        project.status_changes.all(),
        Project.objects.filter(pk__in=[]),
        Project.objects.filter(pk=project.pk).prefetch_related("participations"),
        lines.order_by("pk").union(lines.order_by("pk")).values_list("pk"),
    ]


def _told(row: object) -> object:
    return {**vars(row), "_state": None} if hasattr(row, "_state") else row


def test_each_list_has_the_rows_that_it_has_by_itself(project, django_assert_num_queries):
    apart, together = _lists(project), _lists(project)
    expected = [list(rows) for rows in apart]
    # The other one is what one of them prefetches.
    with django_assert_num_queries(2):
        read_together(*together)
        found = [list(rows) for rows in together]
    assert found == expected
    for one, other in zip(found, expected, strict=True):
        plain = [_told(row) for row in one]
        if one and hasattr(one[0], "_prefetched_objects_cache"):
            continue
        assert plain == [_told(row) for row in other]


def test_related_rows_are_there_without_another_statement(project, django_assert_num_queries):
    parts = project.participations.select_related("organization")
    with django_assert_num_queries(1):
        read_together(parts, project.extensions.all())
        assert all(part.organization.name for part in parts)
        assert all(part.project is project for part in parts)


def test_what_was_read_is_not_read_again(project, django_assert_num_queries):
    steps = project.status_changes.all()
    assert list(steps) == []
    StatusChange.objects.create(project=project, status="on-going", set_on=date(2020, 1, 1))
    with django_assert_num_queries(0):
        read_together(steps, Project.objects.none(), ())
    assert list(steps) == []


def test_a_list_goes_on_as_a_queryset(project, django_assert_num_queries):
    parts = project.participations.order_by("pk")
    read_together(parts)
    with django_assert_num_queries(1):
        assert parts.filter(pk=parts[0].pk).get() == parts[0]


def test_lists_are_counted_in_one_statement(project, django_assert_num_queries):
    parts = project.participations.all()
    with django_assert_num_queries(1):
        counts = count_together(
            all=parts,
            first=parts.order_by("pk")[:2],
            none=Project.objects.filter(pk__in=[]),
            last=Extension.objects.filter(project=project).values("pk"),
        )
    assert counts == {"all": 3, "first": 2, "none": 0, "last": 1}


def test_only_models_with_such_a_row_are_told(project):
    other = ProjectFactory()
    released(budget(other, 10))
    models = (VoucherLine, BudgetLine, Extension)
    assert those_with_rows(models, "project_id", project.pk) == {VoucherLine, Extension}
    assert those_with_rows(models, "project_id", other.pk) == {BudgetLine}


def test_lists_that_are_asked_for_again_and_again_are_as_they_stand_each_time(
    project, django_assert_num_queries
):
    parts = Participation.objects.filter(project=project).select_related("organization")
    kept = Together(Project.objects.filter(pk=project.pk), parts.order_by("pk"))
    assert kept.read() == [[project], list(project.participations.order_by("pk"))]
    Project.objects.filter(pk=project.pk).update(title="Another")
    ParticipationFactory(project=project)
    with django_assert_num_queries(1):
        [again], four = kept.read()
        names = {part.organization.name for part in four}
    assert again.title == "Another"
    assert len(names) == len(four) == 4


def test_the_first_list_with_rows_is_told_in_one_statement(
    django_assert_num_queries: Any,
) -> None:
    FundFactory(code="ONE")
    none, one, all_of_them = (
        Fund.objects.filter(code__in=codes) for codes in (["NONE"], ["ONE"], ["ONE", "NONE"])
    )
    with django_assert_num_queries(1):
        assert first_with_rows(none, Fund.objects.none(), one, all_of_them) == 2
    assert first_with_rows(none) is None
    assert first_with_rows(Fund.objects.filter(pk__in=())) is None


def _parts_of(project: int, role: str | None = None) -> QuerySet[Participation]:
    found = Participation.objects.filter(project__in=[project]).select_related("organization")
    return (found if role is None else found.filter(role=role)).order_by("-pk")


def test_a_list_of_other_values_has_their_rows_and_its_statement_is_put_together_once(
    project: Project, django_assert_num_queries: Any
) -> None:
    made: list[dict[str, Any]] = []

    def make(**values: Any) -> QuerySet[Participation]:
        made.append(values)
        return _parts_of(**values)

    other, shaped = ProjectFactory(), Shaped(make)
    part = ParticipationFactory(project=other)
    with django_assert_num_queries(2):
        first, second = shaped.of(project=project.pk), shaped.of(project=other.pk)
        assert [one.organization.name for one in second] == [part.organization.name]
        assert (len(first), list(second), second[0]) == (3, [part], part)
    assert len(made) == 1
    ParticipationFactory(project=other)
    assert len(shaped.of(project=other.pk)) == 2


def test_what_is_none_has_a_statement_of_its_own(project: Project) -> None:
    shaped = Shaped(_parts_of)
    for role, count in ((None, 3), ("participating", 3), ("administrative", 0), (None, 3)):
        assert len(shaped.of(project=project.pk, role=role)) == count


def test_lists_of_other_values_are_read_together_with_querysets(
    project: Project, django_assert_num_queries: Any
) -> None:
    shaped, extensions = Shaped(_parts_of), project.extensions.all()
    parts = shaped.of(project=project.pk)
    with django_assert_num_queries(1):
        read_together(parts, extensions, shaped.of(project=0))
        read_together(parts, extensions)
        assert (len(parts), len(extensions)) == (3, 1)


def test_a_day_that_was_not_given_is_kept_in_no_statement() -> None:
    kept = Shaped(lambda project, day: Extension.objects.filter(approved_on__lt=day, pk=project))
    assert list(kept.of(project=1, day=date(2020, 1, 1))) == []
    fixed = Shaped(lambda day: Extension.objects.filter(approved_on__range=(date(2020, 1, 1), day)))
    with pytest.raises(ValueError, match="for ever"):
        fixed.of(day=date(2021, 1, 1))

"""How many projects there are of each kind is kept by whatever changes them."""

from datetime import date
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from finance.models import ProjectSums
from portal.models import ProjectFacet, ProjectTally
from portal.models.project_tallies import (
    first_wrong_tally,
    fold_tallies,
    projects_shown,
    tally_projects_anew,
)
from portal.work.verifying import check_project_tallies
from projects.models import (
    Country,
    Fund,
    Organization,
    Participation,
    Project,
    ProjectCountry,
    ProjectSubject,
    Status,
)
from tests.factories import (
    CountryFactory,
    FundFactory,
    OrganizationFactory,
    ParticipationFactory,
    ProjectFactory,
    SourceFactory,
    budget,
    expenditure,
    released,
    transfer,
)

pytestmark = pytest.mark.django_db

STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ("status", "fund", "withheld", "part", "role", "place", "subject", "pay", "fold")
        ),
        st.integers(0, 2),
        st.integers(0, 2),
    ),
    max_size=14,
)


def _counted_anew() -> dict[str, dict[str, int]]:
    """The same numbers, counted from what each project has."""
    shown = set(Project.objects.shown().values_list("pk", flat=True))
    found: dict[str, dict[str, int]] = {}
    for project, facet, value in ProjectFacet.objects.values_list("project_id", "facet", "value"):
        if project in shown:
            of_facet = found.setdefault(facet, {})
            of_facet[value] = of_facet.get(value, 0) + 1
    return found


def _does(step: str, project: Project, n: int, source: Any) -> None:
    if step == "status":
        Project.objects.filter(pk=project.pk).update(status=Status.values[n])
    elif step == "fund":
        project.fund = Fund.objects.order_by("pk")[n]
        project.save()
    elif step == "withheld":
        Project.objects.filter(pk=project.pk).update(withheld_on=timezone.now() if n else None)
    elif step in ("part", "role"):
        organization = Organization.objects.order_by("pk")[n]
        own = Participation.objects.filter(project=project, organization=organization)
        if step == "role":
            own.update(role=Participation.Role.EXTENDING)
        elif not own.delete()[0]:
            ParticipationFactory(project=project, organization=organization)
    elif step == "place":
        country = Country.objects.order_by("pk")[n]
        own = ProjectCountry.objects.filter(project=project, country=country)
        if not own.delete()[0]:
            ProjectCountry.objects.create(project=project, country=country)
    elif step == "subject":
        own = ProjectSubject.objects.filter(project=project, scheme="goal", code=str(n))
        if not own.delete()[0]:
            ProjectSubject.objects.create(project=project, scheme="goal", code=str(n))
    elif step == "pay":
        lines = [transfer(project, 5, date(2020 + year, 1, 1)) for year in range(n)]
        released(*lines, source=source, models={type_of_payments()}, projects=[project])
    else:
        fold_tallies()


def type_of_payments() -> Any:
    """The kind of record that a transfer is."""
    from finance.models import VoucherLine

    return VoucherLine


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_whatever_changes_they_are_how_many_there_are(steps):
    FundFactory.create_batch(3)
    OrganizationFactory.create_batch(3)
    CountryFactory.create_batch(3)
    source = SourceFactory()
    projects = ProjectFactory.create_batch(3, fund=Fund.objects.order_by("pk")[0])
    for step, which, n in steps:
        _does(step, projects[which], n, source)
        assert first_wrong_tally() is None
        assert projects_shown() == _counted_anew()


def test_a_year_counts_where_money_moved_and_no_more_once_it_is_taken_back():
    project = ProjectFactory()
    released(
        transfer(project, 5, date(2020, 1, 1)),
        expenditure(project, 3, 2021),
        budget(project, 9, date(2019, 1, 1)),
        source=(source := SourceFactory()),
    )
    assert projects_shown()["year"] == {"2020": 1, "2021": 1}
    assert ProjectSums.objects.get(project=project).years == [2020, 2021]
    released(source=source, models={type_of_payments()}, projects=[project])
    assert projects_shown()["year"] == {"2021": 1}


def test_folded_they_are_the_same_in_fewer_rows():
    ProjectFactory.create_batch(3, status=Status.ON_GOING)
    for project in Project.objects.all():
        project.status = Status.SUSPENDED
        project.save()
    before, rows = projects_shown(), ProjectTally.objects.count()
    assert fold_tallies()
    assert projects_shown() == before
    assert ProjectTally.objects.count() < rows
    assert not fold_tallies()


def test_a_wrong_number_is_named_and_counted_anew():
    ProjectFactory(status=Status.ON_GOING)
    ProjectTally.objects.create(facet="status", value="on-going", count=1)
    (told,) = check_project_tallies(lambda *_: None)
    assert "status on-going" in told
    tally_projects_anew()
    assert not list(check_project_tallies(lambda *_: None))

"""A project of two organizations that is over."""

from collections.abc import Callable
from datetime import date

import pytest

from projects.models import Participation, Project, StatusChange
from tests.factories import ParticipationFactory, ProjectFactory, released, report, transfer
from tests.factories import expenditure as spent

DONE = date(2021, 1, 31)


@pytest.fixture
def joint(db: None) -> Project:
    """Two organizations, each funded with 1,000 and having spent 900; closed by neither."""
    project = ProjectFactory(
        number="J1", status="on-going", original_end=date(2020, 12, 31), fund__code="F1"
    )
    parts = [
        ParticipationFactory(project=project, organization__code=code, organization__name=code)
        for code in ("ALPHA", "BETA")
    ]
    released(
        *(transfer(project, 1000, organization_id=p.organization_id, voucher="V") for p in parts),
        *(spent(project, 900, organization_id=p.organization_id) for p in parts),
    )
    return project


@pytest.fixture
def part_of(joint: Project) -> Callable[[str], Participation]:
    """The participation of an organization."""
    return lambda code: joint.participations.get(organization__code=code)


@pytest.fixture
def final(joint: Project) -> Callable[..., None]:
    """Both final reports of an organization are in."""

    def arrive(*parts: Participation) -> None:
        released(
            *(
                report(joint, part.organization, 2021, kind=kind, received_on=date(2021, 3, 1))
                for part in parts
                for kind in ("final-narrative", "certified")
            )
        )

    return arrive


@pytest.fixture
def declared(joint: Project) -> Callable[..., None]:
    """The project as a load states it: closed as a whole, by day."""

    def state(status: str, day: date = DONE) -> None:
        type(joint).objects.filter(pk=joint.pk).update(status=status, status_on=day)
        StatusChange.objects.create(project=joint, status=status, set_on=day)
        joint.refresh_from_db()

    return state

"""Whatever is entered in whatever order, no project is closed before its checklist is."""

from contextlib import suppress
from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.closure.services import (
    ClosureError,
    close_financially,
    close_operationally,
    open_again,
)
from projects.models import Participation, Project
from tests.factories import (
    ParticipationFactory,
    ProjectFactory,
    SourceFactory,
    released,
    report,
    transfer,
)
from tests.factories import expenditure as spent

pytestmark = pytest.mark.django_db
CODES = ("ALPHA", "BETA")
WAIVED = Decimal(250)
CENTS = st.decimals("0", "600", places=2)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["operational", "financial", "again", "reports"]), st.sampled_from(CODES)
    ),
    max_size=14,
)
ON = date(2021, 1, 31)


def _take(step, part):
    """One step as staff take it, refused or not."""
    with suppress(ClosureError):
        if step == "operational":
            close_operationally(part=part, on=ON)
        elif step == "financial":
            close_financially(part=part, on=ON)
        else:
            open_again(part=part)


def _arrive(project, organizations, source):
    """The final reports of these organizations, as one register has them."""
    lines = [
        report(project, organization, 2021, kind, received_on=ON)
        for organization in organizations
        for kind in ("final-narrative", "certified")
    ]
    released(*lines, source=source)


@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=STEPS, left=st.tuples(CENTS, CENTS))
def test_a_project_is_as_far_as_its_least_advanced_part_and_none_closes_early(steps, left):
    with transaction.atomic():
        project = ProjectFactory(status="on-going", original_end=date(2020, 12, 31))
        parts, lines = {}, []
        for code, rest in zip(CODES, left, strict=True):
            part = ParticipationFactory(project=project, organization__code=code)
            own = {"organization_id": part.organization_id}
            lines += [transfer(project, 1000, voucher="V", **own)]
            lines += [spent(project, 1000 - rest, **own)]
            parts[code] = part
        released(*lines)
        source, arrived = SourceFactory(), {}
        for step, code in steps:
            part = Participation.objects.get(pk=parts[code].pk)
            may_close = bool(
                part.operationally_closed_on
                and code in arrived
                and left[CODES.index(code)] <= WAIVED
            )
            if step == "reports":
                arrived[code] = part.organization
                _arrive(project, arrived.values(), source)
            else:
                _take(step, part)
            part.refresh_from_db()
            if step == "financial":
                assert bool(part.financially_closed_on) == may_close
            assert Project.objects.get(pk=project.pk).status == _least(project)
        transaction.set_rollback(True)


def _least(project):
    """The status of the least advanced organization."""
    own = list(project.participations.all())
    if all(part.financially_closed_on for part in own):
        return "financially-closed"
    if all(part.operationally_closed_on for part in own):
        return "operationally-closed"
    return "on-going"

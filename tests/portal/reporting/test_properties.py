"""Whatever was entered and arrived, reports due are what a replay without SQL makes of it."""

from datetime import date, timedelta
from typing import NamedTuple

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.reporting.due_reports import reports_due
from projects.models import StatusChange
from tests.factories import OrganizationFactory, ParticipationFactory, ProjectFactory, released
from tests.factories import report as stated_report
from tests.factories import transfer as paid

pytestmark = pytest.mark.django_db
PATIENCE = timedelta(365)
KINDS = ("narrative", "financial", "final-narrative", "certified")
DAYS = st.dates(date(2020, 1, 1), date(2024, 12, 31))


class Entry(NamedTuple):
    """What staff or a register entered of a report."""

    kind: str
    year: int
    received_on: date | None
    extended_to: date | None
    exempt: bool

    @property
    def key(self):
        """What the report is known by: annual ones by their year, final ones come once."""
        return self.kind, self.year if self.kind in ("narrative", "financial") else 0


ENTRIES = st.lists(
    st.builds(
        Entry,
        st.sampled_from(KINDS),
        st.integers(2020, 2023),
        st.none() | DAYS,
        st.none() | DAYS,
        st.booleans(),
    ).filter(lambda entry: entry.received_on or entry.extended_to or entry.exempt),
    max_size=8,
)


def _due_days(start, closed, today):
    """Which reports are due, and when, before extensions."""
    closed = closed if closed and closed <= today else None
    last = (closed or today).year
    due = {}
    for year in range(start.year, last + 1):
        if not (closed and year == last):
            due["narrative", year] = date(year + 1, 3, 31)
        due["financial", year] = date(year + 1, 4, 30)
    if closed:
        due["final-narrative", 0] = _months_on(closed, 3)
        due["certified", 0] = _months_on(closed, 12)
    return due


def _months_on(day, months):
    years, month = divmod(day.month - 1 + months, 12)
    first = date(day.year + years, month + 1, 1)
    last = (first + timedelta(31)).replace(day=1) - timedelta(1)
    return min(first + timedelta(day.day - 1), last)


def _replayed(start, closed, today, entries):
    """(kind, year or 0) → state, days late and day of arrival."""
    found = {}
    for key, first_due in _due_days(start, closed, today).items():
        own = [entry for entry in entries if entry.key == key]
        arrivals = [e.received_on for e in own if e.received_on and e.received_on <= today]
        due = max([first_due, *(e.extended_to for e in own if e.extended_to)])
        late = max((today - due).days, 0)
        if arrivals:
            found[key] = "received", max((min(arrivals) - due).days, 0), min(arrivals)
        elif any(entry.exempt for entry in own):
            found[key] = "exempt", 0, None
        elif today <= first_due:
            found[key] = "due", late, None
        elif today <= due:
            found[key] = "extended", late, None
        else:
            found[key] = "missing" if today - due > PATIENCE else "late", late, None
    return found


@pytest.mark.usefixtures("today")
@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    start=DAYS,
    closed=st.none() | DAYS,
    entries=ENTRIES,
    others=ENTRIES,
    days=st.tuples(DAYS, DAYS),
)
def test_states_are_those_of_the_replay_and_what_came_is_never_lost(
    today, start, closed, entries, others, days
):
    with transaction.atomic():
        project = ProjectFactory(status="on-going")
        mine, theirs = (OrganizationFactory() for _n in range(2))
        for organization in (mine, theirs):
            ParticipationFactory(project=project, organization=organization)
        released(
            *(paid(project, 9, start, organization_id=o.pk, voucher="V") for o in (mine, theirs)),
            *(_line(project, mine, entry) for entry in entries),
            *(_line(project, theirs, entry) for entry in others),
        )
        if closed:
            StatusChange.objects.create(
                project=project, status="operationally-closed", set_on=closed
            )
        before = {}
        for day in sorted(days):
            today(day)
            for organization, own in ((mine, entries), (theirs, others)):
                found = _read(project, organization)
                expected = _replayed(start, closed, day, own) if start <= day else {}
                assert found == expected, (day, organization)
                came = {k: row for k, row in before.get(organization, {}).items() if row[2]}
                still_asked = came.keys() & found.keys()
                assert {key: found[key] for key in still_asked} == {
                    key: came[key] for key in still_asked
                }
                before[organization] = found
        transaction.set_rollback(True)


def _line(project, organization, entry):
    values = entry._asdict()
    return stated_report(project, organization, values.pop("year"), **values)


def _read(project, organization):
    return {
        (r.kind, r.year if r.kind in ("narrative", "financial") else 0): (
            r.state, r.days_late, r.received_on,
        )
        for r in reports_due(projects=[project.pk]).filter(organization=organization)
    }  # fmt: skip

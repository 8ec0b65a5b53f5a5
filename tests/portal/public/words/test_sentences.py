"""Whatever records there are, no sentence of a factsheet says what they do not bear out.

Each sentence that may stand there has a condition on the records (`HOLD`), worked out by plain
addition; a sentence without one fails as well.
"""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction
from django.http import QueryDict
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from finance.reports.reconciliation import reconciliation_panel
from portal.closure.closure_panels import closure_panel
from portal.kit.dates import TODAY
from portal.public.factsheet import opening
from portal.public.notes import data_notes
from portal.public.project_facts import status_label, status_words
from portal.public.project_page import ProjectPage
from projects.models import Office, Project, Status
from tests.factories import (
    OrganizationFactory,
    ParticipationFactory,
    ProjectFactory,
    budget,
    expenditure,
    released,
    transfer,
)
from tests.portal.public.words.said import DAYS, HOLD, PARTIES, SAID, WAIVED, Said, World

pytestmark = pytest.mark.django_db


def _made(w: World) -> Project:
    """The project with these records."""
    project = ProjectFactory(status=w.status, fund__follows_rules=w.follows)
    made = {code: OrganizationFactory(name=code, short_name=code) for code in PARTIES if code}
    for code in sorted(filter(None, w.parts)):
        ParticipationFactory(project=project, organization=made[code])
    lines = []
    for number, one in enumerate(w.said):
        own = {"currency": one.currency, "description": str(number)}
        own["organization_id"] = made[one.party].pk if one.party else None
        if one.kind == "budget":
            lines.append(budget(project, one.amount, one.day, **own))
        elif one.kind == "spent":
            lines.append(expenditure(project, one.amount, one.day.year, **own))
        else:
            sign = 1 if one.kind == "transfer" else -1
            own |= {"kind": one.kind, "voucher": f"V{number}"}
            lines.append(transfer(project, one.amount * sign, one.day, **own))
    if lines:
        released(*lines)
    return project


def _sentences(project: Project) -> list[str]:
    """All that the factsheet says of it in words."""
    page = ProjectPage(project, TODAY, Office.current(), QueryDict())
    found = [*opening(page), *data_notes(page), status_label(page), status_words(page)]
    strip = reconciliation_panel(page.facts, page.money, WAIVED)
    found += [remark["text"] for remark in strip["remarks"]] if strip else []
    if closure_panel(page.facts, page.closure):
        found += [item.text for part in page.closure for item in part.items.values()]
    return [re.sub(r"\s", " ", str(text)) for text in found]


def _usd(kind: str, amount: str, day: date = DAYS[0], party: str | None = "ALPHA") -> Said:
    return Said(kind, party, Decimal(amount), day)


# The last transfer came years before the first refund.
LATE_REFUND = [_usd("budget", "100"), _usd("transfer", "140"), _usd("refund", "40", DAYS[3])]
AGAIN = [
    _usd("budget", "100"), _usd("transfer", "100"), _usd("refund", "40", DAYS[1]),
    _usd("transfer", "40", DAYS[2]),
]  # fmt: skip
# All of the money is with somebody who takes no part.
STRANGER = [_usd("budget", "100"), _usd("transfer", "1000", party="GAMMA")]
UNEVEN = [_usd("transfer", "100"), _usd("spent", "100", party="BETA")]
ALL_BACK = [_usd("transfer", "100"), _usd("refund", "100", DAYS[2])]


@example(said=LATE_REFUND, status="on-going", follows=True, parts=1)
@example(said=AGAIN, status="on-going", follows=True, parts=1)
@example(said=STRANGER, status="financially-closed", follows=True, parts=1)
@example(said=STRANGER, status="operationally-closed", follows=True, parts=2)
@example(said=UNEVEN, status="operationally-closed", follows=True, parts=2)
@example(said=ALL_BACK, status="cancelled", follows=True, parts=1)
@example(said=ALL_BACK, status="pipeline", follows=False, parts=1)
@example(said=[_usd("spent", "100")], status="pipeline", follows=False, parts=1)
@settings(
    max_examples=60,
    # Records are few: to make them fewer would take minutes and tell little.
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    said=st.lists(SAID, max_size=7),
    status=st.sampled_from([status.value for status in Status]),
    follows=st.booleans(),
    parts=st.sampled_from([1, 2]),
)
def test_no_sentence_says_what_the_records_do_not_bear_out(said, status, follows, parts):
    world = World(said, status, follows, parts)
    with transaction.atomic():
        for sentence in _sentences(_made(world)):
            told = {text: m for text in HOLD if (m := re.fullmatch(text, sentence))}
            assert told, f"No condition is known of: {sentence}"
            for text, match in told.items():
                amount = match.groupdict().get("amount") or ""
                assert HOLD[text](world, amount), sentence
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (LATE_REFUND, "US$ 40 more was transferred than was approved; what came back later"),
        (AGAIN, "US$ 40 more was transferred than approved: refunds were paid out again."),
        (STRANGER, "Unspent balance: not known; US$ 1,000 of the project’s balance"),
        (UNEVEN, "As much is reported as spent as was funded, but not by each organization"),
        (ALL_BACK, "All that was transferred came back; nothing is left with the organizations."),
    ],
)
def test_each_reason_is_told_where_it_holds(said, sentence):
    world = World(said, "operationally-closed", True, 2)
    assert any(text.startswith(sentence) for text in _sentences(_made(world)))


def test_rules_that_nobody_agreed_to_are_not_held_against_a_publisher(client):
    project = _made(World([_usd("transfer", "100")], "closed", False, 1))
    page = " ".join(client.get(project.get_absolute_url()).content.decode().split())
    for words in ("need not be paid back", "must submit", 'id="reports"', 'id="closure"', "late"):
        assert words not in page.split("<main")[1], words


def test_activities_are_not_said_to_be_under_way_after_the_projects_end():
    past = ProjectFactory(number="P1", status="on-going", original_end=date(2020, 1, 1))
    running = ProjectFactory(number="R1", status="on-going", original_end=date(2999, 1, 1))
    assert "the status as stated; yet its end date has passed." in _sentences(past)
    assert "activities are under way." in _sentences(running)

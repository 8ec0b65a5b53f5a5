"""Whatever records there are, no sentence of a factsheet says what they do not bear out.

Each sentence that may stand there has a condition on the records (`HOLD`), worked out by plain
addition; a sentence without one fails as well.
"""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from finance.reports.key_facts import key_facts
from portal.kit.formatting import money
from portal.kit.tables.parts import state_words
from portal.public.project_page import ProjectPage
from tests.factories import (
    OrganizationFactory,
    ParticipationFactory,
    ProjectFactory,
    budget,
    expenditure,
    released,
    report,
    transfer,
)
from tests.portal.public.words.hold import HOLD
from tests.portal.public.words.hold_opening import TOLD, key_facts_of
from tests.portal.public.words.made import made, made_in_two_loads, page_of, sentences
from tests.portal.public.words.said import (
    ARRIVALS,
    DAYS,
    FAR,
    PAST_DAYS,
    PROJECTS,
    RECORDS,
    THIS_YEAR,
    TOLD_IN,
    About,
    Said,
    World,
    known_by,
)

pytestmark = pytest.mark.django_db


def _hold(world: World, page: ProjectPage) -> None:
    """Each sentence has its condition, and the records bear it out."""
    for sentence in sentences(page):
        told = {text: m for text in HOLD if (m := re.fullmatch(text, sentence))}
        by_name = {text: m for text in TOLD if (m := re.fullmatch(text, sentence))}
        assert told or by_name, f"No condition is known of: {sentence}"
        for text, match in told.items():
            assert HOLD[text](world, match.groupdict().get("amount") or ""), sentence
        for text, match in by_name.items():
            assert TOLD[text](world, match.groupdict()), sentence


@settings(
    max_examples=60,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    said=RECORDS.flatmap(lambda said: st.tuples(*(st.tuples(st.just(o), TOLD_IN) for o in said))),
    arrived=ARRIVALS.flatmap(lambda r: st.tuples(*(st.tuples(st.just(o), TOLD_IN) for o in r))),
    about=PROJECTS,
)
def test_no_page_of_a_past_day_says_what_was_not_borne_out_by_then(said, arrived, about):
    with transaction.atomic():
        project = made_in_two_loads(World([], about), list(said), list(arrived))
        for then in (*PAST_DAYS, None):
            world = World(known_by(said, then), about, then, known_by(arrived, then))
            _hold(world, page_of(project, then))
        transaction.set_rollback(True)


def _headline(page: ProjectPage) -> dict[str, tuple[str, list[str], str]]:
    return {
        str(fact["label"]): (fact["value"], fact["states"], fact["unconverted"])
        for fact in key_facts(page.money.totals, page.money.page)
    }


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


def _of(status: str, parts: int = 1, *, follows: bool = True) -> About:
    return About(status, follows, parts)


# The money of a year to come, and of the year that goes on.
NOT_YET = [_usd("transfer", "100", FAR), _usd("spent", "40", FAR)]
GOES_ON = [_usd("transfer", "100"), _usd("spent", "40", date(THIS_YEAR, 1, 1))]
NOTHING = [_usd("transfer", "100"), _usd("transfer", "0", party="BETA")]
BELOW_ZERO = [_usd("spent", "-40")]
NO_RATE = [Said("spent", "ALPHA", Decimal(40), DAYS[0], "KRW")]
NEVER = [_usd("budget", "0")]
CROSSED = [_usd("transfer", "100", party="GAMMA"), _usd("spent", "100", party=None)]
ELSEWHERE = [_usd("transfer", "100")._replace(by_other_fund=True)]


@example(said=LATE_REFUND, about=_of("on-going"))
@example(said=AGAIN, about=_of("on-going"))
@example(said=STRANGER, about=_of("financially-closed"))
@example(said=STRANGER, about=_of("operationally-closed", 2))
@example(said=UNEVEN, about=_of("operationally-closed", 2))
@example(said=ALL_BACK, about=_of("cancelled"))
@example(said=ALL_BACK, about=_of("pipeline", follows=False))
@example(said=[_usd("spent", "100")], about=_of("pipeline", follows=False))
@example(said=NOT_YET, about=_of("on-going"))
@example(said=GOES_ON, about=_of("on-going")._replace(start=date(2018, 6, 1), end=FAR))
@example(said=NOTHING, about=_of("on-going", 2))
@example(said=BELOW_ZERO, about=_of("on-going"))
@example(said=NO_RATE, about=_of("cancelled"))
@example(said=NEVER, about=_of("pipeline"))
@example(said=CROSSED, about=_of("operationally-closed", 2))
@example(said=ELSEWHERE, about=_of("on-going"))
@example(said=[], about=_of("financially-closed", 0))
@example(said=ALL_BACK, about=_of("financially-closed")._replace(status_on=date(2021, 5, 1)))
@settings(
    max_examples=80,
    # Records are few: to make them fewer would take minutes and tell little.
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(said=RECORDS, about=PROJECTS)
def test_no_sentence_says_what_the_records_do_not_bear_out(said, about):
    world = World(said, about)
    with transaction.atomic():
        page = page_of(made(world))
        _hold(world, page)
        headline = _headline(page)
        for label, (value, interim, leaves_out) in key_facts_of(world).items():
            shown, states, left_out = headline[label]
            assert bool(left_out) == leaves_out, label
            of_interim = [words for words in states if words.startswith("interim")]
            told = interim and value is not None
            assert of_interim == ([state_words("interim", interim)] if told else []), label
            if value is None:
                assert shown in ("", "n/a"), label
            elif shown:
                assert shown == money(value), label
            else:
                assert leaves_out, label
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
    world = World(said, _of("operationally-closed", 2))
    assert any(text.startswith(sentence) for text in sentences(page_of(made(world))))


def test_rules_that_nobody_agreed_to_are_not_held_against_a_publisher(client):
    project = made(World([_usd("transfer", "100")], _of("closed", follows=False)))
    page = " ".join(client.get(project.get_absolute_url()).content.decode().split())
    for words in ("need not be paid back", "must submit", 'id="reports"', 'id="closure"', "late"):
        assert words not in page.split("<main")[1], words


def test_activities_are_not_said_to_be_under_way_after_the_projects_end():
    past = ProjectFactory(number="P1", status="on-going", original_end=date(2020, 1, 1))
    running = ProjectFactory(number="R1", status="on-going", original_end=date(2999, 1, 1))
    assert "the status as stated; yet its end date has passed." in sentences(page_of(past))
    assert "activities are under way." in sentences(page_of(running))


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"received_on": date(2021, 1, 31)}, "all obligations are settled, the certified final"),
        ({"exempt": True}, "no step of its closure is open; not all of them were asked for."),
    ],
)
def test_closed_accounts_are_said_to_rest_on_a_statement_only_where_it_came(said, words):
    closed = {"status": "financially-closed", "status_on": date(2021, 2, 1)}
    part = ParticipationFactory(project__original_end=date(2020, 12, 31), **_of_project(closed))
    own = {"organization_id": part.organization_id}
    kinds = ("final-narrative", "certified")
    released(
        transfer(part.project, "100", **own),
        expenditure(part.project, "100", **own),
        *(report(part.project, part.organization, 2020, kind, **said) for kind in kinds),
    )
    assert any(text.startswith(words) for text in sentences(page_of(part.project)))


def _of_project(values: dict[str, object]) -> dict[str, object]:
    return {f"project__{name}": value for name, value in values.items()}


def test_nothing_in_a_currency_without_a_rate_is_nothing():
    project = ProjectFactory()
    released(transfer(project, "100"), expenditure(project, "0", currency="KRW"))
    assert "US$ 0 spent up to 31 Dec 2020" in " ".join(sentences(page_of(project)))


def test_home_puts_sums_beside_each_other_only_where_they_compare(client):
    one, other = ProjectFactory(), ProjectFactory()
    party = OrganizationFactory()
    own = {"organization_id": party.pk}
    released(budget(one, "400", **own), transfer(one, "100", **own), expenditure(one, "25", **own))
    words = " ".join(client.get("/").content.decode().replace("\xa0", " ").split())
    assert "comes to 25.0 % of what was approved" in words
    assert "comes to 25.0 % of it, which leaves US$ 75." in words
    # Of the other no budget is known: all together is more than was approved.
    released(transfer(other, "900", **own))
    assert "of what was approved" not in client.get("/").content.decode()

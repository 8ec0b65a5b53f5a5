"""Any sequence of files, corrections and reversals, as of each of its moments, equals a replay.

The replay works on raw lines alone: a file replaces what its scope held, a correction puts
one line in another's place, a reversal puts back what the scope held before. It calls nothing
of the portal; which expenditure counts is replayed in `tests/finance/figures/test_replay.py`.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import product
from typing import NamedTuple

import pytest
from django.core.files.base import ContentFile
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from finance.errors import LoadError
from finance.figures.reading import KnownFigures, project_entries
from finance.figures.sums import figures_of
from finance.loading.corrections import correct_record
from finance.loading.scopes import Scope
from finance.loading.services import (
    acknowledge_warnings,
    check_load,
    confirm_withdrawal,
    receive_load,
    release_load,
    reverse_load,
)
from finance.models import ExpenditureLine, KeyFigure, Load, VoucherLine
from finance.sealing.verification import Scope as Verified
from finance.sealing.verification import verify
from portal.kit.dates import Known
from tests.factories import (
    FundFactory,
    OrganizationFactory,
    ProjectFactory,
    SourceFactory,
    UserFactory,
)
from tests.finance.figures.test_replay import YEARS, Line, _payments, _spent, by_key

pytestmark = pytest.mark.django_db

MODELS = {"vouchers": VoucherLine, "expenditures": ExpenditureLine}
HEADS = {
    "vouchers": "voucher,payment_date,fund,payee,project,amount,currency",
    "expenditures": "year,state,project,organization,amount,currency",
}


class Held(NamedTuple):
    """What a file is complete for: one year, one organization, both, or all of its source."""

    year: int | None = None
    organization: int | None = None

    def holds(self, line: Line) -> bool:
        return self.year in (None, line.year) and self.organization in (None, line.organization)


class File(NamedTuple):
    kind: str
    held: Held
    lines: tuple[Line, ...]


class Correct(NamedTuple):
    """The pick-th line that stands gets another amount (of the same sign)."""

    pick: int
    cents: int


class Reverse(NamedTuple):
    """The pick-th load that stands is taken back, if nothing later lies over it."""

    pick: int


AMOUNTS = st.sampled_from([Decimal(text) for text in ("0.01", "10.10", "33.33", "-7.5", "200")])


def _files(kind: str, states: list[str]) -> st.SearchStrategy[File]:
    line = st.builds(
        Line, st.sampled_from([0, 1]), st.sampled_from([0, 1]), st.sampled_from(YEARS),
        st.sampled_from(states), AMOUNTS,
    )  # fmt: skip
    held = st.builds(Held, st.sampled_from([None, *YEARS]), st.sampled_from([None, 0, 1]))
    return st.builds(File, st.just(kind), held, st.lists(line, max_size=6).map(tuple))


STEPS = st.lists(
    st.one_of(
        _files("vouchers", [""]),
        _files("expenditures", ["interim", "reported", "certified"]),
        st.builds(Correct, st.integers(0, 9), st.integers(1, 9999)),
        st.builds(Reverse, st.integers(0, 9)),
    ),
    min_size=2,
    max_size=7,
)


@dataclass
class Done:
    """A step that was taken, and what lay in its scope before."""

    load: Load
    kind: str
    held: Held
    before: list[Line]
    project: int | None = None
    reversed: bool = False

    def holds(self, line: Line) -> bool:
        return self.project in (None, line.project) and self.held.holds(line)

    def may_meet(self, other: "Done") -> bool:
        pairs = [(self.project, other.project), *zip(self.held, other.held, strict=True)]
        return self.kind == other.kind and all(None in pair or len({*pair}) == 1 for pair in pairs)


@dataclass
class World:
    """The portal's side: the same steps taken as people take them."""

    done: list[Done] = field(default_factory=list)
    standing: dict[str, list[Line]] = field(
        default_factory=lambda: {"vouchers": [], "expenditures": []}
    )

    def __post_init__(self) -> None:
        fund = FundFactory()
        self.projects = [ProjectFactory(fund=fund), ProjectFactory(fund=fund)]
        self.organizations = [OrganizationFactory(), OrganizationFactory()]
        self.sources = {kind: SourceFactory() for kind in MODELS}
        self.clerk, self.chief = UserFactory(), UserFactory()

    def take(self, step) -> None:
        if isinstance(step, File):
            self._file(step)
        elif isinstance(step, Correct):
            self._correct(step)
        else:
            self._reverse(step)

    def _file(self, step: File) -> None:
        lines = [line for line in step.lines if step.held.holds(line)]
        rows = [HEADS[step.kind], *(self._row(step.kind, line) for line in lines)]
        load = receive_load(
            source=self.sources[step.kind], kind=step.kind, name="file.csv", by=self.clerk,
            content=ContentFile("\n".join(rows).encode()), scope=self._scope(step.held),
        )  # fmt: skip
        if not lines:  # A file without rows is refused; nothing is withdrawn by mistake.
            assert check_load(load).state == Load.State.FAULTY
            return
        load = self._release(check_load(load))
        self._note(load, step.kind, step.held, lines)

    def _row(self, kind: str, line: Line) -> str:
        project, organization = self.projects[line.project], self.organizations[line.organization]
        if kind == "expenditures":
            cells = [line.year, line.state, project.number, organization.code, line.amount, "USD"]
        else:
            day = date(line.year, 5, 1)
            number = f"{line.project}-{line.organization}-{line.year}"
            place = [project.fund.code, organization.code, project.number]
            cells = [number, day, *place, line.amount, "USD"]
        return ",".join(map(str, cells))

    def _scope(self, held: Held) -> Scope:
        codes = [] if held.organization is None else [self.organizations[held.organization].code]
        if held.year is None:
            return Scope(complete=True, organizations=tuple(codes))
        return Scope.of_year(held.year, organizations=tuple(codes))

    def _correct(self, step: Correct) -> None:
        choices = [(kind, line) for kind, lines in self.standing.items() for line in lines]
        if not choices:
            return
        kind, line = choices[step.pick % len(choices)]
        sign = -1 if line.amount < 0 else 1
        amount = sign * Decimal(step.cents) / 100
        if amount == line.amount:
            return
        record = MODELS[kind].objects.known_at().filter(
            project=self.projects[line.project], amount=line.amount, date__year=line.year,
            organization=self.organizations[line.organization],
            **({"state": line.state} if line.state else {}),
        ).first()  # fmt: skip
        load = correct_record(
            record=record, changes={"amount": amount}, by=self.clerk, reason="Mistyped."
        )
        load = self._release(load)
        held = Held(line.year)
        lines = [n for n in self.standing[kind] if held.holds(n) and n.project == line.project]
        lines.remove(line)
        self._note(load, kind, held, [*lines, line._replace(amount=amount)], line.project)

    def _reverse(self, step: Reverse) -> None:
        choices = [done for done in self.done if not done.reversed]
        if not choices:
            return
        done = choices[step.pick % len(choices)]
        later = choices[step.pick % len(choices) + 1 :]
        try:
            load = reverse_load(load=done.load, by=self.clerk, reason="Wrong file.")
        except LoadError:
            assert any(done.may_meet(other) for other in later)
            return
        self._release(load)
        done.reversed = True
        self._put(done, done.before)

    def _note(self, load, kind, held, lines, project=None) -> None:
        done = Done(load, kind, held, [], project)
        done.before = [line for line in self.standing[kind] if done.holds(line)]
        self.done.append(done)
        self._put(done, lines)

    def _put(self, done: Done, lines: list[Line]) -> None:
        others = [line for line in self.standing[done.kind] if not done.holds(line)]
        self.standing[done.kind] = [*others, *lines]

    def _release(self, load: Load) -> Load:
        codes = set(load.remarks.values_list("code", flat=True))
        acknowledge_warnings(load=load, codes=codes, by=self.chief)
        confirm_withdrawal(load=load, by=self.chief)
        return release_load(load=load, by=self.chief)

    def sums(self, until: date | None) -> dict[tuple, Decimal]:
        """US$ by measure, project, organization and year, from the raw lines alone."""
        found: Counter = Counter()
        rules = {"vouchers": _payments, "expenditures": _spent}
        for (kind, rule), project in product(rules.items(), (0, 1)):
            lines = [line for line in self.standing[kind] if line.project == project]
            counted = [n for n in lines if until is None or _day(kind, n) <= until]
            for measure, line, amount in rule(counted):
                found[measure, line.project, line.organization, line.year] += amount
        return {key: amount for key, amount in found.items() if amount}


def _day(kind: str, line: Line) -> date:
    return date(line.year, 5, 1) if kind == "vouchers" else date(line.year, 12, 31)


PAID = (Line(0, 0, 2020, "", Decimal(200)), Line(0, 0, 2020, "", Decimal(200)))


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@example(
    steps=[
        File("vouchers", Held(), PAID),
        Correct(0, 555),
        File("vouchers", Held(2020), PAID[:1]),
        Reverse(0),
        Reverse(2),
        Reverse(1),
        Reverse(0),
    ]
)
@given(steps=STEPS)
def test_files_corrections_and_reversals_equal_a_replay_at_every_moment(steps):
    with transaction.atomic():
        world = World()
        ids = [project.pk for project in world.projects]
        untils = (None, date(2020, 12, 30), date(2020, 12, 31))
        expected = {}
        for step in steps:
            world.take(step)
            newest = Load.objects.released().order_by("-released_at").first()
            if newest is not None:
                moment = newest.released_at
                expected |= {(moment, until): world.sums(until) for until in untils}
                expected |= {
                    (moment + timedelta(microseconds=1), until): world.sums(until)
                    for until in untils
                }
        expected |= {(None, until): world.sums(until) for until in untils}
        of = (world.projects, world.organizations)
        for (moment, until), sums in expected.items():
            known = Known(moment, until)
            assert by_key(figures_of(ids, moment, until), *of) == sums
            assert by_key(KnownFigures(known).all().filter(project__in=ids), *of) == sums
            measures = ("transfer", "refund", "expenditure")
            assert by_key(project_entries(known, measures, ids), *of) == sums
        assert by_key(KeyFigure.objects.filter(project__in=ids), *of) == world.sums(None)
        assert verify(Verified(ids)).difference == ""
        transaction.set_rollback(True)

"""Records that a project may have, and what plain addition makes of them."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import NamedTuple, TypeVar

from hypothesis import strategies as st

from projects.models import Status

Thing = TypeVar("Thing")
ZERO, WAIVED = Decimal(0), Decimal(250)
# Two that take part, one that does not, and none that is named.
PARTIES = ("ALPHA", "BETA", "GAMMA", None)
# The days on which a first and a second load came, and past days before, between and after.
MOMENTS = tuple(datetime(*day, 12, tzinfo=UTC) for day in ((2020, 3, 1), (2021, 9, 1)))
PAST_DAYS = (date(2019, 12, 31), date(2020, 6, 30), date(2022, 12, 31))
THIS_YEAR, FAR = date.today().year, date(2098, 2, 1)
DAYS = tuple(date(year, month, 1) for year in (2019, 2020) for month in (2, 8))
MONEY = ("transfer", "refund", "correction", "spent")


class Said(NamedTuple):
    """One record: what it is, whose, how much, when, in which currency; of expenditure, how far it
    is final, of a payment, whether another fund made it."""

    kind: str
    party: str | None
    amount: Decimal
    day: date
    currency: str = "USD"
    state: str = "reported"
    by_other_fund: bool = False


class Arrived(NamedTuple):
    """A report of one organization: the day on which it came, or that it is let off."""

    kind: str
    party: str
    year: int
    day: date | None  # None: exempt


class About(NamedTuple):
    """What is said of the project itself."""

    status: str = "on-going"
    follows: bool = True
    parts: int = 1
    status_on: date | None = None
    # The day of operational closure, by the log of the status.
    logged_on: date | None = None
    start: date | None = None
    end: date | None = None
    extended: date | None = None


def _amounts(*texts: str) -> st.SearchStrategy[Decimal]:
    return st.sampled_from([Decimal(text) for text in texts])


_PARTY = st.sampled_from(["ALPHA", "ALPHA", "ALPHA", "BETA", "GAMMA", None])
_CURRENCY = st.sampled_from(["USD"] * 9 + ["KRW"])
_SIZES = ("100", "100", "200", "40", "0.30", "0", "1000")
_PAID = st.builds(
    Said,
    st.sampled_from(["transfer", "transfer", "refund", "correction"]),
    _PARTY,
    _amounts(*_SIZES),
    st.sampled_from([*DAYS] * 3 + [FAR]),
    _CURRENCY,
    st.just("reported"),
    st.sampled_from([False] * 4 + [True]),
)
_APPROVED = st.builds(
    Said,
    st.just("budget"),
    _PARTY,
    _amounts(*_SIZES, "-40"),
    st.sampled_from(DAYS),
    _CURRENCY,
    st.just("reported"),
    st.just(False),
)
_SPENT = st.builds(
    Said,
    st.just("spent"),
    _PARTY,
    _amounts(*_SIZES, "-40"),
    st.sampled_from([*DAYS] * 2 + [date(THIS_YEAR, 1, 1), FAR]),
    _CURRENCY,
    st.sampled_from(["reported", "reported", "interim", "certified"]),
    st.just(False),
)


RECORDS = st.lists(st.one_of(_PAID, _PAID, _APPROVED, _SPENT, _SPENT), max_size=8)
PROJECTS = st.builds(
    About,
    st.sampled_from([status.value for status in Status]),
    st.booleans(),
    st.sampled_from([0, 1, 1, 2]),
    st.sampled_from([None, date(2021, 5, 1)]),
    st.sampled_from([None, date(2020, 9, 1)]),
    st.sampled_from([None, date(2018, 6, 1), FAR]),
    st.sampled_from([None, date(2020, 6, 30), date(2097, 6, 30)]),
    st.sampled_from([None, None, date(2022, 6, 30), date(2097, 12, 31)]),
)


# In which of two loads of one source each is said: in both, in the later, or in the first alone.
TOLD_IN = st.sampled_from(["both", "both", "later", "first"])
_REPORTS = st.builds(
    Arrived,
    st.sampled_from(["final-narrative", "certified"]),
    st.sampled_from(["ALPHA", "BETA"]),
    st.sampled_from([2020, 2021]),
    st.sampled_from([date(2020, 2, 1), date(2021, 6, 1), None]),
)
ARRIVALS = st.lists(_REPORTS, max_size=3, unique_by=lambda r: (r.kind, r.party, r.year))


def known_by(told: Iterable[tuple[Thing, str]], then: date | None) -> list[Thing]:
    """What stood on that day of what the two loads said."""
    loads = sum(then is None or moment.date() <= then for moment in MOMENTS)
    standing: tuple[set[str], ...] = (set(), {"both", "first"}, {"both", "later"})
    return [thing for thing, when in told if when in standing[loads]]


def counted(said: list[Said]) -> list[Said]:
    """Which records count: of what is spent, by organization, the last certified statement, and of
    the years after it what is reported, or else what is interim."""
    found = [one for one in said if one.kind != "spent"]
    spent = [one for one in said if one.kind == "spent"]
    for party in {one.party for one in spent}:
        own = [one for one in spent if one.party == party]
        last = max((o.day.year for o in own if o.state == "certified"), default=0)
        found += [o for o in own if o.state == "certified" and o.day.year == last]
        for year in {o.day.year for o in own if o.day.year > last}:
            of_year = [o for o in own if o.day.year == year]
            found += [o for o in of_year if o.state == "reported"] or of_year
    return found


# The day on which an extension was approved.
APPROVED_ON = date(2021, 1, 1)


class World:
    """The sums of the records, whose they are, and in what order they came.

    `then` is the past day as of which they are known; by default it is today.
    """

    def __init__(
        self,
        said: list[Said],
        project: About,
        then: date | None = None,
        arrived: Iterable[Arrived] = (),
    ) -> None:
        self.stated, self.said = said, counted(said)
        self.project = project
        self.then = then
        self.arrived = list(arrived)
        self.today = then or date.today()
        self.status, self.status_on = self._step()
        self.follows = project.follows
        self.parts = set(PARTIES[: project.parts])
        self.approved, self.transferred = self.sum("budget"), self.sum("transfer")
        self.returned = self.sum("refund", "correction")
        self.spent = self.sum("spent")
        self.net = self.transferred - self.returned
        self.balance = self.net - self.spent

    def _step(self) -> tuple[Status | None, date | None]:
        """The status and since when: of a past day, the last step by then, if any is known."""
        own = (Status(self.project.status), self.project.status_on)
        if self.then is None:
            return own
        logged = (Status.OPERATIONALLY_CLOSED, self.project.logged_on)
        steps = [(on, status) for status, on in (logged, own) if on and on <= self.then]
        on, status = max(steps, default=(None, None))
        return status, on

    def all(self, *kinds: str) -> list[Said]:
        return [one for one in self.said if one.kind in kinds]

    def moved(self, *kinds: str) -> list[Said]:
        """Those that are not zero, which is no event."""
        return [one for one in self.all(*kinds) if one.amount]

    def sum(self, *kinds: str) -> Decimal:
        return sum((o.amount for o in self.all(*kinds) if o.currency == "USD"), ZERO)

    def known(self, *kinds: str) -> bool:
        """Whether all of them could be converted; nothing is nothing at any rate."""
        return all(one.currency == "USD" for one in self.moved(*kinds))

    def is_to_come(self, *kinds: str) -> bool:
        """Whether some of it is said to move after the day of which the page tells; what is
        reported of the year that goes on is not."""
        return any(
            one.day.year > self.today.year if one.kind == "spent" else one.day > self.today
            for one in self.moved(*kinds)
        )

    def is_named(self, *kinds: str) -> bool:
        return all(one.party for one in self.all(*kinds))

    def by(self, *kinds: str) -> dict[str | None, "World"]:
        parties: dict[str | None, list[Said]] = defaultdict(list)
        for one in self.all(*kinds):
            parties[one.party].append(one)
        return {p: World(said, self.project, self.then) for p, said in parties.items()}

    @property
    def interim(self) -> Decimal:
        return sum(
            (o.amount for o in self.all("spent") if o.state == "interim" and o.currency == "USD"),
            ZERO,
        )

    @property
    def balances(self) -> list[Decimal]:
        """What each organization holds, where all of them are named."""
        return [w.balance for w in self.by(*MONEY).values()] if self.is_named(*MONEY) else []

    @property
    def first_transfer(self) -> date | None:
        return min((one.day for one in self.moved("transfer")), default=None)

    @property
    def spent_until(self) -> date | None:
        return max((date(o.day.year, 12, 31) for o in self.all("spent")), default=None)

    @property
    def is_extended(self) -> bool:
        return bool(self.project.extended) and self.today >= APPROVED_ON

    @property
    def end(self) -> date | None:
        if self.project.extended and not self.is_extended:
            return self.project.end or date(2019, 12, 31)
        return self.project.extended or self.project.end

    @property
    def states_funding(self) -> bool:
        return bool(self.moved("transfer", "refund", "correction"))

    def never_above_the_budget(self) -> bool:
        held = ZERO
        order = {"transfer": 0, "refund": 1, "correction": 1}
        for one in sorted(self.all(*order), key=lambda o: (o.day, order[o.kind])):
            held += one.amount if one.kind == "transfer" else -one.amount
            if held > self.approved:
                return False
        return True

    # --- Closure

    @property
    def held(self) -> list[Decimal]:
        """The balances of those that take part; of one alone, with what names nobody."""
        own = {p: v.balance for p, v in self.by(*MONEY).items()}
        if len(self.parts) == 1:
            (only,) = self.parts
            return [own.get(only, ZERO) + own.get(None, ZERO)]
        return [own.get(party, ZERO) for party in self.parts]

    @property
    def elsewhere(self) -> Decimal:
        return self.balance - sum(self.held, ZERO)

    @property
    def is_nothing_elsewhere(self) -> bool:
        """Whether each of the others, and what names nobody, comes to nothing."""
        ours = {*self.parts, None} if len(self.parts) == 1 else self.parts
        return not any(v.balance for p, v in self.by(*MONEY).items() if p not in ours)

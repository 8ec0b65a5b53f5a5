"""What records may say, and under which of them each sentence of a factsheet is true."""

import re
from collections import defaultdict
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from hypothesis import strategies as st

from portal.kit.formatting import money
from projects.models import Status

ZERO, WAIVED = Decimal(0), Decimal(250)
# Two that take part, one that does not, and none that is named.
PARTIES = ("ALPHA", "BETA", "GAMMA", None)
DAYS = tuple(date(year, month, 1) for year in (2019, 2020) for month in (2, 8))


class Said(NamedTuple):
    """One record: what it is, whose, how much, when, in which currency."""

    kind: str
    party: str | None
    amount: Decimal
    day: date
    currency: str = "USD"


SAID = st.builds(
    Said,
    st.sampled_from(["budget", "transfer", "transfer", "refund", "correction", "spent", "spent"]),
    st.sampled_from(["ALPHA", "ALPHA", "ALPHA", "BETA", "GAMMA", None]),
    st.sampled_from([Decimal(n) for n in ("100", "100", "200", "40", "0.30", "0", "1000")]),
    st.sampled_from(DAYS),
    st.sampled_from(["USD"] * 9 + ["KRW"]),
)


class World:
    """The sums of the records, whose they are, and in what order they came."""

    def __init__(self, said: list[Said], status: str, follows: bool, parts: int) -> None:
        self.said = said
        self.status = Status(status)
        self.follows = follows
        self.parts = set(PARTIES[:parts])
        self.approved, self.transferred = self.sum("budget"), self.sum("transfer")
        self.returned = self.sum("refund", "correction")
        self.spent = self.sum("spent")
        self.net = self.transferred - self.returned
        self.balance = self.net - self.spent

    def all(self, *kinds: str) -> list[Said]:
        return [one for one in self.said if one.kind in kinds]

    def sum(self, *kinds: str) -> Decimal:
        return sum((o.amount for o in self.all(*kinds) if o.currency == "USD"), ZERO)

    def known(self, *kinds: str) -> bool:
        """Whether all of them could be converted."""
        return all(one.currency == "USD" for one in self.all(*kinds))

    def is_named(self, *kinds: str) -> bool:
        return all(one.party for one in self.all(*kinds))

    def by(self, *kinds: str) -> dict[str | None, "World"]:
        parties: dict[str | None, list[Said]] = defaultdict(list)
        for one in self.all(*kinds):
            parties[one.party].append(one)
        return {p: World(said, self.status, self.follows, 1) for p, said in parties.items()}

    @property
    def balances(self) -> list[Decimal]:
        """What each organization holds, where all of them are named."""
        kinds = ("transfer", "refund", "correction", "spent")
        return [w.balance for w in self.by(*kinds).values()] if self.is_named(*kinds) else []

    def never_above_the_budget(self) -> bool:
        held = ZERO
        order = {"transfer": 0, "refund": 1, "correction": 1}
        moved = self.all(*order)
        for one in sorted(moved, key=lambda o: (o.day, order[o.kind])):
            held += one.amount if one.kind == "transfer" else -one.amount
            if held > self.approved:
                return False
        return True


MONEY = ("transfer", "refund", "correction", "spent")
Holds = Callable[[World, str], bool]


def _even(w: World) -> bool:
    return not any(w.balances)


# A sentence, its amount as (amount), and when it may stand.
HOLD: dict[str, Holds] = {
    # --- the opening
    r"No money has been recorded for this project yet\.": lambda w, _: not w.said,
    r"Since (?P<day>.+) the fund passed (?P<sum>.+) to (?P<who>.+)\.": lambda w, _: any(
        o.amount for o in w.all("transfer")
    ),
    r"No transfer to the organizations has been recorded yet\.": lambda w, _: (
        not any(o.amount for o in w.all("transfer"))
    ),
    r"They report .+ spent up to .+; the fund office has not audited this\.": lambda w, _: (
        {o.party for o in w.all("spent")} <= {o.party for o in w.all("transfer")}
    ),
    r".+ is reported as spent up to .+; the fund office has not audited this\.": lambda w, _: bool(
        w.all("spent")
    ),
    r"(US\$ (?P<amount>\S+)|.*not converted.*) came back\.": lambda w, a: (
        not any(o.kind == "correction" for o in w.said)
        and (not a or a == money(w.returned))
        and any(o.amount for o in w.all("refund"))
    ),
    r"(US\$ (?P<amount>\S+)|.*not converted.*) came back or was corrected\.": lambda w, a: (
        any(o.kind == "correction" for o in w.said) and (not a or a == money(w.returned))
    ),
    # --- budget and transfers
    r"No approved budget is known, so transfers cannot be held against it\.": lambda w, _: (
        not w.all("budget")
    ),
    r"Approved budget and transfers cannot be held against each other: .+": lambda w, _: (
        not w.known("budget", "transfer")
    ),
    r"The approved budget has been transferred in full\.": lambda w, _: (
        w.approved == w.transferred > 0
        and not (
            w.is_named("budget", "transfer")
            and any(p.approved != p.transferred for p in w.by("budget", "transfer").values())
        )
    ),
    r"Nothing is approved any more, and nothing has been transferred\.": lambda w, _: (
        w.approved == w.transferred == 0
    ),
    r"As much was transferred as approved, but not to each organization as approved\.": (
        lambda w, _: (
            w.approved == w.transferred
            and any(p.approved != p.transferred for p in w.by("budget", "transfer").values())
        )
    ),
    r"US\$ (?P<amount>\S+) of the approved budget has not been transferred\.": lambda w, a: (
        w.approved > w.transferred
        and a == money(w.approved - w.transferred)
        and not (
            w.is_named("budget", "transfer")
            and any(p.transferred > p.approved for p in w.by("budget", "transfer").values())
        )
    ),
    r"US\$ (?P<amount>\S+) less was transferred than approved, though not every .+": lambda w, a: (
        w.approved > w.transferred
        and a == money(w.approved - w.transferred)
        and any(p.transferred > p.approved for p in w.by("budget", "transfer").values())
    ),
    r"US\$ (?P<amount>\S+) more was transferred than was approved\.": lambda w, a: (
        a == money(w.transferred - w.approved)
        and w.transferred > w.approved
        and (w.net > w.approved or not w.known("refund", "correction"))
    ),
    r"US\$ (?P<amount>\S+) more was transferred than was approved; what came back later .+": (
        lambda w, a: (
            a == money(w.transferred - w.approved)
            and w.net <= w.approved < w.transferred
            and not w.never_above_the_budget()
        )
    ),
    r"US\$ (?P<amount>\S+) more was transferred than approved: refunds were paid out again\.": (
        lambda w, a: (
            a == money(w.transferred - w.approved)
            and w.approved < w.transferred
            and not w.all("correction")
            and w.never_above_the_budget()
        )
    ),
    r"US\$ (?P<amount>\S+) more was transferred than approved: as much had been refunded or .+": (
        lambda w, a: (
            a == money(w.transferred - w.approved)
            and w.approved < w.transferred
            and w.never_above_the_budget()
        )
    ),
    r"Refunds hold negative transfers of which the source does not say .+": lambda w, _: bool(
        w.all("correction")
    ),
    # --- what is spent, and what that leaves
    r"How much is with the organizations is not known: not all amounts could .+": lambda w, _: (
        not w.known(*MONEY)
    ),
    r"US\$ (?P<amount>\S+) more came back than was transferred\.": lambda w, a: (
        w.returned > w.transferred and a == money(w.returned - w.transferred)
    ),
    r"How much was funded is not stated; US\$ (?P<amount>\S+) is reported as spent\.": (
        lambda w, a: (
            not w.follows and not w.all("transfer", "refund", "correction") and a == money(w.spent)
        )
    ),
    r"US\$ (?P<amount>\S+) more is reported as spent than was funded\.": lambda w, a: (
        w.spent > w.net and w.spent > 0 and a == money(w.spent - w.net)
    ),
    r"As much is reported as spent as was funded, but not by each organization: .+": lambda w, _: (
        w.balance == 0 and not _even(w)
    ),
    r"US\$ (?P<amount>\S+) less is reported as spent than was funded; not every .+": lambda w, a: (
        a == money(w.balance) and w.balance > 0 and min(w.balances) < 0
    ),
    r"Nothing has been transferred, so nothing is with the organizations\.": lambda w, _: (
        w.transferred == 0 == w.balance
    ),
    r"All that was funded is reported as spent; nothing is left with the .+": lambda w, _: (
        w.net == w.spent > 0 and _even(w)
    ),
    r"All that was transferred was refunded or corrected; nothing is left .+": lambda w, _: (
        w.transferred == w.returned > 0 and w.spent == 0 and _even(w)
    ),
    r"All that was transferred came back; nothing is left with the organizations\.": lambda w, _: (
        w.transferred == w.returned > 0
        and w.spent == 0
        and not any(o.amount for o in w.all("correction"))
        and _even(w)
    ),
    r"US\$ (?P<amount>\S+) is left\. Amounts up to US\$ 250 need not be paid back\.": lambda w, a: (
        a == money(w.balance)
        and 0 < w.balance <= WAIVED
        and w.follows
        and w.status in Status.over()
    ),
    r"US\$ (?P<amount>\S+) is left\. Up to US\$ 250 of each organization .+": lambda w, a: (
        a == money(w.balance)
        and 0 < max(w.balances) <= WAIVED
        and w.follows
        and w.status in Status.over()
    ),
    r"US\$ (?P<amount>\S+) is with the organizations, not yet reported as spent\.": lambda w, a: (
        a == money(w.balance) and w.balance > 0 and w.status not in Status.settled()
    ),
    r"US\$ (?P<amount>\S+) is left: neither reported as spent nor recorded .+": lambda w, a: (
        a == money(w.balance) and w.balance > 0 and w.status in Status.settled()
    ),
    r"Of “(?P<name>.+)”, which is not among the participants, come .+": lambda w, _: any(
        o.party not in w.parts for o in w.all(*MONEY) if o.party
    ),
    r".+ net funded and .+ spent are stated without an organization\.": lambda w, _: (
        not w.is_named(*MONEY)
    ),
    r"Amounts without a known rate of exchange are in no step\.": lambda w, _: (
        not w.known("budget", *MONEY)
    ),
    # --- notes
    r"Reported expenditure is US\$ (?P<amount>\S+) above the net funded amount\.": lambda w, a: (
        w.known(*MONEY) and w.spent > w.net and a == money(w.spent - w.net)
    ),
    r"(?P<told>\d) of (?P<all>\d) organizations? reported; .+ are at least what is shown\.": (
        lambda w, _: (
            w.is_named("transfer", "spent")
            and bool(w.by("spent"))
            and bool(
                {o.party for o in w.all("transfer") if o.amount} - {o.party for o in w.all("spent")}
            )
        )
    ),
    r"\d+ amounts? (has|have) no known rate .+ left out of US\$ sums\.": lambda w, _: (
        not w.known("budget", *MONEY)
    ),
    r"\d+ reports? (is|are) late or missing.+": lambda w, _: (
        w.follows and any(o.amount for o in w.all("transfer"))
    ),
    r"The project is closed financially, but this is open: .+": lambda w, _: (
        w.follows and w.status == Status.FINANCIALLY_CLOSED
    ),
    # --- closure
    r"Unspent balance: none": lambda w, _: ZERO in _held(w) and _nothing_elsewhere(w),
    r"Unspent balance: no money is stated of this organization": lambda w, _: (
        _nothing_elsewhere(w) and bool(w.parts - {o.party for o in w.all(*MONEY)})
    ),
    r"Unspent balance: not known; US\$ (?P<amount>\S+) of the project’s balance .+": lambda w, a: (
        a == money(_elsewhere(w)) and not _nothing_elsewhere(w)
    ),
    r"Unspent balance: not known \(.+\)": lambda w, _: not w.known(*MONEY),
    r"Unspent balance of US\$ (?P<amount>\S+) is waived \(at most US\$ 250\)": lambda w, a: (
        a in {money(b) for b in _held(w) if 0 < b <= WAIVED}
    ),
    r"Unspent balance of US\$ (?P<amount>\S+) is to be refunded": lambda w, a: (
        a in {money(b) for b in _held(w) if b > WAIVED}
    ),
    r"US\$ (?P<amount>\S+) more spent than funded; nothing to refund": lambda w, a: (
        a in {money(-b) for b in _held(w) if b < 0} and w.spent > 0
    ),
    r"US\$ (?P<amount>\S+) more refunded than transferred; nothing to refund": lambda w, a: (
        a in {money(-b) for b in _held(w) if b < 0} and w.returned > 0
    ),
    r"Operational(ly closed on|ly closed;| closure).+": lambda w, _: w.follows,
    r"(Final narrative report|Certified final financial statement): .+": lambda w, _: w.follows,
    # --- the status
    r"Pipeline/Approved": lambda w, _: not any(o.amount for o in w.all("transfer", "spent")),
    r"Pipeline/Approved, as stated": lambda w, _: (
        w.status == Status.PIPELINE and any(o.amount for o in w.all("transfer", "spent"))
    ),
    r"yet money has been transferred\.": lambda w, _: (
        w.status == Status.PIPELINE and any(o.amount for o in w.all("transfer"))
    ),
    r"yet spending is reported\.": lambda w, _: (
        w.status == Status.PIPELINE
        and not any(o.amount for o in w.all("transfer"))
        and any(o.amount for o in w.all("spent"))
    ),
    r"the status as stated; yet its end date has passed\.": lambda w, _: (
        w.status == Status.ON_GOING
    ),
    r"the status as stated; yet not all steps of closure are done\.": lambda w, _: (
        w.status == Status.FINANCIALLY_CLOSED
    ),
    r"the status as stated by the source\.": lambda w, _: not w.follows,
    r"approved; no money has been transferred yet\.": lambda w, _: (
        not any(o.amount for o in w.all("transfer", "spent"))
    ),
    r"it will not be carried out\.": lambda w, _: w.spent == 0,
    r"it is not carried out any further\.": lambda w, _: w.spent != 0,
    r"activities are under way\.": lambda w, _: w.status == Status.ON_GOING,
    r"all activities are done; accounts are still being settled\.": lambda w, _: (
        w.status == Status.OPERATIONALLY_CLOSED
    ),
    r"all obligations are settled, .+": lambda w, _: (
        w.status == Status.FINANCIALLY_CLOSED
        and w.follows
        and max(_held(w), default=ZERO) <= WAIVED
    ),
    r"activities are halted for now\.": lambda w, _: w.status == Status.SUSPENDED,
    r"closed by its publisher, .+": lambda w, _: w.status == Status.CLOSED,
    r"its publisher does not say .+": lambda w, _: w.status == Status.NOT_STATED,
}


def _has(status: Status) -> Holds:
    return lambda w, _: w.status == status


# Any status may say what it means, where nothing above says more.
for _status in Status:
    HOLD.setdefault(re.escape(str(_status.label)), _has(_status))
    HOLD.setdefault(re.escape(str(_status.stage.meaning)), _has(_status))


def _held(w: World) -> list[Decimal]:
    """The balances of those that take part; of one alone, with what names nobody."""
    own = {p: v.balance for p, v in w.by(*MONEY).items()}
    if len(w.parts) == 1:
        (only,) = w.parts
        return [own.get(only, ZERO) + own.get(None, ZERO)]
    return [own.get(party, ZERO) for party in w.parts]


def _elsewhere(w: World) -> Decimal:
    return w.balance - sum(_held(w), ZERO)


def _nothing_elsewhere(w: World) -> bool:
    return _elsewhere(w) == 0

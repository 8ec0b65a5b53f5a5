"""Under which records each sentence of a factsheet is true."""

from collections.abc import Callable

from portal.kit.formatting import money
from projects.models import Status
from tests.portal.public.words.said import MONEY, WAIVED, ZERO, World

Holds = Callable[[World, str], bool]


def _some_are_silent(w: World) -> bool:
    """Whether one that received money does not say what it spent, while others do."""
    received = {o.party for o in w.moved("transfer")}
    told = {o.party for o in w.all("spent")}
    return None not in received | told and bool(told) and bool(received - told)


def _even(w: World) -> bool:
    return not any(w.balances)


# A sentence, its amount as (amount), and when it may stand.
HOLD: dict[str, Holds] = {
    # --- budget and transfers
    r"No approved budget is known, so transfers cannot be held against it\.": lambda w, _: (
        not w.all("budget")
    ),
    r"Approved budget and transfers cannot be held against each other: .+": lambda w, _: (
        not w.known("budget", "transfer")
    ),
    r"Approved budget and transfers are not held against each other: some transfers bear .+": (
        lambda w, _: w.is_to_come("transfer")
    ),
    r"The approved budget has been transferred in full\.": lambda w, _: (
        w.approved == w.transferred > 0
        and not (
            w.is_named("budget", "transfer")
            and any(p.approved != p.transferred for p in w.by("budget", "transfer").values())
        )
    ),
    r"Revisions take the approved budget below zero, by US\$ (?P<amount>\S+)\.": lambda w, a: (
        w.approved < 0 and a == money(-w.approved)
    ),
    r"The approved budget comes to zero, and nothing has been transferred\.": lambda w, _: (
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
            not w.follows and not w.states_funding and bool(w.all("spent")) and a == money(w.spent)
        )
    ),
    r"How much was funded is not stated\.": lambda w, _: (
        not w.follows and not w.states_funding and not w.all("spent")
    ),
    r"Corrections take what is reported as spent below zero, by US\$ (?P<amount>\S+)\.": (
        lambda w, a: a == money(-w.spent) and w.spent < 0
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
    r"US\$ (?P<amount>\S+) less is recorded as spent than as funded; some of this money .+": (
        lambda w, a: w.is_to_come(*MONEY) and a == money(w.balance) and w.balance >= 0
    ),
    r"Nothing has been transferred, so nothing is with the organizations\.": lambda w, _: (
        w.transferred == 0 == w.balance and (w.follows or w.states_funding)
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
        a == money(w.balance)
        and w.balance > 0
        and w.transferred > 0
        and w.status not in Status.settled()
    ),
    r"US\$ (?P<amount>\S+) is left: neither reported as spent nor recorded .+": lambda w, a: (
        a == money(w.balance)
        and w.balance > 0
        and w.transferred > 0
        and w.status in Status.settled()
    ),
    r"Of “.+”, which is not among the participating organizations, come .+": lambda w, _: any(
        o.party not in w.parts for o in w.moved(*MONEY) if o.party
    ),
    r".+ net funded and .+ spent are stated without an organization\.": lambda w, _: any(
        not o.party for o in w.moved(*MONEY)
    ),
    r"Amounts without a known rate of exchange are in no step\.": lambda w, _: (
        not w.known("budget", *MONEY)
    ),
    # --- notes
    r"Expenditure is US\$ (?P<amount>\S+) above the net funded amount\.": lambda w, a: (
        w.known(*MONEY)
        and w.spent > w.net
        and a == money(w.spent - w.net)
        and (w.follows or w.states_funding)
    ),
    r"\d of \d organizations? reported; expenditure and delivery rate are at least .+": (
        lambda w, _: _some_are_silent(w) and w.net > 0 and w.known(*MONEY)
    ),
    r"\d of \d organizations? reported; expenditure is at least what is shown\.": lambda w, _: (
        _some_are_silent(w)
    ),
    r"Some of this money bears a date that is still to come, the last .+\.": lambda w, _: (
        any(o.day > w.today for o in w.moved("transfer", "refund", "correction"))
        or any(o.day.year > w.today.year for o in w.moved("spent"))
    ),
    r"\d+ amounts? (has|have) no known rate .+ left out of US\$ sums\.": lambda w, _: (
        not w.known("budget", *MONEY)
    ),
    r"\d+ reports? (is|are) late or missing.+": lambda w, _: (
        w.follows and any(o.day <= w.today for o in w.moved("transfer"))
    ),
    r"The project is closed financially, but this is open: .+": lambda w, _: (
        w.follows and w.status == Status.FINANCIALLY_CLOSED
    ),
    # --- closure
    r"Unspent balance: none": lambda w, _: ZERO in w.held and w.is_nothing_elsewhere,
    r"Unspent balance: neither transfers nor spending are stated": lambda w, _: (
        w.is_nothing_elsewhere and bool(w.parts - {o.party for o in w.all(*MONEY)})
    ),
    r"Unspent balance: not known; US\$ (?P<amount>\S+) of the project’s balance .+": lambda w, a: (
        a == money(w.elsewhere) and not w.is_nothing_elsewhere
    ),
    r"Unspent balance: not known; amounts of the project are stated of none of its .+": (
        lambda w, _: w.elsewhere == 0 and not w.is_nothing_elsewhere
    ),
    r"Unspent balance: not known \(.+\)": lambda w, _: not w.known(*MONEY),
    r"Unspent balance of US\$ (?P<amount>\S+) is waived \(at most US\$ 250\)": lambda w, a: (
        a in {money(b) for b in w.held if 0 < b <= WAIVED}
    ),
    r"Unspent balance of US\$ (?P<amount>\S+) is to be refunded": lambda w, a: (
        a in {money(b) for b in w.held if b > WAIVED}
    ),
    r"US\$ (?P<amount>\S+) more spent than funded; nothing to refund": lambda w, a: (
        a in {money(-b) for b in w.held if b < 0} and w.spent > 0
    ),
    r"US\$ (?P<amount>\S+) more refunded than transferred; nothing to refund": lambda w, a: (
        a in {money(-b) for b in w.held if b < 0} and w.returned > 0
    ),
}

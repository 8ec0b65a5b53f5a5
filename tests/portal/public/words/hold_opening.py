"""Under which records the first sentences of a factsheet, its status and its facts are true."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal

from portal.kit.formatting import day, money, percent
from projects.models import Status
from tests.portal.public.words.said import MOMENTS, ZERO, World

Groups = Mapping[str, str | None]
Holds = Callable[[World, Groups], bool]
SPENT_SUM = r"(?P<sum>.+)"


def _told(w: World, *kinds: str) -> str:
    """An amount as the opening tells it, with what is not converted."""
    sure = f"US$ {money(w.sum(*kinds))}"
    beside = sum((o.amount for o in w.all(*kinds) if o.currency != "USD"), ZERO)
    if not any(o.amount for o in w.all(*kinds) if o.currency != "USD"):
        return sure
    named = f"KRW {beside:,.2f}".replace("-", "−")
    return f"{sure}, plus {named} not converted" if w.sum(*kinds) else f"{named} (not converted)"


def _who(w: World) -> str:
    """Whom the transfers name."""
    names = {o.party for o in w.moved("transfer")}
    if None in names:
        # Who took part on a past day is not known.
        parts = set() if w.then else w.parts
        others = (names - {None}) | parts
        return str(*others) if len(others) == 1 == len(parts) else _ANYBODY
    return ", ".join(sorted(filter(None, names)))


_ANYBODY = "the organizations that carry it out"


def _since(w: World, told: Groups) -> bool:
    return (
        w.first_transfer is not None
        and told["day"] == day(w.first_transfer)
        and told["sum"] == _told(w, "transfer")
        and told["who"] == _who(w)
    )


def _has_begun(w: World) -> bool:
    return w.first_transfer is not None and w.first_transfer <= w.today


def _is_spent(w: World, told: Groups) -> bool:
    return (
        told["sum"] == _told(w, "spent")
        and w.spent_until is not None
        and told["day"] in (day(w.spent_until), str(w.spent_until.year))
        and (told["day"] == day(w.spent_until)) == (w.spent_until <= w.today)
    )


def _are_theirs(w: World) -> bool:
    return {o.party for o in w.moved("spent")} <= {o.party for o in w.moved("transfer")}


def _came_back(w: World, told: Groups) -> bool:
    return told["sum"] == _told(w, "refund", "correction") and bool(w.moved("refund", "correction"))


def _is(status: Status) -> Holds:
    return lambda w, _: w.status == status


def _is_paid(w: World) -> bool:
    return bool(w.moved("transfer", "spent"))


def _says_spent(w: World) -> bool:
    """Whether any spending was reported, also such as a later statement covers."""
    return any(one.amount for one in w.stated if one.kind == "spent")


def _is_settled(w: World) -> bool:
    """Whether of all that take part a certified statement is there, and nothing is left."""
    certified = {o.party for o in w.all("spent") if o.state == "certified"}
    certified |= {r.party for r in w.arrived if r.kind == "certified" and r.day}
    return bool(w.parts) and w.parts <= certified and max(w.held) <= 0 and w.is_nothing_elsewhere


def _operationally_on(w: World) -> date | None:
    if w.status == Status.OPERATIONALLY_CLOSED:
        return w.status_on
    logged = w.project.logged_on
    return logged if logged and logged <= w.today else None


_REPORT = {
    "Final narrative report": ("final-narrative", "never"),
    "Certified final financial statement": ("certified", "certified"),
}


def _is_so(w: World, kind: str, state: str, what: str) -> bool:
    """Whether a report came on that day, was let off, or may be asked for still."""
    came = [r for r in w.arrived if r.kind == kind and r.party in w.parts]
    if what.startswith("received on "):
        days = {day(r.day) for r in came if r.day and r.day <= w.today}
        # A file with certified figures is the statement; it came on the day of its load.
        if any(o.state == state for o in w.stated if o.kind == "spent"):
            days |= {
                day(on) for on in (*map(datetime.date, MOMENTS), date.today()) if on <= w.today
            }
        return what.removeprefix("received on ") in days
    if what == "exempt":
        return any(r.day is None for r in came)
    if what == "due after operational closure":
        return w.status not in Status.done()
    # All of them came: none can be missing.
    return what.startswith(("not received, due on ", "not asked for"))


# A sentence, what it tells by name, and when it may stand.
TOLD: dict[str, Holds] = {
    # --- the opening
    r"No money has been recorded for this project yet\.": lambda w, _: not (w.said or w.then),
    r"Nothing had been published about this project’s money by that date\.": lambda w, _: (
        not w.said and w.then is not None
    ),
    r"Up to (?P<day>.+) no money is recorded of this project\.": lambda _w, _: False,
    r"The end date, (?P<end>.+), lies before the start date, (?P<start>.+)\.": lambda w, told: (
        w.end is not None and told["end"] == day(w.end) and told["start"] != told["end"]
    ),
    r"Since (?P<day>.+?) the fund passed (?P<sum>.+) to (?P<who>.+)\.": lambda w, told: (
        _since(w, told) and _has_begun(w) and not any(o.by_other_fund for o in w.moved("transfer"))
    ),
    r"Since (?P<day>\d+ \w+ \d+) (?P<sum>.+) was passed to (?P<who>.+)\.": lambda w, told: (
        _since(w, told) and _has_begun(w) and any(o.by_other_fund for o in w.moved("transfer"))
    ),
    r"(?P<sum>.+) is recorded as passed to (?P<who>.+), first on (?P<day>.+): a day to come\.": (
        lambda w, told: _since(w, told) and not _has_begun(w)
    ),
    r"No transfer to the organizations has been recorded yet\.": lambda w, _: (
        bool(w.said) and w.first_transfer is None
    ),
    r"They report (?P<sum>.+) spent up to (?:a day in )?(?P<day>.+); the fund office has .+\.": (
        lambda w, told: _is_spent(w, told) and _are_theirs(w)
    ),
    r"(?P<sum>.+) is reported as spent,? up to (?:a day in )?(?P<day>.+); the fund office .+\.": (
        _is_spent
    ),
    r"(?P<sum>.+) came back\.": lambda w, told: _came_back(w, told) and not w.all("correction"),
    r"(?P<sum>.+) came back or was corrected\.": lambda w, told: (
        _came_back(w, told) and bool(w.all("correction"))
    ),
    # --- the status
    r"Pipeline/Approved": lambda w, _: not _is_paid(w),
    r"Pipeline/Approved, as stated": lambda w, _: (
        w.status == Status.PIPELINE and (_is_paid(w) or _says_spent(w))
    ),
    r"yet money has been transferred\.": lambda w, _: (
        w.status == Status.PIPELINE and bool(w.moved("transfer"))
    ),
    r"yet spending is reported\.": lambda w, _: (
        w.status == Status.PIPELINE and not w.moved("transfer") and _says_spent(w)
    ),
    r"the status as stated; yet its end date has passed\.": lambda w, _: (
        w.status == Status.ON_GOING and w.end is not None and w.end < w.today
    ),
    r"the status as stated; yet it is to start on (?P<day>.+)\.": lambda w, told: (
        w.status == Status.ON_GOING
        and not _is_paid(w)
        and w.project.start is not None
        and w.project.start > w.today
        and told["day"] == day(w.project.start)
    ),
    r"the status as stated; yet not all steps of closure are done\.": lambda w, _: (
        w.status == Status.FINANCIALLY_CLOSED and w.follows and bool(w.parts)
    ),
    r"the status as stated by the source\.": lambda w, _: (
        w.status == Status.FINANCIALLY_CLOSED and not (w.follows and w.parts)
    ),
    r"no step of its closure is open; not all of them were asked for\.": lambda w, _: (
        w.status == Status.FINANCIALLY_CLOSED and w.follows and not _is_settled(w)
    ),
    r"all obligations are settled, .+": lambda w, _: (
        w.status == Status.FINANCIALLY_CLOSED and w.follows and _is_settled(w)
    ),
    r"approved; no money has been transferred yet\.": lambda w, _: (
        w.status == Status.PIPELINE and not _is_paid(w)
    ),
    r"activities are under way\.": lambda w, _: (
        w.status == Status.ON_GOING
        and not (w.end and w.end < w.today)
        and not (w.project.start and w.project.start > w.today and not _is_paid(w))
    ),
    r"it will not be carried out\.": lambda w, _: (
        w.status == Status.CANCELLED and not w.moved("spent")
    ),
    r"it is not carried out any further\.": lambda w, _: (
        w.status == Status.CANCELLED and _says_spent(w)
    ),
    # --- closure
    r"Operationally closed on (?P<day>.+)": lambda w, told: (
        w.status in Status.done()
        and (on := _operationally_on(w)) is not None
        and told["day"] == day(on)
    ),
    r"Operationally closed; the day is not stated": lambda w, _: (
        w.status in Status.done() and _operationally_on(w) is None
    ),
    r"Operational closure has not been declared": lambda w, _: w.status not in Status.done(),
    # --- reports
    r"(?P<report>Final narrative report|Certified final financial statement): (?P<what>.+)": (
        lambda w, told: w.follows and _is_so(w, *_REPORT[str(told["report"])], str(told["what"]))
    ),
    # --- dates
    r"The project’s end date was (?P<day>.+?),.* and it has not been closed yet\.": (
        lambda w, told: (
            w.status in Status.running()
            and w.end is not None
            and w.end < w.today
            and told["day"] == day(w.end)
        )
    ),
    r"Start: not stated \(no transfer (?:is recorded|was known then)\)": lambda w, _: (
        w.first_transfer is None and w.project.start is None
    ),
    r"Start: (?P<day>[^(]+) \(as planned or stated today; no transfer was known then\)": (
        lambda w, told: (
            w.first_transfer is None and bool(w.then) and told["day"] == day(w.project.start)
        )
    ),
    r"Start: (?P<day>[^(]+) \(as planned or stated; no transfer is recorded\)": lambda w, told: (
        w.first_transfer is None and not w.then and told["day"] == day(w.project.start)
    ),
    r"Start: (?P<day>\d[^(]+)": lambda w, told: told["day"] == day(w.first_transfer),
    r"End: (?P<day>\d[^(]+)": lambda w, told: not w.is_extended and told["day"] == day(w.end),
    r"End: (?P<day>[^(]+) \(extended from .+, approved .+\)": lambda w, told: (
        w.is_extended and told["day"] == day(w.end)
    ),
    r"End: not stated": lambda w, _: w.end is None,
    # --- time and money side by side
    r"(?P<share>\S+ %) up to (?P<day>.+), the last reported period": lambda w, told: (
        w.spent_until is not None
        and told["day"] == day(w.spent_until)
        and w.spent_until <= min(w.end or w.today, w.today)
    ),
    r"(?P<share>\S+ %) up to (?P<day>.+), within the last reported period": lambda w, told: (
        w.spent_until is not None
        and w.end is not None
        and told["day"] == day(min(w.end, w.today))
        and w.spent_until > min(w.end, w.today)
    ),
    r"(?P<share>.+) of the net funded amount": lambda w, told: (
        told["share"] == " ".join(percent(w.spent * 100 / w.net).split())
    ),
    # --- vouchers
    r"(?P<count>\d+) voucher lines?": lambda w, told: (
        told["count"] == str(len(w.all("transfer", "refund", "correction")))
    ),
}

# Any status may say what it means, where nothing above says more.
for _status in Status:
    TOLD.setdefault(re.escape(str(_status.label)), _is(_status))
    TOLD.setdefault(re.escape(str(_status.stage.meaning)), _is(_status))


def key_facts_of(w: World) -> dict[str, tuple[Decimal | None, Decimal, bool]]:
    """Each key fact: its amount, how much of it is interim, and whether it leaves anything out."""
    net = ("transfer", "refund", "correction")
    left = w.balance if w.states_funding or not (w.spent or not w.known("spent")) else None
    return {
        "Approved budget": (w.approved, ZERO, not w.known("budget")),
        "Net funded amount": (w.net, ZERO, not w.known(*net)),
        "Expenditure": (w.spent, w.interim, not w.known("spent")),
        "Balance with organizations": (left, w.interim, not w.known(*net, "spent")),
    }

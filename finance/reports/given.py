"""What became of all that a contributor gave, by its notional share of each fund."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from finance.contributors.arrangements import Position
from finance.contributors.contributor import Contributor
from finance.contributors.contributor_tables import ShareRow, YearRow, YearTable
from finance.figures.addresses import records_url
from finance.figures.catalogue import FIGURES
from finance.figures.fund_figures import FundSums
from finance.reports.charts import Bar, bars_across
from finance.reports.key_facts import amount_of
from portal.kit.currency import told_in_base
from portal.kit.formatting import money, percent
from portal.kit.tables.base import TotalRow
from portal.kit.tables.parts import Parts

_COLUMNS = ("deposit_opening", "deposit_received", "deposit_closing")


def became(giver: Contributor, shares: list[ShareRow]) -> list[Bar]:
    """Given, transferred, returned, spent, left: the last four by notional share."""
    given = Bar(
        FIGURES["deposit"].label,
        giver.own.total("deposit"),
        giver.own.parts("deposit"),
        records_url(giver.page, "deposit") if giver.own.has_records("deposit") else None,
    )
    notional = (
        ("transfer", _("Transferred to organizations")),
        ("less_refunds", _("Returned by organizations")),
        ("expenditure", _("Spent")),
        ("total_balance", _("Left")),
    )
    return [given, *(_notional(shares, figure, label) for figure, label in notional)]


def _notional(shares: list[ShareRow], figure: str, label: str) -> Bar:
    amounts = [row.share_of(figure) for row in shares]
    known = [amount for amount in amounts if amount is not None]
    parts = Parts(unconverted=len(amounts) - len(known))
    for row in shares:
        held = row.whole.parts(figure)
        if row.deposit_share is not None:
            parts += held.by_share(row.deposit_own / row.deposit_all)
    amount = sum(known, Decimal(0)) if known else None
    if figure == "less_refunds" and amount is not None:
        amount = -amount
    return Bar(label, amount, parts, "#share-section")


def picture(bars: list[Bar]) -> dict[str, Any] | None:
    """What became of it, as bars."""
    return bars_across(_("What became of it"), bars)


def given_facts(giver: Contributor, bars: list[Bar], links: dict[str, Any]) -> list[dict[str, Any]]:
    """The key facts with which the page begins."""
    facts = [
        {"label": bar.label, "url": bar.url, **amount_of(bar.amount, bar.parts)}
        for bar in bars
        if bar.amount is not None
    ]
    facts[0]["term"] = FIGURES["deposit"].term
    for fact in facts[1:]:
        fact["note"] = _("notional, by its share")
    whole = Position.of(giver.arrangements)
    facts += [
        {
            "label": FIGURES[name].label,
            "term": FIGURES[name].term,
            **amount_of(getattr(whole, name), whole.parts(name)),
            "url": links.get(name),
        }
        for name in ("overdue", "not_due", "commitment", "unpaid")
    ]
    return facts


def together(whole: Position, bars: list[Bar]) -> str:
    """What the figures mean together: of what was promised, and of what was given; "" where they do
    not tell, as amounts that are not converted may be any."""
    return " ".join(filter(None, (_of_promised(whole), _of_given(*bars))))


def _of_promised(whole: Position) -> str:
    paid = whole.deposit - whole.unmatched_deposits
    if whole.left_out or whole.undated or min(paid, whole.commitment) <= 0 or whole.overdue < 0:
        return ""
    text = _(
        "The deposits for commitments come to %(share)s of what was committed, and %(currency)s "
        "%(overdue)s is overdue."
    )
    if not whole.overdue:
        text = _(
            "The deposits for commitments come to %(share)s of what was committed, and nothing is "
            "overdue."
        )
    share = percent(paid * 100 / whole.commitment)
    return told_in_base(text, share=share, overdue=money(whole.overdue))


def _of_given(given: Bar, _transferred: Bar, _returned: Bar, spent: Bar, left: Bar) -> str:
    if any(bar.amount is None or bar.parts.unconverted for bar in (given, spent, left)):
        return ""
    amounts = [bar.amount or Decimal(0) for bar in (given, spent, left)]
    if not amounts[0] > 0 or not 0 <= amounts[1] <= amounts[0] or amounts[2] < 0:
        return ""
    text = _(
        "By its share of each fund, %(spent)s of what it gave is reported as spent, and "
        "%(currency)s %(left)s is left."
    )
    share = percent(amounts[1] * 100 / amounts[0])
    return told_in_base(text, spent=share, left=money(amounts[2]))


def year_table(giver: Contributor, year: int) -> YearTable:
    """What had been given before a year, what was received in it, and both, by fund."""
    own = giver.own.by(lambda s: s.part[0])
    rows = [YearRow(giver.page, fund, own.get(fund.pk, FundSums()), year) for fund in giver.funds]
    totals = None
    if len(rows) > 1:
        whole = YearRow(giver.page, None, giver.own, year)
        links = {name: whole.records_url(name) for name in _COLUMNS}
        totals = [
            TotalRow(
                {name: getattr(whole, name) for name in _COLUMNS},
                links={name: url for name, url in links.items() if url},
                parts={name: whole.parts(name) for name in _COLUMNS},
            )
        ]
    return YearTable(rows, id="year", totals=totals)

"""The sources-and-uses statement of a fund, or of all funds together (docs/domain.md#formulas).

A year has no balance: its columns show the change, the opening and the closing balance;
balances stand in the cumulative column only, with what they are a share of.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from finance.figures.addresses import records_url
from finance.figures.catalogue import FIGURES, Period
from finance.figures.fund_figures import FundSum, FundSums
from finance.figures.reading import MOVED
from finance.models import FundMeasure as M
from portal.kit.currency import in_base
from portal.kit.dates import Known
from portal.kit.tables.base import Table
from portal.kit.tables.cells import BLANK
from portal.kit.tables.columns import MoneyColumn, PercentColumn, TextColumn
from portal.kit.tables.parts import NO_PARTS, Parts, left_out_note
from portal.kit.text import Words

# What is agreed on of years to come has not moved.
_NOT_MOVED = frozenset({M.APPROVED.value, M.COMMITMENT.value, M.PLEDGE.value})
PRIOR, YEAR, CUMULATIVE = COLUMNS = ("prior", "year", "cumulative")


@dataclass(slots=True)
class StatementRow:
    """One line; amounts in the base currency, BLANK where a column has none."""

    key: str
    label: str
    css: str = ""
    prior: Any = BLANK
    year: Any = BLANK
    cumulative: Any = BLANK
    percent: Any = BLANK
    links: dict[str, str] = field(default_factory=dict)
    parts: dict[str, Parts] = field(default_factory=dict)


class StatementTable(Table):
    """The statement; its columns of amounts are named by their years."""

    title = gettext_lazy("Sources and uses of funds")
    sheet = gettext_lazy("Sources and uses")
    caption_hidden = True
    note = in_base(gettext_lazy("All amounts in %(currency)s"))
    name = TextColumn(
        accessor="label",
        verbose_name=gettext_lazy("Line"),
        term="sources",
        definition=gettext_lazy("Line of the statement."),
        orderable=False,
        css="name",
    )

    def row_class(self, record: StatementRow) -> str:
        return record.css


@dataclass(frozen=True)
class SourcesAndUses:
    """A fund's statement for a year; `page` is the address that its figures lead on from.

    Until `last_day` is past its end, a year has no closing balance. What is left is worked out
    only where all income is stated, or all transfers are: `without_income` and `without_funding`
    say of how many funds it is not.
    """

    sums: FundSums
    year: int
    page: str
    whole: bool = False
    last_day: date = date.max
    without_income: int = 0
    without_funding: int = 0

    # --- Parts

    def amount(self, figure: str, column: str) -> Decimal:
        """A figure in a column, in the base currency."""
        return self.sums.total(figure, *self._years(column))

    def _years(self, column: str) -> tuple[int | None, int]:
        if column == CUMULATIVE:
            return None, self.year
        year = self.year - (column == PRIOR)
        return year, year

    def link(self, figure: str, first: int | None, last: int) -> str | None:
        """Where the records behind a figure are listed; None where there are none."""
        if not self.sums.has_records(figure, first, last):
            return None
        return records_url(self.page, figure, first=first, last=last)

    def _row(
        self,
        figure: str,
        *,
        columns: tuple[str, ...] = COLUMNS,
        css: str = "",
        label: Words | None = None,
        percent: Any = BLANK,
    ) -> StatementRow:
        row = StatementRow(figure, str(label or FIGURES[figure]), css, percent=percent)
        for column in columns:
            setattr(row, column, self.amount(figure, column))
            row.parts[column] = self.sums.parts(figure, *self._years(column))
            if link := self.link(figure, *self._years(column)):
                row.links[column] = link
        return row

    def _balance_row(self, figure: str) -> StatementRow:
        """The balance with the Administrative Agent at the start or the end of each year."""
        row = StatementRow(figure, str(FIGURES[figure]))
        before = FIGURES[figure].period is Period.PRIOR
        for column in (PRIOR, YEAR) if self.knows_income else ():
            last = self.year - (column == PRIOR) - before
            if not self._is_over(last):
                continue
            setattr(row, column, self.sums.total(figure, None, last))
            row.parts[column] = self.sums.parts(figure, None, last)
            if link := self.link(figure, None, last):
                row.links[column] = link
        return row

    def _is_over(self, year: int) -> bool:
        return date(year, 12, 31) <= self.last_day

    @property
    def knows_income(self) -> bool:
        """Whether income is stated at all: without it, what is spent overdraws nothing."""
        return not self.without_income and self.sums.states_income

    @property
    def knows_funding(self) -> bool:
        """Whether transfers are stated wherever something was spent."""
        return not self.without_funding and self.sums.states_funding

    def percent(self, figure: str, of: str) -> Decimal | None:
        """A cumulative balance as percent of a cumulative sum; None ("n/a") where that is zero or
        either leaves amounts out, which `parts` then tells."""
        if self._of_share(figure, of).unconverted:
            return None
        whole = self.amount(of, CUMULATIVE)
        return self.amount(figure, CUMULATIVE) * 100 / whole if whole else None

    def _of_share(self, figure: str, of: str) -> Parts:
        """What a percentage leaves out: what either of its parts does."""
        return self.sums.parts_together((figure, of), *self._years(CUMULATIVE))

    # --- The whole

    def rows(self) -> list[StatementRow]:
        """All lines, top to bottom."""
        return [*self._sources(), *self._uses(), *self._with_aa(), *self._with_organizations()]

    def _sources(self) -> list[StatementRow]:
        names = ["deposit", "fund_interest", "po_interest", "other_income"]
        if self.whole:
            names.append("between_funds")
        total = "all_sources" if self.whole else "total_sources"
        return [
            StatementRow("sources", _("Sources"), "group"),
            *map(self._row, names),
            self._row(total, css="sum"),
        ]

    def _uses(self) -> list[StatementRow]:
        names = ["to_organizations", "to_funds", "less_refunds", "aa_fee", "direct_cost"]
        if self.sums.has_records("less_direct_refunds"):
            names.append("less_direct_refunds")
        names.append("bank_charges")
        if self.whole:
            names.append("between_funds")
        total = "all_uses" if self.whole else "total_uses"
        return [
            StatementRow("uses", _("Uses"), "group"),
            *map(self._row, names),
            self._row(total, css="sum"),
        ]

    def _with_aa(self) -> list[StatementRow]:
        return [
            StatementRow("with-aa", _("With the Administrative Agent"), "group"),
            self._row("balance_aa_change", columns=(PRIOR, YEAR) if self.knows_income else ()),
            self._balance_row("balance_aa_opening"),
            self._balance_row("balance_aa_closing"),
            self._left("balance_aa", "deposit", is_known=self.knows_income),
        ]

    def _left(self, figure: str, of: str, *, is_known: bool = True) -> StatementRow:
        """What is left, and what that is in percent of a sum; in the cumulative column only."""
        names = {"figure": str(FIGURES[figure]), "whole": str(FIGURES[of]).lower()}
        label = _("%(figure)s (%% of %(whole)s)") % names
        if not is_known:
            return self._row(figure, columns=(), css="sum", label=label)
        percent = self.percent(figure, of)
        row = self._row(figure, columns=(CUMULATIVE,), css="sum", label=label, percent=percent)
        row.parts["percent"] = self._of_share(figure, of)
        return row

    def _with_organizations(self) -> list[StatementRow]:
        rows = [
            StatementRow("with-pos", _("With participating organizations"), "group"),
            *self._difference(),
            self._row("net_funded"),
            self._row("expenditure"),
            self._left("balance", "transfer", is_known=self.knows_funding),
            self._left("total_balance", "deposit", is_known=self.knows_income),
        ]
        if self.sums.has_records("direct_balance"):
            rows += [
                StatementRow("direct", _("Direct cost, outside project delivery"), "group"),
                self._row("net_direct_cost"),
                self._row("direct_expenditure"),
                self._row("direct_balance", columns=(CUMULATIVE,), css="sum"),
            ]
        return rows

    def _difference(self) -> list[StatementRow]:
        """Where the transfers of both halves differ: the parts that the difference is made of."""
        if not self.differs:
            return []
        return [self._row(figure) for figure in ("upper_net", "for_others", "by_others")]

    @property
    def differs(self) -> bool:
        """Whether any column has money that stands in one half only, converted or not.

        By amounts: today's sums do not tell of vouchers over nothing, those of then do.
        """
        return any(
            self.amount(figure, c) or self.sums.parts(figure, *self._years(c)).unconverted
            for figure in ("for_others", "by_others")
            for c in COLUMNS
        )

    def table(self) -> StatementTable:
        """The statement as a table for page and files."""
        heads = {PRIOR: self._head(self.year - 1), YEAR: self._head(self.year)}
        to_date = _("Up to %(year)s") % {"year": heads[YEAR]}
        columns: list[tuple[str, Any]] = [
            (
                name,
                _amounts(
                    heads.get(name, to_date),
                    _("Amounts of the year.")
                    if name in heads
                    else _("Amounts from the start up to the end of the year.")
                    if self._is_over(self.year)
                    else _("Amounts from the start on; the year is not over."),
                    name,
                ),
            )
            for name in COLUMNS
        ]
        share = PercentColumn(
            verbose_name=_("Percent"),
            definition=_("Of what the line says."),
            parts=lambda row: Parts(unconverted=row.parts.get("percent", NO_PARTS).unconverted),
            orderable=False,
        )
        columns.append(("percent", share))
        note = self._note()
        return StatementTable(
            self.rows(),
            id="statement",
            extra_columns=columns,
            note=note or None,
            caption_hidden=not note,
        )

    def _head(self, year: int) -> str:
        return str(year) if self._is_over(year) else _("%(year)s so far") % {"year": year}

    def _note(self) -> str:
        """Why what is left is not worked out; "" where it is."""
        reasons = []
        if not self.knows_income:
            reasons.append(self._without_income())
        if self.without_funding:
            why = ngettext(
                "Of %(count)s fund it is stated what was spent and not what was transferred, so "
                "what is left with all organizations is not known.",
                "Of %(count)s funds it is stated what was spent and not what was transferred, so "
                "what is left with all organizations is not known.",
                self.without_funding,
            )
            reasons.append(why % {"count": self.without_funding})
        return f"{StatementTable.note}. {' '.join(reasons)}" if reasons else ""

    def _without_income(self) -> str:
        why = _("No income of the fund is stated, so what is left of it is not known.")
        if self.whole and not self.without_income:
            return _("No income of any fund is stated, so what is left is not known.")
        if self.whole:
            why = ngettext(
                "Of %(count)s fund no income is stated, so what is left of all is not known.",
                "Of %(count)s funds no income is stated, so what is left of all is not known.",
                self.without_income,
            ) % {"count": self.without_income}
        return why


def _amounts(label: str, definition: str, column: str) -> MoneyColumn:
    return MoneyColumn(
        verbose_name=label,
        definition=definition,
        link=lambda row: row.links.get(column),
        parts=lambda row: row.parts.get(column, NO_PARTS),
        interim=True,
        orderable=False,
    )


def to_come_note(sums: FundSums, known: Known) -> str:
    """That money is said to have moved in a year that has not begun: sums count it, statements end
    before; "" where none is."""
    year = _last_to_come(years_moved(sums), known)
    if year is None:
        return ""
    return _(
        "Some money bears a date in a year to come, the last in %(year)s. Totals count it; sources "
        "and uses are told up to the year that is running."
    ) % {"year": year}


def counted_notes(years: Iterable[int], known: Known) -> tuple[str, ...]:
    """The same of totals beside which no statement stands, of the years in which money moved."""
    year = _last_to_come(years, known)
    if year is None:
        return ()
    text = _("Some money bears a date in a year to come, the last in %(year)s. Totals count it.")
    return (text % {"year": year},)


def notes_on_figures(figures: QuerySet, known: Known) -> tuple[str, ...]:
    """The same of totals of these figures of projects, as known then."""
    moved = (
        figures.filter(measure__in=MOVED, year__gt=known.last_day.year)
        .order_by()
        .values_list("year", "measure")
        .annotate(Sum("base_amount"), Sum("unconverted"))
        .exclude(base_amount__sum=0, unconverted__sum=0)
    )
    return counted_notes((year for year, *_sums in moved), known)


def years_moved(sums: Iterable[FundSum]) -> set[int]:
    """The years in which money moved: what is agreed on has not."""
    return {
        s.year for s in sums if s.measure not in _NOT_MOVED and (s.base_amount or s.unconverted)
    }


def _last_to_come(years: Iterable[int], known: Known) -> int | None:
    return max((year for year in years if year > known.last_day.year), default=None)


def notes_of(sums: FundSums, known: Known) -> tuple[str, ...]:
    """What a page, a file or an answer with the sums of a fund, or of all, says of them."""
    return tuple(filter(None, (left_out_note(sums.unconverted), to_come_note(sums, known))))


def last_year(known: Known, years: list[int]) -> int:
    """The last year with money, up to the year of the last day that is known of."""
    limit = known.last_day.year
    return max((year for year in years if year <= limit), default=limit)

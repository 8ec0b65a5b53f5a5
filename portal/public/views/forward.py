"""What is to come: of a fund payments, planned transfers and cash; of a contributor its payments.

All of it follows from records that are public by themselves: schedules of arrangements, approved
budgets, transfers (`finance/reports/forward`).
"""

from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from finance.reports.forward import payments
from finance.reports.forward.cash import Forward, QuarterRow
from finance.reports.forward.forward_tables import (
    LeftOutTable,
    PaymentTable,
    QuarterTable,
    TransferTable,
)
from finance.reports.forward.payments import PaymentRow, payments_to_come
from finance.reports.forward.quarters import Quarter
from finance.reports.forward.transfers import left, left_out, why_unknown
from finance.reports.fund import FundMoney
from portal.kit.currency import told_in_base
from portal.kit.files.exports import table_response
from portal.kit.formatting import day, money
from portal.kit.tables.base import Table, TotalRow
from portal.kit.views import TableView
from portal.public.views.contributor_records import ContributorChildList
from portal.public.views.statements import fund_crumbs, get_fund_or_404


class _Ahead(TableView):
    """A page of several tables of what is to come, whole or of one quarter."""

    asks = ("quarter",)
    template_name = "funds/forward.html"
    # Its tables stand whole.
    paginate_by = 10_000

    @property
    def quarter(self) -> Quarter | None:
        """The quarter asked for."""
        return Quarter.asked(self.request.GET.get("quarter", ""))

    def narrowed(self, rows: list[Any]) -> list[Any]:
        """Rows of the quarter asked for, or all."""
        quarter = self.quarter
        return rows if quarter is None else [row for row in rows if row.quarter == quarter]

    def get_queryset(self) -> list:
        return []

    def get_tables(self) -> list[Table]:
        """All tables, in the order of the page."""
        raise NotImplementedError

    def get_table(self) -> Table:
        self.all_tables = self.get_tables()
        return self.all_tables[0]

    def payment_table(self, rows: list[PaymentRow], hidden: str) -> PaymentTable:
        """The payments of the quarter asked for, with what they come to."""
        shown = self.narrowed(rows)
        signed = [row for row in shown if not row.is_pledge]
        pledged = [row for row in shown if row.is_pledge]
        totals = [
            TotalRow(
                {"counted": payments.worth(some)},
                label=label,
                parts={"counted": payments.left_out(some)},
            )
            for some, label in ((signed, _("Signed")), (pledged, _("Pledged, not signed")))
            if some
        ]
        return PaymentTable(shown, id="payments", totals=totals or None, exclude=(hidden,))

    def get_filter_lines(self) -> list[tuple[str, str]]:
        return [(_("Quarter"), str(self.quarter))] if self.quarter else []

    def get_common_context(self) -> dict[str, Any]:
        return {
            **super().get_common_context(),
            "count": None,
            "tables": self.all_tables,
            "quarter": self.quarter,
            "whole_url": self.request.path,
        }

    def export(self, fmt: str) -> HttpResponseBase:
        return table_response(
            self.request,
            self.all_tables,
            fmt=fmt,
            title=self.get_title(),
            file_name=str(self.get_title()),
            filters=self.get_filter_lines(),
            template=self.template_name,
            context=self.get_common_context() if fmt in {"pdf", "print"} else {},
        )


class FundForward(_Ahead):
    """Of a fund."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.fund = get_fund_or_404(kwargs["code"])
        self.forward = Forward(FundMoney(self.fund, self.known))

    def get_tables(self) -> list[Table]:
        forward = self.forward
        shown = self.narrowed(forward.transfers)
        totals = None
        if shown:
            parts = left_out(shown)
            totals = [TotalRow({"left": left(shown)}, parts={"left": parts})]
        self.ahead = forward.quarters()
        tables: list[Table] = [QuarterTable(self.ahead, id="quarters")]
        if others := forward.left_out():
            tables.append(LeftOutTable(others, id="not-counted"))
        return [
            *tables,
            self.payment_table(forward.payments, "fund"),
            TransferTable(
                shown,
                id="transfers",
                totals=totals,
                empty_text=None if forward.knows_transfers else why_unknown(),
            ),
        ]

    def get_title(self) -> str:
        return _("Money to come – %(fund)s") % {"fund": self.fund}

    def get_intro(self) -> str:
        basis = _(
            "As at %(day)s. Known: the cash of that day, and what contributors have signed for. "
            "Planned: transfers, which follow from approved budgets."
        ) % {"day": day(self.forward.today)}
        return f"{whether_it_lasts(self.ahead)} {basis}".strip()

    def get_crumbs(self) -> list[dict[str, Any]]:
        return [*fund_crumbs(self.fund), {"label": _("Money to come")}]

    def get_common_context(self) -> dict[str, Any]:
        why = []
        if not self.forward.knows_cash:
            why.append(_("No income of the fund is stated, so its cash is not known."))
        if not self.forward.knows_transfers:
            why.append(why_unknown())
        return {**super().get_common_context(), "why": why}


def whether_it_lasts(quarters: list[QuarterRow]) -> str:
    """Whether the cash is enough for what is planned, in a sentence; "" where it is not known."""
    if any(row.closing is None or row.parts["closing"].unconverted for row in quarters):
        return ""
    if not any(row.planned for row in quarters):
        return ""
    left = [(row.closing or Decimal(0), row.label) for row in quarters]
    amount, label = next((one for one in left if one[0] < 0), left[-1])
    if amount < 0:
        text = _("If all planned transfers are made, the fund will be short of %(currency)s "
                 "%(amount)s (%(quarter)s).")  # fmt: skip
        return told_in_base(text, amount=money(-amount), quarter=label)
    text = _("Cash and payments due cover all planned transfers; %(currency)s %(amount)s is left.")
    return told_in_base(text, amount=money(amount))


class ContributorForward(ContributorChildList, _Ahead):
    """Of a contributor: its payments to all funds."""

    title = gettext_lazy("Payments to come")

    def get_tables(self) -> list[Table]:
        return [self.payment_table(payments_to_come(self.giver.arrangements), "contributor")]

    def get_title(self) -> str:
        return _("Payments to come – %(name)s") % {"name": self.get_of()}

    def get_intro(self) -> str:
        return _("As at %(day)s, from what was signed or announced and not yet paid.") % {
            "day": day(self.known.last_day)
        }

    def get_crumbs(self) -> list[dict[str, Any]]:
        return [*self.get_back(), {"label": self.title}]

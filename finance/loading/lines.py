"""From a typed row of a spreadsheet to the record that it states.

One method per kind of file; what a row names is looked up in `References`. A row that
cannot become a record raises `Refused` with the column, the value and what to do.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from finance.conversion import Rates, TooLarge
from finance.loading.digests import digest
from finance.loading.references import References, Unknown
from finance.loading.scopes import Scope
from finance.models import Load, VoucherLine
from finance.models.record_kinds import RECORD_KINDS
from portal.kit.currency import base_currency, in_base
from portal.kit.text import look_alike
from portal.kit.years import OUTSIDE, is_plausible

Values = dict[str, Any]
# Marks a line whose base amounts come from our rates: others than the check knew make it void.
CONVERTED = "converted"


# Columns that name something → what it is looked up as.
_NAMES = {
    "project": "project",
    "award": "award",
    "fund": "fund",
    "other_fund": "fund",
    "organization": "organization",
    "payee": "organization",
    "contributor": "organization",
    "partner": "organization",
    "category": "category",
}


class Refused(ValueError):
    """A row states something that cannot be: which column, which value, what to do."""

    def __init__(self, column: str, value: object, message: str, advice: str = "") -> None:
        super().__init__(message)
        self.column, self.value, self.advice = column, value, advice


def refuse_repeat(seen: dict[str, int], name: str, line: int, column: str) -> None:
    """Raise Refused where an earlier row states the same."""
    earlier = seen.setdefault(look_alike(name), line)
    if earlier != line:
        raise Refused(column, name, _("row %(row)s states it already") % {"row": earlier})


def refuse_twice(column: str, named: Iterable[tuple[str, Any, Any]]) -> None:
    """Raise Refused where two names in one cell mean the same thing."""
    seen = set()
    for name, pk, _what in named:
        if pk in seen:
            raise Refused(column, name, _("it is named twice"))
        seen.add(pk)


@dataclass(slots=True)
class Line:
    """A record as stated: where it stands in the file and what its columns will hold."""

    model: str
    line: int
    fingerprint: str
    project_id: int | None
    fund_id: int | None
    values: Values


def _period(row: Values) -> tuple[date | None, date | None]:
    """The first and the last day of a row's period. Raises Refused."""
    first, last = row.get("period_start"), row.get("period_end")
    if first and last and last < first:
        raise Refused("period_end", last, _("the period ends before it begins"))
    return first, last


class LineReader:
    """Makes lines of the rows of one kind of file."""

    def __init__(self, kind: str, scope: Scope, references: References, rates: Rates) -> None:
        self.scope = scope
        self.references = references
        self.rates = rates
        self._read: Callable[[Values], tuple[str, int | None, int | None, Values]] = {
            Load.Kind.VOUCHERS.value: self._voucher,
            Load.Kind.BUDGETS.value: self._budget,
            Load.Kind.EXPENDITURES.value: self._expenditure,
            Load.Kind.CONTRIBUTIONS.value: self._contribution,
            Load.Kind.FUND_COSTS.value: self._cost,
            Load.Kind.REPORTS.value: self._report,
            Load.Kind.DECISIONS.value: self._decision,
            Load.Kind.SUB_GRANTS.value: self._sub_grant,
        }[kind]
        # What the row read last states rounded, and exactly.
        self.rounded: list[tuple[Decimal, Decimal]] = []
        self._found: dict[tuple[str, str], Any] = {}
        self._voucher_of: tuple[tuple, str] = ((), "")
        self._bounded = scope != Scope(complete=scope.complete)

    def line(self, number: int, row: Values, as_stated: tuple[str, ...]) -> Line:
        """The record that the row states. Raises Refused."""
        model, project, fund, values = self._read(row)
        if self._bounded:
            self._stay_in_scope(project, fund, values)
        return Line(model, number, digest(model, *as_stated), project, fund, values)

    # --- What a row names

    def unknown(self, row: Values) -> list[Refused]:
        """All that the row names and that is not known here, whatever else is wrong with it."""
        found = []
        for column, kind in _NAMES.items():
            if column == "award" and row.get("project"):
                continue  # the project's own number decides
            if name := row.get(column):
                try:
                    self._look_up(kind, column, name)
                except Refused as refused:
                    found.append(refused)
        return found

    def _look_up(self, kind: str, column: str, name: str | None) -> Any:
        key = (kind, name or "")
        if (found := self._found.get(key)) is None:
            try:
                found = getattr(self.references, kind)(name or "")
            except Unknown as error:
                advice = _("Load or enter it first, or correct the name.")
                raise Refused(column, name, str(error), advice) from error
            self._found[key] = found
        return found

    def _project(self, row: Values) -> tuple[int, int]:
        return self._look_up("project", "project", row.get("project"))

    def _organization(self, row: Values, column: str = "organization") -> int | None:
        name = row.get(column)
        return self._look_up("organization", column, name) if name else None

    # --- Money

    def _money(self, row: Values, on: date) -> Values:
        """Amount, currency, base amount and rate; a base amount that is stated stays so."""
        amount, currency, stated = row["amount"], row["currency"], row.get("base_amount")
        if currency == base_currency():
            if stated is not None and stated != amount:
                amount = self._exact(amount, stated)
            base_amount, rate = amount, None
        elif stated is not None:
            if amount < 0 < stated or stated < 0 < amount:
                raise Refused(
                    "base_amount",
                    stated,
                    in_base(_("the amount in %(currency)s has another sign than the amount")),
                )
            base_amount, rate = stated, row.get("rate")
        else:
            base_amount, rate = self._converted(amount, currency, on)
        values = {
            "amount": amount,
            "currency": currency,
            "base_amount": base_amount,
            "rate": rate,
            "date": on,
            "description": row.get("description") or "",
        }
        if currency != base_currency() and stated is None:
            values[CONVERTED] = True
        return values

    def _converted(
        self, amount: Decimal, currency: str, on: date
    ) -> tuple[Decimal | None, Decimal | None]:
        try:
            return self.rates.convert(amount, currency, on)
        except TooLarge as error:
            raise Refused("amount", amount, str(error)) from None

    def _exact(self, amount: Decimal, stated: Decimal) -> Decimal:
        """The base amount of a row that states it twice, once rounded to whole units.

        The exact one counts, and the rounding is noted. Raises Refused for any other difference.
        """
        if amount != amount.to_integral_value() or abs(amount - stated) >= 1:
            raise Refused(
                "base_amount",
                stated,
                in_base(_("the amount in %(currency)s differs from the amount")),
            )
        self.rounded.append((amount, stated))
        return stated

    # --- Kinds of rows

    def _voucher(self, row: Values) -> tuple[str, int, int, Values]:
        project, project_fund = self._project(row)
        fund = self._look_up("fund", "fund", row["fund"]) if row.get("fund") else project_fund
        payee = self._organization(row, "payee")
        on = row["payment_date"]
        values = self._money(row, on)
        kind = row.get("kind") or (
            VoucherLine.Kind.CORRECTION if values["amount"] < 0 else VoucherLine.Kind.TRANSFER
        )
        if (kind == VoucherLine.Kind.TRANSFER) != (values["amount"] >= 0) and values["amount"]:
            raise Refused(
                "amount",
                values["amount"],
                _("transfers are positive, refunds and corrections negative"),
                _("Correct the sign, or the kind."),
            )
        number = row.get("voucher") or ""
        key = voucher_key(
            number,
            on,
            self.references.organization_codes.get(payee or 0, ""),
            self.references.fund_codes[fund],
            self.references.numbers[project],
        )
        if key != self._voucher_of[0]:  # lines of one voucher mostly follow each other
            self._voucher_of = (key, digest(*key))
        values |= {
            "organization_id": payee,
            "kind": str(kind),
            "voucher_number": number,
            "voucher_fund_id": fund,
            "voucher_key": self._voucher_of[1],
        }
        return "voucherline", project, fund, values

    def _budget(self, row: Values) -> tuple[str, int, int, Values]:
        project, fund = self._project(row)
        first, last = _period(row)
        values = self._money(row, row["date"]) | {
            "organization_id": self._organization(row),
            "category_id": self._category(row),
            "period_start": first,
            "period_end": last,
        }
        return "budgetline", project, fund, values

    def _expenditure(self, row: Values) -> tuple[str, int, int, Values]:
        if row.get("project"):
            project, fund = self._project(row)
        else:
            project, fund = self._look_up("project", "award", row.get("award"))
        year = row["year"]
        if not is_plausible(year):
            raise Refused("year", year, str(OUTSIDE))
        values = self._money(row, row.get("period_end") or date(year, 12, 31)) | {
            "organization_id": self._organization(row),
            "category_id": self._category(row),
            "year": year,
            "state": row["state"],
        }
        return "expenditureline", project, fund, values

    def _category(self, row: Values) -> int | None:
        name = row.get("category")
        return self._look_up("category", "category", name) if name else None

    def _contribution(self, row: Values) -> tuple[str, None, int, Values]:
        fund = self._look_up("fund", "fund", row["fund"])
        values = self._money(row, row["date"]) | {
            "fund_id": fund,
            "contributor_id": self._organization(row, "contributor"),
            "arrangement": row.get("arrangement") or "",
        }
        if row["what"] == "deposit":
            values["payer_reference"] = row.get("payer_reference") or ""
            return "deposit", None, fund, values
        values |= {"due_on": row.get("due_on"), "is_pledge": row["what"] == "pledge"}
        return "commitment", None, fund, values

    def _cost(self, row: Values) -> tuple[str, None, int, Values]:
        fund = self._look_up("fund", "fund", row["fund"])
        named = row.get("other_fund")
        other = self._look_up("fund", "other_fund", named) if named else None
        if other == fund:
            raise Refused("other_fund", named, _("a fund transfers nothing to itself"))
        values = self._money(row, row["date"]) | {
            "fund_id": fund,
            "kind": row["kind"],
            "organization_id": self._organization(row),
            "other_fund_id": other,
        }
        return "fundcost", None, fund, values

    def _report(self, row: Values) -> tuple[str, int, int, Values]:
        project, fund = self._project(row)
        values = {
            "organization_id": self._organization(row),
            "kind": row["type"],
            "year": row["period"],
            "received_on": row.get("received_on"),
            "extended_to": row.get("extended_to"),
            "exempt": bool(row.get("exempt")),
            "reason": row.get("reason") or "",
        }
        return "reportreceived", project, fund, values

    def _decision(self, row: Values) -> tuple[str, int | None, int, Values]:
        project, fund = self._project(row) if row.get("project") else (None, None)
        if row.get("fund"):
            fund = self._look_up("fund", "fund", row["fund"])
        if fund is None:
            raise Refused("fund", "", _("state the fund or the project"))
        amount, currency = row.get("amount"), row.get("currency") or ""
        if amount is not None and not currency:
            raise Refused("currency", "", _("state the currency of the amount"))
        values = {
            "fund_id": fund,
            "organization_id": self._organization(row),
            "date": row["date"],
            "body": row["body"],
            "reference": row.get("reference") or "",
            "kind": row["kind"],
            "amount": amount,
            "currency": currency if amount is not None else "",
            "minutes": self._document(row),
            "conditions": row.get("conditions") or "",
            "description": row.get("description") or "",
        }
        return "decision", project, fund, values

    @staticmethod
    def _document(row: Values) -> int | None:
        """The number of the document, as its address has it."""
        if not (text := row.get("minutes")):
            return None
        if not (text.isascii() and text.isdecimal() and len(text) < 18):
            advice = _("Give the number that stands in the document’s address.")
            raise Refused("minutes", text, _("this is no number of a document"), advice)
        return int(text)

    def _sub_grant(self, row: Values) -> tuple[str, int, int, Values]:
        project, fund = self._project(row)
        first, last = _period(row)
        values = self._money(row, row["date"]) | {
            "organization_id": self._organization(row),
            "partner_id": self._organization(row, "partner"),
            "partner_type": row.get("partner_type") or "",
            "women_led": row.get("women_led"),
            "period_start": first,
            "period_end": last,
        }
        if values["partner_id"] == values["organization_id"]:
            raise Refused("partner", row["partner"], _("an organization grants nothing to itself"))
        return "subgrant", project, fund, values

    # --- Scope

    def _stay_in_scope(self, project: int | None, fund: int | None, values: Values) -> None:
        organization = values.get("organization_id") or values.get("contributor_id") or 0
        on = values.get("date")
        if "year" in values:
            on = date(values["year"], 12, 31)
            if self.scope.last and self.scope.last.year == values["year"]:
                on = self.scope.last
        complaint = self.scope.complaint(
            fund=self.references.fund_codes.get(fund or 0, ""),
            organization=self.references.organization_codes.get(organization, ""),
            project=self.references.numbers.get(project or 0, ""),
            state=values.get("state", ""),
            on=on,
        )
        if complaint:
            advice = _("Take the row out, or widen the scope of the load.")
            raise Refused("", "", complaint, advice)


_IN_IATI = {kind.stated_by for kind in RECORD_KINDS if kind.in_iati and kind.stated_by}


def voucher_key(number: str, on: date, payee: str, fund: str, project: str) -> tuple[Any, ...]:
    """What tells a voucher from others; without a number none has lines of several projects."""
    number = look_alike(number)
    return (number, on, payee, fund) if number else (number, on, payee, fund, project)


def kinds_beside(kind: str) -> set[str]:
    """The kinds of load that state the same records: a correction of IATI is of another kind."""
    if kind == Load.Kind.IATI:
        return {kind, *_IN_IATI}
    return {kind, Load.Kind.IATI} if kind in _IN_IATI else {kind}

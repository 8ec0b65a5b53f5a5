"""What an activity's transactions and budgets are here (docs/domain.md#iati)."""

from collections import Counter
from collections.abc import Iterator
from datetime import date

from finance.conversion import NO_CURRENCY, Rates
from finance.loading.digests import digest
from finance.loading.lines import Line, Values
from finance.models import ExpenditureLine, VoucherLine
from finance.models.record_kinds import names_of
from portal.iati.entities import Nouns
from portal.iati.stated import (
    StatedActivity,
    StatedBudget,
    StatedOrganization,
    StatedTransaction,
    StatedValue,
    text_in,
)
from projects.models import Fund, Office

RECORDS = names_of(in_iati=True)
INCOMING, OUTGOING_COMMITMENT, DISBURSEMENT, EXPENDITURE = "1", "2", "3", "4"
REIMBURSEMENT, INCOMING_COMMITMENT, INCOMING_PLEDGE = "7", "11", "13"


class RecordMapper:
    """Turns the money of activities into lines: records as stated."""

    def __init__(self, nouns: Nouns, office: Office, told_on: date | None) -> None:
        self.nouns = nouns
        self.office = office
        self.told_on = told_on
        self.rates = Rates()
        self.unplaced: Counter[str] = Counter()

    def lines(self, activity: StatedActivity, project_id: int, fund: Fund) -> Iterator[Line]:
        """All that one activity states of money."""
        has_commitments = False
        for transaction in activity.transactions:
            has_commitments |= transaction.type == OUTGOING_COMMITMENT
            yield self._transaction(transaction, activity, project_id, fund)
        budgets = _in_force(activity.budgets)
        self._note("budget: replaced by its revision", len(activity.budgets) - len(budgets))
        if has_commitments:
            self._note("budget: the activity states commitments (type 2)", len(budgets))
        else:
            for budget in budgets:
                yield self._budget(budget, activity, project_id, fund)

    def _note(self, what: str, count: int) -> None:
        if count:
            self.unplaced[what] += count

    def _money(self, value: StatedValue, day: date, description: str) -> Values:
        currency = value.currency or NO_CURRENCY
        base_amount, rate = self.rates.convert(value.amount, currency, value.value_date or day)
        return {
            "amount": value.amount,
            "currency": currency,
            "value_date": value.value_date,
            "base_amount": base_amount,
            "rate": rate,
            "date": day,
            "description": description,
        }

    def _transaction(
        self, stated: StatedTransaction, activity: StatedActivity, project_id: int, fund: Fund
    ) -> Line:
        description = text_in(stated.description, self.nouns.language)
        values = self._money(stated.value, stated.date, description)
        self._note_places(stated)
        model = self._complete(values, stated, activity, fund)
        as_stated = _as_stated(stated, activity)
        if model == "expenditureline":
            as_stated += (values["state"],)
        return Line(model, stated.line, digest(model, *as_stated), project_id, fund.pk, values)

    def _complete(
        self, values: Values, stated: StatedTransaction, activity: StatedActivity, fund: Fund
    ) -> str:
        """Fill in what depends on the type of transaction; returns the model it belongs to."""
        provider, organization = stated.provider, self.nouns.organization
        if stated.type in {DISBURSEMENT, REIMBURSEMENT}:
            values["organization_id"] = organization(stated.receiver)
            values["kind"] = (
                VoucherLine.Kind.CORRECTION if values["amount"] < 0 else VoucherLine.Kind.TRANSFER
            )
            values |= _voucher(stated, activity, fund)
            return "voucherline"
        if stated.type == OUTGOING_COMMITMENT:
            values["organization_id"] = organization(stated.receiver)
            return "budgetline"
        if stated.type == EXPENDITURE:
            values["organization_id"] = organization(provider or activity.reporting_org)
            values["year"] = stated.date.year
            values["state"] = self._state(stated.date.year, activity)
            return "expenditureline"
        if stated.type in {INCOMING, INCOMING_COMMITMENT, INCOMING_PLEDGE}:
            values["fund_id"] = fund.pk
            values["contributor_id"] = organization(provider)
            return _contribution(values, stated)
        values["flow_type"] = stated.type[:10]
        values["organization_id"] = organization(stated.receiver or provider)
        self._note(f"transaction of type {stated.type}: kept as other flow", 1)
        return "otherflow"

    def _state(self, year: int, activity: StatedActivity) -> str:
        """Interim until the year-end deadline had passed when the source spoke."""
        told_on = activity.last_updated.date() if activity.last_updated else self.told_on
        if told_on is not None and told_on < self.office.expenditure_due(year):
            return ExpenditureLine.State.INTERIM
        return ExpenditureLine.State.REPORTED

    def _note_places(self, stated: StatedTransaction) -> None:
        self._note("transaction/recipient-country", len(stated.countries))
        self._note("transaction/recipient-region", len(stated.regions))
        self._note("transaction/sector", len(stated.sectors))

    def _budget(
        self, stated: StatedBudget, activity: StatedActivity, project_id: int, fund: Fund
    ) -> Line:
        values = self._money(stated.value, stated.period_start, "") | {
            "period_start": stated.period_start,
            "period_end": stated.period_end,
        }
        fingerprint = digest(
            "budgetline",
            activity.identifier,
            "budget",
            stated.type,
            stated.status,
            stated.period_start,
            stated.period_end,
            stated.value.amount.normalize(),
            values["currency"],
            stated.value.value_date,
        )
        return Line("budgetline", stated.line, fingerprint, project_id, fund.pk, values)


def _as_stated(stated: StatedTransaction, activity: StatedActivity) -> tuple[object, ...]:
    return (
        activity.identifier,
        stated.type,
        stated.ref,
        stated.date,
        stated.value.amount.normalize(),
        stated.value.currency,
        stated.value.value_date,
        *_named(stated.provider),
        *_named(stated.receiver),
        *(f"{language}:{text}" for language, text in sorted(stated.description.items())),
    )


def _named(organization: StatedOrganization | None) -> tuple[str, ...]:
    if organization is None:
        return ("", "")
    return (organization.ref, text_in(organization.names, "en"))


def _voucher(stated: StatedTransaction, activity: StatedActivity, fund: Fund) -> Values:
    # Without a number nothing says that two payments share a voucher.
    apart = () if stated.ref else (activity.identifier,)
    receiver = _named(stated.receiver)
    return {
        "voucher_number": stated.ref[:200],
        "voucher_fund_id": fund.pk,
        "voucher_key": digest(stated.ref, stated.date, *receiver, fund.code, *apart),
    }


def _contribution(values: Values, stated: StatedTransaction) -> str:
    if stated.type == INCOMING:
        values["arrangement"] = ""
        values["payer_reference"] = stated.ref[:200]
        return "deposit"
    values["arrangement"] = stated.ref[:200]
    values["is_pledge"] = stated.type == INCOMING_PLEDGE
    return "commitment"


def _in_force(budgets: tuple[StatedBudget, ...]) -> list[StatedBudget]:
    """Budgets without those whose period has a revision (type 2)."""
    revised = {(b.period_start, b.period_end) for b in budgets if b.type == "2"}
    return [b for b in budgets if b.type == "2" or (b.period_start, b.period_end) not in revised]

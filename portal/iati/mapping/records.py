"""What an activity's transactions and budgets are here (docs/domain.md#iati)."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from finance.conversion import Rates
from finance.loading.digests import digest
from finance.loading.lines import CONVERTED, Line, Values
from finance.models import ExpenditureLine, VoucherLine
from finance.models.record_kinds import names_of
from portal.iati.kept import (
    PROVIDER,
    REIMBURSEMENT,
    REPORTING,
    kept_of_budget,
    kept_of_transaction,
)
from portal.iati.mapping.budgets import in_force
from portal.iati.mapping.entities import Entities
from portal.iati.mapping.remarks import Remarks
from portal.iati.mapping.spoke import Spoke
from portal.iati.stated import (
    StatedActivity,
    StatedBudget,
    StatedTransaction,
    StatedValue,
    text_in,
)
from portal.kit.currency import NO_CURRENCY
from portal.kit.text import look_alike
from projects.models import Fund, Office

RECORDS = names_of(in_iati=True)
INCOMING, OUTGOING_COMMITMENT, DISBURSEMENT, EXPENDITURE = "1", "2", "3", "4"
INCOMING_COMMITMENT, INCOMING_PLEDGE = "11", "13"
MAX_REFERENCE = 200
MAX_FLOW_TYPE = 10


class RecordMapper:
    """Turns the money of activities into lines: records as stated.

    `spoke` tells when the source spoke; `unplaced` counts what it says that no record keeps.
    """

    def __init__(self, entities: Entities, office: Office, spoke: Spoke, remarks: Remarks) -> None:
        self.entities = entities
        self.office = office
        self.spoke = spoke
        self.remarks = remarks
        self.rates = Rates()
        self.unplaced: Counter[str] = Counter()

    def lines(self, activity: StatedActivity, project_id: int, fund: Fund) -> Iterator[Line]:
        """All that one activity states of money."""
        has_commitments = False
        for transaction in activity.transactions:
            has_commitments |= transaction.type == OUTGOING_COMMITMENT
            yield self._transaction(transaction, activity, project_id, fund)
        budgets = in_force(activity.budgets)
        replaced = len(activity.budgets) - len(budgets.in_force)
        self._note("budget: replaced by its revision", replaced)
        if has_commitments:
            counted = len(budgets.in_force)
            self._note("budget: the activity states commitments (type 2)", counted)
            return
        if budgets.doubtful:
            self.remarks.overlapping_budgets(activity, budgets.doubtful)
        for budget in budgets.in_force:
            if budget.period_end < budget.period_start:
                self.remarks.backwards(activity, budget)
            yield self._budget(budget, activity, project_id, fund)

    def _note(self, what: str, count: int = 1) -> None:
        if count:
            self.unplaced[what] += count

    def _money(self, value: StatedValue, day: date, description: str) -> Values:
        currency = value.currency or NO_CURRENCY
        base_amount, rate = self.rates.convert(value.amount, currency, value.value_date or day)
        return {
            "amount": value.amount,
            "currency": currency,
            # One that only repeats the day is none: the standard asks for it with each value.
            "value_date": value.value_date if value.value_date != day else None,
            "base_amount": base_amount,
            "rate": rate,
            CONVERTED: rate is not None,
            "date": day,
            "description": description,
        }

    def _transaction(
        self, stated: StatedTransaction, activity: StatedActivity, project_id: int, fund: Fund
    ) -> Line:
        description = text_in(stated.description, self.entities.language)
        values = self._money(stated.value, stated.date, description)
        self._note_what_is_left(stated)
        model, party = self._complete(values, stated, activity, fund)
        kept = kept_of_transaction(stated, party)
        fingerprint = digest(model, activity.identifier, stated.type, *_said(values), kept)
        if model == "expenditureline":
            kept["told"] = self.spoke.of(activity).isoformat()
        values["iati"] = kept or None
        return Line(model, stated.line, fingerprint, project_id, fund.pk, values)

    def _complete(
        self, values: Values, stated: StatedTransaction, activity: StatedActivity, fund: Fund
    ) -> tuple[str, str]:
        """Fill in what depends on the type of transaction.

        Returns the model it belongs to, and the side of its organization if that is unusual.
        """
        provider, organization = stated.provider, self.entities.organization
        if stated.type in {DISBURSEMENT, REIMBURSEMENT}:
            values["organization_id"] = organization(stated.receiver)
            values["kind"] = (
                VoucherLine.Kind.CORRECTION if values["amount"] < 0 else VoucherLine.Kind.TRANSFER
            )
            values |= self._voucher(values, stated, activity, fund)
            self._note("transaction/provider-org: its receiver is kept", provider is not None)
            return "voucherline", ""
        if stated.type == OUTGOING_COMMITMENT:
            values["organization_id"] = organization(stated.receiver)
            self._note("transaction/provider-org: its receiver is kept", provider is not None)
            self._note_reference(stated)
            return "budgetline", ""
        if stated.type == EXPENDITURE:
            spender = organization(provider)
            values["organization_id"] = spender or organization(activity.reporting_org)
            values["year"] = stated.date.year
            values["state"] = self._state(stated.date.year, activity)
            has_receiver = stated.receiver is not None
            self._note("transaction/receiver-org: its provider is kept", has_receiver)
            self._note_reference(stated)
            return "expenditureline", "" if spender else REPORTING
        if stated.type in {INCOMING, INCOMING_COMMITMENT, INCOMING_PLEDGE}:
            values["fund_id"] = fund.pk
            values["contributor_id"] = organization(provider)
            has_receiver = stated.receiver is not None
            self._note("transaction/receiver-org: its provider is kept", has_receiver)
            return self._contribution(values, stated), ""
        values["flow_type"] = self.entities.cut(stated.type, MAX_FLOW_TYPE, "transaction-type")
        receiver = organization(stated.receiver)
        values["organization_id"] = receiver or organization(provider)
        both = receiver is not None and provider is not None
        self._note("transaction/provider-org: its receiver is kept", both)
        self._note(f"transaction of type {stated.type}: kept as other flow")
        self._note_reference(stated)
        return "otherflow", PROVIDER if not receiver and values["organization_id"] else ""

    def _voucher(
        self, values: Values, stated: StatedTransaction, activity: StatedActivity, fund: Fund
    ) -> Values:
        # Without a number nothing says that two payments share a voucher.
        apart = () if stated.ref else (activity.identifier,)
        key = (look_alike(stated.ref), stated.date, values["organization_id"], fund.code, *apart)
        return {
            "voucher_number": self.entities.cut(stated.ref, MAX_REFERENCE, "transaction/@ref"),
            "voucher_fund_id": fund.pk,
            "voucher_key": digest(*key),
        }

    def _contribution(self, values: Values, stated: StatedTransaction) -> str:
        reference = self.entities.cut(stated.ref, MAX_REFERENCE, "transaction/@ref")
        if stated.type == INCOMING:
            values["arrangement"] = ""
            values["payer_reference"] = reference
            return "deposit"
        values["arrangement"] = reference
        values["is_pledge"] = stated.type == INCOMING_PLEDGE
        return "commitment"

    def _state(self, year: int, activity: StatedActivity) -> str:
        """Interim until the year-end deadline had passed when the source spoke."""
        if self.spoke.of(activity).date() < self.office.expenditure_due(year):
            return ExpenditureLine.State.INTERIM
        return ExpenditureLine.State.REPORTED

    def _note_reference(self, stated: StatedTransaction) -> None:
        self._note(f"transaction/@ref, of type {stated.type}", bool(stated.ref))

    def _note_what_is_left(self, stated: StatedTransaction) -> None:
        only_in_file = {
            "recipient-country": stated.countries,
            "recipient-region": stated.regions,
            "sector": stated.sectors,
            "codes of aid, flow, finance and channel": stated.codes,
        }
        for what, each in only_in_file.items():
            self._note(f"transaction/{what}: only in our own IATI file", len(each))
        further = max(0, len(stated.description) - 1)
        self._note("transaction/description in a further language", further)
        for side, party in (("provider", stated.provider), ("receiver", stated.receiver)):
            if party is None:
                continue
            path = f"transaction/{side}-org"
            self._note(f"{path}/@{side}-activity-id", bool(party.activity_id))
            self._note(f"{path}: its name in a further language", max(0, len(party.names) - 1))
            nameless = not party.ref and not text_in(party.names, self.entities.language)
            self._note(f"{path} without identifier and name", nameless)

    def _budget(
        self, stated: StatedBudget, activity: StatedActivity, project_id: int, fund: Fund
    ) -> Line:
        kept = kept_of_budget(stated)
        values = self._money(stated.value, stated.period_start, "") | {
            "period_start": stated.period_start,
            "period_end": stated.period_end,
            "iati": kept or None,
        }
        fingerprint = digest("budgetline", activity.identifier, "budget", *_said(values))
        return Line("budgetline", stated.line, fingerprint, project_id, fund.pk, values)


# What a record gets here, not from what was said: rates may change, and so may ways to count.
_OWN = frozenset({"base_amount", "rate", CONVERTED, "voucher_key", "voucher_fund_id"})


def _said(values: Values) -> Iterator[str]:
    for name, value in sorted(values.items()):
        if name not in _OWN:
            yield f"{name}={value.normalize() if isinstance(value, Decimal) else value}"

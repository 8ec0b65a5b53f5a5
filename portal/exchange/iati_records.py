"""What an activity's transactions and budgets are here (mapping of DOMAIN.md §8)."""

from collections import Counter
from collections.abc import Iterator
from datetime import date

from finance.intake import NO_CURRENCY, Stated, digest
from finance.models import (
    BudgetLine,
    Commitment,
    Deposit,
    ExpenditureLine,
    OtherFlow,
    VoucherLine,
)
from portal.exchange.iati_nouns import Nouns
from portal.exchange.iati_stated import (
    StatedActivity,
    StatedBudget,
    StatedOrganization,
    StatedTransaction,
    text_in,
)
from projects.models import Fund, Office

RECORD_MODELS = (BudgetLine, VoucherLine, ExpenditureLine, Commitment, Deposit, OtherFlow)
INCOMING, OUTGOING_COMMITMENT, DISBURSEMENT, EXPENDITURE = "1", "2", "3", "4"
REIMBURSEMENT, INCOMING_COMMITMENT, INCOMING_PLEDGE = "7", "11", "13"


class RecordMapper:
    """Turns the money of activities into stated records."""

    def __init__(self, nouns: Nouns, office: Office, told_on: date | None) -> None:
        self.nouns = nouns
        self.office = office
        self.told_on = told_on
        self.unplaced: Counter[str] = Counter()

    def records(self, activity: StatedActivity, project_id: int, fund: Fund) -> Iterator[Stated]:
        """All stated records of one activity."""
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
                yield self._budget(budget, activity, project_id)

    def _note(self, what: str, count: int) -> None:
        if count:
            self.unplaced[what] += count

    def _transaction(
        self, stated: StatedTransaction, activity: StatedActivity, project_id: int, fund: Fund
    ) -> Stated:
        values = {
            "amount": stated.value.amount,
            "currency": stated.value.currency or NO_CURRENCY,
            "value_date": stated.value.value_date,
            "date": stated.date,
            "description": text_in(stated.description, self.nouns.language),
        }
        self._note_places(stated)
        record = Stated(
            model=OtherFlow,
            line=stated.line,
            project_id=project_id,
            values=values,
            as_stated=_as_stated(stated, activity),
        )
        self._complete(record, stated, activity, fund)
        return record

    def _complete(self, record, stated, activity, fund) -> None:
        """Fill in what depends on the type of transaction."""
        values = record.values
        provider = stated.provider
        spender = provider or activity.reporting_org
        if stated.type in {DISBURSEMENT, REIMBURSEMENT}:
            record.model = VoucherLine
            payee = self.nouns.organization(stated.receiver)
            values["organization_id"] = payee
            values["kind"] = (
                VoucherLine.Kind.CORRECTION if values["amount"] < 0 else VoucherLine.Kind.TRANSFER
            )
            record.voucher = _voucher(stated, activity, payee, fund)
        elif stated.type == OUTGOING_COMMITMENT:
            record.model = BudgetLine
            values["organization_id"] = self.nouns.organization(stated.receiver)
        elif stated.type == EXPENDITURE:
            record.model = ExpenditureLine
            values["organization_id"] = self.nouns.organization(spender)
            values["year"] = stated.date.year
            values["state"] = self._state(stated.date.year, activity)
            record.as_stated += (values["state"],)
        elif stated.type in {INCOMING_COMMITMENT, INCOMING_PLEDGE}:
            record.model = Commitment
            values["fund_id"] = fund.pk
            values["contributor_id"] = self.nouns.organization(provider)
            values["arrangement"] = stated.ref[:200]
            values["is_pledge"] = stated.type == INCOMING_PLEDGE
        elif stated.type == INCOMING:
            record.model = Deposit
            values["fund_id"] = fund.pk
            values["contributor_id"] = self.nouns.organization(provider)
            values["payer_reference"] = stated.ref[:200]
        else:
            values["flow_type"] = stated.type[:10]
            values["organization_id"] = self.nouns.organization(stated.receiver or provider)
            self._note(f"transaction of type {stated.type}: kept as other flow", 1)

    def _state(self, year: int, activity: StatedActivity) -> str:
        """Interim until the year-end deadline had passed when the source spoke."""
        told_on = activity.last_updated.date() if activity.last_updated else self.told_on
        office = self.office
        due = date(year + 1, office.expenditure_due_month, office.expenditure_due_day)
        if told_on is not None and told_on < due:
            return ExpenditureLine.State.INTERIM
        return ExpenditureLine.State.REPORTED

    def _note_places(self, stated: StatedTransaction) -> None:
        self._note("transaction/recipient-country", len(stated.countries))
        self._note("transaction/recipient-region", len(stated.regions))
        self._note("transaction/sector", len(stated.sectors))

    def _budget(self, stated: StatedBudget, activity: StatedActivity, project_id: int) -> Stated:
        currency = stated.value.currency or NO_CURRENCY
        return Stated(
            model=BudgetLine,
            line=stated.line,
            project_id=project_id,
            values={
                "amount": stated.value.amount,
                "currency": currency,
                "value_date": stated.value.value_date,
                "date": stated.period_start,
                "period_start": stated.period_start,
                "period_end": stated.period_end,
                "organization_id": None,
            },
            as_stated=(
                activity.identifier,
                "budget",
                stated.type,
                stated.status,
                stated.period_start,
                stated.period_end,
                stated.value.amount.normalize(),
                currency,
                stated.value.value_date,
            ),
        )


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


def _voucher(stated: StatedTransaction, activity: StatedActivity, payee, fund: Fund) -> dict:
    # Without a number nothing says that two payments share a voucher.
    apart = () if stated.ref else (activity.identifier,)
    receiver = _named(stated.receiver)
    return {
        "number": stated.ref[:200],
        "payment_date": stated.date,
        "payee_id": payee,
        "fund_id": fund.pk,
        "key": digest(stated.ref, stated.date, *receiver, fund.code, *apart),
    }


def _in_force(budgets: tuple[StatedBudget, ...]) -> list[StatedBudget]:
    """Budgets without those whose period has a revision (type 2)."""
    revised = {(b.period_start, b.period_end) for b in budgets if b.type == "2"}
    return [b for b in budgets if b.type == "2" or (b.period_start, b.period_end) not in revised]

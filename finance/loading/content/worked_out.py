"""Lines whose amounts follow from others: cumulative ones made annual, pledges made whole."""

from dataclasses import replace
from decimal import Decimal

from finance.conversion import Rates
from finance.loading.digests import digest
from finance.loading.lines import CONVERTED, Line
from finance.models import ExpenditureLine
from portal.kit.currency import base_currency


def made_annual(lines: list[Line], before: dict[tuple, Decimal], rates: Rates) -> list[Line]:
    """Cumulative expenditure lines as annual ones, by subtraction; negatives are kept.

    Lines of one project, organization, category and state follow each other by year; of the
    first, `before` holds what stands for earlier years, by the same key and currency.
    A certified statement is cumulative by itself and stays.
    """
    groups: dict[tuple, dict[int, list[Line]]] = {}
    for line in lines:
        if line.values["state"] != ExpenditureLine.State.CERTIFIED:
            groups.setdefault(cumulative_key(line), {}).setdefault(line.values["year"], []).append(
                line
            )
    for key, years in groups.items():
        so_far = before.get(key, Decimal(0))
        for year in sorted(years):
            total = sum((line.values["amount"] for line in years[year]), Decimal(0))
            first = years[year][0]
            values = first.values
            values["amount"] -= so_far
            on = values["date"]
            values["base_amount"], values["rate"] = rates.convert(
                values["amount"], values["currency"], on
            )
            if values["currency"] != base_currency():
                values[CONVERTED] = True
            first.fingerprint = digest(first.fingerprint, values["amount"])
            so_far = total
    return lines


def signed_whole(line: Line) -> list[Line]:
    """A line of a source that takes payments off its pledges: signed = what remains + paid.

    Such a source (OCHA's emergency fund is one) states the pledge as what is
    left of it. That counts as a commitment, and so does each payment, beside the deposit.
    """
    if line.model == "commitment":
        line.values["is_pledge"] = False
        return [line]
    values = {n: v for n, v in line.values.items() if n != "payer_reference"}
    values |= {"due_on": values["date"], "is_pledge": False}
    paid = replace(
        line,
        model="commitment",
        fingerprint=digest(line.fingerprint, "signed"),
        values=values,
    )
    return [line, paid]


def cumulative_key(line: Line) -> tuple:
    """What a cumulative figure goes on from."""
    values = line.values
    return (
        line.project_id, values["organization_id"], values["category_id"], values["currency"],
    )  # fmt: skip

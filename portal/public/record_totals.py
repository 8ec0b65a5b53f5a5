"""What the records of a figure add up to, below their table."""

from decimal import Decimal
from typing import Any

from finance.figures.catalogue import OF_PROJECTS
from finance.figures.telling import rate_of
from finance.models.figures import Measure
from portal.kit.formatting import percent
from portal.kit.tables.base import TotalRow
from portal.kit.tables.parts import NO_PARTS, Parts, unknown_words


def total_rows(
    figure: str, sums: dict[str, Decimal], held: dict[str, Parts], label: Any, *, is_known: bool
) -> list[TotalRow]:
    """What the records add up to; for a rate, both of its parts and their quotient."""
    if figure != "delivery_rate":
        parts = {"counted": sum(held.values(), NO_PARTS)}
        whole = sum(sums.values(), Decimal(0)) if is_known else None
        return [TotalRow({"counted": whole}, label=label, parts=parts)]
    of_spent = held.get(Measure.EXPENDITURE, NO_PARTS)
    of_net = sum((p for measure, p in held.items() if measure != Measure.EXPENDITURE), NO_PARTS)
    spent = sums.get(Measure.EXPENDITURE, Decimal(0))
    net = sum(
        (base_amount for measure, base_amount in sums.items() if measure != Measure.EXPENDITURE),
        Decimal(0),
    )
    left_out = of_spent + of_net
    rate = rate_of(spent, net, is_known=is_known and not left_out.unconverted)
    return [
        TotalRow(
            {"counted": spent},
            label=OF_PROJECTS["expenditure"].label,
            parts={"counted": of_spent},
        ),
        TotalRow(
            {"counted": net}, label=OF_PROJECTS["net_funded"].label, parts={"counted": of_net}
        ),
        TotalRow(
            {"rate_percent": rate, "part": rate_words(rate, left_out)},
            label=f"{label}: {OF_PROJECTS['delivery_rate'].formula}",
        ),
    ]


def rate_words(rate: Decimal | None, parts: Parts) -> str:
    """A rate, or why it is not known."""
    return unknown_words(parts.unconverted) if parts.unconverted else percent(rate)

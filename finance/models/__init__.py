"""Money: where it was stated, and what was stated."""

from finance.models.figures import Effect, FigureThen, KeyFigure, StatedRecord
from finance.models.loads import Load, ProjectStatement, Source
from finance.models.records import (
    BudgetCategory,
    BudgetLine,
    Commitment,
    Deposit,
    ExchangeRate,
    ExpenditureLine,
    FundCost,
    MoneyRecord,
    OtherFlow,
    Record,
    Voucher,
    VoucherLine,
)

__all__ = [
    "BudgetCategory",
    "BudgetLine",
    "Commitment",
    "Deposit",
    "Effect",
    "ExchangeRate",
    "ExpenditureLine",
    "FigureThen",
    "FundCost",
    "KeyFigure",
    "Load",
    "MoneyRecord",
    "OtherFlow",
    "ProjectStatement",
    "Record",
    "Source",
    "StatedRecord",
    "Voucher",
    "VoucherLine",
]

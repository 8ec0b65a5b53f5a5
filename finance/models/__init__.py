"""Money: where it was stated, and what was stated."""

from finance.models.figures import KeyFigure
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
from finance.models.seals import (
    ErasedFile,
    ErasedText,
    Seal,
    SealedNoun,
    SealPart,
    VerifyResult,
)

__all__ = [
    "BudgetCategory",
    "BudgetLine",
    "Commitment",
    "Deposit",
    "ErasedFile",
    "ErasedText",
    "ExchangeRate",
    "ExpenditureLine",
    "FundCost",
    "KeyFigure",
    "Load",
    "MoneyRecord",
    "OtherFlow",
    "ProjectStatement",
    "Record",
    "Seal",
    "SealPart",
    "SealedNoun",
    "Source",
    "VerifyResult",
    "Voucher",
    "VoucherLine",
]

"""Money: where it was stated, and what was stated."""

from finance.models.decisions import Decision, SubGrant
from finance.models.editions import Edition
from finance.models.entries import Entry, EntryQuerySet, entry_known
from finance.models.figures import (
    FundMeasure,
    KeyFigure,
    StatedRecord,
)
from finance.models.loads import (
    FundStatement,
    Load,
    OrganizationStatement,
    PartStatement,
    ProjectStatement,
    Source,
)
from finance.models.mappings import SourceMapping
from finance.models.mends import Mend
from finance.models.paces import ProjectPace
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
from finance.models.reports import ReportReceived
from finance.models.roll_ups import (
    FundFigure,
    FundPartFigure,
    FundSums,
    OrganizationFigure,
    OrganizationSums,
    OrganizationSumsThen,
    ProjectSums,
    RollUpQuerySet,
    VoucherSums,
    can_roll_up,
    rolled_up,
    sums_known,
)
from finance.models.seals import (
    ErasedFile,
    ErasedText,
    Seal,
    SealedEntity,
    SealPart,
    VerifyResult,
)
from finance.models.staging import LoadRemark, StagedLine

__all__ = [
    "BudgetCategory",
    "BudgetLine",
    "Commitment",
    "Decision",
    "Deposit",
    "Edition",
    "Entry",
    "EntryQuerySet",
    "ErasedFile",
    "ErasedText",
    "ExchangeRate",
    "ExpenditureLine",
    "FundCost",
    "FundFigure",
    "FundMeasure",
    "FundPartFigure",
    "FundStatement",
    "FundSums",
    "KeyFigure",
    "Load",
    "LoadRemark",
    "Mend",
    "MoneyRecord",
    "OrganizationFigure",
    "OrganizationStatement",
    "OrganizationSums",
    "OrganizationSumsThen",
    "OtherFlow",
    "PartStatement",
    "ProjectPace",
    "ProjectStatement",
    "ProjectSums",
    "Record",
    "ReportReceived",
    "RollUpQuerySet",
    "Seal",
    "SealPart",
    "SealedEntity",
    "Source",
    "SourceMapping",
    "StagedLine",
    "StatedRecord",
    "SubGrant",
    "VerifyResult",
    "Voucher",
    "VoucherLine",
    "VoucherSums",
    "can_roll_up",
    "entry_known",
    "rolled_up",
    "sums_known",
]

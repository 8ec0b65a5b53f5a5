"""The three states of expenditure in words; in code they are `ExpenditureLine.State`."""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext_lazy as _

from finance.models import ExpenditureLine


@dataclass(frozen=True)
class State:
    """How far expenditure is from final; its key is its term in the glossary.

    Definitions may name {settings} of the office.
    """

    key: str
    name: Any
    definition: Any
    formula: Any = ""
    see: tuple[str, ...] = ()

    @property
    def label(self) -> Any:
        """The state in one word."""
        return ExpenditureLine.State(self.key).label


STATES = MappingProxyType(
    {
        state.key: state
        for state in (
            State(
                "interim",
                _("Interim expenditure"),
                _(
                    "Spending that an organization reports of its own accord within a year. It "
                    "is provisional: the year-end figure replaces it."
                ),
                see=("reported",),
            ),
            State(
                "reported",
                _("Reported expenditure"),
                _(
                    "The year-end figure, which each organization must report by "
                    "{expenditure_due} of the following year. It replaces all interim figures of "
                    "its year."
                ),
                see=("interim", "certified"),
            ),
            State(
                "certified",
                _("Certified expenditure"),
                _(
                    "The cumulative figure of a final statement that the organization has "
                    "certified. Its difference from the years reported enters as an adjustment "
                    "in its own year."
                ),
                formula=_("adjustment = certified total − expenditure of all years reported"),
                see=("reported", "financially-closed"),
            ),
        )
    }
)

"""What stands below a contributor's page, and the records behind a contributor's figures."""

from decimal import Decimal
from typing import Any

from django.db.models import DecimalField, Value
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from finance.contributors.arrangements import ZERO
from finance.contributors.contributor_tables import ShareRow
from finance.figures.catalogue import OF_FUNDS
from finance.figures.fund_figures import FundSums
from finance.models import EntryQuerySet, FundMeasure
from portal.kit.currency import told_in_base
from portal.kit.formatting import cents, percent
from portal.kit.tables.parts import Parts, unknown_words
from portal.kit.views import TableView
from portal.public.views.contributors import get_contributor_or_404, name_of
from portal.public.views.statements import AllFundsRecords, get_fund_or_404


class ContributorChildList(TableView):
    """What stands below a contributor's page."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.giver = get_contributor_or_404(kwargs["code"], self.known)

    def get_of(self) -> str:
        return name_of(self.giver)

    def get_back(self) -> list[dict[str, Any]]:
        return [
            {"label": _("Contributors"), "url": reverse("contributor-list")},
            {"label": self.get_of(), "url": self.giver.page},
        ]


class ContributorRecords(ContributorChildList, AllFundsRecords):
    """The records behind a figure of a contributor."""

    # What is signed, pledged and paid, never what became of it.
    figures = {
        key: figure
        for key, figure in OF_FUNDS.items()
        if figure.measures.parts
        and figure.measures.measures
        <= {FundMeasure.COMMITMENT, FundMeasure.PLEDGE, FundMeasure.DEPOSIT}
    }
    default = "deposit"

    def get_kept(self) -> None:
        """None: they are of all contributors."""

    def get_queryset(self) -> EntryQuerySet:
        self.fund_ids = [fund.pk for fund in self.giver.funds]
        return super().get_queryset().filter(**self.giver.which_entries)


class NotionalRecords(ContributorChildList, AllFundsRecords):
    """The records of a fund, each by the contributor's notional share (docs/domain.md#formulas)."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.fund = get_fund_or_404(request.GET.get("fund", ""))
        shares = (row for row in self.giver.shares() if row.fund.pk == self.fund.pk)
        found = [row for row in shares if row.deposit_all or row.parts("deposit_share").unconverted]
        nothing = ShareRow(self.giver.page, self.fund, FundSums(), FundSums())
        self.row = found[0] if found else nothing
        self.fund_ids = [self.fund.pk]

    def get_funds(self) -> list[int] | None:
        """The fund of the share, which the address has to name."""
        return self.fund_ids

    def get_kept(self) -> None:
        """None: each record counts by a share."""

    def get_share(self) -> Value:
        return Value((self.row.deposit_share or ZERO) / 100, output_field=DecimalField())

    @property
    def unknown(self) -> str:
        """Why the share is not known; "" where it is."""
        parts = self.row.parts("deposit_share")
        return unknown_words(parts.unconverted) if parts.unconverted else ""

    def get_queryset(self) -> EntryQuerySet:
        """No records while the share is not known: they would count as nothing."""
        entries = super().get_queryset()
        return entries.none() if self.unknown else entries

    def get_sums(self) -> str:
        return self.unknown or super().get_sums()

    def get_title(self) -> str:
        return _("%(figure)s, notional: what makes it up") % {"figure": self.figures[self.figure]}

    def get_intro(self) -> str:
        return told_in_base(
            _(
                "%(name)s, %(fund)s. Notional, because money is pooled: each record of the fund "
                "counts by %(share)s, which is own deposits of %(currency)s %(own)s ÷ all "
                "deposits of %(currency)s %(all)s."
            ),
            name=self.get_of(),
            fund=self.fund.name,
            share=self.unknown or percent(self.row.deposit_share, 2),
            own=_as_far_as_known(self.row.deposit_own, self.row.parts("deposit_own")),
            all=_as_far_as_known(self.row.deposit_all, self.row.parts("deposit_all")),
        )


def _as_far_as_known(amount: Decimal, parts: Parts) -> str:
    return f"{cents(amount)} ({parts.words})" if parts.unconverted else cents(amount)

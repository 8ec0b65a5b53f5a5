"""What one contributor gave, as known then; individuals count as one, as a sum."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.functional import cached_property

from finance.contributors.arrangements import Arrangement, FundRef, arrangements
from finance.contributors.contributor_tables import ShareRow
from finance.figures.fund_figures import FundSums, sums_by_fund
from finance.models import Commitment, Deposit
from portal.kit.dates import Known
from portal.kit.text import fold
from projects.models import Organization

INDIVIDUALS = Organization.Kind.INDIVIDUALS


def contributors() -> QuerySet[Organization]:
    """Organizations that ever signed, pledged or paid."""
    signed = Exists(Commitment.objects.filter(contributor=OuterRef("pk")))
    paid = Exists(Deposit.objects.filter(contributor=OuterRef("pk")))
    return Organization.objects.filter(signed | paid)


class Contributor:
    """A contributor's arrangements and sums, each read once for all parts of a page."""

    def __init__(self, organization: Organization, known: Known) -> None:
        self.organization = organization
        self.known = known
        self.is_sum = organization.kind == INDIVIDUALS

    @property
    def which(self) -> dict[str, Any]:
        """What narrows contributions to it."""
        if self.is_sum:
            return {"contributor__kind": INDIVIDUALS}
        return {"contributor": self.organization}

    @property
    def which_entries(self) -> dict[str, Any]:
        """What narrows entries and sums of funds to it."""
        if self.is_sum:
            return {"organization__kind": INDIVIDUALS}
        return {"organization": self.organization}

    @property
    def page(self) -> str:
        """The address of its page."""
        return reverse("contributor", args=[self.organization.code])

    @cached_property
    def arrangements(self) -> list[Arrangement]:
        """All its arrangements."""
        return arrangements(self.known, **self.which)

    @property
    def funds(self) -> list[FundRef]:
        """The funds that it gave to, by name."""
        return sorted({one.fund for one in self.arrangements}, key=lambda f: (fold(f.name), f.pk))

    @cached_property
    def own(self) -> FundSums:
        """Its own sums by fund."""
        ids = [fund.pk for fund in self.funds]
        return sums_by_fund(self.known, ids, **self.which_entries)

    def deposits(self) -> QuerySet[Deposit]:
        """Its deposits, newest first."""
        return (
            Deposit.objects.known_at(self.known.as_of)
            .up_to(self.known.until)
            .filter(**self.which)
            .select_related("fund", "load")
            .order_by("-date", "-pk")
        )

    def shares(self) -> list[ShareRow]:
        """The notional share of each fund that it paid into."""
        ids = [fund.pk for fund in self.funds]
        whole = sums_by_fund(self.known, ids).by(lambda s: s.part[0]) if ids else {}
        own = self.own.by(lambda s: s.part[0])
        rows = []
        for fund in self.funds:
            sums, mine = whole.get(fund.pk, FundSums()), own.get(fund.pk, FundSums())
            if mine.has_records("deposit"):
                rows.append(ShareRow(self.page, fund, mine, sums))
        return rows

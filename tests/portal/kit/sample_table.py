"""A table with every kind of column, and rows with the awkward values."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from portal.kit.tables.base import Table
from portal.kit.tables.columns import (
    AmountColumn,
    ChoiceColumn,
    DateColumn,
    IdentifierColumn,
    IntegerColumn,
    ListColumn,
    MoneyColumn,
    PercentColumn,
    TextColumn,
)
from portal.kit.tables.parts import Parts
from projects.models import Office

STATES = (("on_going", _("On Going")), ("closed", _("Closed")))


@dataclass
class Line:
    """One record."""

    number: str
    title: str | None
    state: str
    spent: Decimal | None
    rate: Decimal | None
    vouchers: int | None
    paid: date | datetime | None
    given: Decimal | None
    currency: str = "EUR"
    partners: list[str] = field(default_factory=list)
    interim: Decimal = Decimal(0)
    certified: Decimal = Decimal(0)
    unconverted: int = 0

    def get_absolute_url(self) -> str:
        """Its page."""
        return f"/project/{self.number}/"


class SampleTable(Table):
    """Every kind of column."""

    title = _("Projects")
    note = _("All amounts in US$")
    number = IdentifierColumn(_("Number"), link=True, definition=_("The ledger's number."))
    name = TextColumn(_("Title"), accessor="title")
    state = ChoiceColumn(_("State"), choices=STATES)
    spent = MoneyColumn(
        _("Spent"),
        link="records_url",
        interim=True,
        parts=lambda line: Parts(line.interim, line.unconverted, certified=line.certified),
        term="expenditure",
    )
    rate = PercentColumn(_("Delivery rate"))
    vouchers = IntegerColumn(_("Vouchers"))
    paid = DateColumn(_("Paid"))
    given = AmountColumn(_("Given"))
    partners = ListColumn(_("Partners"), item_link=lambda name: f"/organization/{name}/")

    def records_url(self, line: Line) -> str | None:
        """The records behind the figure."""
        return f"/project/{line.number}/records/" if line.spent else None


LINES = [
    Line(
        number="00102004",
        title="Éducation – “tous”",
        state="on_going",
        spent=Decimal("1234567.895"),
        rate=Decimal("94.55"),
        vouchers=1200,
        paid=date(2016, 9, 15),
        given=Decimal("1000.5"),
        partners=["UNDP", "FAO"],
        interim=Decimal("200.25"),
        certified=Decimal("1000.50"),
    ),
    Line(
        number="00000007",
        title='=HYPERLINK("http://x.example")',
        state="closed",
        spent=Decimal("-0.005"),
        rate=None,
        vouchers=0,
        paid=datetime(2020, 2, 29, 12, tzinfo=UTC),
        given=None,
    ),
    Line(
        number="5",
        title=None,
        state="unheard-of",
        spent=Decimal(0),
        unconverted=2,
        rate=Decimal("-12.25"),
        vouchers=None,
        paid=None,
        given=Decimal("-3"),
        currency="",
    ),
]

# What every file holds, whatever its format.
KEYS = [
    "number",
    "name",
    "state",
    "spent",
    "spent_interim",
    "spent_certified",
    "rate",
    "vouchers",
    "paid",
    "given",
    "given_currency",
    "partners",
    "unconverted",
]
CELLS = [
    [
        "00102004", "Éducation – “tous”", "On Going", Decimal("1234567.90"), Decimal("200.25"),
        Decimal("1000.50"), Decimal("94.6"), 1200, date(2016, 9, 15), Decimal("1000.50"), "EUR",
        "UNDP; FAO", None,
    ],
    [
        "00000007", "=HYPERLINK(\"http://x.example\")", "Closed", Decimal("-0.01"), None,
        None, None, 0, date(2020, 2, 29), None, "EUR", None, None,
    ],
    [
        "5", None, "unheard-of", None, None,
        None, Decimal("-12.3"), None, None, Decimal("-3.00"), None, None,
        "Spent: plus 2 amounts not converted",
    ],
]  # fmt: skip
PAGE = [
    [
        "00102004", "Éducation – “tous”", "On Going",
        "1,234,568i interim: 200 by certified statements: 1,001", "94.6 %", "1,200",
        "15 Sep 2016", "EUR 1,000.50", "UNDP; FAO",
    ],
    [
        "00000007", "=HYPERLINK(\"http://x.example\")", "Closed", "−0.01", "n/a", "0",
        "29 Feb 2020", "n/a", "n/a",
    ],
    [
        "5", "n/a", "unheard-of", "plus 2 amounts not converted", "−12.3 %",
        "n/a", "n/a", "−3.00", "n/a",
    ],
]  # fmt: skip


def office(*, sample: bool = False) -> Office:
    """What the site tells the kit of itself."""
    return Office(
        name="Test Office",
        portal_name="Test Portal",
        sample=sample,
        accent="#0b5d6b",
        accent_dark="#7cc6d2",
    )

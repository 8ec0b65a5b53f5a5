"""Records: what a load stated, never changed and never deleted.

A record stands from the release of its `load` until the release of the load that withdrew
it (`withdrawn_by`). The web role may only add records and fill `withdrawn_by`; triggers hold
the same for the owner. Terms are those of docs/domain.md#money.
"""

from datetime import date, datetime

from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from finance.models.append_only import APPEND_ONLY, AS_STATED, NOT_REMOVED, only_emptied, salt
from portal.kit.currency import BASE_LABEL, in_base
from portal.kit.language.reference_names import translated
from portal.kit.text import Words, last_number, squeezed
from portal.kit.web.addresses import address
from portal.kit.withholdable import MARK, Withholdable, sealed_texts
from portal.kit.years import year_constraint


class RecordQuerySet(models.QuerySet):
    """Reading records."""

    def known_at(self, moment: datetime | None = None) -> "RecordQuerySet":
        """Records that stood at `moment`; those that stand now when it is None."""
        if moment is None:
            return self.filter(withdrawn_by__isnull=True)
        return self.filter(load__released_at__lte=moment).exclude(
            withdrawn_by__isnull=False, withdrawn_by__released_at__lte=moment
        )

    def up_to(self, day: date | None = None) -> "RecordQuerySet":
        """Records of money up to a day, that day included; all when it is None."""
        return self if day is None else self.filter(date__lte=day)


class Record(models.Model):
    """Something stated by one line of one load."""

    web_may_update = ("withdrawn_by",)

    load = models.ForeignKey("finance.Load", models.PROTECT, related_name="+")
    source = models.ForeignKey("finance.Source", models.PROTECT, related_name="+")
    line = models.PositiveBigIntegerField(_("line"), help_text=_("Row or line of the file."))
    # `indexes_of` has its index, of those that were withdrawn: one of all would lead the
    # planner through every standing record, for want of statistics.
    withdrawn_by = models.ForeignKey(
        "finance.Load", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    restates = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    fingerprint = models.CharField(
        max_length=32, help_text=_("Digest of the values as stated, to compare loads by.")
    )

    objects = RecordQuerySet.as_manager()

    class Meta:
        abstract = True
        triggers = list(APPEND_ONLY)


class MoneyRecord(Record):
    """A record of an amount; `base_amount` is empty while no rate of exchange is known."""

    amount = models.DecimalField(_("amount as stated"), max_digits=24, decimal_places=6)
    currency = models.CharField(_("currency"), max_length=3)
    value_date = models.DateField(_("value date"), null=True, blank=True)
    base_amount = models.DecimalField(
        BASE_LABEL, max_digits=24, decimal_places=6, null=True, blank=True
    )
    rate = models.DecimalField(
        in_base(_("units per %(currency)s")),
        max_digits=24,
        decimal_places=10,
        null=True,
        blank=True,
    )
    date = models.DateField(_("date"), help_text=_("Of payment, or the end of the period."))
    description = models.TextField(_("description"), blank=True)
    iati = models.JSONField(
        _("in IATI"),
        null=True,
        blank=True,
        help_text=_("Codes of its IATI file that have no column here."),
    )
    salt = salt()
    withholdable = sealed_texts("description", scope="project")

    class Meta(Record.Meta):
        abstract = True
        triggers = [*APPEND_ONLY, AS_STATED]

    def __str__(self) -> str:
        return f"{self.date} {self.currency} {self.amount}"


def _project(related_name: str) -> models.ForeignKey:
    return models.ForeignKey("projects.Project", models.PROTECT, related_name=related_name)


def _organization(related_name: str, verbose_name: Words) -> models.ForeignKey:
    return models.ForeignKey(
        "projects.Organization",
        models.PROTECT,
        null=True,
        blank=True,
        related_name=related_name,
        verbose_name=verbose_name,
    )


def indexes_of(name: str, *fields: str) -> list[models.Index]:
    """Of the records that stand today, by these fields; of the others, by who withdrew them."""
    standing, withdrawn = (Q(withdrawn_by__isnull=empty) for empty in (True, False))
    return [
        models.Index(fields=fields, name=f"{name}_standing", condition=standing),
        models.Index(fields=["withdrawn_by"], name=f"{name}_withdrawn", condition=withdrawn),
    ]


class BudgetCategory(models.Model):
    """A category of budgets and expenditure; sets of categories have dates of validity."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=200)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_indirect = models.BooleanField(_("indirect support cost"), default=False)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    counts_as = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="older",
        verbose_name=_("counts as"),
        help_text=_("For a category of an older set: the one of today’s set in reports of funds."),
    )

    class Meta:
        verbose_name = _("budget category")
        verbose_name_plural = _("budget categories")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return translated(self.name)


def voucher_name(number: str) -> str:
    """How a voucher is called; not all have a number."""
    return number or str(_("Unnumbered voucher"))


class Voucher(models.Model):
    """A paid payment voucher of the fund office; its total is the sum of its lines."""

    web_may_update = ()

    source = models.ForeignKey("finance.Source", models.PROTECT, related_name="vouchers")
    number = models.CharField(_("voucher number"), max_length=200, blank=True)
    payment_date = models.DateField(_("payment date"))
    payee = _organization("vouchers", _("payee"))
    fund = models.ForeignKey("projects.Fund", models.PROTECT, related_name="vouchers")
    key = models.CharField(
        max_length=32, help_text=_("Digest of what tells it from others of its source.")
    )
    salt = salt()
    withholdable = Withholdable({"number": MARK}, match=("number",), spread=True, texts=("number",))

    class Meta:
        triggers = [*NOT_REMOVED, only_emptied("number")]
        verbose_name = _("voucher")
        verbose_name_plural = _("vouchers")
        ordering = ["-payment_date", "-pk"]
        indexes = [
            models.Index(F("payment_date").desc(), F("id").desc(), name="voucher_order"),
            models.Index(fields=["number", "-payment_date", "-id"], name="voucher_by_number"),
            models.Index(
                OpClass(squeezed("number"), name="text_pattern_ops"), name="voucher_number_begins"
            ),
            models.Index(last_number("number"), name="voucher_last_number"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["source", "key"], name="voucher_once_per_source")
        ]

    def __str__(self) -> str:
        return voucher_name(self.number)

    def get_absolute_url(self) -> str:
        return address("voucher", self.pk)


# A transfer of zero is none: no project starts with it, nothing is due after it
# (docs/domain.md#status).
IS_TRANSFER = Q(kind="transfer", amount__gt=0)


def transfer_function() -> str:
    """The function of the database that knows the same."""
    return (
        "CREATE OR REPLACE FUNCTION is_transfer(kind text, amount numeric) RETURNS boolean "
        "LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT kind = 'transfer' AND amount > 0 $$"
    )


class VoucherLine(MoneyRecord):
    """One project's part of a voucher; refunds and corrections are negative."""

    class Kind(models.TextChoices):
        TRANSFER = "transfer", _("Transfer")
        REFUND = "refund", _("Refund")
        CORRECTION = "correction", _("Refund or correction")

    voucher = models.ForeignKey(Voucher, models.PROTECT, related_name="lines")
    project = _project("voucher_lines")
    organization = _organization("voucher_lines", _("participating organization"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.TRANSFER)

    class Meta(MoneyRecord.Meta):
        verbose_name = _("voucher line")
        verbose_name_plural = _("voucher lines")
        ordering = ["-date", "-pk"]
        indexes = [
            *indexes_of("voucherline", "project", "date"),
            models.Index(F("date").desc(), F("id").desc(), name="voucherline_order"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="transfer", amount__gte=0)
                | (~Q(kind="transfer") & Q(amount__lte=0)),
                name="transfer_positive_refund_negative",
                violation_error_message=_("Transfers are positive, refunds negative."),
            ),
        ]


class BudgetLine(MoneyRecord):
    """Approved budget (allocation): what the Steering Committee approved."""

    project = _project("budget_lines")
    organization = _organization("budget_lines", _("participating organization"))
    category = models.ForeignKey(BudgetCategory, models.PROTECT, null=True, blank=True)
    period_start = models.DateField(_("period from"), null=True, blank=True)
    period_end = models.DateField(_("period to"), null=True, blank=True)

    class Meta(MoneyRecord.Meta):
        verbose_name = _("budget line")
        verbose_name_plural = _("budget lines")
        ordering = ["-date", "-pk"]
        indexes = indexes_of("budgetline", "project", "date")


class ExpenditureLine(MoneyRecord):
    """What a participating organization reports as spent.

    Certified lines are cumulative as stated; which lines count is decided in
    `finance/figures/sums.py`.
    """

    class State(models.TextChoices):
        INTERIM = "interim", _("interim")
        REPORTED = "reported", _("reported")
        CERTIFIED = "certified", _("certified")

    project = _project("expenditure_lines")
    organization = _organization("expenditure_lines", _("participating organization"))
    category = models.ForeignKey(BudgetCategory, models.PROTECT, null=True, blank=True)
    year = models.PositiveSmallIntegerField(_("year"))
    state = models.CharField(_("state"), max_length=9, choices=State)

    class Meta(MoneyRecord.Meta):
        verbose_name = _("expenditure line")
        verbose_name_plural = _("expenditure lines")
        ordering = ["-date", "-pk"]
        indexes = indexes_of("expenditure", "project", "year")
        constraints = [
            year_constraint("expenditure_year_plausible"),
        ]


class _Contribution(MoneyRecord):
    """What commitments and deposits share."""

    fund = models.ForeignKey("projects.Fund", models.PROTECT, related_name="%(class)ss")
    project = models.ForeignKey(
        "projects.Project", models.PROTECT, null=True, blank=True, related_name="%(class)ss"
    )
    contributor = _organization("%(class)ss", _("contributor"))
    arrangement = models.CharField(_("arrangement (SAA)"), max_length=200, blank=True)

    class Meta(MoneyRecord.Meta):
        abstract = True


class Commitment(_Contribution):
    """A contributor's signed amount, paid or not."""

    due_on = models.DateField(_("due on"), null=True, blank=True)
    is_pledge = models.BooleanField(_("pledged, not signed"), default=False)
    withholdable = sealed_texts("description", "arrangement", scope="project")

    class Meta(_Contribution.Meta):
        verbose_name = _("commitment")
        verbose_name_plural = _("commitments")
        ordering = ["-date", "-pk"]
        indexes = indexes_of("commitment", "fund", "date")


class Deposit(_Contribution):
    """Cash received from a contributor."""

    payer_reference = models.CharField(_("payer’s reference"), max_length=200, blank=True)
    withholdable = sealed_texts("description", "arrangement", "payer_reference", scope="project")

    class Meta(_Contribution.Meta):
        verbose_name = _("deposit")
        verbose_name_plural = _("deposits")
        ordering = ["-date", "-pk"]
        indexes = indexes_of("deposit", "fund", "date")


class FundCost(MoneyRecord):
    """Money of a fund that sits on no project: fees, charges, interest, direct cost."""

    class Kind(models.TextChoices):
        FUND_INTEREST = "fund-interest", _("Interest and investment income of the fund")
        PO_INTEREST = "po-interest", _("Interest from participating organizations")
        OTHER_INCOME = "other-income", _("Other income")
        TO_FUND = "to-fund", _("Transfer to another fund")
        AA_FEE = "aa-fee", _("Administrative Agent fee")
        DIRECT_COST = "direct-cost", _("Direct cost")
        DIRECT_COST_REFUND = "direct-cost-refund", _("Refund of direct cost")
        DIRECT_COST_EXPENDITURE = "direct-cost-expenditure", _("Expenditure of direct cost")
        BANK_CHARGES = "bank-charges", _("Bank charges")

    fund = models.ForeignKey("projects.Fund", models.PROTECT, related_name="costs")
    kind = models.CharField(_("kind"), max_length=24, choices=Kind)
    organization = _organization("fund_costs", _("organization"))
    other_fund = models.ForeignKey(
        "projects.Fund", models.PROTECT, null=True, blank=True, related_name="costs_received"
    )
    withholdable = sealed_texts("description")

    class Meta(MoneyRecord.Meta):
        verbose_name = _("fund cost")
        verbose_name_plural = _("fund costs")
        ordering = ["-date", "-pk"]
        indexes = indexes_of("fundcost", "fund", "date")


class OtherFlow(MoneyRecord):
    """A flow without a place here (loan repayment, equity …): shown, added to nothing."""

    project = _project("other_flows")
    flow_type = models.CharField(_("IATI transaction type"), max_length=10)
    organization = _organization("other_flows", _("organization"))

    class Meta(MoneyRecord.Meta):
        verbose_name = _("other flow")
        verbose_name_plural = _("other flows")
        ordering = ["-date", "-pk"]
        indexes = indexes_of("otherflow", "project", "date")


class ExchangeRate(Record):
    """Units of a currency per base currency, from its effective date on."""

    currency = models.CharField(_("currency"), max_length=3)
    effective_on = models.DateField(_("effective date"))
    units_per_base = models.DecimalField(
        in_base(_("units per %(currency)s")), max_digits=24, decimal_places=10
    )

    class Meta(Record.Meta):
        verbose_name = _("exchange rate")
        verbose_name_plural = _("exchange rates")
        ordering = ["currency", "-effective_on", "-pk"]
        indexes = indexes_of("rate", "currency", "effective_on")
        constraints = [
            models.CheckConstraint(
                condition=Q(units_per_base__gt=0),
                name="rate_positive",
                violation_error_message=_("A rate is above zero."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.currency} {self.units_per_base} ({self.effective_on})"

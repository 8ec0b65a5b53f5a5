"""The ledger of entries: what each record adds to a measure, since when and until when."""

from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Max, Q, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from portal.kit.currency import in_base
from portal.kit.dates import TODAY, Known


def entry_known(known: Known, prefix: str = "") -> Q:
    """The condition on entries (`prefix` leads to them): known then, of money up to then."""
    found = Q(**{f"{prefix}known_until__isnull": True})
    if known.as_of is not None:
        found |= Q(**{f"{prefix}known_until__gt": known.as_of})
        found &= Q(**{f"{prefix}known_from__lte": known.as_of})
    return found & Q(**{f"{prefix}date__lte": known.until}) if known.until else found


class EntryQuerySet(models.QuerySet):
    """Reading entries."""

    def known(self, known: Known = TODAY) -> "EntryQuerySet":
        """Those known then, of money up to then; all that hold today, unless stated."""
        return self.filter(entry_known(known))

    def summed(self, *keys: str) -> models.QuerySet[Any, Any]:
        """Sums by these keys of what stands: `base_amount__sum`, `records__sum`,
        `unconverted__sum` and `date__max`; without groups of which nothing stands."""
        amount = Coalesce(Sum("base_amount"), Decimal(0), output_field=models.DecimalField())
        return (
            self.order_by()
            .values(*keys)
            .annotate(Sum("records"), Sum("unconverted"), Max("date"), base_amount__sum=amount)
            .exclude(records__sum=0)
        )


def _seen(to: str, **options: Any) -> models.ForeignKey:
    """A foreign key without constraint: what an entry is made from has all of them."""
    options.setdefault("related_name", "+")
    return models.ForeignKey(
        to, models.DO_NOTHING, null=True, db_constraint=False, editable=False, **options
    )


class Entry(models.Model):
    """What one record adds to one measure.

    Entries are made from the records within each release (`finance/figures/making.py`), never
    stated by hand. No entry depends on another: what a record replaces is taken out by an
    opposite entry, dated on the later of both days, so that the sum over any entries known at a
    moment, of money up to a day, is right.
    """

    measure = models.CharField(_("measure"), max_length=24)
    state = models.CharField(_("state"), max_length=10, blank=True)
    date = models.DateField(_("date"))
    year = models.PositiveSmallIntegerField(_("year"))
    base_amount = models.DecimalField(
        _("amount in base currency"),
        max_digits=24,
        decimal_places=6,
        null=True,
        help_text=_("In the direction of the measure; empty while no rate is known."),
    )
    amount = models.DecimalField(
        _("amount"),
        max_digits=24,
        decimal_places=6,
        help_text=_("As stated; the other way round where the entry takes its record out."),
    )
    currency = models.CharField(_("currency"), max_length=3)
    rate = models.DecimalField(
        in_base(_("units per %(currency)s")), max_digits=24, decimal_places=10, null=True
    )
    # 1 where the entry brings its record in, −1 where it takes it out: sums of these two count
    # the records that stand, and those among them without a rate of exchange.
    records = models.SmallIntegerField(_("records"))
    unconverted = models.SmallIntegerField(_("records without a rate of exchange"))
    # By a certified statement, which is cumulative: the annual lines that it covers.
    adjusts = models.BooleanField(_("of what a certified statement covers"), default=False)
    project = _seen("projects.Project", related_name="entries")
    # The fund that the record names: of a voucher, the fund that paid.
    fund = _seen("projects.Fund", related_name="entries")
    project_fund = _seen("projects.Fund", related_name="project_entries")
    organization = _seen("projects.Organization", related_name="entries")
    category = _seen("finance.BudgetCategory", db_index=False)
    kind = models.CharField(_("kind of record"), max_length=20)
    record_id = models.BigIntegerField(_("record"))
    # The record for whose sake an opposite entry stands; of the same kind.
    replaced_by_id = models.BigIntegerField(_("replaced by"), null=True)
    load = _seen("finance.Load", db_index=False)
    line = models.PositiveBigIntegerField(_("line"))
    voucher = _seen("finance.Voucher", db_index=False)
    original_load = _seen("finance.Load", db_index=False)
    original_line = models.PositiveBigIntegerField(_("line of the original"), null=True)
    known_from = models.DateTimeField(_("known from"))
    known_until = models.DateTimeField(_("known until"), null=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry")
        verbose_name_plural = _("entries")
        indexes = [
            models.Index(fields=["record_id", "kind"], name="entry_record"),
            # Lists of records begin with the newest.
            models.Index(fields=["date", "record_id"], name="entry_by_date"),
            # What a release changed is found by its moment.
            models.Index(fields=["known_from"], name="entry_known_from"),
            models.Index(
                fields=["known_until"],
                condition=Q(known_until__isnull=False),
                name="entry_known_until",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.date}: {self.base_amount}"

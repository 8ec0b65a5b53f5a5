"""The fund office: what staff can change of the site's name, look, deadlines, addresses."""

import re
from calendar import monthrange
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from portal.kit.currency import CODE, LABEL, in_base, use_base_currency
from portal.kit.text import Words
from projects.models.funds import Fund
from projects.models.reporting import ReportRule

# Said in the language of the page as long as the office has no words of its own.
TAGLINE = gettext_noop("See what a trust fund’s money does")

# Domains that stand in for others in manuals (RFC 2606): nobody reads mail there.
_NOBODYS = re.compile(r"(^|\.)(example\.(org|com|net)|example|test|invalid|localhost)$", re.I)

# Agency and number, as the standard asks: nothing that divides an address.
_org_id = RegexValidator(
    r"^[A-Za-z0-9]{2,}-[^\s/&|?]+$",
    _("Give the code of the agency, a hyphen and the number there, without spaces, /, &, | or ?."),
)
IATI_KINDS = (
    ("10", _("Government")),
    ("15", _("Other public sector")),
    ("21", _("International NGO")),
    ("22", _("National NGO")),
    ("30", _("Public-private partnership")),
    ("40", _("Multilateral")),
    ("60", _("Foundation")),
    ("70", _("Private sector")),
    ("80", _("Academic, training and research")),
    ("90", _("Other")),
)
_hex_colour = RegexValidator(r"^#[0-9a-fA-F]{6}$", _("Give the colour as # and six hex digits."))


def _month(verbose_name: Words, default: int) -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(
        verbose_name, default=default, validators=[MinValueValidator(1), MaxValueValidator(12)]
    )


def _day(verbose_name: Words, default: int) -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(
        verbose_name, default=default, validators=[MinValueValidator(1), MaxValueValidator(28 + 3)]
    )


def _last_of(year: int, month: int, day: int) -> date:
    """That day; one that the month does not have means its last."""
    return date(year, month, min(day, monthrange(year, month)[1]))


def is_nobodys(address: str) -> bool:
    """Whether an e-mail address is one of those that manuals use in place of a real one."""
    return bool(_NOBODYS.search(address.rpartition("@")[2]))


@pghistory.track()
class Office(models.Model):
    """The one office that runs this portal (the Administrative Agent); always row 1.

    All that an office decides for itself is here, with its history; what the server needs to
    run is in the environment.
    """

    # Where the public writes to; a page leaves out what is empty.
    ADDRESSES = ("email", "feedback_email", "fraud_email")

    name = models.CharField(_("name"), max_length=200, default="Fund Office")
    short_name = models.CharField(_("short name"), max_length=40, default="Fund Office")
    portal_name = models.CharField(_("name of the portal"), max_length=80, default="Open Funds")
    tagline = models.CharField(_("tagline"), max_length=200, blank=True, default=TAGLINE)
    introduction = models.TextField(_("introduction on the home page"), blank=True)
    logo = models.ImageField(_("logo"), upload_to="office/", blank=True)
    accent = models.CharField(
        _("accent colour"), max_length=7, default="#0b5d6b", validators=[_hex_colour]
    )
    accent_dark = models.CharField(
        _("accent colour on dark ground"),
        max_length=7,
        default="#7cc6d2",
        validators=[_hex_colour],
    )
    base_currency = models.CharField(_("base currency"), max_length=3, default=CODE)
    currency_label = models.CharField(_("currency as written"), max_length=10, default=LABEL)
    time_zone = models.CharField(_("time zone"), max_length=60, default="UTC")
    languages = ArrayField(
        models.CharField(max_length=10),
        verbose_name=_("languages"),
        default=list,
        blank=True,
        help_text=_("None chosen: all that are complete."),
    )

    expenditure_due_month = _month(_("year-end expenditure due: month"), 4)
    expenditure_due_day = _day(_("year-end expenditure due: day"), 30)
    narrative_due_month = _month(_("narrative reports due: month"), 3)
    narrative_due_day = _day(_("narrative reports due: day"), 31)
    consolidated_due_month = _month(_("consolidated report due: month"), 5)
    consolidated_due_day = _day(_("consolidated report due: day"), 31)
    final_narrative_months = models.PositiveSmallIntegerField(
        _("final narrative due, months after operational closure"), default=3
    )
    certified_statement_months = models.PositiveSmallIntegerField(
        _("certified final statement due, months after operational closure"), default=12
    )
    reports_from = models.PositiveSmallIntegerField(
        _("reports are followed from the year"),
        null=True,
        blank=True,
        help_text=_("Reports on earlier years are not listed as due."),
    )
    missing_after_days = models.PositiveSmallIntegerField(
        _("a late report is called missing after so many days"), default=365
    )
    reminders_on = models.BooleanField(
        _("reminders by e-mail"),
        default=False,
        help_text=_("Once a day, what is due soon or late goes to the persons responsible."),
    )
    reminder_days = models.PositiveSmallIntegerField(
        _("remind so many days before a report is due"), default=30
    )
    waived_balance = models.DecimalField(
        in_base(_("unspent balance that need not be refunded (%(currency)s)")),
        max_digits=12,
        decimal_places=2,
        default=Decimal(250),
    )
    indirect_rate = models.DecimalField(
        _("indirect support cost, in percent of the direct cost"),
        max_digits=5,
        decimal_places=2,
        default=Decimal(7),
        validators=[MinValueValidator(0), MaxValueValidator(100)],
        help_text=_("More is warned of, unless the project’s own budget allows it."),
    )
    vouchers_from = models.DateField(
        _("list vouchers from"),
        default=date(2009, 1, 1),
        help_text=_("Older vouchers count in the figures but are not listed on factsheets."),
    )

    email = models.EmailField(_("general address"), blank=True)
    feedback_email = models.EmailField(_("address for feedback"), blank=True)
    fraud_email = models.EmailField(_("confidential address for suspected fraud"), blank=True)
    postal_address = models.TextField(_("postal address"), blank=True)
    phone = models.CharField(_("telephone"), max_length=60, blank=True)

    iati_org_id = models.CharField(
        _("IATI organisation identifier"),
        max_length=100,
        blank=True,
        validators=[_org_id],
        help_text=_("Such as XM-DAC-41114: the prefix of every identifier that we publish."),
    )
    iati_org_type = models.CharField(
        _("kind of organization, as IATI has it"),
        max_length=2,
        choices=IATI_KINDS,
        default="40",
    )
    iati_publisher = models.SlugField(
        _("short name at the IATI Registry"),
        max_length=60,
        blank=True,
        help_text=_("As registered there: names of files begin with it."),
    )
    licence_name = models.CharField(_("data licence"), max_length=100, default="CC BY 4.0")
    licence_url = models.URLField(
        _("address of the licence"), default="https://creativecommons.org/licenses/by/4.0/"
    )
    four_eyes = models.BooleanField(
        _("four eyes"),
        default=True,
        help_text=_("A load is released by somebody else than the person who entered it."),
    )
    set_up_at = models.DateTimeField(_("settings first saved"), null=True, editable=False)
    sample = models.BooleanField(
        _("shows sample data"),
        default=False,
        help_text=_("Marks every page, export, feed and answer as invented sample data."),
    )

    class Meta:
        verbose_name = _("office")
        verbose_name_plural = _("office")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(pk=1),
                name="office_is_one_row",
                violation_error_message=_("There is one office; change the existing one."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_set_up(self) -> bool:
        """Whether somebody has said whose portal it is; a sample is nobody's."""
        return self.sample or self.set_up_at is not None

    def clean(self) -> None:
        """Nobody is sent to an address at which nobody reads; a sample may invent some."""
        if not self.sample:
            said = _("Nobody reads mail at this address: it stands in manuals for another.")
            wrong = [name for name in self.ADDRESSES if is_nobodys(getattr(self, name))]
            if wrong:
                raise ValidationError(dict.fromkeys(wrong, said))

    def missing_addresses(self) -> list[Words]:
        """What the addresses are called that the public needs and does not find."""
        return [
            field.verbose_name
            for field in self._meta.concrete_fields
            if field.name in self.ADDRESSES and not getattr(self, field.name)
        ]

    def expenditure_due(self, year: int) -> date:
        """The day by which year-end expenditure of that year is due, unless a fund rules else."""
        return _last_of(year + 1, self.expenditure_due_month, self.expenditure_due_day)

    def expenditure_asked_by(
        self, fund: Fund, rules: Iterable[ReportRule], year: int
    ) -> date | None:
        """The day by the fund's own rule, or else the office's; None where it asks for none.

        `rules` are the fund's own for financial reports: one at most.
        """
        rule = next(iter(rules), None)
        if not (rule.is_asked if rule else fund.follows_rules):
            return None
        if rule is None or rule.month is None or rule.day is None:
            return self.expenditure_due(year)
        return _last_of(year + 1, rule.month, rule.day)

    def use_currency(self) -> None:
        """From here on, in this request, task or command, figures are in its base currency."""
        use_base_currency(self.base_currency, self.currency_label)

    @classmethod
    def current(cls) -> "Office":
        """The office, with its defaults as long as nobody has saved it."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)

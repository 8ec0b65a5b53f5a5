"""Sources and loads: who said something, in which file, and when it became public."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from finance.models.append_only import NOT_REMOVED, only_emptied, salt
from portal.kit.web.addresses import address
from portal.kit.withholdable import MARK, Withholdable


class Source(models.Model):
    """A ledger or publisher; what it says now replaces what it said before."""

    code = models.SlugField(_("code"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=200)

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class LoadQuerySet(models.QuerySet):
    """Reading loads."""

    def released(self) -> "LoadQuerySet":
        """Those that the public knows of."""
        return self.filter(released_at__isnull=False)

    def open(self) -> "LoadQuerySet":
        """Those that staff still have to do something with."""
        return self.exclude(state__in=Load.CLOSED)

    def with_reversed_at(self, as_of: datetime | None = None) -> "LoadQuerySet":
        """With `reversed_at`, when a load was reversed, as known then; None where it was not."""
        reversals = Load.objects.released().filter(reverses=OuterRef("pk")).order_by("released_at")
        if as_of is not None:
            reversals = reversals.filter(released_at__lte=as_of)
        return self.annotate(reversed_at=Subquery(reversals.values("released_at")[:1]))

    def taken_back(self, as_of: datetime | None = None) -> "LoadQuerySet":
        """Those that a released load reverses, as known then."""
        reversals = Load.objects.released().filter(reverses__isnull=False)
        if as_of is not None:
            reversals = reversals.filter(released_at__lte=as_of)
        return self.filter(pk__in=reversals.values("reverses"))

    def unreversed(self) -> "LoadQuerySet":
        """Released ones that no released load reverses."""
        return self.released().exclude(pk__in=Load.objects.taken_back().values("pk"))


class Load(models.Model):
    """One source file taken in, with what it changed."""

    class Kind(models.TextChoices):
        IATI = "iati", _("IATI activities")
        VOUCHERS = "vouchers", _("Vouchers")
        BUDGETS = "budgets", _("Approved budgets")
        EXPENDITURES = "expenditures", _("Expenditures")
        CONTRIBUTIONS = "contributions", _("Commitments and deposits")
        FUND_COSTS = "fund-costs", _("Fund costs")
        PROJECTS = "projects", _("Projects")
        ORGANIZATIONS = "organizations", _("Organizations")
        FUNDS = "funds", _("Funds")
        PARTICIPATIONS = "participations", _("Participations")
        CONTACTS = "contacts", _("Contacts")
        SUBJECTS = "subjects", _("What projects are about")
        RATES = "rates", _("Exchange rates")
        REPORTS = "reports-received", _("Reports received")
        DECISIONS = "decisions", _("Decisions")
        SUB_GRANTS = "sub-grants", _("Sub-grants")
        STARTER = "starter", _("Starter workbook: several sheets at once")

    class State(models.TextChoices):
        RECEIVED = "received", _("Received")
        CHECKING = "checking", _("Being checked")
        FAULTY = "faulty", _("Faulty")
        CHECKED = "checked", _("Checked")
        RELEASED = "released", _("Released")
        REJECTED = "rejected", _("Rejected")

    # Nothing of a load in these states changes any more.
    CLOSED = (State.RELEASED, State.REJECTED)

    web_may_update = (
        "state", "scope", "options", "stated_totals", "progress", "checked_at",
        "acknowledged", "acknowledged_by", "withdrawal_confirmed_by",
        "released_at", "released_by", "counts", "report",
    )  # fmt: skip

    source = models.ForeignKey(Source, models.PROTECT, related_name="loads")
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.RECEIVED)
    scope = models.JSONField(
        _("scope"), default=dict, blank=True, help_text=_("What the file is complete for.")
    )
    options = models.JSONField(
        _("how the file is read"),
        default=dict,
        blank=True,
        help_text=_("Mapping of foreign headers; annual or cumulative figures."),
    )
    stated_totals = models.JSONField(_("control totals of the sender"), default=dict, blank=True)
    file = models.FileField(_("file"), upload_to="loads/%Y/%m/")
    file_name = models.CharField(_("file name"), max_length=255)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    reverses = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reversals",
        verbose_name=_("reverses"),
    )
    received_at = models.DateTimeField(_("received"))
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    progress = models.PositiveSmallIntegerField(_("progress (percent)"), default=0)
    checked_at = models.DateTimeField(_("checked"), null=True, blank=True)
    acknowledged = models.JSONField(_("acknowledged warnings"), default=list, blank=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawal_confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    released_at = models.DateTimeField(_("released"), null=True, blank=True, db_index=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    counts = models.JSONField(_("new, changed, withdrawn, unchanged"), default=dict, blank=True)
    report = models.JSONField(_("report"), default=dict, blank=True)

    objects = LoadQuerySet.as_manager()

    withholdable = Withholdable(
        {"file_name": MARK, "reason": ""},
        match=("file_name",),
        spread=True,
        texts=("file_name", "reason"),
    )

    class Meta:
        verbose_name = _("load")
        verbose_name_plural = _("loads")
        ordering = ["-released_at", "-pk"]
        permissions = [("release_load", _("Can release and reverse loads"))]
        constraints = [
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="load_sha256_is_hex"
            ),
            models.CheckConstraint(
                condition=Q(state="released", released_at__isnull=False)
                | (~Q(state="released") & Q(released_at__isnull=True)),
                name="load_released_has_its_time",
                violation_error_message=_("A load is released at a time, or not released."),
            ),
            models.CheckConstraint(
                condition=Q(reverses__isnull=True) | ~Q(reverses=F("id")),
                name="load_reverses_another",
                violation_error_message=_("A load cannot reverse itself."),
            ),
            models.UniqueConstraint(
                fields=["reverses"],
                condition=~Q(state="rejected"),
                name="load_reversed_once",
                violation_error_message=_("This load is being reversed already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.file_name}"

    def get_absolute_url(self) -> str:
        return address("load", self.pk)

    @property
    def is_of_a_file(self) -> bool:
        """Whether somebody's file was entered, not a correction or a reversal made here."""
        return self.reverses_id is None and "correction" not in self.options

    @property
    def takes_mapping(self) -> bool:
        """Whether its headings may be foreign.

        Those of the starter workbook are the portal's, and a file of IATI has none.
        """
        return self.is_of_a_file and self.kind not in {self.Kind.STARTER, self.Kind.IATI}

    @property
    def state_in_words(self) -> str:
        """The state as staff read it: what was released may have been reversed since."""
        if self.state != self.State.RELEASED:
            return self.get_state_display()
        if "reversed_at" in self.__dict__:
            was_reversed = bool(self.__dict__["reversed_at"])
        else:
            was_reversed = self.reversals.filter(released_at__isnull=False).exists()
        if was_reversed:
            return str(_("Released, and reversed"))
        return self.get_state_display()

    @property
    def states_entities(self) -> bool:
        """Whether its lines say what things are, and none of money."""
        kinds = self.Kind
        return self.kind in {
            *(kinds.PROJECTS, kinds.ORGANIZATIONS, kinds.FUNDS),
            *(kinds.PARTICIPATIONS, kinds.CONTACTS, kinds.SUBJECTS),
        }

    @property
    def waits_for_check(self) -> bool:
        """Whether its check has still to begin or to end."""
        return self.state in {self.State.RECEIVED, self.State.CHECKING}


class ProjectStatement(models.Model):
    """What a load said of a project's own fields: the origin of its texts and dates."""

    web_may_update = ()

    load = models.ForeignKey(Load, models.PROTECT, related_name="project_statements")
    project = models.ForeignKey("projects.Project", models.CASCADE, related_name="statements")
    line = models.PositiveBigIntegerField(_("line"))
    fingerprint = models.CharField(max_length=64)
    values = models.JSONField(_("values as stated"))
    # The status that it moved the project from, and since when: a reversal goes back to it.
    status_before = models.JSONField(default=dict, editable=False)
    salt = salt()
    withholdable = Withholdable({"values": {}}, scope="statement", texts=("values",))

    class Meta:
        triggers = [*NOT_REMOVED, only_emptied("values")]
        verbose_name = _("statement about a project")
        verbose_name_plural = _("statements about projects")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.project_id} in load {self.load_id}"


class OrganizationStatement(models.Model):
    """What a load said of an organization's own fields."""

    web_may_update = ()

    load = models.ForeignKey(Load, models.PROTECT, related_name="organization_statements")
    organization = models.ForeignKey(
        "projects.Organization", models.CASCADE, related_name="statements"
    )
    line = models.PositiveBigIntegerField(_("line"))
    fingerprint = models.CharField(max_length=64)
    values = models.JSONField(_("values as stated"))
    withholdable = Withholdable({"values": {}}, scope="organization")

    class Meta:
        verbose_name = _("statement about an organization")
        verbose_name_plural = _("statements about organizations")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.organization_id} in load {self.load_id}"


class FundStatement(models.Model):
    """What a load said of a fund's own fields."""

    web_may_update = ()

    load = models.ForeignKey(Load, models.PROTECT, related_name="fund_statements")
    fund = models.ForeignKey("projects.Fund", models.CASCADE, related_name="statements")
    line = models.PositiveBigIntegerField(_("line"))
    fingerprint = models.CharField(max_length=64)
    values = models.JSONField(_("values as stated"))
    withholdable = Withholdable({"values": {}}, scope="fund")

    class Meta:
        verbose_name = _("statement about a fund")
        verbose_name_plural = _("statements about funds")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.fund_id} in load {self.load_id}"


class PartStatement(models.Model):
    """What a load said of what belongs to a project or fund: who takes part, whom to contact, what
    it is about."""

    web_may_update = ()

    load = models.ForeignKey(Load, models.PROTECT, related_name="part_statements")
    model = models.CharField(max_length=13)
    key = models.CharField(max_length=64)
    project = models.ForeignKey("projects.Project", models.CASCADE, null=True, related_name="+")
    fund = models.ForeignKey("projects.Fund", models.CASCADE, null=True, related_name="+")
    line = models.PositiveBigIntegerField(_("line"))
    fingerprint = models.CharField(max_length=64)
    values = models.JSONField(_("values as stated"))
    withholdable = Withholdable({"values": {}}, scope="project")

    class Meta:
        verbose_name = _("statement about a part")
        verbose_name_plural = _("statements about parts")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["model", "key"], name="part_stated")]

    def __str__(self) -> str:
        return f"{self.model} in load {self.load_id}"

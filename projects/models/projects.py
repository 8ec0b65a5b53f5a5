"""Projects, who takes part in them, where they work, and how status and end date moved."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import pghistory
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import JSONObject, Lower
from django.utils.translation import gettext_lazy as _

from portal.kit.text import last_number, searchable, sort_name, squeezed, without_zeros
from portal.kit.web.addresses import address
from portal.kit.withholdable import DAY, MARK, NUMBER, PLACE, Withholdable
from projects.models.dates import END_FIELDS, START_FIELDS, end_on, first_stated, start_as_stated
from projects.models.numbers import ids_numbered
from projects.models.statuses import Status

# What stands below the page of a project: a number may end like it, for it may hold slashes.
BELOW = (
    "key-figures", "vouchers", "other-flows", "documents", "records", "changes", "compare", "feed",
    "closure", "revisions",
)  # fmt: skip
# What tells the page of such a project from the page below another.
ITSELF = "/factsheet"
_SHOWN = Q(withheld_on__isnull=True)


def project_url(number: str) -> str:
    """The page of the project with this number."""
    is_ambiguous = number.endswith(tuple(f"/{name}" for name in BELOW))
    return address("project", f"{number}{ITSELF}" if is_ambiguous else number)


class ProjectQuerySet(models.QuerySet):
    """Reading projects."""

    def numbered(self, number: str) -> "ProjectQuerySet":
        """Those with this project number, whatever its case."""
        # As the unique index has it: `iexact` would read the whole table.
        return self.alias(any_case=Lower("number")).filter(any_case=Lower(models.Value(number)))

    def shown(self) -> "ProjectQuerySet":
        """Those that are not withheld as a whole."""
        return self.filter(withheld_on__isnull=True)

    def are_more_than(self, number: int) -> bool:
        """Whether there are more than so many; that many are looked at, at most."""
        return self.order_by().values("pk")[number : number + 1].exists()

    def numbered_any(self, numbers: Iterable[str]) -> "ProjectQuerySet":
        """Those with one of these project numbers, or one that looks like it, whatever its case."""
        return self.filter(pk__in=ids_numbered(Project.objects.order_by(), numbers))

    def with_parts(self) -> "ProjectQuerySet":
        """With `parts`: number and title of each project that is part of it."""
        parts = Project.objects.shown().filter(parent=models.OuterRef("pk")).order_by("number")
        return self.annotate(
            parts=ArraySubquery(parts.values(part=JSONObject(number="number", title="title")))
        )

    def with_end(self, on: Any) -> "ProjectQuerySet":
        """With `end`, the end date as it stood on that day."""
        return self.annotate(end=end_on(on))

    def with_start(self) -> "ProjectQuerySet":
        """With `start`, as far as no transfer tells it."""
        return self.annotate(start=start_as_stated())

    def for_listing(self, *, with_places: bool = True) -> "ProjectQuerySet":
        """With all that a row of a project list shows, in a fixed number of queries."""
        takes_part = Participation.objects.participating().select_related("organization")
        listed = self.select_related("fund", "theme").prefetch_related(
            models.Prefetch("participations", takes_part, to_attr="participating")
        )
        if not with_places:
            return listed
        places = ProjectCountry.objects.select_related("country")
        return listed.prefetch_related(
            models.Prefetch("project_countries", places, to_attr="places")
        )


@pghistory.track(exclude=["sort_name", "search", "withheld_on"])
class Project(models.Model):
    """One allocation of a fund, carried out by one or more participating organizations."""

    number = models.CharField(
        _("project number"), max_length=200, help_text=_("Text: leading zeros matter.")
    )
    title = models.CharField(_("title"), max_length=1000)
    ledger_label = models.CharField(_("label in the ledger"), max_length=200, blank=True)
    narrative = models.TextField(_("narrative"), blank=True)
    language = models.CharField(_("language of the texts"), max_length=10, default="en")
    fund = models.ForeignKey("projects.Fund", models.PROTECT, related_name="projects")
    theme = models.ForeignKey(
        "projects.Theme", models.PROTECT, null=True, blank=True, related_name="projects"
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.PIPELINE)
    status_on = models.DateField(_("status set on"), null=True, blank=True)
    planned_start = models.DateField(_("planned start"), null=True, blank=True)
    stated_start = models.DateField(
        _("start as stated by the source"),
        null=True,
        blank=True,
        help_text=_("Used while no transfer is known."),
    )
    original_end = models.DateField(_("original end date"), null=True, blank=True)
    stated_end = models.DateField(
        _("end as stated by the source"),
        null=True,
        blank=True,
        help_text=_("Used while no extension is logged."),
    )
    held_fields = ArrayField(
        models.CharField(max_length=60),
        default=list,
        blank=True,
        verbose_name=_("fields edited by hand"),
        help_text=_("A later load leaves these as they are."),
    )
    withheld_on = models.DateField(
        _("withheld since"),
        null=True,
        editable=False,
        help_text=_("The whole project; its amounts count on in all totals."),
    )
    sort_name = sort_name("title")
    search = models.GeneratedField(
        expression=models.expressions.CombinedExpression(
            models.expressions.CombinedExpression(
                models.expressions.CombinedExpression(
                    searchable("title", "A"), "||", searchable("number", "A")
                ),
                "||",
                searchable(without_zeros("number"), "A"),
            ),
            "||",
            models.expressions.CombinedExpression(
                searchable("ledger_label", "B"), "||", searchable("narrative", "C")
            ),
        ),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    # Of a page about the past: the moment whose texts this object bears (projects/history.py).
    shown_as_of: datetime | None = None
    # Whether `status` is that of the page's day, which no record may know.
    is_status_known = True

    objects = ProjectQuerySet.as_manager()

    withholdable = Withholdable(
        {
            "number": NUMBER,
            "title": MARK,
            "ledger_label": "",
            "narrative": MARK,
            "withheld_on": DAY,
        },
        match=("number",),
    )

    class Meta:
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        ordering = ["sort_name", "pk"]
        indexes = [
            models.Index(fields=["sort_name", "id"], name="project_default_order"),
            models.Index(fields=["status", "sort_name", "id"], name="project_by_status"),
            models.Index(fields=["-status", "sort_name", "id"], name="project_by_status_down"),
            GinIndex(fields=["search"], name="project_search"),
            # Read whole for a part of a number: a hundredth of the table.
            models.Index(
                fields=["number"], include=["id"], condition=_SHOWN, name="project_numbers"
            ),
            models.Index(
                fields=["fund"], condition=Q(withheld_on__isnull=False), name="project_withheld"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                Lower("number"),
                name="project_number_any_case",
                violation_error_message=_("There is a project with this number already."),
            ),
            models.CheckConstraint(
                condition=~Q(number=""),
                name="project_has_number",
                violation_error_message=_("A project needs a number."),
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")),
                name="project_is_not_its_own_parent",
                violation_error_message=_("A project cannot be its own parent."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return project_url(self.number)

    @property
    def end_as_stated(self) -> date | None:
        """The end as far as no extension moved it."""
        return first_stated(self, END_FIELDS)

    @property
    def start_as_stated(self) -> date | None:
        """The start as far as no transfer tells it."""
        return first_stated(self, START_FIELDS)

    @property
    def status_meaning(self) -> str:
        """What the status means, as the rest of a sentence."""
        return str(Status(self.status).stage.meaning)

    @property
    def status_mark(self) -> str:
        """The form and colour of its mark."""
        return Status(self.status).stage.mark


class ParticipationQuerySet(models.QuerySet):
    """Reading participations."""

    def participating(self) -> "ParticipationQuerySet":
        """Participating organizations only: those that receive money from the fund office."""
        return self.filter(role=Participation.Role.PARTICIPATING)


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Participation(models.Model):
    """An organization's part in a project."""

    class Role(models.TextChoices):
        PARTICIPATING = "participating", _("Participating organization")
        IMPLEMENTING = "implementing", _("Implementing partner")
        EXTENDING = "extending", _("Extending organization")
        CONTRIBUTING = "contributing", _("Contributor")
        ACCOUNTABLE = "accountable", _("Accountable organization")

    project = models.ForeignKey(Project, models.CASCADE, related_name="participations")
    # Found by the index of both.
    organization = models.ForeignKey(
        "projects.Organization", models.PROTECT, related_name="participations", db_index=False
    )
    role = models.CharField(_("role"), max_length=13, choices=Role, default=Role.PARTICIPATING)
    award_number = models.CharField(_("its own award number"), max_length=100, blank=True)
    operationally_closed_on = models.DateField(_("operationally closed on"), null=True, blank=True)
    financially_closed_on = models.DateField(_("financially closed on"), null=True, blank=True)

    objects = ParticipationQuerySet.as_manager()

    withholdable = Withholdable(
        {"award_number": ""}, match=("award_number",), within="project", scope="project"
    )

    class Meta:
        verbose_name = _("participation")
        verbose_name_plural = _("participations")
        ordering = ["project_id", "role", "pk"]
        indexes = [
            models.Index(fields=["organization", "project"], name="projects_of_organization"),
            models.Index(
                OpClass(squeezed("award_number"), name="text_pattern_ops"),
                name="award_number_begins",
                condition=~Q(award_number=""),
            ),
            models.Index(
                last_number("award_number"), name="award_last_number", condition=~Q(award_number="")
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "organization", "role"],
                name="one_participation_per_role",
                violation_error_message=_("This organization has that role already."),
            ),
            models.CheckConstraint(
                condition=Q(financially_closed_on__isnull=True)
                | Q(operationally_closed_on__isnull=False),
                name="financial_after_operational_closure",
                violation_error_message=_("Operational closure comes before financial closure."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization} ({self.get_role_display()})"


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class ProjectCountry(models.Model):
    """A place where a project works, with its stated share, if any."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="project_countries")
    country = models.ForeignKey(
        "projects.Country", models.PROTECT, related_name="project_countries"
    )
    share = models.DecimalField(
        _("share (percent)"), max_digits=9, decimal_places=4, null=True, blank=True
    )
    # Given by staff where the ledger has a placeholder (projects/true_country.py).
    in_place_of = models.ForeignKey(
        "projects.Country", models.PROTECT, null=True, blank=True, related_name="+"
    )
    basis = models.CharField(_("how the office knows"), max_length=300, blank=True)
    given_on = models.DateField(_("given on"), null=True, blank=True)

    withholdable = Withholdable(
        {"country_id": PLACE, "basis": ""}, match=("country_id", "basis"), within="project"
    )

    class Meta:
        verbose_name = _("country of the project")
        verbose_name_plural = _("countries of the project")
        ordering = ["project_id", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "country"],
                name="country_once_per_project",
                violation_error_message=_("The project has this country already."),
            ),
            models.CheckConstraint(
                condition=Q(share__isnull=True) | Q(share__gte=0),
                name="share_not_negative",
                violation_error_message=_("A share cannot be negative."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.country)


class StatusChange(models.Model):
    """One step in the life of a project."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="status_changes")
    status = models.CharField(_("status"), max_length=20, choices=Status)
    set_on = models.DateField(_("set on"))
    note = models.CharField(_("note"), max_length=300, blank=True)
    stated_by = models.PositiveBigIntegerField(null=True, editable=False)  # the load, if any did
    withholdable = Withholdable({"note": ""}, match=("note",), spread=True, scope="project")

    class Meta:
        verbose_name = _("status change")
        verbose_name_plural = _("status changes")
        ordering = ["-set_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_status_display()} {self.set_on}"


class ExtensionQuerySet(models.QuerySet):
    """Reading extensions."""

    def approved_by(self, on: Any) -> "ExtensionQuerySet":
        """Those approved up to that day, the last one last."""
        return self.filter(approved_on__lte=on).order_by("approved_on", "pk")


class Extension(models.Model):
    """An approved change of a project's end date."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="extensions")
    old_end = models.DateField(_("old end"))
    new_end = models.DateField(_("new end"))
    approved_on = models.DateField(_("approved on"))
    note = models.CharField(_("reason"), max_length=300, blank=True)

    withholdable = Withholdable({"note": ""}, match=("note",), spread=True, scope="project")
    objects = ExtensionQuerySet.as_manager()

    class Meta:
        verbose_name = _("extension")
        verbose_name_plural = _("extensions")
        ordering = ["approved_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(old_end=F("new_end")),
                name="extension_moves_the_end",
                violation_error_message=_("Old and new end are the same."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.old_end} → {self.new_end}"

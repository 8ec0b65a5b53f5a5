"""Tables of what stands above and below projects: decisions, sub-grants."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from finance.models import Decision, SubGrant
from portal.package.columns import DAY, INTEGER, NUMBER, YES, Column, PackageTable, shown
from portal.package.money_tables import (
    AMOUNTS,
    ID,
    LOADED,
    ORGANIZATION,
    PROJECT,
    TO_ENTITIES,
)

APPROVALS = (
    PackageTable(
        "decisions",
        _("Decisions"),
        _("What the bodies that steer the funds decided. Budgets have their amounts, too."),
        lambda: (
            Decision.objects.known_at()
            .filter(Q(project=None) | Q(project__withheld_on=None))
            .order_by("pk")
        ),
        (
            ID,
            Column("fund", _("Code."), "fund__code"),
            PROJECT,
            ORGANIZATION,
            Column("date", _("The day of the decision."), "", DAY),
            Column("kind", _("Allocation, revision, extension or other.")),
            Column("body", _("Who decided.")),
            Column("reference", _("Number of the decision.")),
            Column("amount", _("As stated, if any."), "", NUMBER, "currency of the row"),
            Column("currency", _("ISO 4217.")),
            Column("description", _("What was decided.")),
            Column("conditions", _("What it depends on.")),
            Column("load", _("The source file that states it."), "load_id", INTEGER),
            Column("line", _("Row or line of that file."), "", INTEGER),
        ),
        ("id",),
        {"fund": ("funds", "code"), **TO_ENTITIES, **LOADED},
    ),
    PackageTable(
        "sub_grants",
        _("Sub-grants"),
        _("What organizations pass on to implementing partners; a part of what they received."),
        lambda: SubGrant.objects.known_at().order_by("pk"),
        (
            ID,
            PROJECT,
            ORGANIZATION,
            # Whom a withheld project pays may endanger as much as its name.
            Column(
                "partner",
                _("Code of the implementing partner; empty where the project is withheld."),
                shown("partner__code", Q(project__withheld_on=None)),
            ),
            Column("partner_type", _("Local, national or international; empty: not stated.")),
            Column("women_led", _("Led by women; empty: not stated."), "", YES),
            Column("date", _("The day of the agreement."), "", DAY),
            Column("period_start", _("First day that it is for."), "", DAY),
            Column("period_end", _("Last day that it is for."), "", DAY),
            *AMOUNTS,
        ),
        ("id",),
        {**TO_ENTITIES, "partner": ("organizations", "code"), **LOADED},
        ("base_amount",),
    ),
)

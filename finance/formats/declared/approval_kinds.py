"""Kinds of spreadsheets above and below projects: decisions of funds, and sub-grants."""

from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from finance.formats.columns import ColumnType as Type
from finance.formats.columns import FileColumn, FileKind
from finance.formats.declared.shared_columns import (
    AMOUNT,
    CURRENCY,
    DESCRIPTION,
    FUND,
    ORGANIZATION,
    PROJECT,
    RATE,
    USD,
    date_column,
)
from finance.models import Decision, SubGrant

_LONG = 4000
_PERIOD = (
    FileColumn(
        "period_start", _("Period from"), Type.DATE, aliases=("from", "start", "start date")
    ),
    FileColumn("period_end", _("Period to"), Type.DATE, aliases=("to", "end", "end date")),
)

DECISIONS = FileKind(
    "decisions",
    _("Decisions"),
    _(
        "What the body that steers a fund decided, one row for each thing decided. Budgets, "
        "revisions and extensions of the same project and day are shown with it."
    ),
    (
        date_column(
            "decided on", "date of decision", "decision date", "meeting date", "approved on",
            note=_("The day of the decision."),
        ),
        replace(FUND, required=False, note=_("The fund’s code; left empty, that of the project.")),
        replace(
            PROJECT, required=False, note=_("The project that it is about; empty for the fund.")
        ),
        ORGANIZATION,
        FileColumn(
            "body",
            _("Decided by"),
            required=True,
            aliases=("body", "decision body", "committee", "approved by"),
            note=_("The body, such as the Steering Committee; never the name of a person."),
            example="Steering Committee",
        ),
        FileColumn(
            "reference",
            _("Reference"),
            Type.IDENTIFIER,
            aliases=("decision", "decision number", "decision no", "resolution"),
            note=_("The number of the decision, if it has one."),
            example="SC-2024-03",
            length=100,
        ),
        FileColumn(
            "kind",
            _("Kind"),
            Type.CHOICE,
            required=True,
            aliases=("type", "type of decision", "decision type"),
            choices=tuple(Decision.Kind.choices),
            example="allocation",
        ),
        replace(AMOUNT, required=False, note=_("What was allocated or taken back, if anything.")),
        replace(CURRENCY, required=False),
        FileColumn(
            "minutes",
            _("Minutes (document number)"),
            Type.IDENTIFIER,
            aliases=("minutes", "document", "document number"),
            note=_(
                "The number in the address of the document’s page. Left empty, minutes of the same "
                "day are taken."
            ),
            length=18,
        ),
        FileColumn(
            "conditions",
            _("Conditions"),
            Type.LONG_TEXT,
            aliases=("condition", "subject to"),
            note=_("Shown to the public."),
            length=_LONG,
        ),
        DESCRIPTION,
    ),
    either=(("fund", "project"),),
)  # fmt: skip

SUB_GRANTS = FileKind(
    "sub-grants",
    _("Sub-grants"),
    _(
        "What participating organizations pass on to implementing partners. It is a part of what "
        "they received, and no figure adds it again."
    ),
    (
        date_column(
            "agreed on", "date of agreement", "agreement date", "signed on",
            note=_("The day of the agreement."),
        ),
        PROJECT,
        replace(ORGANIZATION, required=True),
        FileColumn(
            "partner",
            _("Implementing partner"),
            required=True,
            aliases=("ip", "partner", "sub-grantee", "grantee", "sub-recipient"),
            note=_("Code, short name or full name of an organization; never a person."),
            example="Women’s Relief Network",
            length=500,
        ),
        FileColumn(
            "partner_type",
            _("Type of partner"),
            Type.CHOICE,
            aliases=("partner type", "type", "local or international"),
            note=_("Left empty where it is not stated."),
            choices=tuple(SubGrant.PartnerType.choices),
            example="local",
        ),
        FileColumn(
            "women_led",
            _("Led by women"),
            Type.YES_NO,
            aliases=("women-led", "women led organization", "wlo"),
            note=_("Left empty where it is not stated."),
        ),
        AMOUNT,
        CURRENCY,
        *_PERIOD,
        DESCRIPTION,
        USD,
        RATE,
    ),
)  # fmt: skip

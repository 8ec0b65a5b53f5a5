"""Tables of what money is about: projects, funds, organizations, places, documents, reports."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import CharField, F, Func, Q, QuerySet, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from documents.models import Document
from finance.figures.catalogue import OF_ONE_FUND
from finance.figures.fund_figures import FundSums, sums_by_fund
from finance.figures.listed import with_organization_figures, with_own_figures
from portal.kit.dates import TODAY
from portal.package.columns import (
    DAY,
    INTEGER,
    MOMENT,
    NUMBER,
    TEXT,
    Column,
    PackageTable,
    figure_columns,
    shown,
)
from portal.reporting.due_reports import reports_due
from projects.models import (
    Country,
    Extension,
    Fund,
    Organization,
    OrganizationIdentifier,
    Participation,
    Project,
    ProjectCountry,
    StatusChange,
)

FIGURES_OF_ROWS = ("approved", "transfer", "refund", "net_funded", "expenditure", "balance")
_SHOWN = Q(withheld_on__isnull=True)
# Individuals appear only as a sum: what one is called is told nowhere.
_NAMED = ~Q(kind=Organization.Kind.INDIVIDUALS)
_OF_SHOWN = Q(project__withheld_on__isnull=True)
_STATES = (
    Column(
        "expenditure_interim", _("How much of the expenditure is interim."), "", NUMBER,
        "base currency",
    ),
    Column(
        "expenditure_certified", _("How much of the expenditure is certified."), "", NUMBER,
        "base currency",
    ),
)  # fmt: skip
_PROJECT = Column("project", _("Project number; leading zeros matter."), "project__number")
_UNCONVERTED = Column(
    "unconverted", _("Amounts without a known rate of exchange, which no figure counts."),
    F("approved_left_out") + F("transfer_left_out") + F("refund_left_out")
    + F("expenditure_left_out"), INTEGER,
)  # fmt: skip
_TO_PROJECT = {"project": ("projects", "number")}


def _own(name: str, text: Any, kind: str = TEXT, path: str = "") -> Column:
    """A column of a project that is empty while the project is withheld."""
    return Column(name, text, shown(path or name, _SHOWN), kind)


def _projects() -> QuerySet:
    today = timezone.localdate()
    return with_own_figures(Project.objects.with_end(today)).order_by("pk")


def _funds() -> Iterator[Mapping[str, Any]]:
    sums = sums_by_fund(TODAY).by(lambda s: s.part[0])
    for fund in Fund.objects.order_by("code"):
        own = sums.get(fund.pk, FundSums())
        row = {name: getattr(fund, name) for name in (
            "code", "name", "description", "website", "started_on", "ends_on",
        )}  # fmt: skip
        for key in OF_ONE_FUND:
            value, parts = own.told(key), own.parts(key)
            row[key] = None if parts.hide(value) else value
        yield {
            **row,
            **{f"expenditure_{s}": sum_ for s, sum_ in own.parts("expenditure").by_state.items()},
            "unconverted": own.unconverted,
        }


def _documents() -> QuerySet:
    return Document.objects.public().for_listing().order_by("pk")


def _reports() -> QuerySet:
    return reports_due().filter(_OF_SHOWN).order_by("project", "organization", "kind", "year")


ENTITIES = (
    PackageTable(
        "projects",
        _("Projects"),
        _("All projects. Of a withheld one, only number, fund and amounts are given."),
        _projects,
        (
            Column("number", _("Project number; leading zeros matter.")),
            Column("fund", _("Code of the fund."), "fund__code"),
            _own("title", _("Title.")),
            _own("theme", _("What it is about."), path="theme__name"),
            _own("parent", _("Number of the project that it is part of."), path="parent__number"),
            _own("status", _("Stage in the project’s life.")),
            _own("planned_start", _("As first planned."), DAY),
            _own("original_end", _("As first stated."), DAY),
            _own("end", _("The end date as last extended."), DAY),
            _own("language", _("Language of the texts.")),
            _own("narrative", _("What it is for.")),
            Column("withheld_on", _("Since when it is withheld."), "", DAY),
            *figure_columns((*FIGURES_OF_ROWS, "delivery_rate")),
            *_STATES,
            _UNCONVERTED,
        ),
        ("number",),
        {"fund": ("funds", "code"), "parent": ("projects", "number")},
        FIGURES_OF_ROWS,
    ),
    PackageTable(
        "participations",
        _("Participations"),
        _("Who takes part in a project, and as what."),
        lambda: Participation.objects.filter(_OF_SHOWN).order_by("pk"),
        (
            _PROJECT,
            Column("organization", _("Code."), "organization__code"),
            Column("role", _("Participating organizations receive money from the fund office.")),
            Column("award_number", _("The organization’s own number for its part.")),
            Column("operationally_closed_on", _("When its activities ended."), "", DAY),
            Column("financially_closed_on", _("When its accounts were closed."), "", DAY),
        ),
        ("project", "organization", "role"),
        {**_TO_PROJECT, "organization": ("organizations", "code")},
    ),
    PackageTable(
        "places",
        _("Places"),
        _("Where projects work."),
        lambda: ProjectCountry.objects.filter(_OF_SHOWN).order_by("pk"),
        (
            _PROJECT,
            Column("country", _("Code."), "country__code"),
            Column("share", _("Its stated share of the project."), "", NUMBER, "%"),
            Column(
                "in_place_of",
                _("The placeholder of the ledger, where the office gave the country."),
                "in_place_of__code",
            ),
            Column("basis", _("How the office knows the country that it gave.")),
        ),
        ("project", "country"),
        {**_TO_PROJECT, "country": ("countries", "code")},
    ),
    PackageTable(
        "countries",
        _("Countries"),
        _("Countries (ISO 3166-1), regions, and placeholders for no single country."),
        lambda: Country.objects.order_by("pk"),
        (Column("code", _("Code.")), Column("name", _("Name.")), Column("kind", _("Kind."))),
        ("code",),
    ),
    PackageTable(
        "status_changes",
        _("Status changes"),
        _("The steps in the life of a project."),
        lambda: StatusChange.objects.filter(_OF_SHOWN).order_by("pk"),
        (
            Column("id", _("Number of the row."), "pk", INTEGER),
            _PROJECT,
            Column("status", _("The status from then on.")),
            Column("set_on", _("The day from which it holds."), "", DAY),
        ),
        ("id",),
        _TO_PROJECT,
    ),
    PackageTable(
        "extensions",
        _("Extensions"),
        _("Approved changes of end dates."),
        lambda: Extension.objects.filter(_OF_SHOWN).order_by("pk"),
        (
            Column("id", _("Number of the row."), "pk", INTEGER),
            _PROJECT,
            Column("old_end", _("End date before."), "", DAY),
            Column("new_end", _("End date after."), "", DAY),
            Column("approved_on", _("When it was approved."), "", DAY),
            Column("reason", _("As stated."), "note"),
        ),
        ("id",),
        _TO_PROJECT,
    ),
    PackageTable(
        "funds",
        _("Funds"),
        _("With all figures of their statements, over all years."),
        _funds,
        (
            Column("code", _("Code of the fund.")),
            Column("name", _("Name.")),
            Column("description", _("What it is for.")),
            Column("website", _("Its own site.")),
            Column("started_on", _("Start."), "", DAY),
            Column("ends_on", _("End."), "", DAY),
            *figure_columns(OF_ONE_FUND, by_database=False),
            *_STATES,
            Column("unconverted", _("Amounts without a known rate of exchange."), "", INTEGER),
        ),
        ("code",),
        sums=OF_ONE_FUND,
    ),
    PackageTable(
        "organizations",
        _("Organizations"),
        _("All that give, receive or spend; with what they received and spent."),
        lambda: with_organization_figures(Organization.objects.all()).order_by("pk"),
        (
            Column("code", _("Code.")),
            Column("name", _("Full name."), shown("name", _NAMED)),
            Column("short_name", _("Short name."), shown("short_name", _NAMED)),
            Column("kind", _("Kind of organization.")),
            Column("country", _("Code of its country."), "country__code"),
            Column("website", _("Its own site."), shown("website", _NAMED)),
            *figure_columns((*FIGURES_OF_ROWS, "delivery_rate")),
            *_STATES,
            _UNCONVERTED,
        ),
        ("code",),
        {"country": ("countries", "code")},
    ),
    PackageTable(
        "organization_identifiers",
        _("Identifiers of organizations"),
        _("What other registries call each organization."),
        lambda: OrganizationIdentifier.objects.told().order_by("pk"),
        (
            Column("organization", _("Code."), "organization__code"),
            Column("scheme", _("Whose identifier it is.")),
            Column("value", _("The identifier.")),
        ),
        ("scheme", "value"),
        {"organization": ("organizations", "code")},
    ),
    PackageTable(
        "documents",
        _("Documents"),
        _("All public documents, with their addresses."),
        _documents,
        (
            Column("id", _("Number of the document; its page is /document/ID/."), "pk", INTEGER),
            Column("project", _("Project number; empty for a fund’s."), "project__number"),
            Column("fund", _("Code; empty for a project’s."), "fund__code"),
            Column("type", _("Kind of document."), "type__code"),
            Column("title", _("Title.")),
            Column(
                "languages", _("Codes of languages, separated by blanks."),
                Func(F("languages"), Value(" "), function="array_to_string",
                     output_field=CharField()),
            ),
            Column("document_date", _("Its own date."), "", DAY),
            Column("year_reported", _("The year that it reports on."), "", INTEGER),
            Column("media_type", _("Format.")),
            Column("size", _("Size of the newest version."), "", INTEGER, "bytes"),
            Column("url", _("Address, where it is kept elsewhere.")),
            Column("added_at", _("When it was added."), "", MOMENT),
        ),
        ("id",),
        {**_TO_PROJECT, "fund": ("funds", "code")},
    ),
    PackageTable(
        "reports_due",
        _("Reports due"),
        _("What organizations have to report, by when, and what became of it."),
        _reports,
        (
            _PROJECT,
            Column("organization", _("Code."), "organization__code"),
            Column("fund", _("Code."), "fund__code"),
            Column("kind", _("Kind of report.")),
            Column("year", _("Year reported on."), "", INTEGER),
            Column("first_due_on", _("Before any extension."), "", DAY),
            Column("due_on", _("When it is due."), "", DAY),
            Column("state", _("Received, due, extended, late, missing or exempt.")),
            Column("days_late", _("Days late."), "", INTEGER, "days"),
            Column("received_on", _("The day on which it arrived."), "", DAY),
        ),
        ("project", "organization", "kind", "year"),
        {**_TO_PROJECT, "organization": ("organizations", "code"), "fund": ("funds", "code")},
    ),
)  # fmt: skip

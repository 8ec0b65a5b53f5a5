"""The kinds of spreadsheets that tell of what belongs to projects and funds."""

from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from finance.formats.columns import ColumnType as Type
from finance.formats.columns import FileColumn, FileKind
from projects.models import Contact, Participation

_PROJECT = FileColumn(
    "project",
    _("Project"),
    Type.IDENTIFIER,
    aliases=("project number", "project no", "project id", "project code"),
    note=_("The project’s number."),
    example="00102004",
)

PARTICIPATIONS = FileKind(
    "participations",
    _("Participations"),
    _(
        "Who takes part in projects, one row for each organization and role. What is not stated "
        "stays; it is taken away by form."
    ),
    (
        replace(_PROJECT, required=True),
        FileColumn(
            "organization",
            _("Organization"),
            required=True,
            aliases=("participating organization", "organisation", "agency", "po", "puno"),
            note=_("Code, short name or full name."),
            example="UNDP",
            length=500,
        ),
        FileColumn(
            "role",
            _("Role"),
            Type.CHOICE,
            aliases=("takes part as", "type"),
            choices=tuple(Participation.Role.choices),
            note=_("Empty: participating organization."),
            example="participating",
        ),
        FileColumn(
            "award_number",
            _("Award number"),
            Type.IDENTIFIER,
            aliases=("award", "its own award number", "award id"),
            note=_("The organization’s own number of the project."),
            example="00098765",
            length=100,
        ),
    ),
)

CONTACTS = FileKind(
    "contacts",
    _("Contacts"),
    _(
        "The office to turn to about a project or fund, one row each. A person is named by form "
        "only, with the day on which that person agreed."
    ),
    (
        _PROJECT,
        FileColumn(
            "fund",
            _("Fund"),
            Type.IDENTIFIER,
            aliases=("fund code", "fund id"),
            note=_("The fund’s code, where the contact is for the fund."),
            example="",
            length=20,
        ),
        FileColumn(
            "role",
            _("Role"),
            Type.CHOICE,
            aliases=("contact role", "type"),
            choices=tuple(Contact.Role.choices),
            example="lead",
        ),
        FileColumn(
            "office",
            _("Organization or office"),
            required=True,
            aliases=("organization", "organisation", "name", "contact"),
            example="UNDP Mali, programme unit",
            length=500,
        ),
        FileColumn(
            "email",
            _("E-mail address of the office"),
            aliases=("email", "mail", "email address"),
            note=_("Of the office, not of a person."),
            example="programmes@office.example",
            length=254,
        ),
        FileColumn(
            "phone",
            _("Telephone of the office"),
            Type.IDENTIFIER,
            aliases=("phone", "telephone", "tel"),
            length=100,
        ),
        FileColumn("website", _("Website"), aliases=("url", "web site"), length=500),
        FileColumn(
            "address",
            _("Postal address of the office"),
            Type.LONG_TEXT,
            aliases=("postal address", "address"),
            length=2000,
        ),
    ),
    either=(("project", "fund"),),
)

SUBJECTS = FileKind(
    "subjects",
    _("What projects are about"),
    _(
        "Sectors, goals and markers of projects, one row each, by the codes of public lists. A "
        "list that a row states replaces that list of the project; what it leaves empty stays."
    ),
    (
        replace(_PROJECT, required=True),
        FileColumn(
            "sectors",
            _("Sectors (OECD)"),
            Type.SHARES,
            aliases=("sector", "sector code", "dac sector", "dac code", "purpose code"),
            note=_("Purpose codes of five digits; shares together no more than 100."),
            example="15170 60; 15160 40",
            length=2000,
        ),
        FileColumn(
            "goals",
            _("Sustainable development goals"),
            Type.SHARES,
            aliases=("goal", "sdg", "sdgs", "sustainable development goal"),
            note=_("Numbers from 1 to 17, without shares."),
            example="5; 16",
        ),
        FileColumn(
            "gender",
            _("Gender equality"),
            aliases=("gender marker", "gender equality marker", "gem"),
            note=_("Marker of the OECD: 0 not targeted, 1 significant, 2 principal objective."),
            example="2",
            length=1,
        ),
        FileColumn(
            "humanitarian",
            _("Humanitarian"),
            Type.YES_NO,
            aliases=("humanitarian aid", "humanitarian flag"),
            note=_("Yes where it is humanitarian aid, wholly or in part."),
            example="no",
        ),
    ),
    either=(("sectors", "goals", "gender", "humanitarian"),),
)

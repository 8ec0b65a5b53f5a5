"""What can be kept by form: of each kind its fields, and the lines that belong to it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.forms import BaseInlineFormSet, ModelForm
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from documents.models import FundRule
from portal.closure.forms import ClosingProjectForm, StatusChangeForm
from portal.kit.text import Words
from portal.kit.web.careful import CarefulModelForm
from portal.staff.access import ENTER, RELEASE
from portal.staff.reference.subjects import SubjectForm, SubjectLines
from projects.forms import WordingForm
from projects.models import (
    Contact,
    Country,
    Extension,
    Fund,
    OfficeLetter,
    OfficeTerm,
    OfficeText,
    Organization,
    OrganizationIdentifier,
    Participation,
    Project,
    ProjectCountry,
    ProjectSubject,
    ReportRule,
    StatusChange,
    Theme,
    User,
    Withholding,
)


@dataclass(frozen=True)
class Lines:
    """What belongs to one thing of a kind, a line each."""

    model: type[models.Model]
    title: Words
    fields: tuple[str, ...]
    form: type[ModelForm] = ModelForm
    together: type[BaseInlineFormSet] = BaseInlineFormSet
    # Who lacks it sees these lines and changes none; who has it, besides, may keep the thing.
    permission: str = ""
    # Whether what became of them is told with the history of the thing.
    in_history: bool = False

    def may(self, user: User | None) -> bool:
        """Whether this person may change them."""
        return not self.permission or (user is not None and user.has_perm(self.permission))


@dataclass(frozen=True)
class Kind:
    """A kind of thing with its form; rows of fields share a line."""

    code: str
    model: type[models.Model]
    title: Words
    add: Words
    # The field that names one to people, and the way to search for one.
    named_by: str
    search: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[Lines, ...] = ()
    form: type[ModelForm] = CarefulModelForm
    # Kinds of withholding that stand in the way.
    withheld_as: tuple[str, ...] = ()
    # Besides who enters or releases loads.
    permission: str = ""
    order: tuple[str, ...] = field(default=("sort_name", "pk"))

    def may(self, user: User) -> bool:
        """Whether this member of the staff may keep things of this kind."""
        return user.is_staff and any(map(user.has_perm, (ENTER, RELEASE, self.permission)))

    def url(self, pk: int | None = None) -> str:
        """Its list, or the form of one of them."""
        if pk is None:
            return reverse("staff-reference", args=[self.code])
        return reverse("staff-reference-thing", args=[self.code, pk])

    def is_withheld(self, thing: models.Model) -> bool:
        """Whether its texts are kept from everybody just now."""
        standing = Withholding.objects.standing().filter(kind__in=self.withheld_as)
        return standing.filter(target_id=thing.pk).exists()


_CONTACTS = Lines(
    Contact,
    _("Whom to contact"),
    (
        *("role", "organization_name", "office_email", "office_phone", "website"),
        *("postal_address", "person_name", "person_email"),
        *("name_consent_on", "email_consent_on"),
    ),
)

_ALL = (
    Kind(
        code="projects",
        model=Project,
        title=_("Projects"),
        add=_("Add a project"),
        named_by="number",
        search=("number__icontains", "sort_name__contains"),
        rows=(
            *(("number", "language"), ("title",), ("ledger_label",), ("narrative",)),
            *(("fund", "theme"), ("parent",), ("status", "status_on")),
            *(("planned_start", "stated_start"), ("original_end", "stated_end"), ("held_fields",)),
        ),
        lines=(
            Lines(Participation, _("Who takes part"), ("organization", "role", "award_number")),
            Lines(ProjectCountry, _("Where it works"), ("country", "share")),
            Lines(
                Extension,
                _("How its end moved"),
                ("old_end", "new_end", "approved_on", "note"),
            ),
            Lines(
                StatusChange,
                _("How its status moved"),
                ("status", "set_on", "note"),
                StatusChangeForm,
            ),
            Lines(
                ProjectSubject,
                _("What it is about, for IATI"),
                ("scheme", "code", "share"),
                SubjectForm,
                SubjectLines,
            ),
            _CONTACTS,
        ),
        form=ClosingProjectForm,
        withheld_as=("project", "project-title", "project-narrative", "project-label", "place"),
        permission="projects.change_project",
    ),
    Kind(
        code="funds",
        model=Fund,
        title=_("Funds"),
        add=_("Add a fund"),
        named_by="code",
        search=("code__icontains", "sort_name__contains"),
        rows=(
            *(("code",), ("name",), ("other_names",), ("description",)),
            *(("started_on", "ends_on"), ("website",), ("follows_rules",)),
        ),
        lines=(
            Lines(
                ReportRule,
                _("Reports that it asks for in its own way"),
                ("kind", "is_asked", "month", "day", "months_after_closure"),
            ),
            Lines(
                FundRule,
                _("Its documents"),
                ("review",),
                permission="documents.change_fundrule",
                in_history=True,
            ),
            _CONTACTS,
        ),
        withheld_as=("fund",),
        permission="projects.change_fund",
    ),
    Kind(
        code="organizations",
        model=Organization,
        title=_("Organizations"),
        add=_("Add an organization"),
        named_by="code",
        search=("code__icontains", "search_names__contains", "identifiers__value__icontains"),
        rows=(
            *(("code", "kind"), ("name",), ("short_name", "country")),
            *(("other_names",), ("website",)),
        ),
        lines=(Lines(OrganizationIdentifier, _("Its identifiers"), ("scheme", "value")),),
        withheld_as=("organization",),
        permission="projects.change_organization",
    ),
    Kind(
        code="countries",
        model=Country,
        title=_("Countries and regions"),
        add=_("Add a country or region"),
        named_by="code",
        search=("code__icontains", "search_names__contains"),
        rows=(("code", "kind"), ("name",), ("other_names",)),
        permission="projects.change_country",
    ),
    Kind(
        code="themes",
        model=Theme,
        title=_("Themes"),
        add=_("Add a theme"),
        named_by="ledger_label",
        search=("ledger_label__icontains", "sort_name__contains"),
        rows=(("name",), ("ledger_label",)),
        permission="projects.change_theme",
    ),
    Kind(
        code="texts",
        model=OfficeText,
        title=_("Texts of pages"),
        add=_("Add a text to a page"),
        named_by="page",
        search=("heading__icontains", "text__icontains"),
        rows=(("page", "language"), ("heading",), ("text",), ("replaces",), ("place", "is_shown")),
        permission="projects.change_officetext",
        form=WordingForm,
        order=("page", "place", "pk"),
    ),
    Kind(
        code="terms",
        model=OfficeTerm,
        title=_("Words of the glossary"),
        add=_("Add a word to the glossary"),
        named_by="language",
        search=("name__icontains", "definition__icontains"),
        rows=(("name", "language"), ("definition",), ("is_shown",)),
        permission="projects.change_officeterm",
        form=WordingForm,
        order=("name", "pk"),
    ),
    Kind(
        code="mails",
        model=OfficeLetter,
        title=_("Words of mails"),
        add=_("Say how mails begin and end"),
        named_by="language",
        search=("greeting__icontains", "closing__icontains"),
        rows=(("language",), ("greeting",), ("closing",), ("is_shown",)),
        permission="projects.change_officeletter",
        form=WordingForm,
        order=("language", "pk"),
    ),
)

KINDS: Mapping[str, Kind] = {kind.code: kind for kind in _ALL}

# What a field that refers to something is typed by.
NAMED_BY: Mapping[Any, str] = {
    Fund: "code", Organization: "code", Country: "code", Project: "number", Theme: "name",
}  # fmt: skip

"""Forms of people and their rights."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts.roles import ROLES
from projects.models import Fund, Organization, Project, User

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def named_organization(text: str) -> Organization:
    """The organization with this code or name. Raises ValidationError."""
    found = Organization.objects.filter(code__iexact=text.strip()).first()
    found = found or Organization.objects.filter(name__iexact=text.strip()).first()
    if found is None:
        raise ValidationError(_("There is no organization with this code or full name."))
    return found


class InviteForm(forms.Form):
    """Whom to invite."""

    email = forms.EmailField(label=gettext_lazy("E-mail address"), max_length=254)
    organization = forms.CharField(
        label=gettext_lazy("Organization"),
        required=False,
        help_text=gettext_lazy("Its code or full name; the public sees it on factsheets."),
    )
    role = forms.ChoiceField(label=gettext_lazy("Role"), required=False)

    def __init__(self, *args: Any, by: User, **options: Any) -> None:
        super().__init__(*args, **options)
        # Only an administrator makes somebody staff.
        roles = [(role.code, role.name) for role in ROLES] if by.is_superuser else []
        field: Any = self.fields["role"]
        field.choices = [("", _("Gateway user")), *roles]

    def clean_organization(self) -> Organization | None:
        """An organization that is known."""
        text = self.cleaned_data["organization"]
        return named_organization(text) if text else None


class GrantForm(forms.Form):
    """A right to keep documents."""

    project = forms.CharField(label=gettext_lazy("Project number"), required=False)
    fund = forms.CharField(label=gettext_lazy("or fund code"), required=False)
    organization = forms.CharField(
        label=gettext_lazy("or organization"),
        required=False,
        help_text=gettext_lazy("All projects in which it takes part."),
    )
    valid_from = forms.DateField(label=gettext_lazy("From"), widget=DAY)
    valid_to = forms.DateField(label=gettext_lazy("To"), widget=DAY, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["valid_from"].initial = timezone.localdate()

    def clean_project(self) -> Project | None:
        """A project that is known."""
        number = self.cleaned_data["project"].strip()
        found = Project.objects.numbered(number).first() if number else None
        if number and found is None:
            raise ValidationError(_("There is no project with this number."))
        return found

    def clean_fund(self) -> Fund | None:
        """A fund that is known."""
        code = self.cleaned_data["fund"].strip()
        found = Fund.objects.filter(code__iexact=code).first() if code else None
        if code and found is None:
            raise ValidationError(_("There is no fund with this code."))
        return found

    def clean_organization(self) -> Organization | None:
        """An organization that is known."""
        text = self.cleaned_data["organization"]
        return named_organization(text) if text else None

    def clean(self) -> dict[str, Any]:
        """Exactly one thing."""
        data: dict[str, Any] = super().clean() or {}
        named = [data[n] for n in ("project", "fund", "organization") if data.get(n)]
        if len(named) != 1 and not self.errors:
            raise ValidationError(_("Name one project, one fund or one organization."))
        data["of"] = named[0] if named else None
        return data

"""Users and contacts; a person's name and address are public only by recorded consent."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from portal.kit.withholdable import MARK, Withholdable


class UserManager(BaseUserManager["User"]):
    """Makes users that sign in by e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A new user with the given address and password."""
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A new administrator."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractUser):
    """Someone who signs in: gateway user, fund staff, portfolio manager, administrator."""

    username = None  # type: ignore[assignment]
    email = models.EmailField(_("e-mail address"), unique=True)
    organization = models.ForeignKey(
        "projects.Organization",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="users",
        verbose_name=_("organization"),
    )
    # Of mails, and of what is found in files that she enters; empty: the office's first.
    language = models.CharField(_("language"), max_length=10, blank=True, default="")
    name_consent_on = models.DateField(_("agreed on to show the name"), null=True, blank=True)
    email_consent_on = models.DateField(_("agreed on to show the address"), null=True, blank=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[Any] = UserManager()

    withholdable = Withholdable({"name_consent_on": None, "email_consent_on": None})

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_any_case")]

    @property
    def public_name(self) -> str:
        """The name, if the person agreed to show it, else ""."""
        return self.get_full_name() if self.name_consent_on else ""

    @property
    def public_email(self) -> str:
        """The e-mail address, if the person agreed to show it, else ""."""
        return self.email if self.email_consent_on else ""


class Contact(models.Model):
    """An office or person to turn to about a project or fund."""

    class Role(models.TextChoices):
        COORDINATOR = "coordinator", _("Resident Coordinator’s office")
        LEAD_AGENCY = "lead", _("Lead agency")
        PORTFOLIO_MANAGER = "manager", _("Portfolio Manager")
        COUNTRY_DIRECTOR = "director", _("Country Director with Delegation of Authority")
        OTHER = "other", _("Contact")

    project = models.ForeignKey(
        "projects.Project", models.CASCADE, null=True, blank=True, related_name="contacts"
    )
    fund = models.ForeignKey(
        "projects.Fund", models.CASCADE, null=True, blank=True, related_name="contacts"
    )
    role = models.CharField(_("role"), max_length=11, choices=Role, default=Role.OTHER)
    organization_name = models.CharField(_("organization or office"), max_length=500, blank=True)
    office_email = models.EmailField(_("address of the office"), blank=True)
    office_phone = models.CharField(_("telephone of the office"), max_length=100, blank=True)
    website = models.URLField(_("website"), blank=True, max_length=500)
    postal_address = models.TextField(_("postal address of the office"), blank=True)
    person_name = models.CharField(_("person"), max_length=200, blank=True)
    person_email = models.EmailField(_("address of the person"), blank=True)
    name_consent_on = models.DateField(_("agreed on to show the name"), null=True, blank=True)
    email_consent_on = models.DateField(_("agreed on to show the address"), null=True, blank=True)

    withholdable = Withholdable(
        {
            "organization_name": MARK,
            "office_email": "",
            "office_phone": "",
            "website": "",
            "postal_address": "",
            "person_name": "",
            "person_email": "",
        },
        match=("person_name", "person_email"),
        spread=True,
        scope="project",
    )

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(project__isnull=False) ^ models.Q(fund__isnull=False),
                name="contact_of_project_or_fund",
                violation_error_message=_("A contact belongs to a project or to a fund."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.organization_name}"

    @property
    def public_name(self) -> str:
        """The person's name, if that person agreed to show it, else ""."""
        return self.person_name if self.name_consent_on else ""

    @property
    def public_email(self) -> str:
        """The person's address by consent, else the office's."""
        return self.person_email if self.email_consent_on else self.office_email

"""Who follows what by e-mail, without an account."""

from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class FollowQuerySet(models.QuerySet["Follow"]):
    """Reading follows."""

    def confirmed(self) -> "FollowQuerySet":
        """Those whose address was confirmed by whoever reads its mail."""
        return self.filter(confirmed_at__isnull=False)


class Follow(models.Model):
    """An address that follows one thing; the row is deleted when it stops, address and all."""

    class Kind(models.TextChoices):
        PROJECT = "project", _("Project")
        FUND = "fund", _("Fund")
        ORGANIZATION = "organization", _("Organization")
        CONTRIBUTOR = "contributor", _("Contributor")
        SEARCH = "search", _("Search")

    email = models.EmailField(_("e-mail address"))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    key = models.CharField(
        _("what is followed"),
        max_length=200,
        help_text=_("A number, a code, or words of a search."),
    )
    language = models.CharField(_("language"), max_length=10)
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    # Up to when its reader has been told, and the day of the last mail.
    told_until = models.DateTimeField(_("told up to"), default=timezone.now)
    told_on = models.DateField(_("last told on"), null=True, blank=True)

    objects = FollowQuerySet.as_manager()

    class Meta:
        verbose_name = _("follow")
        verbose_name_plural = _("follows")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(Lower("email"), "kind", "key", name="follow_once_per_address")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.key}"

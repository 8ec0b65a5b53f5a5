"""Seals of releases, what erasure leaves behind, and results of verification."""

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from finance.models.append_only import NEVER_CHANGED, NOT_REMOVED, only_emptied
from portal.kit.withholdable import Withholdable

_HEX = r"^[0-9a-f]{64}$"


class SealQuerySet(models.QuerySet["Seal"]):
    """Reading seals."""

    def newest(self) -> "Seal | None":
        """The last link of the chain."""
        return self.order_by("-number").first()


class Seal(models.Model):
    """The seal of one release: a hash over what it changed and over the seal before it.

    What is hashed, and how, stands in `finance/sealing/canonical.py`. `salt` belongs to the load's
    own texts; withholding them takes it away (`portal/sql/withholding.sql`).
    """

    web_may_update = ()

    number = models.PositiveBigIntegerField(_("number"), unique=True)
    form = models.PositiveSmallIntegerField(_("version of the canonical form"))
    load = models.OneToOneField("finance.Load", models.PROTECT, related_name="seal")
    load_line = models.TextField(_("the load as sealed"))
    salt = models.UUIDField(null=True, editable=False)
    previous = models.CharField(_("hash of the seal before"), max_length=64, blank=True)
    content = models.CharField(_("hash of the content"), max_length=64)
    hash = models.CharField(_("hash"), max_length=64, unique=True)
    added = models.PositiveBigIntegerField(_("records added"))
    withdrawn = models.PositiveBigIntegerField(_("records withdrawn"))
    sealed_at = models.DateTimeField(_("sealed"))

    objects = SealQuerySet.as_manager()

    class Meta:
        verbose_name = _("seal")
        verbose_name_plural = _("seals")
        ordering = ["-number"]
        triggers = [*NOT_REMOVED, only_emptied()]
        constraints = [
            models.CheckConstraint(
                condition=Q(content__regex=_HEX)
                & Q(hash__regex=_HEX)
                & (Q(number=1, previous="") | Q(number__gt=1, previous__regex=_HEX)),
                name="seal_hashes_are_hex",
            )
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.hash[:16]}"

    @property
    def file_name(self) -> str:
        """Of the file by which a stranger computes it anew."""
        return f"{self.number}.jsonl"


class SealPart(models.Model):
    """The digests of the records of one kind that a release added, or withdrew.

    `leaves` holds for each record 8 bytes, its line in the file, and 32, its SHA-256, in
    this order sorted; `digest` is the SHA-256 of `leaves`.
    """

    web_may_update = ()

    seal = models.ForeignKey(Seal, models.PROTECT, related_name="parts")
    model = models.CharField(_("kind of record"), max_length=30)
    withdrawn = models.BooleanField(_("withdrawn"))
    count = models.PositiveBigIntegerField(_("records"))
    digest = models.CharField(_("digest"), max_length=64)
    leaves = models.BinaryField()

    class Meta:
        verbose_name = _("part of a seal")
        verbose_name_plural = _("parts of seals")
        ordering = ["seal_id", "withdrawn", "model"]
        triggers = list(NEVER_CHANGED)
        constraints = [
            models.UniqueConstraint(fields=["seal", "withdrawn", "model"], name="seal_part_once")
        ]

    def __str__(self) -> str:
        return f"{'−' if self.withdrawn else '+'}{self.count} {self.model}"


class SealedEntity(models.Model):
    """The identifier under which an entity is sealed: as it stood at the next release.

    Staff may give an entity another number or code later; its seals keep this one. With a salt it
    is the salted digest of the number or code; withholding the entity takes the salt away.
    """

    web_may_update = ()

    model = models.CharField(_("kind"), max_length=30)
    object_id = models.PositiveBigIntegerField()
    identifier = models.CharField(_("identifier"), max_length=200)
    salt = models.UUIDField(null=True, editable=False)
    withholdable = Withholdable({"salt": None})

    class Meta:
        verbose_name = _("sealed identifier")
        verbose_name_plural = _("sealed identifiers")
        triggers = [*NOT_REMOVED, only_emptied()]
        constraints = [
            models.UniqueConstraint(
                fields=["model", "object_id"], name="entity_sealed_once", include=["identifier"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.model} {self.identifier}"


class ErasedText(models.Model):
    """The salted digest that an erased text of a record had, so that its seal still holds."""

    web_may_update = ()

    model = models.CharField(_("kind"), max_length=30)
    object_id = models.PositiveBigIntegerField()
    digest = models.CharField(_("salted digest"), max_length=64)
    erased_at = models.DateTimeField(_("erased"))
    reason = models.TextField(_("reason, for staff only"))

    class Meta:
        verbose_name = _("erased text")
        verbose_name_plural = _("erased texts")
        triggers = list(NEVER_CHANGED)
        constraints = [
            models.UniqueConstraint(fields=["model", "object_id"], name="text_erased_once")
        ]

    def __str__(self) -> str:
        return f"{self.model} {self.object_id}"


class ErasedFile(models.Model):
    """A kept original that was erased by law; its SHA-256 and size stay with the load."""

    web_may_update = ()

    load = models.OneToOneField("finance.Load", models.PROTECT, related_name="erased_file")
    erased_at = models.DateTimeField(_("erased"))
    reason = models.TextField(_("reason, for staff only"))

    class Meta:
        verbose_name = _("erased original")
        verbose_name_plural = _("erased originals")
        triggers = list(NEVER_CHANGED)

    def __str__(self) -> str:
        return f"{self.load_id} {self.erased_at:%Y-%m-%d}"


class VerifyResultQuerySet(models.QuerySet["VerifyResult"]):
    """Reading results of verification."""

    def of_everything(self) -> "VerifyResultQuerySet":
        """Those that looked at all there is, not at the projects of some releases."""
        return self.filter(projects__isnull=True)

    def unresolved(self) -> "VerifyResultQuerySet":
        """Differences found since everything agreed last.

        A later look at other projects that found nothing does not clear them.
        """
        agreed = self.of_everything().filter(ok=True).first()
        found = self.filter(ok=False)
        return found.filter(ended_at__gt=agreed.ended_at) if agreed else found


class VerifyResult(models.Model):
    """What `manage.py verify` found, and when."""

    web_may_update = ()

    began_at = models.DateTimeField(_("began"))
    ended_at = models.DateTimeField(_("ended"))
    projects = models.PositiveIntegerField(
        _("projects"), null=True, help_text=_("How many were looked at; empty: everything.")
    )
    seal_number = models.PositiveBigIntegerField(_("newest seal"), default=0)
    seal_hash = models.CharField(_("its hash"), max_length=64, blank=True)
    ok = models.BooleanField(_("all agrees"))
    difference = models.TextField(_("first difference"), blank=True)

    objects = VerifyResultQuerySet.as_manager()

    class Meta:
        verbose_name = _("result of verification")
        verbose_name_plural = _("results of verification")
        ordering = ["-ended_at", "-pk"]
        indexes = [models.Index(fields=["-ended_at", "-id"], name="verify_newest")]

    def __str__(self) -> str:
        return f"{self.ended_at:%Y-%m-%d %H:%M} {'✓' if self.ok else self.difference}"

    @property
    def took(self) -> timedelta:
        """How long it took."""
        return self.ended_at - self.began_at

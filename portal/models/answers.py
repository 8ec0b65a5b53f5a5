"""Questions about figures that the office answers where everybody can read them."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class PublicAnswerQuerySet(models.QuerySet["PublicAnswer"]):
    """Reading answers."""

    def published(self) -> "PublicAnswerQuerySet":
        """Those that staff have made public."""
        return self.filter(published_on__isnull=False)


class PublicAnswer(models.Model):
    """A question in the office's words, without who asked, and its answer beside the figure."""

    page = models.CharField(
        _("page"), max_length=300, db_index=True, help_text=_("Such as /project/00102004/.")
    )
    figure = models.CharField(_("figure"), max_length=300, blank=True)
    question = models.TextField(
        _("question"),
        max_length=2000,
        help_text=_("Write it anew where it names a person: visitors read it."),
    )
    answer = models.TextField(_("answer"), max_length=5000, blank=True)
    load = models.ForeignKey(
        "finance.Load",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("file that corrected it"),
        help_text=_("If a source file was corrected because of the question."),
    )
    feedback = models.ForeignKey(
        "portal.Feedback",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="answers",
        editable=False,
    )
    published_on = models.DateField(
        _("published on"), null=True, blank=True, help_text=_("Empty: nobody but staff sees it.")
    )

    objects = PublicAnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("public answer")
        verbose_name_plural = _("public answers")
        ordering = ["-published_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(published_on__isnull=True) | ~Q(answer=""),
                name="public_answer_is_answered",
                violation_error_message=_("Nothing is published without an answer."),
            ),
            models.CheckConstraint(
                condition=Q(page__startswith="/"),
                name="public_answer_has_page",
                violation_error_message=_("The page begins with a slash."),
            ),
        ]

    def __str__(self) -> str:
        return self.question[:80]

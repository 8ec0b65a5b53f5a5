"""What visitors write to the office."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class FeedbackQuerySet(models.QuerySet["Feedback"]):
    """Reading messages."""

    def waiting(self) -> "FeedbackQuerySet":
        """Those that nobody answered or closed."""
        return self.filter(state__in=(Feedback.State.NEW, Feedback.State.ASSIGNED))


class Feedback(models.Model):
    """A message to the office, perhaps about one figure; kept, mailed, and answered."""

    class Topic(models.TextChoices):
        FIGURE = "figure", _("A question about a figure")
        DOCUMENT = "document", _("A document")
        SITE = "site", _("This site")
        OTHER = "other", _("Something else")

    class State(models.TextChoices):
        NEW = "new", _("New")
        ASSIGNED = "assigned", _("Assigned")
        ANSWERED = "answered", _("Answered")
        CLOSED = "closed", _("Closed")

    topic = models.CharField(_("topic"), max_length=8, choices=Topic, default=Topic.SITE)
    page = models.CharField(_("page"), max_length=300, blank=True)
    figure = models.CharField(_("figure"), max_length=300, blank=True)
    message = models.TextField(_("your message"), max_length=5000)
    email = models.EmailField(_("your e-mail address"), blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True, default="")
    sender = models.CharField(
        max_length=32, help_text=_("Keyed digest of the network address, to limit the rate.")
    )
    received_at = models.DateTimeField(_("received"), auto_now_add=True)
    mailed_at = models.DateTimeField(_("mailed"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.NEW)
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("assigned to"),
    )  # fmt: skip
    answer = models.TextField(_("answer"), max_length=5000, blank=True)
    handled_at = models.DateTimeField(_("answered or closed on"), null=True, blank=True)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = FeedbackQuerySet.as_manager()

    class Meta:
        verbose_name = _("feedback")
        verbose_name_plural = _("feedback")
        ordering = ["-received_at", "-pk"]
        indexes = [models.Index(fields=["sender", "received_at"], name="feedback_rate")]

    def __str__(self) -> str:
        return f"{self.get_topic_display()} {self.received_at:%Y-%m-%d}"

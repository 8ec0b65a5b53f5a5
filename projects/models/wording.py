"""What an office says in its own words beside the portal's: on pages, in the glossary, in mails."""

from typing import Any

import pghistory
from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class WordingQuerySet(models.QuerySet):
    """By reader."""

    def read(self) -> list[Any]:
        """What is shown to a reader of the page's language; where it has none, the main one's."""
        shown: list[Any] = list(self.filter(is_shown=True))
        own = [one for one in shown if one.language == get_language()]
        return own or [one for one in shown if one.language == settings.LANGUAGE_CODE]


class Wording(models.Model):
    """Words of the office: never deleted, only no longer shown."""

    language = models.CharField(_("language"), max_length=10, default="en")
    is_shown = models.BooleanField(_("shown to the public"), default=True)

    objects = WordingQuerySet.as_manager()

    class Meta:
        abstract = True

    def get_language_display(self) -> str:
        """Its language, in words."""
        return str(dict(settings.LANGUAGES).get(self.language, self.language))


@pghistory.track()
class OfficeText(Wording):
    """A section that the office adds to a page about the site, or puts in place of its text."""

    class Page(models.TextChoices):
        CONTACT = "contact", _("Contact us")
        SCAM_ALERT = "scam-alert", _("Scam alert")
        DISCLOSURE = "information-disclosure", _("Information disclosure")
        DATA = "data", _("All data for download")

    page = models.CharField(_("page"), max_length=30, choices=Page)
    heading = models.CharField(_("heading"), max_length=120)
    text = models.TextField(_("text"), help_text=_("An empty line begins a new paragraph."))
    replaces = models.BooleanField(
        _("instead of the text that comes with the portal"),
        default=False,
        help_text=_(
            "For the scam alert and information disclosure only: their own text gives way to what "
            "the office says there."
        ),
    )
    place = models.PositiveSmallIntegerField(
        _("place among the sections"), default=1, help_text=_("The lowest number comes first.")
    )

    class Meta:
        verbose_name = _("text of a page")
        verbose_name_plural = _("texts of pages")
        ordering = ["page", "place", "pk"]
        constraints = [
            # Their text is nothing but rules of an office; other pages also say what the site has.
            models.CheckConstraint(
                condition=models.Q(replaces=False)
                | models.Q(page__in=["scam-alert", "information-disclosure"]),
                name="text_replaces_rules_only",
                violation_error_message=_(
                    "The text of this page says what the site has; it stays."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_page_display()}: {self.heading}"

    @property
    def name(self) -> str:
        """What tells it from others of its page."""
        return self.heading


@pghistory.track()
class OfficeTerm(Wording):
    """A word that the office adds to the glossary."""

    name = models.CharField(_("word"), max_length=120)
    definition = models.TextField(_("what it means"))

    class Meta:
        verbose_name = _("word of the glossary")
        verbose_name_plural = _("words of the glossary")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                models.functions.Lower("name"),
                "language",
                name="term_once_per_language",
                violation_error_message=_("The office has said already what this word means."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class OfficeLetter(Wording):
    """How the mails of the office greet and close in one language."""

    greeting = models.CharField(
        _("greeting"),
        max_length=120,
        blank=True,
        help_text=_("The first line of each mail. Left empty: mails begin with what they say."),
    )
    closing = models.TextField(
        _("closing"),
        max_length=1000,
        help_text=_("The last lines of each mail: your name, how you are reached."),
    )
    # Of mails nothing is public.
    is_shown = models.BooleanField(_("used"), default=True)

    class Meta:
        verbose_name = _("words of mails")
        verbose_name_plural = _("words of mails")
        ordering = ["language", "pk"]
        constraints = [
            models.UniqueConstraint(
                "language",
                condition=models.Q(is_shown=True),
                name="letter_once_per_language",
                violation_error_message=_("Words of mails in this language are there already."),
            ),
        ]

    def __str__(self) -> str:
        first, _more, _rest = self.closing.strip().partition("\n")
        return f"{self.get_language_display()}: {first}"

    @property
    def name(self) -> str:
        """What tells it from those of other languages."""
        return self.get_language_display()

"""Feedback: the form, how a message is kept and mailed, and how many one sender may send."""

import hashlib
import hmac
import logging
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from django_tasks import task

from portal.kit.mail import delivery
from portal.kit.web.languages import language_for, speaking, without_language
from portal.kit.web.visitors import client_address
from portal.models import Feedback
from projects.letters import sender
from projects.models import Office

log = logging.getLogger(__name__)
_HOUR = timedelta(hours=1)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


class TooManyMessages(Exception):
    """The sender has sent as many messages within the hour as one may."""


# --- The form


class AboutField(forms.CharField):
    """What the message is about, filled in by a link: put in order rather than refused."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> str:
        """One line that fits the column."""
        return _CONTROL.sub(" ", super().to_python(value) or "").strip()[:300]


class PageField(AboutField):
    """The address of a page of this site, without its host."""

    def to_python(self, value: Any) -> str:
        """The address, or nothing if it could lead elsewhere."""
        page = super().to_python(value)
        is_ours = page.startswith("/") and not page.startswith(("//", "/\\"))
        return without_language(page) if is_ours else ""


class MessageField(forms.CharField):
    """A text of several lines, counted as the browser counts it."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        """The text with plain line ends."""
        return (super().to_python(value) or "").replace("\r\n", "\n")


class FeedbackForm(forms.ModelForm):
    """A message, what it is about, and perhaps an address for the answer."""

    page = PageField(required=False, label=gettext_lazy("page"))
    figure = AboutField(required=False, label=gettext_lazy("figure"))
    message = MessageField(max_length=5000, label=gettext_lazy("Your message"))
    # People do not see this field; programs that fill in everything do.
    nickname = forms.CharField(
        required=False,
        label=gettext_lazy("Leave this empty"),
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )

    class Meta:
        model = Feedback
        fields = ["topic", "message", "email", "page", "figure"]
        labels = {
            "topic": gettext_lazy("What is it about?"),
            "email": gettext_lazy("Your e-mail address"),
        }
        help_texts = {"email": gettext_lazy("Only if you would like an answer.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].widget.attrs["autocomplete"] = "email"

    @property
    def about(self) -> dict[str, str]:
        """Page and figure as they were given, cleaned, for the reader to see."""
        return {
            name: str(self.fields[name].to_python(self[name].value()))
            for name in ("page", "figure")
        }


def initial_from(query: Mapping[str, str]) -> dict[str, str]:
    """What a link to the form fills in."""
    figure = AboutField().to_python(query.get("figure", ""))
    topic = Feedback.Topic.FIGURE if figure else Feedback.Topic.SITE
    page = PageField().to_python(query.get("page", ""))
    return {"page": page, "figure": figure, "topic": topic}


# --- Views


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def feedback(request: HttpRequest) -> HttpResponse:
    """Show the form, or take a message and lead on to the thanks."""
    if request.method != "POST":
        return _form_page(request, FeedbackForm(initial=initial_from(request.GET)))
    form = FeedbackForm(request.POST)
    if not form.is_valid():
        return _form_page(request, form)
    if not form.cleaned_data["nickname"]:
        try:
            keep_feedback(feedback=form.save(commit=False), senders=senders(request))
        except TooManyMessages:
            return _too_many(request, form.cleaned_data["message"])
    return redirect("feedback-thanks")


@never_cache
@require_safe
def thanks(request: HttpRequest) -> HttpResponse:
    """What happens with the message now."""
    return render(request, "pages/feedback_thanks.html", {"crumbs": _crumbs(_("Thank you"))})


def _form_page(request: HttpRequest, form: FeedbackForm) -> HttpResponse:
    context = {"form": form, "crumbs": _crumbs(_("Feedback"))}
    return render(request, "pages/feedback.html", context)


def _too_many(request: HttpRequest, message: str) -> HttpResponse:
    context = {"message": message, "crumbs": _crumbs(_("Feedback"))}
    response = render(request, "pages/feedback_too_many.html", context, status=429)
    response.headers["Retry-After"] = str(int(_HOUR.total_seconds()))
    return response


def _crumbs(title: str) -> list[dict[str, str]]:
    return [{"label": _("Home"), "url": reverse("home")}, {"label": title}]


# --- Who sends


def senders(request: HttpRequest) -> list[str]:
    """The sender's digests of today and of an hour ago, which may be yesterday's."""
    address = client_address(request)
    now = timezone.now()
    return list(dict.fromkeys(sender_digest(address, moment) for moment in (now, now - _HOUR)))


def sender_digest(address: str, moment: datetime) -> str:
    """A keyed digest of address and UTC day: it tells senders apart and names nobody."""
    text = f"feedback:{moment.astimezone(tz=UTC):%Y-%m-%d}:{address}"
    return hmac.new(settings.SECRET_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()[:32]


# --- Keeping and mailing


def keep_feedback(*, feedback: Feedback, senders: list[str]) -> Feedback:
    """Keep a message and have it mailed; TooManyMessages if the sender sent too many."""
    feedback.sender, feedback.language = senders[0], get_language() or ""
    feedback.full_clean()
    with transaction.atomic():
        with connection.cursor() as cursor:
            # Two messages at the same time must not both be the last one allowed.
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [senders[-1]])
        recent = Feedback.objects.filter(sender__in=senders, received_at__gt=timezone.now() - _HOUR)
        if recent.count() >= settings.FEEDBACK_PER_HOUR:
            raise TooManyMessages
        feedback.save()
        transaction.on_commit(lambda: mail_feedback.enqueue(feedback.pk))
    return feedback


@task
def mail_feedback(feedback_id: int) -> None:
    """Mail a message to the office, once; an error of the mail server fails the task."""
    with transaction.atomic():
        waiting = Feedback.objects.select_for_update().filter(mailed_at__isnull=True)
        feedback = waiting.filter(pk=feedback_id).first()
        office = Office.current()
        if feedback is None or not office.feedback_email:
            # It is kept, and staff are told that the address is missing.
            return
        message = as_mail(feedback, office)
        message.connection = delivery()
        message.send()
        feedback.mailed_at = timezone.now()
        feedback.save(update_fields=["mailed_at"])


def mail_waiting_feedback() -> int:
    """Try again what the mail server did not take, from the newest three days; how many went."""
    if not Office.current().feedback_email:
        return 0
    since = timezone.now() - timedelta(days=3)
    recent = Feedback.objects.filter(mailed_at=None, received_at__gt=since)
    waiting = recent.filter(received_at__lt=timezone.now() - timedelta(minutes=2))
    sent = 0
    for pk in list(waiting.order_by("pk").values_list("pk", flat=True)):
        try:
            mail_feedback.call(pk)
        except OSError as error:
            log.warning("Feedback waits to be mailed: %s", type(error).__name__)
            break
        sent += 1
    return sent


def as_mail(feedback: Feedback, office: Office) -> EmailMessage:
    """The message as the office receives it, in its first language."""
    with speaking(language_for(None, office)):
        about = feedback.figure or feedback.page
        subject = f"[{office.portal_name}] {feedback.get_topic_display()}"
        subject += f": {about[:80]}" if about else ""
        page = f"{settings.SITE_URL}{feedback.page}" if feedback.page else "–"
        kept = reverse("staff-question", args=[feedback.pk])
        lines = [
            f"{_('Page')}: {page}",
            f"{_('Figure')}: {feedback.figure or '–'}",
            f"{_('From')}: {feedback.email or _('no address given')}",
            "",
            feedback.message,
            "",
            f"{_('Kept at')}: {settings.SITE_URL}{kept}",
        ]
    return EmailMessage(
        subject=" ".join(_CONTROL.sub(" ", subject).split()),
        body="\n".join(lines),
        from_email=sender(),
        to=[office.feedback_email],
        reply_to=[feedback.email] if feedback.email else None,
    )

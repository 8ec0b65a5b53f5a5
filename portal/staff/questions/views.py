"""The list of messages to the office, and the page of one."""

from typing import Any

import django_filters as filters
from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Case, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from portal.about.answering import answer, assign, close
from portal.inbox.items import ANSWER
from portal.kit.named_choice import HeldChoiceFilter
from portal.kit.tables.base import Table
from portal.kit.tables.columns import ChoiceColumn, DateColumn, KindColumn, TextColumn
from portal.kit.views import TableView
from portal.models import Feedback
from portal.staff.access import crumbs, staff_only
from projects.signed_in import signed_in


class QuestionTable(Table):
    """Messages, those without an answer first."""

    title = gettext_lazy("Questions and feedback")
    caption_hidden = True
    card = ("received_at", "state", "message", "figure", "assigned_to")
    received_at = DateColumn(
        verbose_name=gettext_lazy("Received"),
        definition=gettext_lazy("When it was written."),
        link=lambda one: reverse("staff-question", args=[one.pk]),
    )
    state = ChoiceColumn(
        verbose_name=gettext_lazy("State"), definition=gettext_lazy("How far it has come.")
    )
    topic = KindColumn(
        verbose_name=gettext_lazy("Topic"), definition=gettext_lazy("What it is about.")
    )
    message = TextColumn(
        get=lambda one: one.message[:120],
        verbose_name=gettext_lazy("Message"),
        definition=gettext_lazy("How it begins."),
        css="name",
    )
    figure = TextColumn(
        verbose_name=gettext_lazy("Figure"), definition=gettext_lazy("The figure asked about.")
    )
    assigned_to = TextColumn(
        order_by="assigned_to__email",
        verbose_name=gettext_lazy("Assigned to"),
        definition=gettext_lazy("Who took it on."),
    )


class QuestionFilter(filters.FilterSet):
    """Messages by state."""

    state = HeldChoiceFilter(
        label=gettext_lazy("State"), choices=Feedback.State.choices, empty_label=gettext_lazy("any")
    )

    class Meta:
        model = Feedback
        fields = ("state",)


class Questions(TableView):
    """All messages."""

    title = gettext_lazy("Questions and feedback")
    intro = gettext_lazy("What visitors wrote to the office; those without an answer first.")
    table_class = QuestionTable
    filterset_class = QuestionFilter
    takes_dates = False

    def get_queryset(self) -> QuerySet:
        handled = Case(When(state__in=("new", "assigned"), then=Value(0)), default=Value(1))
        rows = Feedback.objects.select_related("assigned_to").alias(handled=handled)
        return rows.order_by("handled", "-received_at", "-pk")

    def get_crumbs(self) -> list[dict[str, Any]]:
        return crumbs((self.title, ""))


class AnswerForm(forms.Form):
    """An answer; what was typed stays where it cannot be sent."""

    answer = forms.CharField(
        label=gettext_lazy("Your answer"),
        widget=forms.Textarea,
        max_length=5000,
        required=False,
        help_text=gettext_lazy("Mailed to whoever asked, and kept here."),
    )


questions = staff_only(ANSWER)(Questions.as_view())


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only(ANSWER)
def question(request: HttpRequest, pk: int) -> HttpResponse:
    """One message, with what can be done about it."""
    found = get_object_or_404(Feedback.objects.select_related("assigned_to", "handled_by"), pk=pk)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, _act(request, found, form.cleaned_data["answer"]))
            return redirect("staff-question", pk)
        except ValidationError as error:
            form.add_error("answer", error.messages)
    title = _("Question of %(day)s") % {"day": found.received_at.date().isoformat()}
    context = {
        "title": title,
        "question": found,
        "form": form,
        "is_open": found.state in (Feedback.State.NEW, Feedback.State.ASSIGNED),
        "crumbs": crumbs((_("Questions and feedback"), reverse("staff-questions")), (title, "")),
    }
    return render(request, "staff/question.html", context)


def _act(request: HttpRequest, found: Feedback, text: str) -> str:
    by = signed_in(request)
    if "take" in request.POST:
        assign(feedback=found, to=by)
        return _("It is yours now.")
    if "close" in request.POST:
        close(feedback=found, by=by)
        return _("Closed.")
    answer(feedback=found, by=by, text=text)
    return _("Answered: the mail is on its way.") if found.email else _("The answer is kept.")

"""Administration of feedback; the roof that joins documents to projects."""

from typing import Any

from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import lazystr
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from documents.admin import DocumentInline, FundRuleInline
from finance.loading.lock import lock_releases
from portal.about.feedback import mail_feedback
from portal.closure.forms import ClosingProjectForm, StatusChangeForm
from portal.kit.web.careful import CarefulModelForm
from portal.models import Feedback, PublicAnswer
from portal.withholding.services import quotes_what_is_withheld
from projects.admin import FundAdmin, ProjectAdmin, ReadOnly, StatusChangeInline
from projects.models import Fund, Office, Project


class _Brand:
    """The office's name, looked up whenever a page prints it."""

    def __str__(self) -> str:
        return Office.current().portal_name


admin.site.site_header = lazystr(_Brand())
admin.site.site_title = _("Administration")
admin.site.index_title = _("Administration")


# --- Projects and funds with their documents


admin.site.unregister([Project, Fund])


class CheckedStatusChangeInline(StatusChangeInline):
    """How a project's status moved; with the rule of closure."""

    form = StatusChangeForm


@admin.register(Project)
class ProjectWithDocumentsAdmin(ProjectAdmin):
    """Projects, and what was uploaded for them; with the rule of closure."""

    form = ClosingProjectForm
    inlines = [
        *(
            CheckedStatusChangeInline if inline is StatusChangeInline else inline
            for inline in ProjectAdmin.inlines
        ),
        DocumentInline,
    ]


@admin.register(Fund)
class FundWithDocumentsAdmin(FundAdmin):
    """Funds, and what was uploaded for them."""

    inlines = [*FundAdmin.inlines, FundRuleInline, DocumentInline]


# Sessions are ended on the pages of people.
admin.site.unregister(UserSession)


# --- Feedback


class PublicAnswerForm(CarefulModelForm):
    """Nothing is published that quotes what is withheld."""

    def clean(self) -> dict[str, Any]:
        """Asked of the database, which alone knows the words."""
        data = super().clean() or {}
        texts = [data.get(name) or "" for name in ("page", "figure", "question", "answer")]
        if data.get("published_on"):
            # What is being withheld meanwhile is withheld before it is asked for.
            lock_releases()
        if data.get("published_on") and quotes_what_is_withheld(*texts):
            text = _("It quotes something that is withheld. Word it anew, or leave it unpublished.")
            raise forms.ValidationError(text)
        return data


@admin.register(PublicAnswer)
class PublicAnswerAdmin(admin.ModelAdmin):
    """Questions answered in public; the day of publication makes one public."""

    form = PublicAnswerForm
    list_display = ["question", "page", "figure", "published_on"]
    list_filter = [("published_on", admin.EmptyFieldListFilter)]
    search_fields = ["question", "answer", "page", "figure"]
    autocomplete_fields = ["load"]


@admin.register(Feedback)
class FeedbackAdmin(ReadOnly, admin.ModelAdmin):
    """Messages; those that could not be mailed can be mailed again."""

    list_display = ["received_at", "topic", "figure", "page", "email", "mailed_at"]
    list_filter = ["topic", ("mailed_at", admin.EmptyFieldListFilter)]
    search_fields = ["message", "email", "page", "figure"]
    date_hierarchy = "received_at"
    actions = ["answer", "mail_again"]

    def get_exclude(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """The sender's digest tells staff nothing."""
        return ["sender"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Messages hold personal data, so they can be deleted."""
        return request.user.has_perm("portal.delete_feedback")

    def has_answer_permission(self, request: HttpRequest) -> bool:
        """Who may write what becomes public."""
        return request.user.has_perm("portal.add_publicanswer")

    @admin.action(description=_("Answer publicly"), permissions=["answer"])
    def answer(self, request: HttpRequest, queryset: QuerySet[Feedback]) -> HttpResponseRedirect:
        """Lead to the form of a public answer; nothing is public before staff say so there."""
        feedback = queryset.order_by("pk").first()
        answer = PublicAnswer.objects.create(
            page=(feedback.page if feedback else "") or "/",
            figure=feedback.figure if feedback else "",
            question=feedback.message[:2000] if feedback else "",
            feedback=feedback,
        )
        return HttpResponseRedirect(reverse("admin:portal_publicanswer_change", args=[answer.pk]))

    @admin.action(description=_("Mail those that were not mailed yet"))
    def mail_again(self, request: HttpRequest, queryset: QuerySet[Feedback]) -> None:
        """Put them back in the queue."""
        waiting = list(queryset.filter(mailed_at__isnull=True).values_list("pk", flat=True))
        for pk in waiting:
            mail_feedback.enqueue(pk)
        text = ngettext("%d message will be mailed.", "%d messages will be mailed.", len(waiting))
        self.message_user(request, text % len(waiting), messages.SUCCESS)

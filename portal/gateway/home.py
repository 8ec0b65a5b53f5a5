"""The gateway's first page: drafts, projects, what happened lately; and one's own account."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, Max, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from documents.access import (
    documents_kept_by,
    funds_kept_by,
    keeps_everything,
    projects_kept_by,
    uploads_of,
)
from documents.models import Document, DocumentEvent
from portal.gateway.access import crumbs, keepers_only
from portal.gateway.due import open_reports
from portal.kit.text import fold, folded
from projects.models import User

PROJECTS_AT_ONCE = 25
RECENT = 10


@require_safe
@keepers_only
def home(request: HttpRequest) -> HttpResponse:
    """My projects, my drafts, what happened lately."""
    user: Any = request.user
    words = request.GET.get("q", "").replace("\0", "").strip()[:100]
    projects = projects_kept_by(user).select_related("fund")
    if words:
        projects = projects.alias(folded=folded("title")).filter(
            Q(number__icontains=words) | Q(folded__contains=fold(words))
        )
    public = Q(documents__state=Document.State.PUBLIC)
    projects = projects.annotate(
        count=Count("documents", filter=public),
        latest=Max("documents__added_at", filter=public),
    ).order_by("number", "pk")
    page = Paginator(projects, PROJECTS_AT_ONCE).get_page(request.GET.get("page"))
    # Of those who keep everything, only what stands on the page.
    ids: Any = projects_kept_by(user).values("pk")
    context = {
        "due": open_reports([p.pk for p in page] if keeps_everything(user) else ids),
        "title": _("My Gateway"),
        "crumbs": [*crumbs()[:1], {"label": _("My Gateway"), "url": ""}],
        "words": words,
        "page": page,
        "funds": funds_kept_by(user).order_by("code")[:PROJECTS_AT_ONCE],
        "uploads": uploads_of(user)
        .exclude(state="done")
        .select_related("project", "fund", "document")[:50],
        "events": DocumentEvent.objects.filter(document__in=documents_kept_by(user))
        .select_related("document__project", "document__fund", "by")
        .order_by("-at", "-pk")[:RECENT],
    }
    return render(request, "gateway/home.html", context)


class AccountForm(forms.ModelForm):
    """What one says of oneself, and what of it may be shown."""

    show_name = forms.BooleanField(
        label=gettext_lazy("My name may be shown on the projects that I keep"), required=False
    )
    show_email = forms.BooleanField(
        label=gettext_lazy("My e-mail address may be shown there, too"), required=False
    )

    class Meta:
        model = User
        fields = ["first_name", "last_name"]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["show_name"].initial = bool(self.instance.name_consent_on)
        self.fields["show_email"].initial = bool(self.instance.email_consent_on)

    def save(self, commit: bool = True) -> Any:
        """A consent has the day on which it was given; taking it back ends it at once."""
        user = self.instance
        for field, shown in (("name_consent_on", "show_name"), ("email_consent_on", "show_email")):
            before = getattr(user, field)
            wanted = self.cleaned_data[shown]
            setattr(user, field, (before or timezone.localdate()) if wanted else None)
        return super().save(commit)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """One's own account."""
    form = AccountForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("account")
    context = {
        "title": _("My account"),
        "form": form,
        "crumbs": [*crumbs()[:1], {"label": _("My account"), "url": ""}],
    }
    return render(request, "gateway/account.html", context)

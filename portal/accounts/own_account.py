"""One's own account: what a person may change of it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from portal.kit.web.careful import Careful
from portal.kit.web.languages import offered_to_readers
from projects.models import Office, User


class AccountForm(Careful, forms.ModelForm):
    """What one says of oneself, and what of it may be shown."""

    show_name = forms.BooleanField(
        label=gettext_lazy("My name may be shown on the projects that I keep"), required=False
    )
    show_email = forms.BooleanField(
        label=gettext_lazy("My e-mail address may be shown there, too"), required=False
    )

    class Meta:
        model = User
        fields = ["first_name", "last_name", "language"]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        offered = [("", gettext_lazy("The portal’s first")), *offered_to_readers(Office.current())]
        self.fields["language"] = forms.ChoiceField(
            label=gettext_lazy("Language of mails"),
            help_text=gettext_lazy("And of what is found in the files that you enter."),
            choices=offered,
            required=False,
        )
        self.fields["show_name"].initial = bool(self.instance.name_consent_on)
        self.fields["show_email"].initial = bool(self.instance.email_consent_on)

    def save(self, commit: bool = True) -> Any:
        """A consent has the day on which it was given; withdrawing it ends it at once."""
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
        "crumbs": [
            {"label": _("Home"), "url": reverse("home")},
            {"label": _("My account"), "url": ""},
        ],
    }
    return render(request, "accounts/account.html", context)

"""What a person is mailed of: each kind by itself."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from portal.inbox.happened import HAPPENED
from portal.inbox.items import KINDS
from portal.kit.web.careful import Careful
from portal.models import InboxStop
from projects.models import User
from projects.signed_in import signed_in


class MailsForm(Careful, forms.Form):
    """The kinds of which somebody is mailed."""

    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Mail me of"),
        help_text=gettext_lazy(
            "What waits is mailed each morning; what somebody else cannot go on without, such as "
            "a release, and what others did with yours, at once."
        ),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, data: Any = None, *, user: User):
        stopped = set(InboxStop.objects.filter(user=user).values_list("kind", flat=True))
        self.mine = [(kind.code, kind.label) for kind in (*KINDS, *HAPPENED) if kind.may(user)]
        wanted = [code for code, _label in self.mine if code not in stopped]
        super().__init__(data, initial={"kinds": wanted})
        field: Any = self.fields["kinds"]
        field.choices = self.mine

    def stopped(self) -> list[str]:
        """The kinds that were not chosen."""
        return [code for code, _label in self.mine if code not in self.cleaned_data["kinds"]]


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def mails(request: HttpRequest) -> HttpResponse:
    """The choice, and what comes of it."""
    user = signed_in(request)
    form = MailsForm(request.POST if request.method == "POST" else None, user=user)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            InboxStop.objects.filter(user=user).delete()
            InboxStop.objects.bulk_create(
                InboxStop(user=user, kind=code) for code in form.stopped()
            )
        messages.success(request, _("Saved. The next mail follows it."))
        return redirect("inbox-mails")
    title = _("Mails of what waits")
    crumbs = [{"label": _("Home"), "url": reverse("home")}, {"label": title, "url": ""}]
    context = {"title": title, "form": form, "button": _("Save"), "crumbs": crumbs}
    return render(request, "staff/form.html", context)

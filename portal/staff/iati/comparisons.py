"""Comparing an organization's own IATI with ours: the file goes in, a dated report comes out."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.health.worker_seen import said_of_worker
from portal.iati.comparing.fetching import FetchError, parted
from portal.iati.comparing.showing import shown
from portal.models import IatiComparison
from portal.staff.access import ENTER, RELEASE, crumbs, may, staff_only
from portal.work.iati_comparisons import ask_for_comparison
from projects.models import Organization, Participation
from projects.signed_in import signed_in

SHOWN = 50
_LOOK_SECONDS = 5
TITLE = gettext_lazy("Organizations’ own IATI")


class ComparisonForm(forms.Form):
    """Whose IATI, and where it is."""

    organization = forms.ModelChoiceField(
        Organization.objects.filter(
            pk__in=Participation.objects.participating().values("organization")
        ),
        label=gettext_lazy("Participating organization"),
        to_field_name="code",
    )
    file = forms.FileField(label=gettext_lazy("Its activity file"), required=False)
    address = forms.CharField(
        label=gettext_lazy("Or the address of that file"),
        help_text=gettext_lazy("Of the open internet, such as one that the IATI Registry lists."),
        max_length=2000,
        required=False,
    )

    def clean_address(self) -> str:
        """An address that may be fetched; where it leads is looked at when it is."""
        address: str = self.cleaned_data["address"].strip()
        if address:
            try:
                parted(address)
            except FetchError as error:
                raise forms.ValidationError(str(error)) from error
        return address

    def clean_file(self) -> Any:
        """Not larger than a file of data may be."""
        file = self.cleaned_data["file"]
        if file and file.size > settings.LOAD_MAX_MB << 20:
            text = _("The file is larger than %(size)d MB.") % {"size": settings.LOAD_MAX_MB}
            raise forms.ValidationError(text)
        return file

    def clean(self) -> dict[str, Any]:
        """One of both."""
        cleaned = super().clean() or self.cleaned_data
        has_one = bool(cleaned.get("file")) != bool(cleaned.get("address"))
        if not has_one and not self.errors:
            raise forms.ValidationError(_("Give either a file or an address."))
        return cleaned


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only(ENTER)
def comparisons(request: HttpRequest) -> HttpResponse:
    """All reports, and the form for another one."""
    form = ComparisonForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        one = ask_for_comparison(
            organization=data["organization"], address=data["address"],
            file=data["file"] or None, by=signed_in(request),
        )  # fmt: skip
        return redirect("staff-iati-comparison", one.pk)
    reports = list(IatiComparison.objects.select_related("organization")[:SHOWN])
    waits = any(one.state == IatiComparison.State.WAITING for one in reports)
    context = {
        "title": TITLE,
        "crumbs": crumbs((_("Our own IATI"), reverse("staff-iati")), (TITLE, "")),
        "form": form,
        "reports": reports,
        "worker": said_of_worker() if waits else "",
    }
    return render(request, "staff/iati_comparisons.html", context)


@require_safe
@staff_only()
def comparison(request: HttpRequest, pk: int) -> HttpResponse:
    """One report."""
    one = get_object_or_404(IatiComparison.objects.select_related("organization"), pk=pk)
    waits = one.state == IatiComparison.State.WAITING
    context = {
        "title": _("Own IATI of %(organization)s") % {"organization": one.organization},
        "crumbs": crumbs(
            (_("Our own IATI"), reverse("staff-iati")),
            (TITLE, reverse("staff-iati-comparisons")),
            (str(one.organization), ""),
        ),
        "report": one,
        "worker": said_of_worker() if waits else "",
        "may_publish": may(request.user, RELEASE),
        **shown(one),
    }
    response = render(request, "staff/iati_comparison.html", context)
    if waits:
        response.headers["Refresh"] = str(_LOOK_SECONDS)
    return response


@require_POST
@staff_only(RELEASE)
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Show it to everybody, or no longer."""
    one = get_object_or_404(IatiComparison, pk=pk, state=IatiComparison.State.DONE)
    one.is_public = request.POST.get("action") == "publish"
    one.save(update_fields=["is_public"])
    messages.success(
        request,
        _("Everybody can read the report now.") if one.is_public else _("It is public no longer."),
    )
    return redirect("staff-iati-comparison", one.pk)
